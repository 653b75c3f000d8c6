import { type KeptFigures, keptFigures } from '../figure-groups.ts';
import type { ProbeFigures } from '../instruments/samples.ts';
import type { FailoverResult } from '../result.ts';
import type { Verdict } from '../verdict.ts';
import { comparable } from './history.ts';
import type { FailoverReport, Night, ReportProbe, ReportSample } from './schema.ts';

/** The figures of one check, in the form of the history. */
export function nightOf(result: FailoverResult, { failures }: Verdict): Night {
  return {
    schemaVersion: 1,
    cluster: result.cluster,
    target: result.target,
    fault: result.fault,
    began: result.began,
    passed: failures.length === 0,
    ...keptOf(result),
  };
}

/** A figure that never happened is null; one that was not measured is left out. */
function keptOf(result: FailoverResult): KeptFigures {
  const entries = keptFigures.flatMap(({ id, from, history }) => {
    const value = from(result) ?? (history.nullable ? null : undefined);
    return value === undefined ? [] : [[id, value] as const];
  });
  return Object.fromEntries(entries) as KeptFigures;
}

/** The data of report.json and of the page. */
export function reportData(result: FailoverResult, verdict: Verdict, history: readonly Night[]): FailoverReport {
  const began = Date.parse(result.began);
  const figures = nightOf(result, verdict);
  return {
    schemaVersion: 1,
    figures,
    verdict: [...verdict.failures, ...verdict.passes],
    restoreMs: result.restoreMs,
    ...(result.steps && { steps: result.steps.map(({ host, what, fromMs, toMs }) => ({ host, what, fromMs, toMs })) }),
    transfers: result.transfers.map(({ lease, from, to, expected, lastRenewedMs, takenMs, transitions }) => ({
      lease,
      from: from ?? null,
      to: to ?? null,
      expected,
      lastRenewedMs: lastRenewedMs ?? null,
      takenMs: takenMs ?? null,
      transitions,
    })),
    holdings: (result.holdings ?? []).map(({ what, host, fromMs, toMs, renewedMs }) => ({
      what,
      host: host ?? null,
      fromMs,
      toMs,
      renewedMs: [...renewedMs],
    })),
    probes: result.probes.map((probe) => probeOf(probe, began)),
    timeline: result.timeline.map(({ ms, track, what }) => ({ ms, track, what })),
    history: [...comparable(history, figures)],
  };
}

function probeOf(probe: ProbeFigures, began: number): ReportProbe {
  const { host, kind, requests, failed, medianMs, slowestMs, longestGapMs, longestGapAt, samples = [] } = probe;
  const errors = probe.errors.map(({ error, count }) => ({ error, count }));
  const indexes = new Map(errors.map(({ error }, index) => [error, index]));
  const rows = samples
    .map(({ at, ms, error }): ReportSample => {
      const times = [Math.round(at - began), Math.round(ms)] as const;
      return error === undefined ? [...times] : [...times, indexes.get(error) ?? 0];
    })
    .toSorted(([one], [other]) => one - other);
  const longestGapAtMs = Math.round(longestGapAt - began);
  return { host, kind, requests, failed, medianMs, slowestMs, longestGapMs, longestGapAtMs, errors, samples: rows };
}

/** report.json as text: one line per request would be too long, a single line unreadable. */
export function jsonText(report: FailoverReport): string {
  const rows = /\[\n\s+(-?\d+(?:,\n\s+-?\d+)*)\n\s+\]/g;
  return `${JSON.stringify(report, null, 2).replace(rows, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`;
}
