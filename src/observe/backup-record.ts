// The record of the newest backup on the masters: a check runs without the backups' key, and cannot see where they are kept.
import { stateDirectory } from '../host/expand.ts';
import { shellQuoted } from '../host/shell-command.ts';

/** A backup that was written, read again, and published. */
export interface BackupRecord {
  /** When the run that made it began. */
  readonly made: Date;
  /** etcd's revision in it. */
  readonly revision: number;
  /** The name of its file. */
  readonly name: string;
}

const path = `${stateDirectory}/newest-backup`;

/** Lines of sh that replace a host's record. It is not secret: times and revisions are public in the cluster. */
export function writeRecord({ made, revision, name }: BackupRecord): string {
  const line = `${Math.floor(made.getTime() / 1000)} ${revision} ${name}`;
  return [
    'set -e',
    `mkdir -p -m 755 ${stateDirectory}`,
    `printf '%s\\n' ${shellQuoted(line)} >${path}.part`,
    `mv -f ${path}.part ${path}`,
  ].join('\n');
}

/** A line of sh that prints what {@link recordIn} reads, also where there is no record. */
export const askRecord = `if [ -e ${path} ]; then sed 's/^/backup /' ${path}; else echo 'backup none'; fi`;

/** The record in the lines that a host prints; `none` if it has none; undefined if it did not say. */
export function recordIn(lines: readonly string[]): BackupRecord | 'none' | undefined {
  const found = lines.map((line) => recordLine.exec(line)?.groups).find((groups) => groups !== undefined);
  if (!found) return lines.includes('backup none') ? 'none' : undefined;
  const { seconds, revision, name = '' } = found;
  return { made: new Date(Number(seconds) * 1000), revision: Number(revision), name };
}

const recordLine = /^backup (?<seconds>\d{1,11}) (?<revision>\d{1,16}) (?<name>[\w.-]{1,300})$/;
