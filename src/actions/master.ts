import { reporting, runAction } from '../github/action.ts';
import { handOver } from '../github/hand-over.ts';
import { booleanInput, commonInputs, hostNames, requiredSecret } from '../github/inputs.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { getInput } from '../github/runner.ts';
import { applyRole, fetchBinaries } from '../phases/apply-role.ts';
import { openBundles } from '../phases/bundles.ts';
import { checkBundles } from '../phases/check-bundles.ts';
import { checkHosts } from '../phases/check-hosts.ts';
import { connectHosts } from '../phases/connect-hosts.ts';
import { gatherFacts } from '../phases/gather-facts.ts';
import { newRun, runPhases } from '../phases/run.ts';
import { waitForMasters } from '../phases/wait-for-masters.ts';

await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const targets = new Map([['master' as const, hostNames(cluster, 'master')]]);
  const jobs = handOver(getInput('bundles'));
  const bundles = openBundles(jobs, requiredSecret('age-key'));
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets });
  await reporting(
    'Masters',
    run,
    () =>
      runPhases(run, [
        bundles,
        connectHosts('later', booleanInput('force-restart')),
        gatherFacts,
        checkHosts,
        checkBundles,
        fetchBinaries,
        applyRole('master', 'Apply masters'),
        waitForMasters,
      ]),
    jobs,
  );
});
