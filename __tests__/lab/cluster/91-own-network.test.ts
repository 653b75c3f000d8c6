import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { flannelManifest } from '../../../lab/images/flannel-manifest.ts';
import { openKubectl } from '../../../lab/kubectl.ts';
import { openLab } from '../../../lab/lab.ts';
import { runAction } from '../../../lab/runner/run-action.ts';
import { REGISTRY_URL } from '../../../lab/services.ts';
import { labId } from '../lab-id.ts';
import { succeeded } from '../results.ts';

// network.plugin: none, with flannel's own manifest among addons.manifests: no node is Ready before that has been applied.
const lab = openLab({ id: labId('network') });
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-own-network-'));
const conflist = '/etc/cni/net.d/10-flannel.conflist';

const cluster = {
  name: 'own-network',
  network: { plugin: 'none' },
  addons: { metricsServer: false, manifests: ['kube-flannel.yml'] },
  containerd: { registries: { 'ghcr.io': { mirrors: [REGISTRY_URL] } } },
  hosts: [{ name: 'one', address: '192.168.1.11', roles: ['etcd', 'master', 'node'] }],
};

/** Files of the host, because the lab's image contains only flanneld. */
const fromTheHost = ['/usr', '/lib', '/lib64', '/etc/alternatives'];

interface DaemonSet {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly volumes: object[];
        readonly containers: readonly { readonly volumeMounts: object[] }[];
      };
    };
  };
}

/** flannel's manifest; iptables and its libraries are mounted instead of in the image. */
async function manifest(): Promise<string> {
  const objects = parseAllDocuments(await flannelManifest()).map((document) => document.toJS() as DaemonSet);
  for (const { spec } of objects.filter(({ kind }) => kind === 'DaemonSet')) {
    for (const path of fromTheHost) {
      const name = `host${path.replaceAll('/', '-')}`;
      spec.template.spec.volumes.push({ name, hostPath: { path } });
      for (const { volumeMounts } of spec.template.spec.containers)
        volumeMounts.push({ name, mountPath: path, readOnly: true });
    }
  }
  return objects.map((object) => stringify(object)).join('---\n');
}

beforeAll(async () => {
  const file = join(folder, 'cluster.yaml');
  writeFileSync(file, stringify(cluster));
  await lab.down();
  await lab.up({ cluster: file });
  writeFileSync(join(dirname(lab.clusterFile), 'kube-flannel.yml'), await manifest());
}, 300_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await lab.down();
}, 120_000);

test('the user’s own pod network is applied before the wait for its nodes', async () => {
  succeeded(await runAction(lab, 'deploy'));
  const kubectl = await openKubectl(lab);
  expect(await kubectl.must(['get', 'nodes', '--no-headers'])).toMatch(/^one +Ready /);
  await kubectl.must(['-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=60s'], {
    timeout: 70_000,
  });
  const pods = [
    '-n',
    'kube-system',
    'get',
    'pods',
    '-l',
    'k8s-app=kube-dns',
    '-o',
    'jsonpath={.items[*].status.podIP}',
  ];
  expect(await kubectl.must(pods)).toMatch(/^10\.244\.0\.\d+ 10\.244\.0\.\d+$/);
}, 300_000);

test('a second run changes nothing, and leaves the network’s own file on the host', async () => {
  const before = await lab.exec('one', ['stat', '-c', '%i %Y', conflist]);
  const { outputs } = succeeded(await runAction(lab, 'deploy'));
  expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
  expect(before.status).toBe(0);
  expect(await lab.exec('one', ['stat', '-c', '%i %Y', conflist])).toEqual(before);
}, 120_000);
