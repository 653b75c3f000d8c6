import type { Cluster } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import type { Member } from '../../src/etcd/members.ts';
import type { EtcdOnHost, ObservedMembers } from '../../src/etcd/observe.ts';
import { bootstrapText } from '../../src/plan/etcd-bootstrap.ts';
import { planMembers } from '../../src/plan/etcd-members.ts';
import type { MemberFacts, MemberPlan } from '../../src/plan/member-plan.ts';

/** An etcd of the tests' own: hosts with disks, members that vote, and what etcd itself refuses. */
export interface Simulated {
  /** The cluster's id; absent: there never was one. */
  cluster: string | undefined;
  members: (Member & { host: string })[];
  readonly hosts: Map<string, SimulatedHost>;
  next: number;
}

export interface SimulatedHost {
  /** The member whose data is on its disk. */
  data: { cluster: string; member: string } | undefined;
  runs: boolean;
  /** It was not observed. */
  unreachable: boolean;
}

export const urlOf = (cluster: Cluster, name: string): string =>
  `https://${cluster.hosts.find((host) => host.name === name)?.address ?? `192.168.9.${name.length}`}:2380`;

/** A cluster whose file has so many etcd hosts: e1, e2 … */
export function clusterOf(count: number): Cluster {
  const known = clusters.get(count) ?? made(count);
  clusters.set(count, known);
  return known;
}

const clusters = new Map<number, Cluster>();

function made(count: number): Cluster {
  const hosts = Array.from(
    { length: count },
    (_, i) => `- { name: e${i + 1}, address: 192.168.1.${i + 11}, roles: [etcd] }`,
  );
  const master = '- { name: m, address: 192.168.1.10, roles: [master] }';
  const text = `name: simulated\naddons: { coredns: false, metricsServer: false }\nhosts:\n${[master, ...hosts].join('\n')}\n`;
  return parseCluster(text, 'cluster.yaml');
}

export function member(
  cluster: Cluster,
  host: string,
  id: string,
  parts: Partial<Member> = {},
): Member & { host: string } {
  const peerUrls = [urlOf(cluster, host)];
  return { host, id, name: host, peerUrls, clientUrls: [`https://${host}:2379`], learner: false, ...parts };
}

export function isHealthy({ hosts, cluster }: Simulated, { host, id }: { host: string; id: string }): boolean {
  const on = hosts.get(host);
  return on?.runs === true && on.data?.member === id && on.data.cluster === cluster;
}

/** Healthy voters, and how many it takes. */
export function voteOf(sim: Simulated): { healthy: number; quorum: number } {
  const voters = sim.members.filter(({ learner }) => !learner);
  return { healthy: voters.filter((each) => isHealthy(sim, each)).length, quorum: Math.floor(voters.length / 2) + 1 };
}

export function hasQuorum(sim: Simulated): boolean {
  const { healthy, quorum } = voteOf(sim);
  return sim.cluster !== undefined && healthy >= quorum;
}

export function observe(file: Cluster, sim: Simulated): ObservedMembers {
  const seen = new Map<string, EtcdOnHost>();
  const members = file.hosts.filter(({ roles }) => roles.includes('etcd'));
  const asked = [...members, ...file.removed];
  const peers = members.map(({ name, address }) => ({ name, peerUrl: `https://${address}:2380` }));
  for (const { name } of asked) {
    const host = sim.hosts.get(name);
    if (!host || host.unreachable) continue;
    const own = sim.members.find(({ id }) => id === host.data?.member);
    const answers = own && !own.learner && isHealthy(sim, own) && hasQuorum(sim);
    seen.set(name, {
      data: host.data ? { ...host.data, history: sim.cluster !== undefined } : 'none',
      active: host.runs && host.data !== undefined,
      ...(host.data && { bootstrap: bootstrapText(file, 'new', peers) }),
      ...(answers ? { list: { cluster: sim.cluster ?? '', members: sim.members } } : { why: 'no quorum' }),
    });
  }
  return seen;
}

export function planFor(file: Cluster, sim: Simulated, parts: Partial<MemberFacts> = {}): MemberPlan {
  const own = new Set(file.hosts.flatMap(({ name, roles }) => (roles.includes('etcd') ? [name] : [])));
  const facts = { own, hadApiServer: false, neverBootstrapped: false, forget: new Set<string>(), ...parts };
  return planMembers(file, { observed: observe(file, sim), ...facts });
}
