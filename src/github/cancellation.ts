import { Problem } from '../errors.ts';

// When a workflow is cancelled, GitHub sends SIGINT, SIGTERM 7.5 s later, and kills 2.5 s after that.
const signals = ['SIGINT', 'SIGTERM'] as const;
/** A terminal and npm may both send the same signal: one that follows sooner than this is not a second request. */
const sameMs = 1000;

/** Work that ends by itself after the abort. */
interface Taken {
  readonly controller: AbortController;
  readonly why: Problem;
  readonly untilKilled: boolean;
}

let taken: Taken | undefined;

/** Ends the action when the workflow is cancelled, unless the action handles it with `cancellation`. */
export function endWhenCancelled(end: (why: Problem) => void): void {
  let first: number | undefined;
  const cancel = () => {
    first ??= performance.now();
    if (taken === undefined) return end(cancelled(goesOn));
    const { controller, why, untilKilled } = taken;
    if (!controller.signal.aborted) controller.abort(why);
    else if (!untilKilled && performance.now() - first > sameMs) end(why);
  };
  for (const signal of signals) process.on(signal, cancel);
}

const goesOn = 'Run it again: it continues where this one stopped.';

/** How work ends after the abort. */
export interface CancellationOptions {
  readonly hint?: string;
  /** Only SIGKILL ends the work before it is done; otherwise a second signal ends it, which GitHub sends after 7.5 s. */
  readonly untilKilled?: boolean;
}

/** Aborts when the workflow is cancelled, with a Problem RUN_CANCELLED as its reason. The caller keeps running, and has 10 s for clean-up. */
export function cancellation({ hint = goesOn, untilKilled = false }: CancellationOptions = {}): AbortSignal {
  taken ??= { controller: new AbortController(), why: cancelled(hint), untilKilled };
  return taken.controller.signal;
}

function cancelled(hint: string): Problem {
  return new Problem('the run was cancelled', { code: 'RUN_CANCELLED', hint });
}
