import { expect, test } from '@jest/globals';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { addonManifests } from '../../src/components/addons/index.ts';
import { containerdConfig } from '../../src/components/containerd.ts';
import { needsOf } from '../../src/components/needs.ts';
import { stateFor } from '../../src/components/roles.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { everySecret, seedWith, state } from './support.ts';

const sum = 'a'.repeat(64);
const digest = `sha256:${'b'.repeat(64)}`;
function locked(cluster: Cluster): Cluster {
  const { binaries, images } = needsOf(cluster);
  const lock = {
    file: 'cluster.lock.yaml',
    binaries: new Map(binaries.map(({ url }) => [url, sum])),
    images: new Map(images.map((image) => [image, digest])),
  };
  return { ...cluster, lock };
}

/** The images of all pods, from the objects themselves. */
const imagesIn = (cluster: Cluster) =>
  [...JSON.stringify(addonManifests(cluster)).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image);

test.each([
  ['the seed', seedCluster()],
  [
    'a cluster without add-ons and pod network',
    seedWith('addons: { coredns: false, metricsServer: false }', 'network: { plugin: none }'),
  ],
])('The needs of %s are the downloads of all its hosts on both architectures, and its images', (_, cluster) => {
  const downloads = ['amd64', 'arm64'].flatMap((architecture) =>
    cluster.hosts.flatMap((host) =>
      host.roles.flatMap(
        (role) => stateFor(cluster, host, role, everySecret(cluster, host), { architecture }).downloads,
      ),
    ),
  );
  const needs = needsOf(cluster);
  expect(new Set(needs.binaries.map(({ url }) => url))).toEqual(new Set(downloads.map(({ url }) => url)));
  expect(new Set(needs.binaries.map(({ sumUrl }) => sumUrl))).toEqual(new Set(downloads.map((d) => d.sumUrl)));
  expect(new Set(needs.images)).toEqual(
    new Set([`registry.k8s.io/pause:${cluster.versions.pause}`, ...imagesIn(cluster)]),
  );
});

test('A lock is for the official files, wherever a cluster gets them from, and its sums are the only accepted ones', () => {
  const mirror = seedWith('mirror: http://192.168.1.1:8080/files/');
  const needs = needsOf(mirror);
  expect(needs.binaries.map(({ url }) => url)).toEqual(needsOf(seedWith()).binaries.map(({ url }) => url));
  for (const { sumUrl } of needs.binaries) expect(sumUrl).toMatch(/^http:\/\/192\.168\.1\.1:8080\/files\//);
  const cluster = locked(mirror);
  for (const [name, role] of [
    ['etcd-1', 'etcd'],
    ['master-1', 'master'],
    ['node-1', 'node'],
  ] as const)
    for (const download of state(cluster, name, role).downloads) {
      expect(download.sha256).toBe(sum);
      expect(download.url).toMatch(/^http:\/\/192\.168\.1\.1:8080\/files\//);
    }
});

test('With a lock, images are used by their digests, and the version of pause stays readable', () => {
  const cluster = locked(seedCluster());
  expect(imagesIn(cluster)).toHaveLength(2);
  for (const image of imagesIn(cluster)) expect(image).toMatch(/^registry\.k8s\.io\/[\w/-]+:v[\d.]+@sha256:b{64}$/);
  const config = containerdConfig(cluster);
  // containerd pins an image by the name that has no tag.
  expect(config).toContain(`sandbox = "registry.k8s.io/pause@${digest}"`);
  expect(config.match(/\/pause:[0-9.]*/g)).toEqual([`/pause:${cluster.versions.pause}`]);
});

test('A version that the lock does not know is used by no component', () => {
  const { lock } = locked(seedCluster());
  const newer = { ...seedWith('kubernetesVersion: 1.37.9', 'versions: { pause: "3.99" }'), lock };
  expect(() => state(newer, 'master-1', 'master')).toThrow(/no entry for https:\/\/dl\.k8s\.io\/v1\.37\.9\//);
  expect(() => containerdConfig(newer)).toThrow(/no entry for registry\.k8s\.io\/pause:3\.99/);
});
