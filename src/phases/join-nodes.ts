import type { Host } from '../cluster/cluster.ts';
import { Problem, problemsOf } from '../errors.ts';
import { type ApiClient, deleteNode, labelNodes, waitForNodes, whileApproving } from '../kubernetes/index.ts';
import { components } from '../layout/components.ts';
import type { ObservedNode } from '../observe/observed.ts';
import { placedVersions } from '../observe/placed.ts';
import { olderServers, type ServerVersions, versionChanges } from '../plan/node-upgrade.ts';
import { versionsOf } from '../plan/versions.ts';
import { applyState, applyStates, restartsOneOf } from './apply-role.ts';
import { withApi } from './cluster-access.ts';
import { JoinTokens } from './join-tokens.ts';
import { authorityOf, hasJoined, syncJoined, untilJoined } from './kubelet-certificate.ts';
import { leaveCordon } from './leave-cordon.ts';
import { type NodesStage, nodeFates, refuseOtherMachines } from './node-fates.ts';
import { joiningState, settled } from './node-state.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, unlessDry } from './phase.ts';
import { registerNodes } from './register-nodes.ts';
import { type Run, targetsOf } from './run.ts';
import { askMasters } from './served-versions.ts';
import { type Inspected, inspectionOf, type PerhapsSecrets, type Prepared } from './stages.ts';
import { stillReadyNodes } from './still-ready.ts';
import { type NodeUpgrade, upgradeNodes } from './upgrade-nodes.ts';

const readyTimeoutMs = 180_000;

/** What the work on joining hosts needs. */
interface Admission {
  readonly run: Prepared;
  readonly api: ApiClient;
  readonly signal: AbortSignal;
  /** Hosts whose node was another machine. */
  readonly replaced: readonly Host[];
  /** The version of each API server. */
  readonly servers: () => Promise<ServerVersions>;
}

/** Makes nodes what they are to be; those that are new join by a token of their own, and only they get approved. */
export const joinNodes: Phase<NodesStage> = {
  title: 'Apply nodes',
  async run(run, signal) {
    const nodes = targetsOf(run, 'node');
    const { fates, known } = await nodeFates(run, nodes);
    const strangers = nodes.filter((host) => !hasJoined(run, host));
    if (run.dryRun) await warnOfRefusals(run, strangers);
    const deleted = nodes.filter((host) => fates.get(host) === 'register');
    // First: a kubelet that is restarted for another reason would register with another subnet.
    if (deleted.length > 0 && !run.dryRun) await withApi(run, (api) => registerNodes(run, api, deleted, signal));
    if (run.dryRun) {
      await applyStates(run, nodes, 'node', (host) => settled(run, host, strangers.includes(host)), signal);
      return;
    }
    const upgrades = await upgradesOf(
      run,
      nodes.filter((host) => !strangers.includes(host)),
      known,
    );
    const inTurns = upgrades.map(({ host }) => host);
    const others = nodes.filter((host) => !strangers.includes(host) && !inTurns.includes(host));
    const replaced = strangers.filter((host) => fates.get(host) === 'replace');
    const servers = askMasters(run);
    if (strangers.length > 0)
      await withApi(run, (api) => admit({ run, api, signal, replaced, servers }, strangers, others));
    else await applyStates(run, others, 'node', (host) => settled(run, host, false), signal);
    const kept = [...others, ...strangers];
    await upgradeNodes({ run, stateOf: (host) => settled(run, host, false), servers }, upgrades, kept, signal);
  },
};

/**
 * The hosts whose node changes its version. A kubelet reports containerd's version up to a minute late, so only those count that
 * have something to restart.
 */
async function upgradesOf(
  run: Prepared,
  hosts: readonly Host[],
  known: readonly ObservedNode[] | undefined,
): Promise<readonly NodeUpgrade[]> {
  const wanted = versionsOf(run.cluster);
  const differing = hosts.flatMap((host) => {
    const node = known?.find(({ name }) => name === host.nodeName);
    const changes = versionChanges(wanted, node, placedVersions(host.name, inspectionOf(run, host)));
    return changes.length === 0 ? [] : [{ host, changes }];
  });
  const units = [components.kubelet.unit, components.containerd.unit];
  const due = await onHosts(
    differing.map(({ host }) => host),
    async (host) => ((await restartsOneOf(run, host, 'node', settled(run, host, false), units)) ? [host] : []),
  );
  return differing.filter(({ host }) => due.flat().includes(host));
}

/**
 * Lets permitted new hosts join, in parallel to the work on the other nodes; each host's work is done, even if another's fails.
 * @throws AggregateError of Problems: NODE_STILL_READY for each host that may not join, and those of the others.
 */
async function admit(admission: Admission, strangers: readonly Host[], others: readonly Host[]): Promise<void> {
  const { run, api, signal } = admission;
  const applied = applyStates(run, others, 'node', (host) => settled(run, host, false), signal);
  const problems = await failuresOf([applied, joinAllowed(admission, strangers)]);
  signal.throwIfAborted();
  if (problems.length === 0) return;
  // The phase that labels the nodes is not reached.
  const names = new Set(problems.map((problem) => (problem instanceof Problem ? problem.fields.host : undefined)));
  const sound = [...strangers, ...others].filter(({ name }) => !names.has(name));
  const labelling = labelNodes(api, sound).then((labelled) => run.objects.push(...labelled));
  throw new AggregateError([...problems, ...(await failuresOf([labelling]))], 'not all nodes are applied');
}

async function joinAllowed(admission: Admission, strangers: readonly Host[]): Promise<void> {
  const { run, api } = admission;
  // A master whose upgrade has failed. One that does not answer is no reason: a node may join while a master is lost.
  const older = olderServers(run.cluster.kubernetesVersion, await admission.servers());
  if (older) throw older;
  const refused = await refusals(run, api, strangers);
  const joining = strangers.filter((host) => !refused.has(host));
  const failed = joining.length > 0 ? await failuresOf([join(admission, joining)]) : [];
  if (refused.size + failed.length > 0)
    throw new AggregateError([...refused.values(), ...failed], 'some hosts may not join');
}

/** The failures of some work, after all of it has ended. */
async function failuresOf(work: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? problemsOf(outcome.reason) : []));
}

/** @throws AggregateError of Problems; Problem CERTIFICATE_DIFFERS, which ends all joins */
async function join(admission: Admission, joining: readonly Host[]): Promise<void> {
  const { run, api, replaced } = admission;
  await clearReplaced(
    run,
    api,
    joining.filter((host) => replaced.includes(host)),
  );
  const tokens = await JoinTokens.make(run, api, joining);
  try {
    const [ca, { expected }] = [authorityOf(run, joining[0]), tokens];
    await whileApproving(api, { expected, ca, log: run.log }, () => joinWith(tokens, admission, joining));
  } finally {
    await tokens.endAll();
  }
}

/** What the API keeps of the old machines goes before the new ones join: attached volumes, for instance, would stay attached to them. */
async function clearReplaced(run: Run, api: ApiClient, replaced: readonly Host[]): Promise<void> {
  for (const { name, nodeName } of replaced) {
    const deleted = await deleteNode(api, nodeName);
    run.log.info(`${name}: deleted of the old machine: ${deleted.join(', ')}`);
    run.objects.push(...deleted.map((object) => `${object} deleted`));
  }
}

async function joinWith(tokens: JoinTokens, { run, api, signal }: Admission, joining: readonly Host[]): Promise<void> {
  const joined: Host[] = [];
  const admitOne = async (host: Host) => {
    const started = applyState(run, host, 'node', joiningState(run, host, tokens.of(host)));
    const certified = untilJoined(run, host, started, readyTimeoutMs);
    // Only one failure of a host is reported.
    certified.catch(() => undefined);
    await started;
    await certified;
    await tokens.end(host);
    joined.push(host);
  };
  const failed = [...(await failuresOf([onHosts(joining, admitOne, signal)]))];
  signal.throwIfAborted();
  failed.push(...(await failuresOf([untilReady(run, api, joined, signal)])));
  // Without it, a power cut may leave neither what the kubelet wrote nor the token to join again.
  const kept: Host[] = [];
  const keep = async (host: Host) => {
    await syncJoined(run, host);
    kept.push(host);
  };
  failed.push(...(await failuresOf([onHosts(joined, keep, signal)])));
  const settling = applyStates(run, kept, 'node', (host) => settled(run, host, false), signal);
  failed.push(...(await failuresOf([settling])));
  if (failed.length > 0) throw new AggregateError(failed, 'not all nodes have joined');
}

/** @throws Problem NODES_NOT_READY, NODE_TWO_MACHINES; ApiProblem */
async function untilReady(run: Inspected, api: ApiClient, hosts: readonly Host[], signal: AbortSignal): Promise<void> {
  const names = hosts.map((host) => host.nodeName);
  const onReport = refuseOtherMachines(run, hosts);
  await waitForNodes(api, names, { timeoutMs: readyTimeoutMs, log: run.log, signal, onReport });
}

/**
 * Hosts without a certificate for which the cluster has a Ready node: a host alone must not be able to get
 * another certificate.
 * @throws ApiProblem: if the cluster is not reachable, no host joins.
 */
async function refusals(
  run: Prepared,
  api: ApiClient,
  strangers: readonly Host[],
): Promise<ReadonlyMap<Host, Problem>> {
  const asked = strangers.filter(({ name }) => !run.rejoin.has(name));
  const names = asked.map(({ nodeName }) => nodeName);
  const ready = await stillReadyNodes(api, names, { waits: !run.dryRun, log: run.log });
  return new Map(asked.filter(({ nodeName }) => ready.has(nodeName)).map((host) => [host, stillReady(host)]));
}

function stillReady({ name, nodeName }: Host): Problem {
  return new Problem(`it has no valid certificate of a node, but the cluster has a Ready node ${nodeName}`, {
    code: 'NODE_STILL_READY',
    host: name,
    hint: `If the host was replaced or reset: delete the old node (kubectl delete node ${nodeName}), or run again with rejoin: ${name}. If it was not, find out who removed its certificate before it gets another.`,
  });
}

/** A plan reports which hosts a run would refuse, if there is a cluster. */
async function warnOfRefusals(run: Prepared, strangers: readonly Host[]): Promise<void> {
  if (strangers.length === 0) return;
  try {
    const refused = await withApi(run, (api) => refusals(run, api, strangers));
    for (const { message, fields } of refused.values())
      run.log.warning(`${fields.host}: ${message}; it would be refused`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Ready, every one of them, and labelled by role and as cluster.yaml says. */
export const settleNodes: Phase<Inspected & PerhapsSecrets> = {
  title: 'Wait for the nodes',
  when: (run) => unlessDry(run) && targetsOf(run, 'node').length > 0,
  async run(run, signal) {
    const nodes = targetsOf(run, 'node');
    await withApi(run, async (api) => {
      await untilReady(run, api, nodes, signal);
      run.objects.push(...(await labelNodes(api, nodes)), ...(await leaveCordon(run, api, nodes)));
    });
  },
};
