import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../../cluster/cluster.ts';
import { hostsWith } from '../../cluster/cluster.ts';
import type { Role } from '../../cluster/schema.ts';
import type { HostSession } from '../../host/engine.ts';
import { elected } from '../../kubernetes/index.ts';
import { anyPauseImage } from '../../lockfile/images.ts';
import type { Fault } from '../faults/fault.ts';
import { now } from '../instruments/clock.ts';
import { clockOffset } from '../instruments/clock-offset.ts';
import { holdingsOf } from '../instruments/holdings.ts';
import { type Instruments, probedNodes, startInstruments } from '../instruments/instruments.ts';
import { serviceAnswers } from '../instruments/service-probe.ts';
import { type Sighting, timelineOf } from '../instruments/timeline.ts';
import { leaseEvents, type Transfer, transferOf } from '../instruments/transfers.ts';
import { within } from '../instruments/until.ts';
import { clearWork, Work } from '../instruments/work.ts';
import type { FailoverResult } from '../result.ts';
import type { FailoverOptions, FailoverRun } from './failover-run.ts';
import { injectFault, type Times } from './inject-fault.ts';
import { etcdSessionOf, type FailoverScene, type Prepared, prepareFailover, sessionOf } from './prepare.ts';
import { type Rejoin, waitForRejoin } from './rejoin.ts';

/** Time limit for the DNS pods of a new cluster. */
const serviceTimeoutMs = 60_000;

/**
 * Takes a host of the control plane down, observes who takes over and what clients notice, restores the host and waits until it is
 * in sync. The fault is undone in every case. The result has all deviations, for the verdict.
 * @throws Problem FAILOVER_REFUSED and others before any change; the errors of `inject`, after the restore
 */
export async function verifyFailover(scene: FailoverScene, options: FailoverOptions): Promise<FailoverResult> {
  const prepared = await prepareFailover(scene, options.target);
  const opened: HostSession[] = [];
  try {
    return await run(scene, options, prepared, opened);
  } finally {
    for (const api of prepared.apis.values()) api.close();
    // A connection to a lost host does not end by itself.
    await Promise.allSettled(opened.map((session) => within(session.close(), 2000, 'closing')));
  }
}

async function run(
  scene: FailoverScene,
  options: FailoverOptions,
  prepared: Prepared,
  opened: HostSession[],
): Promise<FailoverResult> {
  const { target, apis, clusterState } = prepared;
  const { cluster, adminConf, hostnames } = scene;
  const fault = options.fault(target);
  const [survivor, api] = [...apis].find(([name]) => name !== target.name) ?? [];
  if (!survivor || !api) throw new Error('no master stays: the preconditions should have refused this');
  const reached = (host: Host) => scene.sessions.has(host.name);
  const nodes = probedNodes(cluster, target, options.probes, reached).map(({ name }) => sessionOf(scene, name));
  announce(prepared, fault, nodes, scene);
  if (cluster.addons.coredns) await Promise.all(nodes.map((node) => serviceAnswers(node, cluster, serviceTimeoutMs)));
  await fault.prepare?.();
  const work = hostsWith(cluster, 'node').some(({ name }) => name !== target.name)
    ? new Work(api, anyPauseImage(cluster))
    : undefined;
  if (work) await clearWork(api);
  const clocks = await clockSightings(scene);
  const sessions = (role: Role) =>
    hostsWith(cluster, role)
      .filter(reached)
      .map(({ name }) => sessionOf(scene, name));
  const [members, masters] = [sessions('etcd'), sessions('master').filter(({ host }) => host.name !== target.name)];
  const instruments = startInstruments({ cluster, adminConf, api, nodes, target, masters, members, hostnames });
  const failoverRun: FailoverRun = {
    ...prepared,
    fault,
    api,
    instruments,
    work,
    options,
    scene,
    seen: clocks,
    troubles: [],
  };
  let stopped: Awaited<ReturnType<Instruments['stop']>> | undefined;
  try {
    // The reason that the sender of the signal gave, not the error of the timer.
    await delay(options.baselineMs ?? 2000, undefined, { signal: options.signal }).catch(() =>
      options.signal?.throwIfAborted(),
    );
    // The connections end with the host; no request may still wait for them.
    if (fault.severs) apis.get(target.name)?.close();
    const times = await injectFault(failoverRun);
    const rejoin = await comeBack(failoverRun, times.lastRenewed, opened);
    options.signal?.throwIfAborted();
    // The last answers of the probes should be from a healthy cluster.
    await delay(1000);
    stopped = await instruments.stop();
    const transfers = elected.flatMap((lease): readonly Transfer[] => {
      const before = clusterState.leases.get(lease);
      const hit = fault.sparesLeaders ? undefined : target.name;
      return before ? [transferOf(before, hit, instruments.leases.seen, times.faultAt)] : [];
    });
    return assemble(failoverRun, times, rejoin, transfers, stopped);
  } finally {
    await work?.clear();
    if (!stopped) await instruments.stop();
  }
}

/** The offsets of the hosts' clocks from the runner's, which is the clock of all other times. A host that reports none is left out. */
async function clockSightings({ sessions }: FailoverScene): Promise<Sighting[]> {
  const offsets = await Promise.allSettled([...sessions.values()].map(clockOffset));
  return offsets.flatMap((settled): readonly Sighting[] => {
    if (settled.status === 'rejected') return [];
    const { host, offsetMs, errorMs } = settled.value;
    const what = `${host}: its clock is ${offsetMs.toFixed(1)} ms from the runner’s, give or take ${errorMs.toFixed(1)} ms`;
    return [{ at: now(), track: 'clock', what }];
  });
}

function announce(
  { target, clusterState }: Prepared,
  fault: Fault,
  nodes: readonly HostSession[],
  { log, cluster }: FailoverScene,
): void {
  for (const { lease, host, transitions } of clusterState.leases.values()) {
    log.info(`${lease}: led by ${host}, ${transitions} transitions so far`);
  }
  if (![...clusterState.leases.values()].some(({ host }) => host === target.name)) {
    log.warning(
      `${target.name} holds no lease: this shows whether the API survives, not that a lease moves (target: leader)`,
    );
  }
  const through = nodes.map(({ host }) => host.name).join(', ');
  log.info(`fault: ${fault.name} on ${target.name}; the API is asked through ${through || 'no node'}`);
  if (nodes.length === 0) log.info('no node stays: neither a Service nor new work is tried');
  else if (!cluster.addons.coredns)
    log.info('no Service is tried by its name: the cluster’s DNS is not ours (addons.coredns)');
}

async function comeBack(
  failoverRun: FailoverRun,
  lastRenewed: Date | undefined,
  opened: HostSession[],
): Promise<Rejoin> {
  const { scene, target, fault, api, options, troubles } = failoverRun;
  const { cluster, adminConf } = scene;
  let over = false;
  const open = async (): Promise<HostSession> => {
    // A host that was never lost keeps its session, which holds the host's lock.
    if (!fault.severs) return sessionOf(scene, target.name);
    const session = await scene.reopen(target);
    opened.push(session);
    if (over) void session.close().catch(() => undefined);
    return session;
  };
  const stays = hostsWith(cluster, 'etcd').some(({ name }) => name !== target.name);
  const etcdSession = stays ? etcdSessionOf(scene, target.name) : undefined;
  const timeoutMs = options.signal?.aborted ? 0 : (options.rejoinTimeoutMs ?? 180_000);
  const rejoin = await waitForRejoin({
    cluster,
    host: target,
    adminConf,
    open,
    api,
    etcdSession,
    lastRenewed,
    timeoutMs,
  });
  over = true;
  for (const { what } of rejoin.seen) scene.log.info(what);
  troubles.push(...rejoin.missing.map((what) => `${target.name}: ${what}`));
  return rejoin;
}

function assemble(
  { scene, target, fault, instruments, work, seen, troubles }: FailoverRun,
  { faultAt, hitAt, restoreAt }: Times,
  rejoin: Rejoin,
  transfers: readonly Transfer[],
  stopped: Awaited<ReturnType<Instruments['stop']>>,
): FailoverResult {
  const due = transfers.filter(({ expected }) => expected);
  const all = due.length > 0 && due.every(({ takenMs }) => takenMs !== undefined);
  const placedAt = work?.placedAt;
  if (placedAt !== undefined) seen.push({ at: placedAt, track: 'work', what: 'its pod has a node' });
  const events = [...seen, ...leaseEvents(instruments.leases.seen), ...rejoin.seen, ...stopped.seen];
  return {
    cluster: scene.cluster.name,
    target: target.name,
    fault: fault.name,
    masters: hostsWith(scene.cluster, 'master').length,
    began: new Date(faultAt).toISOString(),
    hitMs: Math.round(hitAt - faultAt),
    transfers,
    transferMs: all ? Math.max(...due.map(({ takenMs }) => takenMs ?? 0)) : undefined,
    holdings: holdingsOf(instruments.leases.seen, faultAt, now()),
    probes: stopped.probes,
    nodes: stopped.nodes,
    placeable: work !== undefined,
    placedMs: placedAt === undefined ? undefined : Math.round(placedAt - faultAt),
    restoreMs: Math.round(restoreAt - faultAt),
    rejoinMs: rejoin.inStepAt === undefined ? undefined : Math.round(rejoin.inStepAt - restoreAt),
    timeline: timelineOf(events, faultAt),
    troubles,
  };
}
