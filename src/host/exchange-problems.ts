import { type ProblemCode, remoteCodes } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import { lost } from './connection-problems.ts';
import type { HostAddress } from './engine.ts';
import type { RemoteEvent } from './event.ts';
import { packageHint } from './package-problems.ts';
import { redact, redactLines } from './redact.ts';

/** What the remote program reports, as a problem of its host. */
export function reported(host: HostAddress, event: RemoteEvent): Problem {
  const { message = '', unit, file, detail, url } = event;
  const code = remoteCodes.find((known) => known === event.code) ?? 'REQUEST_FAILED';
  const hint = event.hint || (code === 'PACKAGE_FAILED' && packageHint(detail ?? '')) || hints[code];
  return new Problem(redact(message), {
    code,
    host: host.name,
    unit,
    file: file ?? url,
    hint: hint === undefined ? undefined : redact(hint),
    detail: detail === undefined ? undefined : redactLines(detail),
  });
}

/** The request ended without a reason: a defect of this project, or a missing program on the host. */
export function brokenOff(host: HostAddress, status: string, stderr: string): Problem {
  return new Problem(`a request ended early with status ${status}`, {
    code: 'REQUEST_FAILED',
    host: host.name,
    detail: redactLines(stderr),
  });
}

/** `HOST_SILENT`: the connection is open, but nothing came over it for this time. */
export function silent(host: HostAddress, milliseconds: number): Problem {
  return new Problem(`the host has sent nothing for ${milliseconds / 1000} s`, {
    code: 'HOST_SILENT',
    host: host.name,
    hint: 'Check its load and its disks, then run the job again.',
  });
}

/** The host keeps answering, but the answer does not end. */
export function overdue(host: HostAddress, milliseconds: number): Problem {
  return new Problem(`a request has not ended within ${milliseconds / 1000} s, though the host still answers`, {
    code: 'HOST_OVERDUE',
    host: host.name,
    hint: 'Check what runs there (`ps axf`), its disks and its network, then run the job again: it continues where this one stopped.',
  });
}

/** The connection ended while a request was in progress. What the host did of the request is unknown; the next run looks. */
export function ended(host: HostAddress, stderr: string): Problem {
  const { fields, message } = lost();
  return new Problem(message, { ...fields, host: host.name, detail: redactLines(stderr) });
}

/** What to do about `PLACE_INSECURE`. */
export const insecureHint =
  'Nothing was changed. Root runs the files there, so every directory of the path must belong to root and be writable by root only: use chown root and chmod go-w, or choose another path in cluster.yaml (binDir, etcd.dataDir, audit-log-path).';

const hints: Readonly<Partial<Record<ProblemCode, string>>> = {
  HOST_LOCKED: 'Wait for the other run, or cancel it; the lock ends with its connection.',
  RIVAL_RUN: 'Nothing was changed here. Run this again when the other run has ended.',
  RUN_OVERTAKEN:
    'Nothing was changed here. Start a new run from its first job: this one would undo the changes of the other run.',
  DISK_FULL: 'Free some space on the host and run the job again; the old files are unchanged.',
  DOWNLOAD_SUM_MISMATCH: 'Nothing was installed. Check that the mirror is complete and up to date.',
  DOWNLOAD_FAILED:
    'Check that the host can reach this address (firewall, DNS). A proxy must be in cluster.yaml: the host’s own settings are not used. The partial download is kept, and the next run resumes it.',
  LOCK_FAILED: 'The lock is stored in etcd: check that etcd is healthy.',
  PLACE_INSECURE: insecureHint,
  RESTART_STOPPED: 'See the error of the other host, fix its cause, and run again, from the first job on.',
  RESTART_REFUSED: 'Fix the named part of the cluster first, then run the job again.',
  RESTART_UNKNOWN:
    'The requests and answers are above. Fix the cause and run the job again; the new files are installed. If you know that no running cluster depends on this host, run it once with force-restart: true.',
};
