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

/** How many hosts an error names at most. */
const mostNames = 20;

/** The problems in an error: after an abort, its reason once, with the hosts that were still waited for, and only independent problems. */
export function problemsUntil(signal: AbortSignal, error: unknown): readonly unknown[] {
  const parts = problemsOf(error);
  if (!signal.aborted) return parts;
  const { reason } = signal;
  return [naming(reason, parts), ...parts.filter((part) => !isSame(part, reason))];
}

/** @param parts among them copies of the reason, one for each host, with what it lacked. */
function naming(reason: unknown, parts: readonly unknown[]): unknown {
  const copies = parts.flatMap((part) => (part instanceof Problem && isSame(part, reason) ? [part] : []));
  const hosts = [...new Set(copies.flatMap(({ fields: { host } }) => host ?? []))];
  if (!(reason instanceof Problem) || hosts.length === 0) return reason;
  const few = hosts.slice(0, mostNames).join(', ');
  const more = hosts.length > mostNames ? `, and ${hosts.length - mostNames} more` : '';
  const detail = copies.flatMap(({ fields }) => fields.detail ?? []);
  return new Problem(`${reason.message}; not done: ${few}${more}`, {
    ...reason.fields,
    ...(detail.length > 0 && { detail }),
  });
}

/** Also a copy to which its host was added. */
function isSame(part: unknown, reason: unknown): boolean {
  if (part === reason) return true;
  return part instanceof Problem && reason instanceof Problem && part.code === reason.code;
}
