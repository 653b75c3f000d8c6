import { expect, test } from '@jest/globals';
import { parse } from 'smol-toml';
import { containerdConfig } from '../../src/components/containerd.ts';
import { fileOf, seedWith, state, unitOf } from './support.ts';

const runtime = 'io.containerd.cri.v1.runtime';
const images = 'io.containerd.cri.v1.images';

test('the pause image is from cluster.yaml, and runc is the placed one', () => {
  const config = parse(containerdConfig(seedWith('versions: { pause: "3.10" }', 'binDir: /opt/k8s/bin')));
  expect(config).toMatchObject({
    plugins: {
      [images]: { pinned_images: { sandbox: 'registry.k8s.io/pause:3.10' } },
      [runtime]: {
        containerd: { runtimes: { runc: { options: { BinaryName: '/opt/k8s/bin/runc', SystemdCgroup: true } } } },
      },
    },
  });
});

test('an unpacked image is on the disk before its pods start, unless the user decides otherwise', () => {
  expect(parse(containerdConfig(seedWith()))).toMatchObject({
    plugins: { [images]: { image_pull_with_sync_fs: true } },
  });
  const fragment = `containerd: { config: { plugins: { ${images}: { image_pull_with_sync_fs: false } } } }`;
  expect(parse(containerdConfig(seedWith(fragment)))).toMatchObject({
    plugins: { [images]: { image_pull_with_sync_fs: false } },
  });
});

test('the transfer service stays on for those who have configured it, or its image verifiers', () => {
  for (const plugin of ['io.containerd.transfer.v1.local', 'io.containerd.image-verifier.v1.bindir']) {
    const fragment = `containerd: { config: { plugins: { ${plugin}: { some: 1 } } } }`;
    expect(containerdConfig(seedWith(fragment))).not.toContain('image_pull_with_sync_fs');
  }
});

test('its configuration has its own version, because an older one causes a warning in its log', () => {
  expect(parse(containerdConfig(seedWith())).version).toBe(4);
  expect(parse(containerdConfig(seedWith('versions: { containerd: 2.0.5 }'))).version).toBe(3);
});

test('cgroups are the kubelet’s', () => {
  const config = containerdConfig(seedWith('kubelet: { config: { cgroupDriver: cgroupfs } }'));
  expect(config).toContain('SystemdCgroup = false');
});

test('the user’s fragment is merged at every level', () => {
  const fragment = `containerd: { config: { plugins: { ${runtime}: { restrict_oom_score_adj: true } } } }`;
  expect(parse(containerdConfig(seedWith(fragment)))).toMatchObject({
    plugins: { [runtime]: { restrict_oom_score_adj: true, containerd: { default_runtime_name: 'runc' } } },
  });
});

test('a registry’s mirrors are used in their order, before the registry itself', () => {
  const cluster = seedWith(
    'containerd: { registries: { docker.io: { mirrors: ["http://a:5000", "https://b"], skipVerify: true } } }',
  );
  const node = state(cluster, 'node-1', 'node');
  const hosts = fileOf(node, '/etc/containerd/certs.d/docker.io/hosts.toml');
  expect(parse(hosts)).toEqual({
    server: 'https://registry-1.docker.io',
    host: {
      'http://a:5000': { capabilities: ['pull', 'resolve'], skip_verify: true },
      'https://b': { capabilities: ['pull', 'resolve'], skip_verify: true },
    },
  });
  expect(hosts.indexOf('http://a:5000')).toBeLessThan(hosts.indexOf('https://b'));
  expect(unitOf(node, 'containerd').reads.join()).not.toContain('certs.d');
});

test('a proxy is not used for addresses of the cluster', () => {
  const cluster = seedWith('proxy: { https: "http://proxy:3128", noProxy: [.example.com] }');
  const { content } = unitOf(state(cluster, 'node-1', 'node'), 'containerd');
  expect(content).toContain('Environment=HTTPS_PROXY=http://proxy:3128\n');
  expect(content).not.toContain('HTTP_PROXY=');
  const excluded = /NO_PROXY=(.*)/.exec(content)?.[1]?.split(',');
  expect(excluded).toEqual(
    expect.arrayContaining(['.example.com', '127.0.0.1', '.svc', '.cluster.local', 'localhost']),
  );
  expect(excluded).toEqual(expect.arrayContaining(['10.96.0.0/12', '10.244.0.0/16', '192.168.1.153', 'master-1']));
});
