import { Problem } from '../errors.ts';
import type { HostSession } from './engine.ts';

/**
 * Does the same on all hosts at once. One that fails does not stop the others.
 * @throws AggregateError of all problems, each with its host; a single one is thrown as it is.
 */
export async function onAllHosts<T>(
  sessions: readonly HostSession[],
  work: (session: HostSession) => Promise<T>,
): Promise<readonly T[]> {
  return await gather(
    sessions.map((session) => session.host.name),
    sessions.map(async (session) => await work(session)),
  );
}

/**
 * Opens sessions to all hosts at once; when one cannot be opened, those that were are closed again.
 * @throws as {@link onAllHosts}.
 */
export async function openAll<H extends { readonly name: string }>(
  hosts: readonly H[],
  open: (host: H) => Promise<HostSession>,
): Promise<readonly HostSession[]> {
  const opening = hosts.map(async (host) => await open(host));
  try {
    return await gather(
      hosts.map((host) => host.name),
      opening,
    );
  } catch (error) {
    const opened = (await Promise.allSettled(opening)).flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
    await Promise.allSettled(opened.map(async (session) => await session.close()));
    throw error;
  }
}

async function gather<T>(names: readonly string[], works: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(works);
  const failed = results.flatMap((result, index) =>
    result.status === 'rejected' ? [placed(result.reason, names[index] ?? '')] : [],
  );
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, `${failed.length} of ${names.length} hosts failed`);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function placed(reason: unknown, host: string): unknown {
  return reason instanceof Problem ? reason.within({ host }) : reason;
}
