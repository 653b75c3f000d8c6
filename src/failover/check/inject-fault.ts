import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Host } from '../../cluster/cluster.ts';
import { describeProblem } from '../../errors.ts';
import { type Elected, nodeStatus } from '../../kubernetes/index.ts';
import { now } from '../instruments/clock.ts';
import { relative } from '../instruments/timeline.ts';
import { allElsewhere, transferOf } from '../instruments/transfers.ts';
import { within } from '../instruments/until.ts';
import type { FailoverRun } from './failover-run.ts';

export interface Times {
  readonly faultAt: number;
  /** When the fault and its restore happened. */
  readonly hitAt: number;
  readonly restoreAt: number;
  readonly lastRenewed: Date | undefined;
}

/** Injects the fault, waits, and undoes it. */
export async function injectFault(failoverRun: FailoverRun): Promise<Times> {
  const { fault, target, seen, scene, options } = failoverRun;
  await fault.announce?.();
  const faultAt = now();
  seen.push({ at: faultAt, track: 'fault', what: `${fault.name} of ${target.name} begins` });
  let lastRenewed: Date | undefined;
  let [hitAt, restoreAt] = [faultAt, faultAt];
  try {
    await fault.inject();
    hitAt = now();
    seen.push({ at: hitAt, track: 'fault', what: `${fault.name} is done` });
    scene.log.info(`${fault.name} of ${target.name} is done`);
    const working = beginWork(failoverRun);
    await untilMoved(failoverRun, faultAt);
    await working;
    await failoverRun.work?.wait(placingTimeoutMs, options.signal);
    await delay(Math.max(0, faultAt + holdMsOf(failoverRun) - now()), undefined, { signal: options.signal }).catch(
      () => undefined,
    );
    lastRenewed = await lastRenewalOf(failoverRun, target);
  } finally {
    restoreAt = now();
    seen.push({ at: restoreAt, track: 'fault', what: 'the restore begins' });
    scene.log.info(`${target.name} is being restored`);
    await restore(failoverRun, options.restoreTimeoutMs ?? 120_000);
  }
  return { faultAt, hitAt, restoreAt, lastRenewed };
}

/** Time limit for placing the new pod, from when the leases have moved. */
const placingTimeoutMs = 30_000;

/** An API server that does not accept a Deployment now is a finding; the check continues. */
async function beginWork({ work, seen, troubles }: FailoverRun): Promise<void> {
  if (!work) return;
  try {
    await work.begin();
    seen.push({ at: now(), track: 'work', what: 'a Deployment is created' });
  } catch (error) {
    troubles.push(`failed to create a Deployment during the fault: ${describeProblem(error)}`);
  }
}

/** The leases that the host held before, so that they must move. */
function leasesOf({
  clusterState,
  target,
  fault,
}: Pick<FailoverRun, 'clusterState' | 'target' | 'fault'>): readonly Elected[] {
  if (fault.sparesLeaders) return [];
  return [...clusterState.leases.values()].filter(({ host }) => host === target.name).map(({ lease }) => lease);
}

/** If there is no lease to wait for, the fault still lasts long enough for others to notice it. */
function holdMsOf(failoverRun: FailoverRun): number {
  return failoverRun.options.holdMs ?? (leasesOf(failoverRun).length === 0 ? 15_000 : 0);
}

async function untilMoved(failoverRun: FailoverRun, faultAt: number): Promise<void> {
  const { clusterState, target, instruments, options } = failoverRun;
  const { log } = failoverRun.scene;
  const { signal, transferTimeoutMs = 60_000 } = options;
  const held = leasesOf(failoverRun);
  if (held.length === 0) return;
  const moved = await instruments.leases.until(
    (all) =>
      allElsewhere(
        held,
        target.name,
        all.filter(({ at }) => at > faultAt),
      ),
    {
      timeoutMs: transferTimeoutMs,
      signal,
    },
  );
  for (const lease of held) {
    const before = clusterState.leases.get(lease);
    const { to, takenMs } = before ? transferOf(before, target.name, instruments.leases.seen, faultAt) : {};
    if (to !== undefined && takenMs !== undefined) log.info(`${lease}: taken by ${to} at ${relative(takenMs)}`);
  }
  if (!moved) log.warning(`not every lease has moved after ${relative(now() - faultAt)}`);
}

/** Last renewal of the kubelet's Lease before the restore, if the host is a node; only a later renewal proves its return. */
async function lastRenewalOf({ api }: FailoverRun, host: Host): Promise<Date | undefined> {
  if (!host.roles.includes('node')) return undefined;
  return (await nodeStatus(api, host.nodeName).catch(() => undefined))?.renewed;
}

/** Undoes the fault, with several attempts and its own deadline; cancelling the run does not end it. */
async function restore({ fault, seen, troubles, scene, target }: FailoverRun, timeoutMs: number): Promise<void> {
  try {
    const attempts = pRetry(() => fault.restore(), { retries: 2, minTimeout: 2000, shouldRetry: () => true });
    await within(attempts, timeoutMs, 'the restore');
    seen.push({ at: now(), track: 'fault', what: 'the restore is done' });
    scene.log.info(`${target.name} is restored`);
  } catch (error) {
    troubles.push(`failed to restore ${target.name}: ${describeProblem(error)}`);
    scene.log.warning(`failed to restore ${target.name}: ${describeProblem(error)}`);
  }
}
