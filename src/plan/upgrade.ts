import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { compareVersions, minorOf } from '../cluster/version-order.ts';
import { quorumOf } from '../layout/quorum.ts';
import type { ObservedNode, ObservedVersions } from '../observe/observed.ts';
import { drainPlan, inUpgradeOrder, upgradeStep, versionChanges } from './node-upgrade.ts';
import { leavingNodes } from './removal.ts';
import type { Step } from './step.ts';
import type { UpgradeRecord } from './upgrade-record.ts';
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

/** What a plan is made from. */
interface Facts {
  readonly cluster: Cluster;
  readonly wanted: Versions;
  readonly observed: ObservedVersions;
  readonly nodes: readonly ObservedNode[];
  readonly kept: UpgradeRecord;
}

const nothingKept: UpgradeRecord = { ungated: [], seconds: {} };

/**
 * The steps of an upgrade. A host of which no version is known has none: it is new, or does not answer.
 * @param cluster with the versions after the run
 * @param nodes of the API; undefined where it could not be asked
 * @param hostsOf the hosts that the run changes. Default: all
 * @param kept what earlier runs have recorded of upgrades
 */
export function upgradePlan(
  cluster: Cluster,
  observed: ObservedVersions,
  nodes: readonly ObservedNode[] | undefined,
  hostsOf: (role: Role) => readonly Host[] = (role) => hostsWith(cluster, role),
  kept = nothingKept,
): UpgradePlan {
  const facts = { cluster, wanted: versionsOf(cluster), observed, nodes: nodes ?? [], kept };
  const servers = hostsOf('master').flatMap((host) => masterSteps(host, facts));
  const ordered = inUpgradeOrder(hostsOf('node'), (host) => nodeOf(host, facts));
  const kubelets = ordered.flatMap((host) => nodeSteps(host, facts));
  const minors = servers.map(({ from }) => minorOf(from));
  return {
    steps: [
      ...hostsOf('etcd').flatMap((host) => memberSteps(host, facts)),
      ...(servers.length + kubelets.length > 0 ? leftGateSteps(facts) : []),
      ...servers.flatMap(({ step }) => [step, ...gateSteps(facts, step)]),
      ...kubelets.flatMap(({ step }) => [step, ...gateSteps(facts, step)]),
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

/** Hosts whose process gave no answer, although it was placed there and others of its kind answered. */
function silentHosts(program: string, role: Role, { cluster, observed: { served, placed } }: Facts): readonly string[] {
  const answers = ({ name }: Host) => served.some((one) => one.component === program && one.host === name);
  const hosts = hostsWith(cluster, role);
  // If none answers, they may not have been asked.
  if (!hosts.some(answers)) return [];
  const isPlaced = ({ name }: Host) => placed.some((one) => one.program === program && one.host === name);
  return hosts.filter((host) => isPlaced(host) && !answers(host)).map(({ name }) => name);
}

function memberSteps(host: Host, facts: Facts): readonly Step[] {
  const { cluster, wanted, observed } = facts;
  const from = otherVersion('etcd', host, wanted.etcd, observed);
  if (from === undefined) return [];
  const step = { host: host.name, do: 'upgrade etcd' };
  const members = hostsWith(cluster, 'etcd').length;
  if (members === 1)
    return [
      {
        ...step,
        reason: `etcd ${from} → ${wanted.etcd}`,
        interrupts: 'the API until it serves again: it is the only member',
      },
    ];
  const silent = silentHosts('etcd', 'etcd', facts).filter((name) => name !== host.name);
  const blocked = members - 1 - silent.length < quorumOf(members);
  return [
    {
      ...step,
      reason: `etcd ${from} → ${wanted.etcd}, one member at a time, the leader last`,
      interrupts: 'no request: the other members serve',
      waitsFor: 'the lock of restarts in etcd, and a quorum of the other members',
      ...(blocked && {
        blockedBy: [`etcd gives no answer on ${silent.join(', ')}, and the others are no quorum without this one`],
      }),
    },
  ];
}

function masterSteps(host: Host, facts: Facts) {
  const { cluster, wanted, observed } = facts;
  const from = otherVersion('kube-apiserver', host, wanted.kubernetes, observed);
  if (from === undefined) return [];
  const alone = hostsWith(cluster, 'master').length === 1;
  const silent = silentHosts('kube-apiserver', 'master', facts).filter((name) => name !== host.name);
  const step: Step = {
    host: host.name,
    do: 'upgrade the API server, and behind it its controller-manager and scheduler',
    reason: `Kubernetes ${from} → ${wanted.kubernetes}, one master at a time; if it does not become ready, its former files come back and the run ends`,
    ...(alone
      ? { interrupts: 'the API until it serves again: it is the only master' }
      : {
          interrupts: 'no new connection: the other masters serve; watches through it reconnect',
          waitsFor: `${cluster.upgrade.gate === undefined ? '' : 'its turn (a Lease), '}the lock of restarts in etcd, and until the API servers of all other masters are ready`,
        }),
    lastSeconds: facts.kept.seconds.master,
    ...(silent.length > 0 && { blockedBy: silent.map(noAnswer) }),
  };
  return [{ from, step }];
}

const noAnswer = (master: string) => `the API server of ${master} does not answer`;

const nodeOf = ({ nodeName }: Host, { nodes }: Facts) => nodes.find(({ name }) => name === nodeName);

function nodeSteps(host: Host, facts: Facts) {
  const { cluster, wanted, observed, nodes } = facts;
  const node = nodeOf(host, facts);
  const placed = observed.placed.filter((one) => one.host === host.name);
  const changes = versionChanges(wanted, node, placed);
  if (changes.length === 0) return [];
  const drain = drainPlan(host.nodeName, nodes.map(withoutOurCordon), leavingNodes(cluster));
  const kubelet = changes.find(({ program }) => program === 'kubelet');
  const silent = kubelet ? silentHosts('kube-apiserver', 'master', facts) : [];
  const step: Step = {
    ...upgradeStep(host.name, changes, drain, cluster.upgrade.nodes),
    waitsFor: `its turn (a Lease)${kubelet ? `, and until every API server has ${kubelet.to}` : ''}`,
    lastSeconds: facts.kept.seconds.node,
    ...(silent.length > 0 && { blockedBy: silent.map(noAnswer) }),
  };
  return [{ drains: drain.drains, step }];
}

/** As the run that a plan speaks of finds a node: it uncordons first what an earlier run has left cordoned. */
const withoutOurCordon = (node: ObservedNode): ObservedNode =>
  node.cordonedBy === undefined ? node : { ...node, cordoned: false };

const runGate = 'run upgrade.gate on the runner';

/** The user's command after a host; a plan never runs it. */
function gateSteps({ cluster: { upgrade } }: Facts, { host }: Step): readonly Step[] {
  if (upgrade.gate === undefined) return [];
  const reason = `with exit status 0 within ${upgrade.gateSeconds} s the next host begins; otherwise the upgrade stops here`;
  return [{ host, do: runGate, reason }];
}

/** The same for hosts of earlier runs. */
function leftGateSteps({ cluster: { upgrade }, kept }: Facts): readonly Step[] {
  if (upgrade.gate === undefined) return [];
  const reason = 'it has not let this host pass in an earlier run; only then another host begins';
  return kept.ungated.map(({ host }) => ({ host: host.name, do: runGate, reason }));
}
