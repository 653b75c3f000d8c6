import { flag, opens, refuse, type Setting } from './rule.ts';
import { below, like, whenEmpty } from './values.ts';

const noAudit = 'would leave no word of who did what';

/** The log of who did what: CIS 1.2.16 to 1.2.19 and 3.2.1. */
export const auditSettings: readonly Setting[] = [
  flag(
    'audit-policy-file',
    refuse(noAudit, { values: whenEmpty, cis: '3.2.1' }),
    opens('logs by a policy that no run places or checks', { cis: '3.2.1' }),
  ),
  flag(
    'audit-log-path',
    refuse(noAudit, { values: whenEmpty, cis: '1.2.16' }),
    refuse(noAudit, { values: like('below /dev, /proc and /sys', /^\/+(dev|proc|sys)(\/|$)/), cis: '1.2.16' }),
    refuse('is no path for a file', {
      hint: 'Write an absolute path without detours, such as /var/log/kubernetes/audit/audit.log.',
      values: like('relative, or with “..”, “//” or “/” at its end', /^[^/-]|^-.|\/\/|(^|\/)\.{1,2}(\/|$)|\/$/),
      cis: '1.2.16',
    }),
    opens('keeps the log where a restart of the host loses it', {
      values: like('below /run and /tmp', /^\/+(run|tmp|var\/run|var\/tmp)(\/|$)/),
      cis: '1.2.16',
    }),
    opens('writes the log to the journal, which has other readers and keeps it for another time', {
      values: like('-', /^-$/),
      cis: '1.2.16',
    }),
  ),
  // 0 means no limit.
  flag(
    'audit-log-maxage',
    opens('keeps the log for less than 30 days', { values: below(30, { zero: true }), cis: '1.2.17' }),
  ),
  flag(
    'audit-log-maxbackup',
    opens('keeps fewer than 10 files of the log', { values: below(10, { zero: true }), cis: '1.2.18' }),
  ),
  flag(
    'audit-log-maxsize',
    opens('keeps less than 100 MB in a file of the log', { values: below(100, { zero: true }), cis: '1.2.19' }),
  ),
  flag('audit-webhook-config-file', opens('sends the log to a place of a file that no run sees')),
];
