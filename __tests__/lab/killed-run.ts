import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAction } from '../../lab/runner/run-action.ts';
import type { Shown } from '../../lab/runner/workflow-commands.ts';
import { lab } from './seed-lab.ts';

/** When a run is killed: at a line of its log that contains a text, and then after some milliseconds or a condition on a host. */
export interface Moment {
  readonly seen: string;
  /** Default: the first such line. */
  readonly nth?: number;
  /** A later line at which it is killed at once if there was none of the others: what killed runs have begun continues, so nothing may be left to do. */
  readonly atLast?: string;
  readonly when?: () => Promise<boolean>;
  readonly after?: number;
}

/** The output of a killed run until then. */
export interface Killed {
  /** False if the run ended before that moment. */
  readonly killed: boolean;
  readonly status: number;
  readonly lines: readonly Shown[];
  /** The state that it had saved for its post step. */
  readonly state: Readonly<Record<string, string>>;
}

/** Runs an action and kills its process at a moment, without a chance to clean up. */
export async function killAt(
  moment: Moment,
  name: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Killed> {
  let child: ChildProcess | undefined;
  let left = moment.nth ?? 1;
  const alive = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const kill = async () => {
    while (alive() && moment.when && !(await moment.when())) await sleep(20);
    await sleep(moment.after ?? 0);
    child?.kill('SIGKILL');
  };
  const { status, lines, state } = await runAction(lab, name, {
    inputs,
    onStart: (started) => {
      child = started;
    },
    onLine: ({ text }) => {
      if (moment.atLast !== undefined && left > 0 && text.includes(moment.atLast)) child?.kill('SIGKILL');
      else if (text.includes(moment.seen) && --left === 0) void kill();
    },
  });
  return { killed: child?.signalCode === 'SIGKILL', status, lines, state };
}
