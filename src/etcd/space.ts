// The space of etcd's database: history is removed, and what is free is returned to the disk.
import type { Cluster, Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { redactLines } from '../host/redact.ts';
import { shellCommand } from '../host/shell-command.ts';
import { etcdClientUrl } from '../layout/addresses.ts';
import { restartLock } from './etcdctl.ts';
import { etcdctlOn } from './health.ts';

/** A host with a healthy member, where etcdctl runs. */
export interface EtcdSeat {
  readonly session: HostSession;
  readonly cluster: Cluster;
}

/** Seconds: a database of 8 GB, etcd's recommended maximum, takes a minute on a slow disk. */
const limitSeconds = 240;
/** Seconds to wait for the lock, which restarts of members and API servers hold one after the other. */
const waitSeconds = 240;
/** The lock is lost after so long, in seconds, if the host with the command dies. */
const lockSeconds = 30;

const patient = (...words: readonly string[]) => shellCommand([`--command-timeout=${limitSeconds}s`, ...words]);

/**
 * Removes the history of all keys, as API servers do every five minutes: they can't without space, since they record it in etcd. A list of objects
 * that a client reads page by page begins again.
 * @throws Problem ETCD_SPACE
 */
export async function compactHistory(seat: EtcdSeat): Promise<void> {
  const etcdctl = etcdctlOn(seat.cluster);
  const compact = `${etcdctl} ${patient('compact', '--physical')}`;
  await run(seat, 'its history was not removed', [
    `revision=$(${etcdctl} -w json get --limit=1 --keys-only none | sed -n 's/.*"revision":\\([0-9]*\\).*/\\1/p')`,
    // Another run may have done it at this revision.
    `said=$(${compact} "$revision" 2>&1) || case $said in *'has been compacted'*) ;; *) echo "$said" >&2; exit 1 ;; esac`,
  ]);
}

/**
 * Returns the free space of one member's database to its disk. The member does not answer meanwhile.
 * @param hasSpace whether etcd takes the lock that restarts take, so that none falls into this time; without space it takes none
 * @throws Problem ETCD_SPACE
 */
export async function defragment(seat: EtcdSeat, { address }: Pick<Host, 'address'>, hasSpace: boolean): Promise<void> {
  const own = `${etcdctlOn(seat.cluster, [etcdClientUrl(address)])} ${patient('defrag')}`;
  const lock = `timeout ${waitSeconds + limitSeconds} ${etcdctlOn(seat.cluster)} ${shellCommand(['lock', `--ttl=${lockSeconds}`, '--', restartLock])}`;
  await run(seat, 'its database was not defragmented', [hasSpace ? `${lock} ${own}` : own], waitSeconds);
}

/** Lets etcd take writes again. It has the alarm again at once if a member has no space. @throws Problem ETCD_SPACE */
export async function disarmAlarms(seat: EtcdSeat): Promise<void> {
  await run(seat, 'its alarm was not disarmed', [`${etcdctlOn(seat.cluster)} alarm disarm`]);
}

async function run({ session }: EtcdSeat, failure: string, lines: readonly string[], longerSeconds = 0): Promise<void> {
  const timeoutSeconds = longerSeconds + limitSeconds + 30;
  const { status, stderr } = await session.run(lines.join('\n'), { timeoutSeconds });
  if (status === 0) return;
  const reasons = redactLines(stderr.slice(-4096)).map((line) => line.replace(/^Error: /, ''));
  throw new Problem(`etcd: ${failure}: ${reasons.at(-1) ?? `status ${status}`}`, {
    code: 'ETCD_SPACE',
    host: session.host.name,
    detail: reasons.slice(-5),
    hint: 'Run again when all members are healthy.',
  });
}
