import type { Host } from '../cluster/cluster.ts';
import { Problem, problemsOf } from '../errors.ts';
import { orAborted } from './cancelled.ts';

/**
 * Does the same on many hosts at once; every host is tried, even if others fail. After an abort no host is waited for.
 * @throws AggregateError with the problems of all hosts that failed.
 */
export async function onHosts<T>(
  hosts: readonly Host[],
  work: (host: Host) => Promise<T>,
  signal?: AbortSignal,
): Promise<readonly T[]> {
  const settled = await Promise.allSettled(hosts.map((host) => orAborted(() => work(host), signal)));
  const failed = settled.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? problemsOf(outcome.reason).map((part) => placed(part, hosts[index])) : [],
  );
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} of ${hosts.length} hosts failed`);
  return settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

function placed(error: unknown, host: Host | undefined): unknown {
  return error instanceof Problem ? error.within({ host: host?.name }) : error;
}
