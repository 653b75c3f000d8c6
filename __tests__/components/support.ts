import { byAddress, type Cluster, type Host, hostsWith } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import type { Role } from '../../src/cluster/schema.ts';
import { type HostFacts, stateFor } from '../../src/components/roles.ts';
import type { HostState, Unit } from '../../src/host/state.ts';
import { etcdPeerUrl } from '../../src/layout/addresses.ts';
import { paths } from '../../src/layout/paths.ts';
import type { HostSecrets } from '../../src/pki/secrets.ts';
import { bootstrapText } from '../../src/plan/etcd-bootstrap.ts';
import { seedCluster } from '../fixtures/clusters.ts';

export const facts = { architecture: 'amd64' } as const;

/** Every path that secrets can have, so that what a role leaves out is left out by choice. */
export const everyPath: readonly string[] = leaves(paths);

/** A bundle with many more files than its host needs. */
export function everySecret(cluster: Cluster, host: Host): HostSecrets {
  const files = everyPath.map((path) => {
    const secret = !/\.(crt|pub)$/.test(path);
    return { path, content: `content of ${path}`, mode: secret ? '600' : '644', owner: 'root:root', secret };
  });
  return { cluster: cluster.name, host: host.name, authorities: {}, files };
}

export function hostNamed(cluster: Cluster, name: string): Host {
  const host = cluster.hosts.find((each) => each.name === name);
  if (host === undefined) throw new Error(`no host ${name} in ${cluster.name}`);
  return host;
}

export function state(cluster: Cluster, name: string, role: Role, known: Partial<HostFacts> = {}): HostState {
  const host = hostNamed(cluster, name);
  const hosts = byAddress(hostsWith(cluster, 'etcd'));
  const members = hosts.map((each) => ({ name: each.name, peerUrl: etcdPeerUrl(each.address) }));
  const etcdBootstrap = bootstrapText(cluster, 'new', members);
  return stateFor(cluster, host, role, everySecret(cluster, host), { ...facts, etcdBootstrap, ...known });
}

/** The seed with lines added at the top level of its cluster.yaml. */
export function seedWith(...lines: readonly string[]): Cluster {
  const seed = seedCluster();
  const hosts = seed.hosts.map(
    ({ name, address, roles, hostname }) => `- ${JSON.stringify({ name, address, roles, hostname })}`,
  );
  return parseCluster(['name: seed', ...lines, 'hosts:', ...hosts, ''].join('\n'), 'cluster.yaml');
}

export function unitOf(given: HostState, name: string): Unit {
  const unit = given.units.find((each) => each.name === `${name}.service`);
  if (unit === undefined) throw new Error(`no unit ${name}`);
  return unit;
}

/** Name → values, from a unit's command. */
export function flagsOf(unit: Unit): ReadonlyMap<string, readonly string[]> {
  const flags = new Map<string, string[]>();
  for (const [, name = '', value = ''] of unit.content.matchAll(/^ {2}"?--([\w-]+)=(.*?)"?(?: \\)?$/gm)) {
    flags.set(name, [...(flags.get(name) ?? []), value]);
  }
  return flags;
}

export function flag(unit: Unit, name: string): string | undefined {
  return flagsOf(unit).get(name)?.join(' and ');
}

export function fileOf(given: HostState, path: string): string {
  const file = given.files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`no file ${path}`);
  return file.content;
}

function leaves(value: object): string[] {
  return Object.values(value).flatMap((item: unknown) => {
    if (typeof item === 'string') return [item];
    return typeof item === 'object' && item !== null ? leaves(item) : [];
  });
}
