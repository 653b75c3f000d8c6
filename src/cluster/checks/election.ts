import { type ElectionTimes, electionProblem, electionTimes } from '../election.ts';
import { type Finding, type Path, quote } from '../finding.ts';
import type { ClusterFile, ExtraArg } from '../schema.ts';

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const flags = {
  'leader-elect-lease-duration': 'leaseDuration',
  'leader-elect-renew-deadline': 'renewDeadline',
  'leader-elect-retry-period': 'retryPeriod',
} as const satisfies Readonly<Record<string, keyof ElectionTimes>>;
const rule = 'The lease is to be longer than the deadline, and that longer than 1.2 retry periods: 15s, 10s and 2s.';

/** The profile of the cluster, with the changes of extraArgs for each of the two components. */
export function electionFindings({ election, controllerManager, scheduler }: ClusterFile): readonly Finding[] {
  const times = electionTimes(election);
  const problem = electionProblem(times);
  if (problem !== undefined) return [{ code: 'CLUSTER_ELECTION', path: ['election'], message: problem, hint: rule }];
  return [
    ...flagFindings(['controllerManager', 'extraArgs'], controllerManager.extraArgs, times),
    ...flagFindings(['scheduler', 'extraArgs'], scheduler.extraArgs, times),
  ];
}

/**
 * Times with which no component would start: a lease must last longer than the attempts to renew it. Checked here, because
 * high availability must prevent a component from exiting at its start on every master at once.
 */
function flagFindings(path: Path, args: readonly ExtraArg[], times: ElectionTimes): readonly Finding[] {
  const given = args.flatMap((arg, index) => {
    const key = Object.hasOwn(flags, arg.name) ? flags[arg.name as keyof typeof flags] : undefined;
    return key === undefined ? [] : [{ ...arg, index, key, time: seconds(arg.value) }];
  });
  const found = (index: number, message: string, hint: string): readonly Finding[] => [
    { code: 'CLUSTER_ELECTION', path: [...path, index, 'value'], message, hint },
  ];
  const unreadable = given.find(({ time }) => time === undefined);
  if (unreadable) {
    const { index, name, value } = unreadable;
    return found(index, `The time ${quote(value)} of ${name} is not one.`, 'Write it as 15s.');
  }
  const last = given.at(-1);
  const own = Object.fromEntries(given.map(({ key, time }) => [key, time]));
  const problem = electionProblem({ ...times, ...own });
  return last === undefined || problem === undefined ? [] : found(last.index, problem, rule);
}

/** The seconds of a duration in Go's format, such as `1m30s`. */
function seconds(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  return Array.from(text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}
