import { type Finding, type Path, quote } from '../finding.ts';
import type { ExtraArg } from '../schema.ts';

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const defaults = {
  'leader-elect-lease-duration': 15,
  'leader-elect-renew-deadline': 10,
  'leader-elect-retry-period': 2,
};
type Timing = keyof typeof defaults;

/**
 * Timings that no component would start with: a lease must outlive the tries to renew it. Checked here, since a
 * component that exits at its start on every master at once is what high availability is to prevent.
 */
export function electionFindings(path: Path, args: readonly ExtraArg[]): readonly Finding[] {
  const given = args.flatMap((arg, index) => (Object.hasOwn(defaults, arg.name) ? [{ ...arg, index }] : []));
  const unreadable = given.find(({ value }) => seconds(value) === undefined);
  const found = (index: number, message: string, hint: string): readonly Finding[] => [
    { code: 'CLUSTER_ELECTION', path: [...path, index, 'value'], message, hint },
  ];
  if (unreadable)
    return found(
      unreadable.index,
      `The time ${quote(unreadable.value)} of ${unreadable.name} is not one.`,
      'Write it as 15s.',
    );
  const last = given.at(-1);
  if (last === undefined) return [];
  const time = (name: Timing) => seconds(args.findLast((arg) => arg.name === name)?.value ?? '') ?? defaults[name];
  const [lease, renew, retry] = [
    time('leader-elect-lease-duration'),
    time('leader-elect-renew-deadline'),
    time('leader-elect-retry-period'),
  ];
  if (lease > renew && renew > 1.2 * retry && retry > 0) return [];
  const message = `A lease of ${lease}s with a renew deadline of ${renew}s and a retry period of ${retry}s can’t hold.`;
  return found(
    last.index,
    message,
    'The lease is to be longer than the deadline, and that longer than 1.2 retry periods: 15s, 10s and 2s.',
  );
}

/** The seconds of Go's `1m30s`. */
function seconds(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  return Array.from(text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}
