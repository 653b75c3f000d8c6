import { type Cluster, type Host, hostsWith } from '../../src/cluster/cluster.ts';
import type { EtcdOnHost, ObservedMembers } from '../../src/etcd/observe.ts';
import type { ObservedNode, ObservedVersions, PlacedVersion, ServedVersion } from '../../src/observe/observed.ts';
import { peerUrlOf } from './etcd-rules.ts';
import { answers, answersOfEtcd, hasQuorum, isHealthy, isReady, report, runs, serverOf, type World } from './world.ts';

/** What hosts say of etcd; one that does not answer is missing. */
export function observeEtcd(world: World, hosts: readonly Host[]): ObservedMembers {
  return new Map(
    hosts.flatMap(({ name, address }): [string, EtcdOnHost][] => {
      const machine = world.machines.get(address);
      return answersOfEtcd(machine) ? [[name, etcdOn(world, address)]] : [];
    }),
  );
}

function etcdOn(world: World, address: string): EtcdOnHost {
  const machine = world.machines.get(address);
  const member = world.members.find(({ id }) => id === machine?.data?.member);
  const says = member && !member.learner && isHealthy(world, member) && hasQuorum(world);
  const members = world.members.map(({ id, address: at, name, learner }) => ({
    ...{ id, name, learner, peerUrls: [peerUrlOf(at)], clientUrls: name === '' ? [] : [`https://${at}:2379`] },
  }));
  const data = machine?.data;
  return {
    data: data ? { ...data, history: data.cluster === world.cluster || !data.cluster.startsWith('of ') } : 'none',
    active: data !== undefined && runs(machine, 'etcd') !== undefined,
    ...(machine?.bootstrap !== undefined && { bootstrap: machine.bootstrap }),
    ...(says ? { list: { cluster: world.cluster ?? '', members } } : { why: 'no quorum' }),
  };
}

/** The address of a master of the file through which the API is asked. */
export function apiOf(world: World, cluster: Cluster): string | undefined {
  return hostsWith(cluster, 'master').find(
    ({ address }) => answers(world.machines.get(address)) && serverOf(world, address),
  )?.address;
}

export function observeNodes(world: World): readonly ObservedNode[] {
  report(world);
  return [...world.nodes].map(([name, { machineId, version, cordoned, cordonedBy }]) => {
    const ready = isReady(world, name);
    return {
      ...{
        name,
        uid: name,
        ready,
        machineId,
        addresses: [...world.machines].flatMap(([address, { id }]) => (id === machineId ? [address] : [])),
        kubeletVersion: `v${version}`,
        runtimeVersion: '',
        cordoned,
      },
      ...(!ready && { reason: 'NodeStatusUnknown' }),
      ...(cordonedBy !== undefined && { cordonedBy }),
    };
  });
}

/** Where API servers of the cluster serve. */
export function servingAddresses(world: World): readonly string[] {
  return [...world.machines.keys()].filter((address) => serverOf(world, address) !== undefined);
}

/** The versions that run, and that lie on the hosts of the file. */
export function observeVersions(world: World, cluster: Cluster, forget: ReadonlySet<string>): ObservedVersions {
  const on = ({ address }: Host) => world.machines.get(address);
  const servers = hostsWith(cluster, 'master').flatMap((host): ServedVersion[] => {
    const version = answers(on(host)) ? serverOf(world, host.address) : undefined;
    return version === undefined ? [] : [{ host: host.name, component: 'kube-apiserver', version }];
  });
  const members = hostsWith(cluster, 'etcd').flatMap((host): ServedVersion[] => {
    const version = runs(on(host), 'etcd');
    return version === undefined || !hasQuorum(world) ? [] : [{ host: host.name, component: 'etcd', version }];
  });
  const kubelets = (apiOf(world, cluster) ? observeNodes(world) : []).map(
    ({ name, kubeletVersion }): ServedVersion => ({ host: name, component: 'kubelet', version: kubeletVersion }),
  );
  const placed = cluster.hosts.flatMap((host) => placedOn(world, host));
  return { served: [...servers, ...otherServers(world, cluster, forget), ...members, ...kubelets], placed, addons: {} };
}

/** API servers at other addresses, asked through a master: where hosts leave, where the user lets one go, and where the API says that one serves. */
function otherServers(world: World, cluster: Cluster, forget: ReadonlySet<string>): readonly ServedVersion[] {
  const masters = hostsWith(cluster, 'master').map(({ address }) => address);
  if (!masters.some((address) => answers(world.machines.get(address)) && world.machines.get(address)?.hasCa)) return [];
  const leaving = cluster.removed.map(({ address }) => address);
  const serving = apiOf(world, cluster) === undefined ? [] : servingAddresses(world);
  const addresses = new Set([...leaving, ...forget, ...serving]);
  return [...addresses].flatMap((host): ServedVersion[] => {
    const version = masters.includes(host) ? undefined : serverOf(world, host);
    return version === undefined ? [] : [{ host, component: 'kube-apiserver', version }];
  });
}

export function placedOn(world: World, { name: host, address }: Host): readonly PlacedVersion[] {
  return [...(world.machines.get(address)?.placed ?? [])].map(([program, version]) => ({
    ...{ host, name: program === 'etcd' ? ('etcd' as const) : ('kubernetes' as const), program, version },
  }));
}
