// What a runner computes without the network: the pure part of a plan, certificates and encrypted bundles, by the number of nodes.
import { hostsWith } from '../src/cluster/cluster.ts';
import { parseCluster } from '../src/cluster/load.ts';
import { roles } from '../src/cluster/schema.ts';
import { stateFor } from '../src/components/roles.ts';
import { authoritiesOf, issue, newIdentity, openBundle, readIdentity, sealBundle } from '../src/pki/index.ts';

const sizes = [10, 100];
const facts = { architecture: 'amd64' } as const;

export async function runnerWork(): Promise<void> {
  console.log(`three masters, three etcd hosts and ${sizes.join(' or ')} nodes; ms, each once`);
  const columns = [];
  for (const size of sizes) columns.push(await measure(size));
  for (const [index, [name]] of (columns[0] ?? []).entries()) {
    const values = columns.map((column) => (column[index]?.[1] ?? Number.NaN).toFixed(0).padStart(8));
    console.log(`${name.padEnd(52)}${values.join('')}`);
  }
}

async function measure(nodes: number): Promise<readonly (readonly [string, number])[]> {
  const rows: [string, number][] = [];
  const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const begin = performance.now();
    const result = await work();
    rows.push([name, performance.now() - begin]);
    return result;
  };
  const text = clusterText(nodes);
  const now = new Date();
  const cluster = await timed('read and check cluster.yaml', () => parseCluster(text, 'cluster.yaml'));
  const authorities = await authoritiesOf({ kind: 'none', kept: {} }, now);
  const first = await timed('issue all certificates, with their keys', () =>
    issue(cluster, authorities, new Map(), now),
  );
  const existing = new Map(
    [...first.secrets].map(([host, { files }]) => [host, new Map(files.map((file) => [file.path, file.content]))]),
  );
  const second = await timed('look through them again, when all are there', () =>
    issue(cluster, authorities, existing, now),
  );
  if (second.issued.length > 0) throw new Error(`issued again: ${JSON.stringify(second.issued)}`);
  const { identity } = await newIdentity();
  const { recipient } = await readIdentity(identity);
  const sealed = await timed('seal a bundle for each host', () =>
    Promise.all([...first.secrets.values()].map((secrets) => sealBundle(secrets, recipient, { sealedAt: now }))),
  );
  const own = first.secrets.keys().next().value ?? '';
  const [bundle = new Uint8Array()] = sealed;
  await timed('open one of them', () => openBundle(bundle, identity, { cluster: cluster.name, host: own }));
  await timed('what every host is to have', () => {
    for (const role of roles)
      for (const host of hostsWith(cluster, role)) {
        const secrets = first.secrets.get(host.name);
        if (secrets) stateFor(cluster, host, role, secrets, facts);
      }
  });
  return rows;
}

function clusterText(nodes: number): string {
  const line = (name: string, address: string, role: string) =>
    `  - { name: ${name}, address: ${address}, roles: [${role}] }`;
  const three = [1, 2, 3];
  const hosts = [
    ...three.map((index) => line(`master-${index}`, `10.0.0.${index}`, 'master')),
    ...three.map((index) => line(`etcd-${index}`, `10.0.1.${index}`, 'etcd')),
    ...Array.from({ length: nodes }, (_, index) =>
      line(`node-${index}`, `10.0.${2 + (index >> 7)}.${1 + (index & 127)}`, 'node'),
    ),
  ];
  // A /16 of pods, with a /24 for each node: room for 256.
  return ['name: bench', 'hosts:', ...hosts, ''].join('\n');
}
