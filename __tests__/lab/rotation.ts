import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import type { Kubectl } from '../../lab/kubectl.ts';
import { administratorOf } from './administrator.ts';
import { inNetworkOf } from './networks.ts';
import { requestsDriver, type Sample, startRequests } from './requests.ts';
import { localApi, masters, node } from './seed-hosts.ts';
import { lab, onHost } from './seed-lab.ts';

// Secrets of the seed's cluster while its keys are rotated, and what etcd and the masters have.

const namespace = 'rotation';
const certificates = '--cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/apiserver-etcd-client.crt';
const etcdctl = `etcdctl --endpoints=https://127.0.0.1:2383 ${certificates} --key=/etc/kubernetes/pki/apiserver-etcd-client.key`;

/** Makes Secrets with other data each, in a namespace of their own. */
export async function makeSecrets(kubectl: Kubectl, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `secret-${index}`, namespace },
    stringData: { text: `the text of ${index} `.repeat(20) },
  }));
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [space, ...items] });
  await kubectl.must(['create', '-f', '-'], { input, timeout: 600_000 });
}

/** Name → checksum of the data of each Secret of {@link makeSecrets}. */
export async function secretSums(kubectl: Kubectl): Promise<ReadonlyMap<string, string>> {
  const { items } = JSON.parse(await kubectl.must(['get', 'secrets', '-n', namespace, '-o', 'json'])) as {
    items: readonly { metadata: { name: string }; data?: unknown }[];
  };
  const own = items.filter(({ metadata: { name } }) => name.startsWith('secret-'));
  return new Map(own.map(({ metadata, data }) => [metadata.name, sum(JSON.stringify(data))]));
}

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Ten new connections a second on the node, through its load balancer, that read a Secret, and as many that create one. */
export async function useSecrets(): Promise<() => Promise<Sample[]>> {
  const secrets = `${localApi}/api/v1/namespaces/${namespace}/secrets`;
  const spec = {
    targets: { read: `${secrets}/secret-0` },
    creates: { made: secrets },
    everyMs: 100,
    timeoutMs: 10_000,
  };
  return await startRequests(inNetworkOf(node.name, requestsDriver), {
    ...spec,
    ...(await administratorOf(lab, 'master-2')),
  });
}

/** The key's name → the number of Secrets in etcd that are under it, counted from the values themselves. */
export async function secretsByKey(): Promise<Readonly<Record<string, number>>> {
  const values = `${etcdctl} get --prefix /registry/secrets/ --print-value-only --command-timeout=60s`;
  const words = await onHost('master-1', `${values} | LC_ALL=C grep -aoE '^k8s:enc:[a-z]+:v1:[^:]+:' | sort | uniq -c`);
  const lines = words.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [count, prefix = ''] = line.trim().split(' ');
      return [prefix.split(':')[4] ?? '', Number(count)];
    }),
  );
}

/** The number of keys that etcd has for Secrets. */
export async function storedSecrets(): Promise<number> {
  const keys = await onHost('master-1', `${etcdctl} get --prefix /registry/secrets/ --keys-only`);
  return keys.split('\n').filter((line) => line !== '').length;
}

/** The names of the keys in each master's configuration, in their order. */
export async function keysOnMasters(): Promise<readonly string[]> {
  return await Promise.all(
    masters.map(async ({ name }) => {
      const config = parse(await onHost(name, 'cat /etc/kubernetes/encryption-config.yaml'));
      const keys: readonly { name: string }[] = config.resources[0].providers[0].secretbox.keys;
      return keys.map((key) => key.name).join(' ');
    }),
  );
}
