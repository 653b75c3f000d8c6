import { Problem } from '../errors.ts';

// When a workflow is cancelled, GitHub sends SIGINT, SIGTERM 7.5 s later, and kills 2.5 s after that.
const signals = ['SIGINT', 'SIGTERM'] as const;
let takenOver = false;

/** Ends the action when the workflow is cancelled, unless its work has taken that over by `cancellation`. */
export function endWhenCancelled(end: (why: Problem) => void): void {
  const why = cancelled('Run it again: it goes on where this one stopped.');
  for (const signal of signals) process.on(signal, () => takenOver || end(why));
}

/** Aborts when the workflow is cancelled. Whoever takes it lives on, and has 10 s to put right what must not stay as it is. */
export function cancellation(): AbortSignal {
  takenOver = true;
  const controller = new AbortController();
  const why = cancelled('A host that was down was told to come back; see that it did before the next run.');
  for (const signal of signals) process.on(signal, () => controller.abort(why));
  return controller.signal;
}

function cancelled(hint: string): Problem {
  return new Problem('the run was cancelled', { code: 'RUN_CANCELLED', hint });
}
