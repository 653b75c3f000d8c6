import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { parseJson } from '../entry/json.ts';
import { shellQuoted } from '../host/shell-command.ts';
import { etcdPeerUrl } from '../layout/addresses.ts';

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

/** Whether data was moved aside on the host at any time. */
export function readKept(stdout: string): boolean {
  return /^kept /m.test(stdout);
}

const statusShape = z.looseObject({ revision: z.int().nonnegative() });

/** The revision that {@link revisionOfStore} prints; undefined for any other text. */
export function readRevision(stdout: string): number | undefined {
  try {
    return statusShape.parse(parseJson(stdout, Error)).revision;
  } catch {
    return undefined;
  }
}

function withStore({ binDir, etcd, name }: Cluster, host: Host, calls: string, generation = ''): string {
  const peer = etcdPeerUrl(host.address);
  const set = {
    BIN: binDir,
    DATA: etcd.dataDir,
    NAME: host.name,
    PEER: peer,
    INITIAL: `${host.name}=${peer}`,
    TOKEN: `${name}-${generation}`,
  };
  const lines = Object.entries(set).map(([variable, value]) => `${variable}=${shellQuoted(value)}`);
  return [...lines, script, calls].join('\n');
}
