import { type ProblemCode, remoteCodes } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import { lost } from './connection.ts';
import type { HostAddress } from './engine.ts';
import type { RemoteEvent } from './event.ts';
import { redact, redactLines } from './redact.ts';

/** What the remote program reports, as a problem of its host. */
export function reported(host: HostAddress, event: RemoteEvent): Problem {
  const { message = '', unit, file, detail, url } = event;
  const code = remoteCodes.find((known) => known === event.code) ?? 'REQUEST_FAILED';
  const hint = event.hint || hints[code];
  return new Problem(redact(message), {
    code,
    host: host.name,
    unit,
    file: file ?? url,
    hint: hint === undefined ? undefined : redact(hint),
    detail: detail === undefined ? undefined : redactLines(detail),
  });
}

/** The request ended without saying why: a defect of ours, or a host that lacks something. */
export function brokenOff(host: HostAddress, status: string, stderr: string): Problem {
  return new Problem(`a request broke off with status ${status}`, {
    code: 'REQUEST_FAILED',
    host: host.name,
    detail: redactLines(stderr),
  });
}

export function silent(host: HostAddress, milliseconds: number): Problem {
  return new Problem(`the host has said nothing for ${milliseconds / 1000} s`, {
    code: 'HOST_SILENT',
    host: host.name,
    hint: 'Look at its load and its disks, then run the job again.',
  });
}

/** The host goes on answering, but never comes to an end. */
export function overdue(host: HostAddress, milliseconds: number): Problem {
  return new Problem(`a request has not ended within ${milliseconds / 1000} s, though the host still answers`, {
    code: 'HOST_OVERDUE',
    host: host.name,
    hint: 'Look at what works there (`ps axf`) and at its disks and network, then run the job again: it goes on where this one stopped.',
  });
}

export function ended(host: HostAddress, stderr: string): Problem {
  const { fields, message } = lost();
  return new Problem(message, { ...fields, host: host.name, detail: redactLines(stderr) });
}

export function sudoRefused(host: HostAddress, stderr: string): Problem {
  return new Problem(`the user ${host.user} cannot become root by sudo without a password`, {
    code: 'SUDO_REFUSED',
    host: host.name,
    hint: `On the host, as root: echo '${host.user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/${host.user}`,
    detail: redactLines(stderr),
  });
}

const hints: Readonly<Partial<Record<ProblemCode, string>>> = {
  HOST_LOCKED: 'Wait for the other run, or end it; the lock goes with its connection.',
  RIVAL_RUN: 'Nothing was done here. Run this again when the other run has ended.',
  RUN_OVERTAKEN:
    'Nothing was done here. Start a new run from its first job: this one would bring back what the other has changed.',
  DISK_FULL: 'Free some space on the host and run the job again; what was there before is untouched.',
  DOWNLOAD_SUM_MISMATCH: 'Nothing was put in place. Is the mirror complete and current?',
  DOWNLOAD_FAILED:
    'Can the host reach this address (firewall, DNS)? A proxy has to be in cluster.yaml: the host’s own settings are not used. What has arrived is kept, the next run resumes.',
  LOCK_FAILED: 'The lock lives in etcd: is it healthy?',
  PLACE_INSECURE:
    'Nothing was changed. Root runs what is placed there, so that every step of the path has to be root’s and closed to others: chown root and chmod go-w, or choose another place in cluster.yaml (binDir, etcd.dataDir, audit-log-path).',
  RESTART_REFUSED: 'Fix the named part of the cluster first, then run the job again.',
  RESTART_UNKNOWN:
    'What was asked and what answered is above. Fix that and run the job again; the new files are in place. If you know that no living cluster depends on this host, run it once with force-restart: true.',
};
