// The age of the newest backup, judged. Pure.
import type { Cluster } from '../cluster/cluster.ts';
import type { BackupRecord } from '../observe/backup-record.ts';
import type { Finding } from './finding.ts';
import { unknownFinding } from './hosts.ts';

const hourMs = 3_600_000;

/** What each master said, by its name: its record, that it has `none`, or nothing. */
export type SaidOfBackups = ReadonlyMap<string, BackupRecord | 'none' | undefined>;

/**
 * No backup that is new enough, for a cluster whose file has a `backup` section. A backup is recorded on the masters that it reaches, so that
 * one master with a new record is enough; without one, a master that did not answer may have it.
 */
export function backupFindings({ name, backup }: Cluster, said: SaidOfBackups, now: Date): readonly Finding[] {
  if (!backup) return [];
  // Of another clock than this one: it would count as new for as long as that is ahead.
  const records = [...said.values()].filter((each) => typeof each === 'object' && hoursOf(each, now) > -1);
  const [newest] = (records as BackupRecord[]).toSorted((one, other) => other.made.getTime() - one.made.getTime());
  if (newest && hoursOf(newest, now) <= backup.maxAgeHours) return [];
  const silent = [...said].filter(([, each]) => each === undefined).map(([host]) => host);
  if (silent.length > 0) {
    const reason = new Error(`${silent.join(', ')} did not answer, and the other masters have no new record of one`);
    return [unknownFinding('the newest backup', name, reason)];
  }
  return [
    {
      id: `backup-old/${name}`,
      severity: 'warning',
      subject: name,
      message: newest ? inWords(newest, now) : 'no backup of it is recorded on its masters',
      fix: 'Look at the last runs of the action backup, and run it (examples/backup.yml does so every night).',
    },
  ];
}

const hoursOf = ({ made }: BackupRecord, now: Date): number => (now.getTime() - made.getTime()) / hourMs;

function inWords(newest: BackupRecord, now: Date): string {
  const { name, revision } = newest;
  return `the newest backup is ${Math.floor(hoursOf(newest, now))} hours old: ${name}, revision ${revision}`;
}
