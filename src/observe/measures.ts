// What a host says of its disks, of etcd's writes, of the age of the encryption key and of the newest backup, for a check.
import type { Host } from '../cluster/cluster.ts';
import { askMember } from '../etcd/local-http.ts';
import { shellQuoted } from '../host/shell-command.ts';
import { paths } from '../layout/paths.ts';
import { askRecord, type BackupRecord, recordIn } from './backup-record.ts';

/** How full a mounted file system is. */
export interface DiskUse {
  /** Where it is mounted. */
  readonly mount: string;
  /** Percent of its space, or of its inodes, in use. */
  readonly percent: number;
  readonly of: 'space' | 'inodes';
}

/** Writes of a member's log to its disk since it was started, by how long each took (etcd's histogram of wal_fsync). */
export interface LogWrites {
  readonly count: number;
  /** By the upper bound of a bucket, in seconds: how many took at most so long. */
  readonly within: ReadonlyMap<number, number>;
}

/** The measures of one host; what is absent it did not say. */
export interface Measures {
  readonly disks: readonly DiskUse[];
  readonly logWrites?: LogWrites;
  /** When the file with the encryption key was written, on a master. */
  readonly keyWritten?: Date;
  /** The record of the newest backup, on a master. */
  readonly backup?: BackupRecord | 'none';
}

const histogram = 'etcd_disk_wal_fsync_duration_seconds';

/**
 * A line of sh that prints what {@link readMeasures} reads. Read-only.
 * @param directories whose file systems count; those that do not exist are left out
 */
export function askMeasures(host: Host, directories: readonly string[]): string {
  const df = (flags: string, mark: string) =>
    `df ${flags} / ${directories.map(shellQuoted).join(' ')} 2>/dev/null | sed 's/^/${mark} /'`;
  return [
    df('-Pk', 'space'),
    df('-Pi', 'inodes'),
    ...(host.roles.includes('etcd') ? [`${askMember(host, '/metrics')} | grep '^${histogram}_[bc]'`] : []),
    ...(host.roles.includes('master') ? [`stat -c 'key %Y' ${paths.encryptionConfig} 2>/dev/null`, askRecord] : []),
    ':',
  ].join('\n');
}

/** Reads the answer to {@link askMeasures}. Lines that are not of its form are ignored. */
export function readMeasures(stdout: string): Measures {
  const lines = stdout.split('\n').slice(0, mostLines);
  const key = lines.map((line) => /^key (\d{1,12})$/.exec(line)?.[1]).find((time) => time !== undefined);
  const logWrites = logWritesIn(lines);
  const backup = recordIn(lines);
  return {
    disks: disksIn(lines),
    ...(logWrites && { logWrites }),
    ...(key !== undefined && { keyWritten: new Date(Number(key) * 1000) }),
    ...(backup && { backup }),
  };
}

/** Some twenty disks and twenty buckets. */
const mostLines = 500;

const diskLine = /^(?<of>space|inodes) \S+ +\d+ +\d+ +-?\d+ +(?<percent>\d{1,3})% (?<mount>\/.{0,300})$/;

/** Each file system once, though several directories are in it. */
function disksIn(lines: readonly string[]): readonly DiskUse[] {
  const found = lines.flatMap((line): DiskUse[] => {
    const { of, percent, mount } = diskLine.exec(line)?.groups ?? {};
    return mount === undefined ? [] : [{ mount, percent: Number(percent), of: of === 'inodes' ? of : 'space' }];
  });
  return [...new Map(found.map((disk) => [`${disk.of} ${disk.mount}`, disk])).values()];
}

function logWritesIn(lines: readonly string[]): LogWrites | undefined {
  const counts = lines.flatMap((line): [bound: string, count: number][] => {
    const { bound, count } = bucketLine.exec(line)?.groups ?? {};
    return count === undefined ? [] : [[bound ?? '', Number(count)]];
  });
  const total = counts.find(([bound]) => bound === '')?.[1];
  if (total === undefined) return undefined;
  const within = counts.flatMap(([bound, count]): [number, number][] =>
    Number.isFinite(Number.parseFloat(bound)) ? [[Number.parseFloat(bound), count]] : [],
  );
  return { count: total, within: new Map(within) };
}

const bucketLine = new RegExp(
  `^${histogram}_(?:count|bucket\\{le="(?<bound>[0-9.]{1,12})"\\}) (?<count>[0-9.e+]{1,20})$`,
);
