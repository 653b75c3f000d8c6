import { makeReports, upgradeOutputsOf } from '../../failover/index.ts';
import { noHistory } from '../../github/history.ts';
import { publishReports } from '../../github/report-files.ts';
import { setOutput } from '../../github/runner.ts';
import type { OnUpgrade } from '../../phases/measure-upgrade.ts';

/** Publishes the report of an upgrade: outputs, summary, report.html and report.json in `folder`, artifacts. Without a folder, none is made. */
export function publishUpgrade(folder: string | undefined): OnUpgrade | undefined {
  if (folder === undefined) return undefined;
  return async (result, verdict) => {
    for (const [output, value] of Object.entries(upgradeOutputsOf(result))) setOutput(output, value);
    // Upgrades are too different from each other for a trend.
    await publishReports({ folder, history: noHistory }, (history) => makeReports(result, verdict, history));
  };
}
