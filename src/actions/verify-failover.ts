import { type Host, hostsWith } from '../cluster/cluster.ts';
import {
  defaultHealSeconds,
  faultNames,
  limited,
  makeReports,
  outputsOf,
  parseWindow,
  poweroff,
  powerSecrets,
} from '../failover/index.ts';
import { runAction } from '../github/action.ts';
import { cancellation } from '../github/cancellation.ts';
import { historyInput } from '../github/history.ts';
import { choiceInput, commonInputs, numberInput, parsedInput, secondsIn } from '../github/inputs.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { hostLeftOff, isPostStep, powerCommands, recordPoweredOff, runPowerCommand } from '../github/power-step.ts';
import { publishReports, reportFolder } from '../github/report-files.ts';
import { getInput, setOutput } from '../github/runner.ts';
import { thresholdInputs } from '../github/threshold-inputs.ts';
import { newRun } from '../phases/run.ts';
import { runPhases } from '../phases/run-phases.ts';
import { connectWitnesses, type FailoverPlan, planLoss, switchOn, verifyLoss } from '../phases/verify-failover.ts';

const comesBack = 'The run started to switch a host on again; verify that it is back before the next run.';

await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const fault = choiceInput('fault', faultNames);
  const commands = powerCommands(fault === 'poweroff');
  const folder = reportFolder();
  mask(powerSecrets(cluster, commands, [folder]));
  const power = (host: Host) => poweroff(host, commands, runPowerCommand);
  if (isPostStep()) return await switchOn(cluster, await hostLeftOff(), power, githubLog);
  // If etcd has separate hosts, its disk is not on a master.
  const role = fault === 'disk-full' ? 'etcd' : 'master';
  const target = getInput('target') || hostsWith(cluster, role)[0]?.name || '';
  const window = parsedInput('window', parseWindow, 'Write it in UTC, like 01:00-05:00 or mon-fri 22:00-04:00.');
  const holdMs = parsedInput('hold-seconds', secondsIn, 'Write a number of seconds.');
  const places = { folder, history: historyInput(cluster.name) };
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets: new Map() });
  const plan: FailoverPlan = {
    target,
    fault,
    healSeconds: numberInput('heal-after-seconds', defaultHealSeconds),
    ...(window && { window }),
    thresholds: thresholdInputs(limited),
    ...(holdMs !== undefined && { holdMs }),
    ...(fault === 'poweroff' && { poweroff: power, recordPoweredOff }),
    onResult: async (result, verdict) => {
      for (const [name, value] of Object.entries(outputsOf(result))) setOutput(name, value);
      await publishReports(places, (history) => makeReports(result, verdict, history));
    },
  };
  // Only this process can undo an out-of-band fault, however long that takes.
  const signal = cancellation({ hint: comesBack, untilKilled: true });
  await runPhases(run, [connectWitnesses, planLoss(plan), verifyLoss(plan)], { signal, graceMs: Infinity });
});
