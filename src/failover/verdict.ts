import { type Figure, type Finding, inUnit } from './figure.ts';
import { limited, type Thresholds } from './figure-groups.ts';
import type { FigureId } from './figures.ts';
import { pausesInWords } from './instruments/runner-watch.ts';
import type { FailoverResult } from './result.ts';

/** One finding of the verdict. */
export interface Judgement {
  readonly good: boolean;
  /** In words, with its limit. */
  readonly text: string;
  /** Absent for a problem of the check itself. */
  readonly figure?: FigureId;
  /** In the figure's unit; absent if the figure was not measured or never happened. */
  readonly value?: number;
  readonly limit?: number;
}

export interface Verdict {
  readonly passes: readonly Judgement[];
  readonly failures: readonly Judgement[];
}

/** The default limits: those of an upgrade. A check's action reads each limit's default from its figure. */
export const defaultThresholds = Object.fromEntries(limited.map(({ id, limit }) => [id, limit.usual])) as Thresholds;

/** Compares each figure with its limit; pure. Bad figures of a runner that stopped meanwhile are reported with that. */
export function judge(result: FailoverResult, thresholds: Thresholds): Verdict {
  const judged = limited
    .filter(({ inUpgrade }) => inUpgrade || result.steps === undefined)
    .flatMap(({ id, unit, limit }) =>
      limit.findings(result).map((finding) => judgementOf({ id, unit }, finding, thresholds[id])),
    );
  const bad = judged.filter(({ good }) => !good);
  const paused = bad.length === 0 ? undefined : pausesInWords(result.timeline);
  const troubles = [...(paused === undefined ? [] : [paused]), ...result.troubles];
  return {
    passes: judged.filter(({ good }) => good),
    failures: [...bad, ...troubles.map((text): Judgement => ({ good: false, text }))],
  };
}

function judgementOf(
  { id, unit }: Pick<Figure, 'unit'> & { readonly id: FigureId },
  { value, good = true, text, more = '' }: Finding,
  limit: number,
): Judgement {
  if (value === undefined) return { good, text, figure: id };
  const words = `${text} (limit ${inUnit(unit, limit)})${more}`;
  return { good: good && value <= limit, text: words, figure: id, value, limit };
}
