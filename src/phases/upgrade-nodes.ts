import pLimit from 'p-limit';
import type { Host } from '../cluster/cluster.ts';
import { Problem, problemsOf } from '../errors.ts';
import type { HostState } from '../host/state.ts';
import { type ApiClient, cordonNode, drainNode, uncordonNode, waitForNodes } from '../kubernetes/index.ts';
import { observeNodes } from '../observe/api.ts';
import type { ObservedNode } from '../observe/observed.ts';
import {
  changesInWords,
  drainPlan,
  inUpgradeOrder,
  isCordonedByPerson,
  kubeletObjection,
  type ServerVersions,
  type VersionChange,
} from '../plan/node-upgrade.ts';
import { leavingNodes } from '../plan/removal.ts';
import { applyState } from './apply-role.ts';
import { orAborted } from './cancelled.ts';
import { withApi } from './cluster-access.ts';
import { leaveCordon } from './leave-cordon.ts';
import { beginGated, passGate, passOpenGates } from './pass-gate.ts';
import type { Prepared } from './stages.ts';
import { recordSeconds } from './upgrade-record.ts';
import { upgradeTurns } from './upgrade-turns.ts';

const readyTimeoutMs = 180_000;

/** A host whose node changes its version. */
export interface NodeUpgrade {
  readonly host: Host;
  readonly changes: readonly VersionChange[];
}

/** What the upgrade of nodes needs. */
interface Upgrading {
  readonly run: Prepared;
  readonly stateOf: (host: Host) => HostState;
  /** The version of each API server. */
  readonly servers: () => Promise<ServerVersions>;
}

interface Work extends Upgrading {
  readonly api: ApiClient;
}

/**
 * Upgrades nodes in turns: at most `upgrade.nodes.atOnce` of the whole cluster at a time, also if their jobs run on other runners. Each is
 * cordoned, drained, changed, awaited, and uncordoned in every case. After a failure no other node begins.
 * @throws AggregateError of Problems: VERSION_SKEW or VERSION_UNKNOWN before anything is changed; NODE_NOT_DRAINED, NODES_NOT_READY, TURN_LOST, UPGRADE_HELD
 */
export async function upgradeNodes(
  upgrading: Upgrading,
  upgrades: readonly NodeUpgrade[],
  kept: readonly Host[],
  signal: AbortSignal,
): Promise<void> {
  if (upgrades.length === 0) return;
  const { run } = upgrading;
  await refuseNewerKubelets(upgrading, upgrades);
  await withApi(run, async (api) => {
    // Nodes that an earlier run has left cordoned have room for the pods of the others.
    run.objects.push(...(await leaveCordon(run, api, kept)));
    const nodes = await observeNodes(api);
    const ordered = inUpgradeOrder(upgrades, ({ host }) => nodes.find(({ name }) => name === host.nodeName));
    const { atOnce } = run.cluster.upgrade.nodes;
    const [limit, turns] = [pLimit(atOnce), upgradeTurns(run, 'node', atOnce)];
    const problems: unknown[] = [];
    const upgrade = async (one: NodeUpgrade) => {
      if (problems.length > 0 || signal.aborted) return;
      const work = { ...upgrading, api };
      await turns(api, one.host, signal, (turn) => upgradeNode(work, one, turn)).catch((error: unknown) =>
        problems.push(...problemsOf(error).map((part) => placed(part, one.host))),
      );
    };
    await Promise.all(ordered.map((one) => limit(() => upgrade(one))));
    // After an abort they name the nodes that were in their turn.
    if (problems.length > 0) throw new AggregateError(problems, 'not all nodes were upgraded');
    signal.throwIfAborted();
  });
}

const placed = (error: unknown, { name }: Host) => (error instanceof Problem ? error.within({ host: name }) : error);

/** @throws Problem VERSION_SKEW, VERSION_UNKNOWN */
async function refuseNewerKubelets({ run, servers }: Upgrading, upgrades: readonly NodeUpgrade[]): Promise<void> {
  if (!upgrades.some(({ changes }) => changes.some(({ program }) => program === 'kubelet'))) return;
  const objection = kubeletObjection(run.cluster.kubernetesVersion, await servers());
  if (objection) throw objection;
}

async function upgradeNode(work: Work, { host, changes }: NodeUpgrade, turn: AbortSignal): Promise<void> {
  const { run, api } = work;
  const { log } = run;
  await passOpenGates(run, host, 'node', turn, await inUpgradeNow(work));
  log.info(`${host.name}: upgrade: ${changesInWords(changes)}`);
  const begin = performance.now();
  const nodes = await observeNodes(api);
  const node = nodes.find(({ name }) => name === host.nodeName);
  const drain = drainPlan(host.nodeName, nodes, leavingNodes(run.cluster));
  if (!drain.drains) log.info(`${host.name}: its pods are not moved away: ${drain.why}`);
  try {
    if (node && drain.drains) await timed(run, host, () => empty(work, node, turn));
    await beginGated(run, host, 'node');
    await orAborted(() => applyState(run, host, 'node', work.stateOf(host)), turn);
    await untilUpgraded(work, host, turn);
  } finally {
    if (node && !isCordonedByPerson(node) && (drain.drains || node.cordoned)) await uncordon(run, node);
  }
  await recordSeconds(run, 'node', performance.now() - begin);
  await passGate(run, host, 'node', turn);
}

/** Names of the nodes that are drained and changed now, in the turns of others: their gate comes later. */
async function inUpgradeNow({ run, api }: Work): Promise<ReadonlySet<string>> {
  if (!run.gate || run.cluster.upgrade.nodes.atOnce === 1) return new Set();
  const nodes = await observeNodes(api);
  return new Set(nodes.filter(({ cordonedBy }) => cordonedBy !== undefined).map(({ name }) => name));
}

/** Records when the drain of a host's node began and ended, for the report. */
async function timed(run: Prepared, { name }: Host, drain: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await drain();
  run.drains.push({ host: name, milliseconds: performance.now() - began, ended: Date.now() });
}

/** Cordons and drains a node. @throws Problem NODE_NOT_DRAINED; ApiProblem */
async function empty({ run, api }: Work, node: ObservedNode, signal: AbortSignal): Promise<void> {
  const { log, name, cluster } = run;
  if (isCordonedByPerson(node)) log.info(`${node.name}: it was cordoned before, and stays so`);
  else await cordonNode(api, node.name, name);
  await drainNode(api, node.name, {
    ...{ timeoutMs: cluster.upgrade.nodes.drainSeconds * 1000, log, signal },
    hint: 'The node is uncordoned again and keeps its version. Give the disruption budgets room (more replicas, or maxUnavailable), or delete these pods, then run again.',
  });
}

async function untilUpgraded({ run, api }: Work, { nodeName }: Host, signal: AbortSignal): Promise<void> {
  const { kubernetesVersion } = run.cluster;
  const options = { timeoutMs: readyTimeoutMs, log: run.log, signal, kubeletVersion: kubernetesVersion };
  await waitForNodes(api, [nodeName], options);
}

/** Through any master that is ready: the one that was used before may be what has failed. */
async function uncordon(run: Prepared, { name }: ObservedNode): Promise<void> {
  try {
    await withApi(run, (api) => uncordonNode(api, name));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    run.log.warning(`${name}: it stays cordoned until the next run: ${error.message}`);
  }
}
