import { setTimeout as delay } from 'node:timers/promises';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import type { ObservedMembers } from '../etcd/observe.ts';
import { generationAt, readKept, readRevision, recoverStore, revisionOfStore, settleStore } from '../etcd/store.ts';
import { planRecovery } from '../plan/recovery.ts';
import { stepInWords } from '../plan/step.ts';
import { observeMembers, reachMembers } from './observe-etcd.ts';
import { onStore } from './on-store.ts';
import type { Phase } from './phase.ts';
import { problemOf } from './plan-etcd-members.ts';
import type { Run } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/** Copying a database of 8 GB on a slow disk takes minutes. */
const recoverSeconds = 1800;
/** An election takes a second or two, and each member is asked for 8 s. */
const electionMs = 2000;

/**
 * Brings etcd back from the data of one member whose cluster has lost its quorum for good. The member is then the only one of a new cluster with the
 * same data; the others join it by the plan of members. Does nothing if an earlier run has done it.
 */
export function recoverQuorum(survivor: string): Phase<Connected> {
  return {
    title: 'Recover etcd from one member',
    async run(run, signal) {
      const host = hostsWith(run.cluster, 'etcd').find(({ name }) => name === survivor);
      if (!host) throw new Error(`${survivor} is no host of etcd`);
      await reachMembers(run, signal);
      const wasRecovered = !run.dryRun && (await settled(run, host));
      const observed = await observePatiently(run, signal);
      const revisions = await revisionsOf(run, observed);
      const recovery = planRecovery(run.cluster, { survivor, observed, revisions, wasRecovered });
      if ('refusals' in recovery)
        throw new AggregateError(recovery.refusals.map(problemOf), 'etcd was not recovered, and nothing was changed');
      if (recovery.do === 'continue') return run.log.info(`${survivor}: an earlier run has recovered etcd from it`);
      run.log.info(recoveryInWords(run, host));
      if (!run.dryRun) await recover(run, host);
    },
  };
}

function recoveryInWords({ dryRun }: Run, { name }: Host): string {
  const what = 'begin etcd again as a cluster of this member alone, with its data';
  const why = 'the other members have lost theirs, and there is no quorum';
  return stepInWords({ host: name, do: what, reason: why, interrupts: 'nothing: no member serves writes' }, dryRun);
}

/** Whether data was moved aside there before. A killed run's moves are completed. */
async function settled(run: Connected, host: Host): Promise<boolean> {
  return readKept(await onStore(run, host, settleStore(run.cluster, host), { timeoutSeconds: 180 }));
}

/** While members elect a leader, no answer is confirmed by a quorum: then they are asked twice. */
async function observePatiently(run: Connected, signal: AbortSignal): Promise<ObservedMembers> {
  const first = await observeMembers(run);
  const said = [...first.values()];
  if (said.some(({ list }) => list) || !said.some(({ active }) => active)) return first;
  await delay(electionMs, undefined, { signal });
  return await observeMembers(run);
}

/** Asked only if there is something to compare. */
async function revisionsOf(run: Connected, observed: ObservedMembers): Promise<ReadonlyMap<string, number>> {
  const hosts = [...run.cluster.hosts, ...run.cluster.removed].filter(
    ({ name }) => typeof observed.get(name)?.data === 'object',
  );
  if (hosts.length < 2) return new Map();
  const asked = hosts.map(async (host): Promise<readonly (readonly [string, number])[]> => {
    const { stdout } = await sessionOf(run, host).run(revisionOfStore(run.cluster, host), { timeoutSeconds: 300 });
    const revision = readRevision(stdout);
    return revision === undefined ? [] : [[host.name, revision]];
  });
  return new Map((await Promise.all(asked)).flat());
}

async function recover(run: Connected, host: Host): Promise<void> {
  const begin = performance.now();
  await onStore(run, host, recoverStore(run.cluster, host, generationAt(run.now)), { timeoutSeconds: recoverSeconds });
  run.objects.push(`etcd recovered from ${host.name}`);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  run.log.info(
    `${host.name}: etcd serves again after ${seconds} s; its former data is kept in ${run.cluster.etcd.dataDir}/before-…`,
  );
}
