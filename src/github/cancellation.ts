import { Problem } from '../errors.ts';

/**
 * Aborts when the workflow is cancelled: GitHub sends SIGINT, SIGTERM 7.5 s later, and kills 2.5 s after that. Whoever takes it
 * lives on past the signal, and has that time to put right what must not stay as it is.
 */
export function cancellation(): AbortSignal {
  const controller = new AbortController();
  const cancelled = new Problem('the run was cancelled', {
    code: 'RUN_CANCELLED',
    hint: 'A host that was down was told to come back; see that it did before the next run.',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort(cancelled));
  return controller.signal;
}
