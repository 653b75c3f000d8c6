import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import {
  defaultThresholds,
  drained,
  type FailoverResult,
  judge,
  measureUpgrade,
  type TimedStep,
  type UpgradeMeasurement,
  type Verdict,
} from '../failover/index.ts';
import { adminConf } from './cluster-access.ts';
import type { Phase } from './phase.ts';
import type { Run } from './run.ts';
import { type Observed, type Prepared, sessionOf } from './stages.ts';

/** Called with the result of an upgrade and its verdict, good or bad. */
export type OnUpgrade = (result: FailoverResult, verdict: Verdict) => Promise<void>;

/** The measurement of one run, as the phases before and after its changes. */
export interface MeasuredUpgrade {
  /** Starts the instruments, if the run upgrades a cluster that serves. A failure is a warning: the upgrade is what was asked for. */
  readonly begin: Phase<Observed & Prepared>;
  /** Ends them and judges the result. */
  readonly end: Phase<Run>;
  /** Ends the instruments of a run that has failed; never throws. */
  readonly abandon: () => Promise<void>;
}

/** Measures what clients notice of an upgrade. @param onResult absent: nothing is measured */
export function measuredUpgrade(onResult: OnUpgrade | undefined): MeasuredUpgrade {
  let measurement: UpgradeMeasurement | undefined;
  return {
    begin: {
      title: 'Begin to measure the upgrade',
      when: ({ dryRun, upgrades }) => onResult !== undefined && !dryRun && upgrades,
      async run(run) {
        const unmeasured = (why: string) => run.log.warning(`the upgrade continues without a report: ${why}`);
        try {
          measurement = await beginning(run);
          if (!measurement) unmeasured('no API server serves');
        } catch (cause) {
          unmeasured(cause instanceof Error ? cause.message : String(cause));
        }
      },
    },
    end: {
      title: 'Report the upgrade',
      when: () => measurement !== undefined,
      async run(run) {
        const ended = measurement;
        measurement = undefined;
        const result = await ended?.end(upgradeSteps(run));
        if (result) await reported(run, result, onResult);
      },
    },
    async abandon() {
      await measurement?.abandon();
      measurement = undefined;
    },
  };
}

async function beginning(run: Observed & Prepared): Promise<UpgradeMeasurement | undefined> {
  // With all their roles from an earlier run: a host that is new in one of them has no load balancer yet.
  const whole = run.cluster.hosts.filter(({ name, roles }) => {
    const scopes = run.inspections.get(name)?.scopes ?? [];
    return roles.every((role) => scopes.includes(role));
  });
  const sessions = new Map(whole.map((host) => [host.name, sessionOf(run, host)]));
  const master = hostsWith(run.cluster, 'master').find(({ name }) => sessions.has(name));
  if (!master) return undefined;
  return await measureUpgrade({ cluster: run.cluster, adminConf: await adminConf(run, master), master, sessions });
}

async function reported(run: Run, result: FailoverResult, onResult: OnUpgrade | undefined): Promise<void> {
  const verdict = judge(result, defaultThresholds);
  await onResult?.(result, verdict);
  for (const { text } of verdict.passes) run.log.info(`passed: ${text}`);
  const problems = upgradeProblems(verdict);
  if (problems.length > 0) throw new AggregateError(problems, 'clients noticed the upgrade');
}

/** One problem for each limit that the upgrade broke. */
export function upgradeProblems({ failures }: Verdict): readonly Problem[] {
  const hint =
    'The upgrade is complete. The timeline in the job summary and in the report shows what was slow or failed, and during which step.';
  return failures.map(({ text }) => new Problem(text, { code: 'UPGRADE_VERDICT', hint }));
}

/**
 * The drains of a run, and its parts that restarted units, with their times: from the begin of the change, so that the wait for a turn
 * counts too.
 */
export function upgradeSteps({ results, drains }: Pick<Run, 'results' | 'drains'>): readonly TimedStep[] {
  const restarts = results.flatMap(({ host, restarted, milliseconds, ended }) =>
    ended === undefined || restarted.length === 0
      ? []
      : [{ host, what: restarted.map(nameOf).join(', '), from: ended - milliseconds, to: ended }],
  );
  return [
    ...drains.map(({ host, milliseconds, ended }) => ({ host, what: drained, from: ended - milliseconds, to: ended })),
    ...restarts,
  ];
}

/** `kubelet` of `kubelet.service`. */
const nameOf = (unit: string): string => unit.replace(/\.service$/, '');
