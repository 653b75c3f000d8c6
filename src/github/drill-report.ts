import * as z from 'zod';
import { jsonOrUndefined } from '../entry/json.ts';
import { Problem } from '../errors.ts';
import { escaped, table } from '../markdown.ts';
import type { DrillResult } from '../phases/drill-restore.ts';
import { comparedWith } from '../trend.ts';
import type { History } from './history.ts';
import { duration } from './log.ts';
import { info, setOutput } from './runner.ts';
import { writeSummary } from './summary.ts';

/** A restore drill that came to its end. */
export interface Drill {
  readonly cluster: string;
  readonly result: DrillResult;
  readonly began: Date;
  readonly milliseconds: number;
  /** It fails if it takes longer. */
  readonly limitMs: number;
}

const night = z.looseObject({
  schemaVersion: z.literal(1),
  cluster: z.string().max(253),
  began: z.iso.datetime(),
  milliseconds: z.number().min(0),
  keys: z.int().min(0),
  passed: z.boolean(),
});
type Night = z.output<typeof night>;

/** Three years of nights. */
const mostLines = 1000;
/** The nights that a summary shows. */
const shown = 7;

/**
 * Reports a drill: the summary with its verdict and the trend, the outputs, and one more line of the history.
 * @throws Problem DRILL_VERDICT if it has not passed
 */
export async function reportDrill(drill: Drill, history: History): Promise<void> {
  const failures = failuresOf(drill);
  const text = await history.read();
  const tonight = nightOf(drill, failures.length === 0);
  setOutput('passed', String(failures.length === 0));
  setOutput('backup-created', drill.result.manifest.created);
  info(`restore drill: ${failures.length === 0 ? 'passed' : 'failed'} in ${duration(drill.milliseconds)}`);
  await writeSummary(drillSummary(drill, failures, nightsIn(text, drill)));
  await history.write(withNight(text, tonight));
  if (failures.length === 0) return;
  const hint =
    'The hosts of the drill are as it left them. Compare an older backup in the same way, and look at the log of the run that made this one.';
  throw new AggregateError(
    failures.map((failure) => new Problem(failure, { code: 'DRILL_VERDICT', hint })),
    'the restore drill has failed',
  );
}

/** Why a drill has not passed, in words. Pure. */
export function failuresOf({ result, milliseconds, limitMs }: Drill): readonly string[] {
  const slow = `the restore took ${duration(milliseconds)}, and the limit is ${duration(limitMs)}`;
  return [...result.differing, ...(milliseconds > limitMs ? [slow] : [])];
}

function nightOf({ cluster, result, began, milliseconds }: Drill, passed: boolean): Night {
  const { keys } = result.manifest.snapshot;
  const ms = Math.round(milliseconds);
  return { schemaVersion: 1, cluster, began: began.toISOString(), milliseconds: ms, keys, passed };
}

/** Earlier nights of this cluster, oldest first; other lines are left out. */
function nightsIn(text: string, { cluster, began }: Drill): readonly Night[] {
  return text
    .split('\n')
    .flatMap((line) => night.safeParse(jsonOrUndefined(line)).data ?? [])
    .filter((each) => each.cluster === cluster && each.began < began.toISOString());
}

function withNight(text: string, tonight: Night): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return `${[...lines, JSON.stringify(tonight)].slice(-mostLines).join('\n')}\n`;
}

/** The summary of a drill. Pure. */
export function drillSummary(drill: Drill, failures: readonly string[], before: readonly Night[]): string {
  const { cluster, result, milliseconds, began } = drill;
  const { created, snapshot, versions, objects } = result.manifest;
  const hours = (began.getTime() - Date.parse(created)) / 3_600_000;
  const verdict = failures.length === 0 ? 'passed' : 'failed';
  const rows: readonly (readonly string[])[] = [
    ['backup', `of ${created}, ${hours.toFixed(1)} hours old`],
    ['etcd', `revision ${snapshot.revision}, ${versions.etcd}`],
    ['Kubernetes', versions.kubernetes ?? 'not known'],
    ['compared', `${Object.keys(objects).length} kinds, ${result.differing.length} differ`],
    ['Secrets read by an API server', String(result.secrets)],
  ];
  const parts = [
    `## Restore drill of ${escaped(cluster)}: ${verdict} in ${duration(milliseconds)}`,
    failures.map((failure) => `- ${escaped(failure)}`).join('\n'),
    table(['', ''], rows),
    trend(drill, before),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function trend({ milliseconds }: Drill, before: readonly Night[]): string {
  if (before.length === 0) return '';
  const passed = before.filter((each) => each.passed).map((each) => each.milliseconds);
  const { median, regressed } = comparedWith(passed, Math.round(milliseconds));
  const rows = before
    .slice(-shown)
    .map((each) => [each.began, duration(each.milliseconds), String(each.keys), each.passed ? 'passed' : 'failed']);
  const usual = median === undefined ? '' : `The median of the last drills that passed is ${duration(median)}.`;
  const worse = regressed ? ' This one is clearly slower.' : '';
  return `${table(['earlier drill', 'time:', 'keys:', 'verdict'], rows)}\n\n${usual}${worse}`.trim();
}
