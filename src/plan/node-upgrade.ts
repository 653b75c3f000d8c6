import { compareVersions, versionParts } from '../cluster/version-order.ts';
import { Problem } from '../errors.ts';
import type { ObservedNode, PlacedVersion } from '../observe/observed.ts';
import { havePlace } from './removal.ts';
import type { Step } from './step.ts';
import type { Versions } from './versions.ts';

/** A program of a node that is to run with another version. */
export interface VersionChange {
  readonly program: 'kubelet' | 'containerd';
  readonly from: string;
  readonly to: string;
}

/**
 * The programs of a node whose version changes, for which its pods are moved away first. What runs counts; what a run has placed on the host
 * counts only where the node does not report it.
 * @param node undefined if the API has no such node, or could not be asked
 * @param placed of this host
 */
export function versionChanges(
  wanted: Pick<Versions, 'kubernetes' | 'containerd'>,
  node: Pick<ObservedNode, 'kubeletVersion' | 'runtimeVersion'> | undefined,
  placed: readonly PlacedVersion[],
): readonly VersionChange[] {
  const on = (program: string) => placed.find((one) => one.program === program)?.version;
  const change = (program: VersionChange['program'], from: string | undefined, to: string): readonly VersionChange[] =>
    from === undefined || compareVersions(from, to) === 0 ? [] : [{ program, from, to }];
  return [
    ...change('kubelet', bare(node?.kubeletVersion) ?? on('kubelet'), wanted.kubernetes),
    ...change('containerd', runtimeOf(node) ?? on('containerd'), wanted.containerd),
  ];
}

/** `1.37.2` of `v1.37.2`; undefined for what is no version. */
function bare(version = ''): string | undefined {
  return versionParts(version)?.join('.');
}

/** Undefined for another runtime, and for a build that does not know its version. */
function runtimeOf(node: Pick<ObservedNode, 'runtimeVersion'> | undefined): string | undefined {
  const [, version] = /^containerd:\/\/(.*)$/.exec(node?.runtimeVersion ?? '') ?? [];
  return bare(version);
}

/** The version of each API server, by its host; undefined: it could not be asked. */
export type ServerVersions = ReadonlyMap<string, string | undefined>;

/** Why kubelets must not get this version now: a kubelet must never be newer than an API server, and any of them may serve it. */
export function olderServers(wanted: string, answers: ServerVersions): Problem | undefined {
  const lines = [...answers].flatMap(([host, version]) =>
    version !== undefined && compareVersions(version, wanted) < 0 ? [`${host}: kube-apiserver ${version}`] : [],
  );
  if (lines.length === 0) return undefined;
  return new Problem(`kubelets would get ${wanted}, but an API server is older: ${lines.join(', ')}`, {
    code: 'VERSION_SKEW',
    detail: lines,
    hint: 'Upgrade the masters first: run the master job of each, or look at why its upgrade failed. No node was changed.',
  });
}

/** The same for kubelets that run already: an API server that could not be asked may be older, and then none of them changes. */
export function kubeletObjection(wanted: string, answers: ServerVersions): Problem | undefined {
  const older = olderServers(wanted, answers);
  if (older) return older;
  const unknown = [...answers].flatMap(([host, version]) => (version === undefined ? [host] : []));
  if (unknown.length === 0) return undefined;
  return new Problem(
    `kubelets would get ${wanted}, but it is unknown whether the API server of ${unknown.join(', ')} has it`,
    {
      code: 'VERSION_UNKNOWN',
      hint: 'Start these masters, or set state: removed on their lines, then run again. No node was changed.',
    },
  );
}

/** Whether a node's pods are moved away before its upgrade, and why not. */
export type DrainPlan = { readonly drains: true } | { readonly drains: false; readonly why: string };

/**
 * Pods move only if another node can take them, and a kubelet that does not answer cannot end them.
 * @param leaving names of the nodes that are to leave the cluster: they take no pods
 */
export function drainPlan(nodeName: string, nodes: readonly ObservedNode[], leaving: ReadonlySet<string>): DrainPlan {
  const node = nodes.find(({ name }) => name === nodeName);
  if (!node) return { drains: false, why: 'the cluster has no such node yet' };
  if (!node.ready) return { drains: false, why: `it is not Ready: ${node.reason}` };
  if (havePlace(nodeName, nodes, leaving)) return { drains: true };
  return { drains: false, why: 'no other node that stays is Ready and schedulable, so its pods would have no place' };
}

/** A cordoned node that no run of ours has cordoned stays as the person who did it wants it. */
export function isCordonedByPerson({ cordoned, cordonedBy }: Pick<ObservedNode, 'cordoned' | 'cordonedBy'>): boolean {
  return cordoned && cordonedBy === undefined;
}

/** The order of upgrades: first nodes that an earlier run has begun with, so that never more nodes than needed are without pods. */
export function inUpgradeOrder<T>(items: readonly T[], nodeOf: (item: T) => ObservedNode | undefined): readonly T[] {
  const isBegun = (item: T) => nodeOf(item)?.cordonedBy !== undefined;
  return [...items.filter(isBegun), ...items.filter((item) => !isBegun(item))];
}

/** `kubelet 1.36.3 → 1.37.2 and containerd 2.2.1 → 2.3.4` */
export function changesInWords(changes: readonly VersionChange[]): string {
  return changes.map(({ program, from, to }) => `${program} ${from} → ${to}`).join(' and ');
}

/** The step of one node's upgrade. */
export function upgradeStep(
  host: string,
  changes: readonly VersionChange[],
  drain: DrainPlan,
  { atOnce, drainSeconds }: { readonly atOnce: number; readonly drainSeconds: number },
): Step {
  const turn = atOnce === 1 ? 'one node at a time' : `at most ${atOnce} nodes at a time`;
  return {
    host,
    do: drain.drains ? 'cordon, drain, upgrade and uncordon' : 'upgrade without a drain',
    reason: `${changesInWords(changes)}, ${drain.drains ? turn : `${turn}; ${drain.why}`}`,
    ...(drain.drains && { interrupts: `each of its pods, within their budgets, for at most ${drainSeconds} s` }),
  };
}
