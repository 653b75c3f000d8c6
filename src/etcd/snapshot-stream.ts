import { Bytes } from '../entry/bytes.ts';
import { Problem } from '../errors.ts';
import type { RunningCommand } from '../host/engine.ts';
import { hostNonsense } from '../host/nonsense.ts';
import { redactLines } from '../host/redact.ts';
import { busyStatus, reportEnd, wanted } from './snapshot.ts';
import { readSnapshotReport, type SnapshotReport } from './snapshot-report.ts';

/** The report, and the snapshot that follows it. */
export interface ReadSnapshot {
  readonly report: SnapshotReport;
  /** Asks for the snapshot and reads it; once. Then the host removes it. */
  readonly data: () => AsyncIterable<Uint8Array>;
}

/** Of a report: a hundred characters for each kind of object. */
const mostReport = 4 * 1024 * 1024;
const mostWords = 4096;

/**
 * Reads the report of the command that takes a snapshot.
 * @throws Problem BACKUP_RUNNING, BACKUP_FAILED with the host's words, HOST_NONSENSE, and those of the connection
 */
export async function readSnapshot(command: RunningCommand, host: string): Promise<ReadSnapshot> {
  try {
    const text = await reportOf(command, host);
    const report = readSnapshotReport(text.split('\n'));
    if (!report) throw hostNonsense('its report of a snapshot is not complete', host);
    return { report, data: () => dataOf(command, host) };
  } catch (error) {
    command.end();
    throw error;
  }
}

/** Nothing follows the end of the report before the snapshot is asked for. */
async function reportOf(command: RunningCommand, host: string): Promise<string> {
  const report = new Bytes(mostReport, (what) => hostNonsense(`its report of a snapshot has ${what}`, host));
  for (;;) {
    const { value, done } = await command.output.next();
    if (done) throw failed(host, await command.finish());
    report.add(value);
    if (report.view.subarray(-reportEnd.length - 1).equals(Buffer.from(`${reportEnd}\n`))) return report.text();
  }
}

async function* dataOf(command: RunningCommand, host: string): AsyncGenerator<Uint8Array> {
  try {
    command.send(wanted);
    yield* command.output;
    const end = await command.finish();
    if (end.status !== 0) throw failed(host, end);
  } finally {
    command.end();
  }
}

function failed(host: string, { status, stderr }: { readonly status: number; readonly stderr: string }): Problem {
  if (status === busyStatus)
    return new Problem('another backup is taken from this host', {
      code: 'BACKUP_RUNNING',
      host,
      hint: 'Wait for it, then run again.',
    });
  const detail = redactLines(stderr.slice(-mostWords)).slice(-5);
  return new Problem(`no snapshot was taken: ${detail.at(-1) ?? `status ${status}`}`, {
    code: 'BACKUP_FAILED',
    host,
    detail,
    hint: 'Nothing is left on the host. Follow its words, then run again.',
  });
}
