import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import { parseJson } from '../entry/json.ts';
import { shellQuoted } from '../host/shell-command.ts';
import { etcdPeerUrl } from '../layout/addresses.ts';

/** So far above the old revisions are those of restored data, so that no watch goes back. */
export const revisionsAbove = 1_000_000_000;

const script = readFileSync(new URL('./store.sh', import.meta.url), 'utf8');

/** Lines of sh for an etcd host: complete the moves of a killed run, and print what {@link readKept} reads. */
export function settleStore(cluster: Cluster, host: Host): string {
  return withStore(cluster, host, 'store_settle');
}

/** Lines of sh for an etcd host with data: print what {@link readRevision} reads. They change nothing. */
export function revisionOfStore(cluster: Cluster, host: Host): string {
  return withStore(cluster, host, 'store_revision');
}

/**
 * Lines of sh for an etcd host with data: its member starts as the only one of a new cluster with all that it has. The old data is moved aside.
 * @param generation distinguishes the new cluster from all earlier ones of this name.
 */
export function recoverStore(cluster: Cluster, host: Host, generation: string): string {
  return withStore(cluster, host, 'store_replay\nstore_place\nstore_start', generation);
}

/** Lines of sh for an etcd host whose data directory exists: a snapshot on stdin becomes new data, which {@link switchStore} uses. */
export function receiveStore(cluster: Cluster, host: Host, { sha256, bytes, generation }: Snapshot): string {
  const call = `store_receive ${shellQuoted(sha256)} ${Math.ceil(bytes / 1024)}`;
  return withStore(cluster, host, call, generation, hostsWith(cluster, 'etcd'));
}

/** Lines of sh for an etcd host whose member is stopped: its data is moved aside, and what {@link receiveStore} has made is in its place. */
export function switchStore(cluster: Cluster, host: Host, { sha256 }: Snapshot): string {
  return withStore(cluster, host, `store_switch ${shellQuoted(sha256)}`);
}

/** Lines of sh for an etcd host: print what {@link readBegunRestore} and {@link readRevision} read. They change nothing. */
export function lookAtStore(cluster: Cluster, host: Host): string {
  return withStore(cluster, host, 'store_look');
}

/** Lines of sh for an etcd host: the restore that {@link switchStore} has begun there is complete. */
export function completeStore(cluster: Cluster, host: Host): string {
  return withStore(cluster, host, 'store_complete');
}

/** The SHA-256 of the snapshot of a restore that has begun on the host and is not complete. */
export function readBegunRestore(stdout: string): string | undefined {
  return /^restoring ([0-9a-f]{64}) /m.exec(stdout)?.[1];
}

/** A snapshot of etcd, and the new cluster that is made of it. */
export interface Snapshot {
  readonly sha256: string;
  readonly bytes: number;
  /** Distinguishes the new cluster from all earlier ones of this name; equal on all hosts. */
  readonly generation: string;
}

/** The name of the cluster that is made at this time. */
export function generationAt(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/** Whether data was moved aside on the host at any time. */
export function readKept(stdout: string): boolean {
  return /^kept /m.test(stdout);
}

const statusShape = z.looseObject({ revision: z.int().nonnegative() });

/** The revision that {@link revisionOfStore} prints; undefined for any other text. */
export function readRevision(stdout: string): number | undefined {
  try {
    return statusShape.parse(parseJson(stdout.slice(stdout.indexOf('{')), Error)).revision;
  } catch {
    return undefined;
  }
}

function withStore(
  { binDir, etcd, name }: Cluster,
  host: Host,
  calls: string,
  generation = '',
  members: readonly Host[] = [host],
): string {
  const set = {
    BIN: binDir,
    DATA: etcd.dataDir,
    NAME: host.name,
    PEER: etcdPeerUrl(host.address),
    INITIAL: members.map((member) => `${member.name}=${etcdPeerUrl(member.address)}`).join(','),
    TOKEN: `${name}-${generation}`,
    ABOVE: String(revisionsAbove),
  };
  const lines = Object.entries(set).map(([variable, value]) => `${variable}=${shellQuoted(value)}`);
  return [...lines, script, calls].join('\n');
}
