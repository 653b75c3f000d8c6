import { hostsWith } from '../../src/cluster/cluster.ts';
import { startsCluster } from '../../src/plan/etcd-members.ts';
import { planLines } from '../../src/plan/lines.ts';
import { upgradePlan } from '../../src/plan/upgrade.ts';
import { planVersions, withVersions } from '../../src/plan/versions.ts';
import { etcdJob, factsOf, machineOf, planned } from './etcd-jobs.ts';
import { clusterOf, type File, fileCodes } from './file.ts';
import { masterJob, nodeJob, removeJob } from './host-jobs.ts';
import { apiOf, observeNodes, observeVersions, servingAddresses } from './observe.ts';
import { type Job, Refused, type Run } from './run.ts';
import type { World } from './world.ts';

export function newRun(world: World, file: File, more: Pick<Run, 'strict' | 'forget' | 'name'>): Run {
  const codes = fileCodes(file);
  if (codes.length > 0) throw new Refused(codes);
  world.masters = new Set(
    file.lines.flatMap(({ roles, removed, address }) => (roles.includes('master') && !removed ? [address] : [])),
  );
  return { ...more, world, cluster: clusterOf(file), startsEtcd: false, newMasters: new Set(), upgraded: [] };
}

/** What a run upgrades by its plan, as {@link Run.upgraded} has it. */
export interface Planned {
  upgrades: readonly string[];
}

/** The first job: observes everything, and refuses before anything is changed. */
function* observeJob(run: Run, plan: Planned): Job {
  const { world, forget } = run;
  for (const host of run.cluster.hosts) machineOf(run, host);
  const masters = hostsWith(run.cluster, 'master').filter((host) => !machineOf(run, host).scopes.has('master'));
  run.newMasters = new Set(masters.map(({ name }) => name));
  const observed = observeVersions(world, run.cluster, forget);
  const { versions, refusals } = planVersions(run.cluster, observed);
  const hasApi = apiOf(world, run.cluster) !== undefined;
  const nodes = hasApi ? observeNodes(world) : [];
  const machineIds = new Map(run.cluster.hosts.map((host) => [host.name, machineOf(run, host).id]));
  const apiServers = hasApi ? servingAddresses(world) : [];
  const lines = planLines(run.cluster, { nodes, apiServers, machineIds }, forget);
  const problems = [...refusals, ...lines.refusals];
  if (problems.length > 0)
    throw new Refused(
      problems.map(({ code }) => code),
      problems.map(({ message }) => message).join('; '),
    );
  run.cluster = withVersions(run.cluster, versions);
  plan.upgrades = upgradePlan(run.cluster, observed, hasApi ? nodes : undefined).steps.map(programOf);
  const etcd = hostsWith(run.cluster, 'etcd');
  yield* planned(run, etcd, 'now');
  run.startsEtcd = startsCluster(run.cluster, factsOf(run, etcd, 'now'));
  for (const { name } of lines.forgotten) {
    yield 'step';
    // The user lets it go, also if it is the last one.
    world.nodes.delete(name);
    world.changes += 1;
  }
  yield* authorities(run);
}

/** The masters have the CAs, which have signed what the other hosts have. */
function* authorities(run: Run): Job {
  const masters = hostsWith(run.cluster, 'master').map((host) => machineOf(run, host));
  const traces = run.cluster.hosts.some((host) => machineOf(run, host).scopes.size > 0);
  if (traces && !masters.some(({ hasCa }) => hasCa)) throw new Refused(['AUTHORITIES_LOST']);
  yield 'step';
  for (const machine of masters) machine.hasCa = true;
}

function programOf({ host, do: what }: { readonly host: string; readonly do: string }): string {
  const program = /etcd/.test(what) ? 'etcd' : /API server/.test(what) ? 'kube-apiserver' : 'kubelet';
  return `${program} ${host}`;
}

/** One job for everything: the first refusal ends it. */
function* wholeJob(run: Run, plan: Planned): Job {
  yield* observeJob(run, plan);
  yield* etcdJob(run, hostsWith(run.cluster, 'etcd'));
  for (const host of hostsWith(run.cluster, 'master')) yield* masterJob(run, host);
  yield* nodeJob(run, hostsWith(run.cluster, 'node'));
  yield* removeJob(run);
}

/** The jobs of a run, stage by stage. A job that fails does not keep the next stage from its start, but for the first one. */
export function stagesOf(run: Run, kind: 'whole' | 'workflow', plan: Planned): readonly (() => readonly Job[])[] {
  if (kind === 'whole') return [() => [wholeJob(run, plan)]];
  const each = (role: 'etcd' | 'master' | 'node') => hostsWith(run.cluster, role);
  return [
    () => [observeJob(run, plan)],
    () => each('etcd').map((host) => etcdJob(run, [host])),
    () => each('master').map((host) => masterJob(run, host)),
    () => each('node').map((host) => nodeJob(run, [host])),
    () => [removeJob(run)],
  ];
}
