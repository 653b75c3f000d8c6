import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { stateDirectory } from '../host/expand.ts';
import { scratchWork } from '../host/scratch-work.ts';
import { shellCommand, shellQuoted } from '../host/shell-command.ts';
import { etcdClientUrl, loopback } from '../layout/addresses.ts';
import { asMember, etcdctl, memberListOf } from './etcdctl.ts';

// The build inlines these lines: each stays one line of exactly this shape.
const snapshot = readFileSync(new URL('./snapshot.sh', import.meta.url), 'utf8');
const scratch = readFileSync(new URL('./scratch.sh', import.meta.url), 'utf8');

/** The status of the command while another backup is at work on the host. */
export const busyStatus = 3;

/** Sent to the command when the snapshot itself is wanted. */
export const wanted = 'send\n';

/** The end of the report, as a line; the snapshot's bytes follow it. */
export const reportEnd = 'report ends';

/** Below which keys Kubernetes has its objects: `--etcd-prefix` of the API server, which begins with a slash for it in any case (etcd3/store.go). */
export function registryPrefix({ apiServer }: Cluster): string {
  const given = apiServer.extraArgs.findLast(({ name }) => name === 'etcd-prefix')?.value ?? '/registry';
  return join('/', given).replace(/\/$/, '');
}

/**
 * Lines of sh for a member's host: takes a snapshot, opens it again with an etcd of its own, prints what `readSnapshotReport` reads, and then,
 * asked by `wanted`, the snapshot.
 * @param size of the member's database, in bytes.
 */
export function snapshotCommand(cluster: Cluster, host: Host, size: number): string {
  const own = [etcdClientUrl(loopback(host.address))];
  const set = {
    BIN: cluster.binDir,
    UNIT: 'k8s-ha-action-backup.service',
    DIRECTORY: `${stateDirectory}/backup`,
    SIZE: String(size),
    PREFIX: registryPrefix(cluster),
    SCRATCH: scratch,
  };
  return [
    ...Object.entries(set).map(([name, value]) => `${name}=${shellQuoted(value)}`),
    scratchWork,
    `member() { ${shellCommand(etcdctl(cluster, asMember, own))} "$@"; }`,
    `members() { ${memberListOf(cluster, asMember, own)}; }`,
    snapshot,
  ].join('\n');
}
