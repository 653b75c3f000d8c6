import * as core from '@actions/core';
import { hostsWith } from '../cluster/cluster.ts';
import { defaultThresholds, makeReports, outputsOf, poweroff } from '../failover/index.ts';
import { runAction } from '../github/action.ts';
import { cancellation } from '../github/cancellation.ts';
import { commonInputs, invalidInput, numberInput } from '../github/inputs.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { publishReports } from '../github/report-files.ts';
import { runCommand } from '../github/run-command.ts';
import { newRun, runPhases } from '../phases/run.ts';
import { connectWitnesses, verifyLoss } from '../phases/verify-failover.ts';

await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const fault = core.getInput('fault') || 'poweroff';
  if (fault !== 'poweroff' && fault !== 'stop-services')
    throw invalidInput('fault', fault, 'write poweroff or stop-services');
  const powerCommand = core.getInput('power-command');
  const restoreCommand = core.getInput('restore-command') || undefined;
  if (fault === 'poweroff' && !powerCommand)
    throw invalidInput(
      'power-command',
      '',
      'name the command that switches a host’s power, or take fault: stop-services',
    );
  const target = core.getInput('target') || hostsWith(cluster, 'master')[0]?.name || '';
  const ms = (name: string, otherwise: number) => numberInput(name, otherwise / 1000) * 1000;
  const thresholds = {
    transferMs: ms('max-transfer-seconds', defaultThresholds.transferMs),
    failedRequests: numberInput('max-failed-requests', defaultThresholds.failedRequests),
    longestGapMs: ms('max-gap-seconds', defaultThresholds.longestGapMs),
    keptGapMs: ms('max-kept-gap-seconds', defaultThresholds.keptGapMs),
    rejoinMs: ms('max-rejoin-seconds', defaultThresholds.rejoinMs),
  };
  const places = { folder: core.getInput('report-dir'), historyFile: core.getInput('history-file') };
  const run = newRun({ cluster, access, dryRun, log: githubLog, mask, targets: new Map() });
  const loss = verifyLoss({
    target,
    thresholds,
    signal: cancellation(),
    ...(fault === 'poweroff' && { poweroff: (host) => poweroff(host, { powerCommand, restoreCommand }, runCommand) }),
    onResult: async (result, verdict) => {
      for (const [name, value] of Object.entries(outputsOf(result))) core.setOutput(name, value);
      await publishReports(places, (history) => makeReports(result, verdict, history));
    },
  });
  await runPhases(run, [connectWitnesses, loss]);
});
