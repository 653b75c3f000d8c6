import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import { compareVersions, minorOf } from '../cluster/version-order.ts';
import type { ObservedNode, ObservedVersions } from '../observe/observed.ts';
import { drainPlan, upgradeStep, versionChanges } from './node-upgrade.ts';
import type { Step } from './step.ts';
import { type Versions, versionsOf } from './versions.ts';

/** How a change of versions reaches the cluster. */
export interface UpgradePlan {
  /** In their order: members of etcd, masters, nodes. */
  readonly steps: readonly Step[];
  /** The minor version that API servers get; absent if it stays. */
  readonly newMinor?: number;
  /** Whether pods are moved away from a node. */
  readonly drains: boolean;
}

/**
 * The steps of an upgrade. A host of which no version is known has none: it is new, or does not answer.
 * @param cluster with the versions after the run
 * @param nodes of the API; undefined where it could not be asked
 */
export function upgradePlan(
  cluster: Cluster,
  observed: ObservedVersions,
  nodes: readonly ObservedNode[] | undefined,
): UpgradePlan {
  const wanted = versionsOf(cluster);
  const servers = hostsWith(cluster, 'master').flatMap((host) => masterSteps(host, wanted, observed));
  const kubelets = hostsWith(cluster, 'node').flatMap((host) => nodeSteps(cluster, host, observed, nodes));
  const minors = servers.map(({ from }) => minorOf(from));
  return {
    steps: [
      ...hostsWith(cluster, 'etcd').flatMap((host) => memberSteps(host, wanted, observed)),
      ...servers.map(({ step }) => step),
      ...kubelets.map(({ step }) => step),
    ],
    ...(minors.some((minor) => minor < cluster.minor) && { newMinor: cluster.minor }),
    drains: kubelets.some(({ drains }) => drains),
  };
}

/** What the program on a host answers, or else what lies there; undefined: neither is known, or it is as wanted. */
function otherVersion(program: string, host: Host, wanted: string, { served, placed }: ObservedVersions) {
  const answer = served.find((one) => one.component === program && one.host === host.name);
  const version = (answer ?? placed.find((one) => one.program === program && one.host === host.name))?.version;
  return version === undefined || compareVersions(version, wanted) === 0 ? undefined : version;
}

function memberSteps(host: Host, wanted: Versions, observed: ObservedVersions): readonly Step[] {
  const from = otherVersion('etcd', host, wanted.etcd, observed);
  if (from === undefined) return [];
  const reason = `etcd ${from} → ${wanted.etcd}, one member at a time, the leader last`;
  return [{ host: host.name, do: 'upgrade etcd', reason, interrupts: 'no request: the other members serve' }];
}

function masterSteps(host: Host, wanted: Versions, observed: ObservedVersions) {
  const from = otherVersion('kube-apiserver', host, wanted.kubernetes, observed);
  if (from === undefined) return [];
  const step: Step = {
    host: host.name,
    do: 'upgrade the API server, and behind it its controller-manager and scheduler',
    reason: `Kubernetes ${from} → ${wanted.kubernetes}, one master at a time; if it does not become ready, its former files come back and the run ends`,
    interrupts: 'no new connection: the other masters serve; watches through it reconnect',
  };
  return [{ from, step }];
}

function nodeSteps(
  cluster: Cluster,
  host: Host,
  observed: ObservedVersions,
  nodes: readonly ObservedNode[] | undefined,
) {
  const node = nodes?.find(({ name }) => name === host.nodeName);
  const placed = observed.placed.filter((one) => one.host === host.name);
  const changes = versionChanges(versionsOf(cluster), node, placed);
  if (changes.length === 0) return [];
  const drain = drainPlan(host.nodeName, nodes ?? []);
  return [{ drains: drain.drains, step: upgradeStep(host.name, changes, drain, cluster.upgrade.nodes) }];
}
