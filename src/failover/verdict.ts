import { type FailoverResult, keptConnections, newConnections } from './result.ts';

/** What is still good enough. */
export interface Thresholds {
  readonly transferMs: number;
  readonly failedRequests: number;
  readonly longestGapMs: number;
  readonly keptGapMs: number;
  readonly rejoinMs: number;
}

/** With the default election (15/10/2 s) a lease is taken after 24 s at the very worst; see docs/failover.md. */
export const defaultThresholds: Thresholds = {
  transferMs: 25_000,
  failedRequests: 0,
  longestGapMs: 3000,
  keptGapMs: 5000,
  rejoinMs: 120_000,
};

/** One line for each thing that was judged. */
export interface Verdict {
  readonly passes: readonly string[];
  readonly failures: readonly string[];
}

type Line = readonly [good: boolean, text: string];

/** Judges the figures; pure. */
export function judge(result: FailoverResult, thresholds: Thresholds): Verdict {
  const lines = [
    ...leaseLines(result, thresholds),
    ...apiLines(result, thresholds),
    ...rejoinLines(result, thresholds),
  ];
  const texts = (good: boolean) => lines.filter((line) => line[0] === good).map(([, text]) => text);
  return { passes: texts(true), failures: [...texts(false), ...result.troubles] };
}

const seconds = (ms: number): string => `${Math.round(ms) / 1000} s`;

function leaseLines({ transfers, target }: FailoverResult, { transferMs }: Thresholds): readonly Line[] {
  return transfers.map(({ lease, expected, from, to, takenMs, transitions }): Line => {
    if (!expected) {
      return transitions === 0
        ? [true, `${lease} stayed with ${from}`]
        : [false, `${lease} left ${from}, which was not hit: ${transitions} transitions`];
    }
    if (to === undefined || takenMs === undefined) return [false, `${lease} was not taken over from ${target}`];
    if (transitions !== 1) return [false, `${lease} went over ${transitions} times instead of once`];
    return [takenMs <= transferMs, `${lease} went to ${to} after ${seconds(takenMs)} (limit ${seconds(transferMs)})`];
  });
}

function apiLines(result: FailoverResult, thresholds: Thresholds): readonly Line[] {
  if (result.probes.length === 0) return [];
  const fresh = newConnections(result);
  const kept = keptConnections(result);
  const { failedRequests, longestGapMs, keptGapMs } = thresholds;
  return [
    [
      fresh.requests > 0 && fresh.failed <= failedRequests,
      `${fresh.failed} of ${fresh.requests} new connections failed (limit ${failedRequests})`,
    ],
    [
      fresh.longestGapMs <= longestGapMs,
      `the longest gap was ${seconds(fresh.longestGapMs)} (limit ${seconds(longestGapMs)})`,
    ],
    [
      kept.longestGapMs <= keptGapMs,
      `a kept connection paused for ${seconds(kept.longestGapMs)} (limit ${seconds(keptGapMs)})`,
    ],
  ];
}

function rejoinLines({ target, rejoinMs: took }: FailoverResult, { rejoinMs }: Thresholds): readonly Line[] {
  if (took === undefined) return [[false, `${target} did not come back into step`]];
  return [
    [
      took <= rejoinMs,
      `${target} was back and in step ${seconds(took)} after the restore (limit ${seconds(rejoinMs)})`,
    ],
  ];
}
