import { type Cluster, etcdEndpoints } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { redactLines } from '../host/redact.ts';
import { shellCommand } from '../host/shell-command.ts';
import { asMember, etcdctl } from './etcdctl.ts';
import { countsIn } from './snapshot-report.ts';
import { revisionsAbove } from './store.ts';

type Counts = Readonly<Record<string, number>>;

/** etcd takes 128 operations in one request. */
const perRequest = 100;

/** Only what a backup of ours has: it is inserted into a question to etcd. */
const plainName = /^[\w./:@-]+$/;

/**
 * The numbers of keys by kind that a restored etcd has at its first revision: what API servers have written since does not count. Asked of a
 * quorum, on a member's host.
 * @param kinds prefixes, as a backup's manifest has them
 * @param revision of the backup
 * @throws Problem ETCD_UNKNOWN if they could not be counted
 */
export async function restoredKeys(
  session: HostSession,
  cluster: Cluster,
  kinds: readonly string[],
  revision: number,
): Promise<Counts> {
  const asked = kinds.filter((kind) => plainName.test(kind));
  const command = shellCommand(etcdctl(cluster, asMember, etcdEndpoints(cluster), '--write-out=json', 'txn'));
  const counts: Record<string, number> = {};
  for (let from = 0; from < asked.length; from += perRequest) {
    const some = asked.slice(from, from + perRequest);
    const answer = await session.run(command, { input: questionsFor(some, revision + revisionsAbove) });
    Object.assign(counts, read(some, answer) ?? unknown(session, answer));
  }
  return counts;
}

/** A transaction for etcdctl: no condition, the questions, and nothing for the other case. */
function questionsFor(kinds: readonly string[], revision: number): string {
  const lines = kinds.map((kind) => {
    const all = kind.endsWith('/') ? ' --prefix' : '';
    return `get "${kind}"${all} --count-only --rev=${revision}`;
  });
  return `\n${lines.join('\n')}\n\n\n`;
}

type Answer = Awaited<ReturnType<HostSession['run']>>;

function read(kinds: readonly string[], { status, stdout }: Answer): Counts | undefined {
  if (status !== 0) return undefined;
  try {
    return countsIn(kinds, [stdout]);
  } catch {
    return undefined;
  }
}

function unknown({ host }: HostSession, { status, stderr }: Answer): never {
  throw new Problem(`the restored keys could not be counted: status ${status}`, {
    code: 'ETCD_UNKNOWN',
    host: host.name,
    detail: redactLines(stderr.slice(-4096)).slice(-5),
    hint: 'See `systemctl status etcd` and its journal there.',
  });
}
