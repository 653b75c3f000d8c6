// What must hold in every state. Written from the rules of etcd and Kubernetes, without the planner's code.
import { hasQuorum, isHealthy, isReady, runs, serverOf, votersOf, type World } from './world.ts';

/** What is wrong in a state. A job must not add to it. */
export interface Faults {
  readonly named: ReadonlySet<string>;
  /** Voters that are not there, but for one that restarts. */
  readonly away: number;
  /** There is a cluster. */
  readonly begun: boolean;
}

export function faultsOf(world: World): Faults {
  const voters = votersOf(world);
  const away = voters.filter((each) => !isHealthy(world, each));
  // One member alone has no other that serves while it restarts.
  const isAlone = voters.length === 1 && away.some(({ address }) => isRestarting(world, address));
  const named = [
    ...(world.cluster !== undefined && !hasQuorum(world) && !isAlone ? ['etcd has no quorum'] : []),
    ...(world.members.filter(({ learner }) => learner).length > 1 ? ['two learners'] : []),
    ...(world.restarting.size > 1 ? ['two restarts at once'] : []),
    ...(isAlone ? [] : roleFaults(world)),
    ...skews(world),
  ];
  return {
    named: new Set(named),
    away: away.filter(({ address }) => !isRestarting(world, address)).length,
    begun: world.cluster !== undefined,
  };
}

const isRestarting = ({ machines, restarting }: World, address: string) =>
  [...restarting].some((machine) => machines.get(address) === machine);

function roleFaults(world: World): readonly string[] {
  const addresses = [...world.machines.keys()];
  const masters = addresses.filter((address) => world.machines.get(address)?.scopes.has('master'));
  const servers = masters.filter((address) => serverOf(world, address) || isRestarting(world, address));
  const nodes = [...world.nodes.keys()].filter((name) => isReady(world, name));
  const restarts = [...world.restarting].some((machine) => world.nodes.has(machine.joinedAs ?? ''));
  return [...(servers.length === 0 ? ['no API server'] : []), ...(nodes.length === 0 && !restarts ? ['no node'] : [])];
}

const minor = (version: string): number => Number(version.split('.')[1]);

/** Source: kubernetes.io/releases/version-skew-policy, etcd.io/docs/v3.6/upgrades/upgrade_3_6 */
function skews(world: World): readonly string[] {
  const all = [...world.machines.values()];
  const of = (program: 'etcd' | 'kube-apiserver' | 'kubelet', among = all) =>
    among.flatMap((machine) => runs(machine, program) ?? []);
  const [servers, kubelets] = [of('kube-apiserver'), of('kubelet')];
  // What a first run has left on a machine that is in no file any more belongs to another cluster, which never began.
  const clusters = [...Map.groupBy(all, ({ data }) => data?.cluster).values()].map((machines) => of('etcd', machines));
  const spread = (versions: readonly string[]) => Math.max(...versions.map(minor)) - Math.min(...versions.map(minor));
  const asked = [...world.masters].flatMap((address) => runs(world.machines.get(address), 'kube-apiserver') ?? []);
  const newer = kubelets.filter((kubelet) => asked.some((server) => minor(kubelet) > minor(server)));
  const older = kubelets.filter((kubelet) => asked.some((server) => minor(kubelet) < minor(server) - 3));
  return [
    ...(servers.length > 0 && spread(servers) > 1 ? ['API servers differ by more than one minor version'] : []),
    ...(newer.length > 0 ? ['a kubelet is newer than an API server'] : []),
    ...(older.length > 0 ? ['a kubelet is more than three minor versions older than an API server'] : []),
    ...(clusters.some((members) => members.length > 0 && spread(members) > 1)
      ? ['members differ by more than one minor version']
      : []),
  ];
}

/** What is wrong in one state or the other. */
export function either(one: Faults, other: Faults): Faults {
  const named = new Set([...one.named, ...other.named]);
  return { named, away: Math.max(one.away, other.away), begun: one.begun && other.begun };
}

/** What a step has made worse; empty: nothing. */
export function worse(before: Faults, after: Faults): readonly string[] {
  const named = [...after.named].filter((fault) => !before.named.has(fault));
  if (!before.begun) return named;
  return after.away > Math.max(1, before.away) ? [...named, `${after.away} voters are away`] : named;
}
