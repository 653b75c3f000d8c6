import { Problem } from '../errors.ts';

// When a workflow is cancelled, GitHub sends SIGINT, SIGTERM 7.5 s later, and kills 2.5 s after that.
const signals = ['SIGINT', 'SIGTERM'] as const;
/** A terminal and npm may both send the same signal: one that follows sooner than this is not a second request. */
const sameMs = 1000;
/** The longest time that setTimeout can wait. */
const longestMs = 2 ** 31 - 1;

/** Work that ends by itself after the abort. */
interface Taken {
  readonly controller: AbortController;
  readonly hint: string;
  readonly untilKilled: boolean;
}

/** Makes the reason of an end, from a hint of the work that ends. */
type Reason = (hint: string) => Problem;

let taken: Taken | undefined;
let endAction: (why: Problem) => void = () => undefined;
/** When the end was requested first. */
let first: number | undefined;

/** Ends the action when the workflow is cancelled, unless the action handles it with `cancellation`. */
export function endWhenCancelled(end: (why: Problem) => void): void {
  endAction = end;
  for (const signal of signals) process.on(signal, () => requestEnd(cancelled));
}

/**
 * Ends the action in the same way before its job reaches its time limit: GitHub would kill it 10 s after that, and its log would not say
 * what it waited for. The job's earlier steps count too, and nothing tells an action how long they took: hence the time in between.
 *
 * @param minutes the job's `timeout-minutes`; 0: none
 */
export function endBeforeLimit(minutes: number): void {
  if (minutes === 0) return;
  const leftMinutes = minutes - Math.min(3, minutes / 5);
  const reason: Reason = (hint) =>
    new Problem(`the job would reach its time limit of ${minutes} minutes`, {
      code: 'JOB_TIMEOUT',
      hint: `${hint} If it only needs more time, raise timeout-minutes, of the job and of the action.`,
    });
  setTimeout(() => requestEnd(reason), Math.min(leftMinutes * 60_000, longestMs)).unref();
}

function requestEnd(reason: Reason): void {
  first ??= performance.now();
  const { controller, hint, untilKilled } = taken ?? { controller: undefined, hint: goesOn, untilKilled: false };
  if (!controller) endAction(reason(hint));
  else if (!controller.signal.aborted) controller.abort(reason(hint));
  else if (!untilKilled && performance.now() - first > sameMs) endAction(reason(hint));
}

const goesOn = 'Run it again: it continues where this one stopped.';

/** How work ends after the abort. */
export interface CancellationOptions {
  readonly hint?: string;
  /** Only SIGKILL ends the work before it is done; otherwise a second signal ends it, which GitHub sends after 7.5 s. */
  readonly untilKilled?: boolean;
}

/**
 * Aborts when the workflow is cancelled, with a Problem RUN_CANCELLED as its reason, or before the job's time limit, with JOB_TIMEOUT. The
 * caller keeps running, and has 10 s for clean-up.
 */
export function cancellation({ hint = goesOn, untilKilled = false }: CancellationOptions = {}): AbortSignal {
  taken ??= { controller: new AbortController(), hint, untilKilled };
  return taken.controller.signal;
}

function cancelled(hint: string): Problem {
  return new Problem('the run was cancelled', { code: 'RUN_CANCELLED', hint });
}
