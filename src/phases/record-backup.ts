import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { writeRecord } from '../observe/backup-record.ts';
import type { Phase } from './phase.ts';
import { type Connected, sessionOf } from './stages.ts';
import type { WithSnapshot } from './take-snapshot.ts';
import { backupName } from './write-backup.ts';

/** Records on the masters that a backup was made, for the checks to come. The backup is complete, and a master without a record does not change that. */
export const recordBackup: Phase<Connected & WithSnapshot> = {
  title: 'Record the backup',
  async run(run) {
    const { cluster, now, snapshot, log } = run;
    const record = { made: now, revision: snapshot.report.revision, name: backupName(cluster.name, now) };
    const masters = hostsWith(cluster, 'master').filter(({ name }) => run.sessions.has(name));
    const refusals = await Promise.all(masters.map((host) => refusalOf(run, host, writeRecord(record))));
    for (const refusal of refusals) if (refusal !== undefined) log.warning(`not recorded, check may warn: ${refusal}`);
  },
};

/** Why the lines failed on the host; undefined if they did not. */
async function refusalOf(run: Connected, host: Host, lines: string): Promise<string | undefined> {
  try {
    const { status, stderr } = await sessionOf(run, host).run(lines);
    return status === 0 ? undefined : `${host.name}: ${stderr.split('\n', 1)[0]}`;
  } catch (error) {
    if (error instanceof Problem) return describeProblem(error);
    throw error;
  }
}
