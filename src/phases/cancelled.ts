import { Problem, problemsOf } from '../errors.ts';

/**
 * Waits for work until it ends or the signal aborts. Aborted work continues without a listener: what it waits for ends with the
 * connections, and the next run completes its changes on hosts.
 * @throws the signal's reason; errors of the work
 */
export async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined, graceMs = 0): Promise<T> {
  if (!signal) return await work();
  signal.throwIfAborted();
  const over = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    if (graceMs === 0) over.reject(signal.reason);
    else if (Number.isFinite(graceMs)) timer = setTimeout(() => over.reject(signal.reason), graceMs);
  };
  signal.addEventListener('abort', abort, { once: true });
  const done = work();
  done.catch(() => undefined);
  try {
    return await Promise.race([done, over.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The problems in an error: after an abort, its reason once, and only independent problems. */
export function problemsUntil(signal: AbortSignal, error: unknown): readonly unknown[] {
  const parts = problemsOf(error);
  if (!signal.aborted) return parts;
  return [signal.reason, ...parts.filter((part) => !isSame(part, signal.reason))];
}

/** Also a copy to which its host was added. */
function isSame(part: unknown, reason: unknown): boolean {
  if (part === reason) return true;
  return part instanceof Problem && reason instanceof Problem && part.code === reason.code;
}
