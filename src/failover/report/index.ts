import { type FailoverResult, upgrade } from '../result.ts';
import type { Verdict } from '../verdict.ts';
import { appendHistory, readHistory, trendOf } from './history.ts';
import { htmlReport } from './html.ts';
import { jsonText, reportData } from './json.ts';
import { plainValues } from './plain-values.ts';
import { report } from './summary.ts';
import { regressions, trendTable } from './trend-table.ts';

/** The texts of a report, for people; the caller chooses where to write them. */
export interface Reports {
  /** Markdown for the job summary. */
  readonly summary: string;
  readonly html: string;
  readonly json: string;
  /** The history with this night in it. */
  readonly history: string;
  /** Figures that got clearly worse than on the nights before. */
  readonly warnings: readonly string[];
  /** The name of the artifact: checks of several targets or faults in one run each have a different one. */
  readonly name: string;
}

/** @param history text of the history file; empty if there is none. */
export function makeReports(seen: FailoverResult, judged: Verdict, history: string): Reports {
  const [result, verdict] = [plainValues(seen), plainValues(judged)];
  const data = reportData(result, verdict, plainValues(readHistory(history)));
  const trends = trendOf(data);
  const { cluster, target, fault } = result;
  return {
    summary: report(result, verdict, trendTable(trends)),
    html: htmlReport(data),
    json: jsonText(data),
    history: appendHistory(history, data.figures),
    warnings: regressions(trends),
    name: fault === upgrade ? `upgrade-report-${cluster}` : `failover-report-${cluster}_${target}_${fault}`,
  };
}
