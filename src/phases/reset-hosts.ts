import type { Host } from '../cluster/cluster.ts';
import { problemsOf } from '../errors.ts';
import type { Change } from '../host/engine.ts';
import { changeInWords } from './change-words.ts';
import type { Reached } from './connect-reset.ts';
import { onHosts } from './on-hosts.ts';
import type { Phase } from './phase.ts';
import { allTargets } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/**
 * Takes the cluster off the hosts that could be reached, all at once, or only says what would go.
 * @throws AggregateError with the problems of the hosts that failed, and of those that could not be reached
 */
export const resetHosts: Phase<Reached> = {
  title: 'Reset the hosts',
  async run(run, signal) {
    const failed: unknown[] = [...run.unreached];
    let before: Promise<unknown> = Promise.resolve();
    const inTurn = (host: Host): Promise<void> => {
      const done = resetHost(run, host, before);
      // A dry run lists hosts in the file's order, so that two can be compared.
      if (run.dryRun) before = done.catch(() => undefined);
      return done;
    };
    await onHosts(run.reached, inTurn, signal).catch((error: unknown) => failed.push(...problemsOf(error)));
    if (failed.length > 0)
      throw new AggregateError(failed, `${failed.length} of ${allTargets(run).length} hosts failed`);
  },
};

/**
 * Takes the cluster off one host, or only says what would go. Safe to run again after it was killed.
 * @param turn when this host may be reported, if the run is a dry one; a real one reports each change as it begins.
 * @throws Problem when a part of it could not be removed
 */
export async function resetHost(run: Connected, host: Host, turn?: Promise<unknown>): Promise<void> {
  const begin = performance.now();
  const say = (change: Change) => run.log.info(`${host.name}: ${changeInWords(change, run.dryRun)}`);
  const [changes] = await Promise.all([sessionOf(run, host).reset(run.log, run.dryRun ? undefined : say), turn]);
  if (run.dryRun) changes.forEach(say);
  if (changes.length === 0) run.log.info(`${host.name}: nothing is left of the cluster`);
  const milliseconds = performance.now() - begin;
  run.results.push({ host: host.name, phase: 'reset', changes, started: [], restarted: [], milliseconds });
}
