import type { Host } from '../../cluster/cluster.ts';
import { faultNames, makeReports, outputsOf, poweroff, powerSecrets } from '../../failover/index.ts';
import { cancellation } from '../../github/cancellation.ts';
import { historyInput } from '../../github/history.ts';
import { type CommonInputs, requiredChoice } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { recordPoweredOff } from '../../github/post-step.ts';
import { hostLeftOff, powerCommands, runPowerCommand } from '../../github/power-step.ts';
import { publishReports, reportFolder } from '../../github/report-files.ts';
import { setOutput } from '../../github/runner.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import { connectWitnesses, type FailoverPlan, planLoss, switchOn, verifyLoss } from '../../phases/verify-failover.ts';
import { askWhatEnds } from '../../phases/warn-of-ends.ts';
import { checkInputs } from './failover-inputs.ts';

const comesBack = 'The run started to switch a host on again; verify that it is back before the next run.';

interface FailoverInputs extends CommonInputs {
  /** Whether this is the post step. */
  readonly post: boolean;
}

/** The failover check; in the post step: switches a host on that the check left without power. */
export async function verifyFailover({ cluster, access, dryRun, name, commit, post }: FailoverInputs): Promise<void> {
  const fault = requiredChoice('fault', faultNames);
  const commands = powerCommands(fault === 'poweroff');
  const folder = reportFolder();
  mask(powerSecrets(cluster, commands, [folder]));
  const power = (host: Host) => poweroff(host, commands, runPowerCommand);
  if (post) return await switchOn(cluster, await hostLeftOff(), power, githubLog);
  const inputs = checkInputs(cluster, fault);
  const places = { folder, history: historyInput(`failover-history-${cluster.name}.jsonl`) };
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, targets: new Map() });
  const plan: FailoverPlan = {
    ...inputs,
    fault,
    ...(fault === 'poweroff' && { poweroff: power, recordPoweredOff }),
    onResult: async (result, verdict) => {
      for (const [output, value] of Object.entries(outputsOf(result))) setOutput(output, value);
      await publishReports(places, (history) => makeReports(result, verdict, history));
    },
  };
  // Only this process can undo an out-of-band fault, however long that takes.
  const signal = cancellation({ hint: comesBack, untilKilled: true });
  await runPhases(run, [connectWitnesses, askWhatEnds, planLoss(plan), verifyLoss(plan)], {
    signal,
    graceMs: Infinity,
  });
}
