import { reporting, runAction } from '../github/action.ts';
import { handOver } from '../github/hand-over.ts';
import { commonInputs, hostNames, rejoinNames, requiredSecret } from '../github/inputs.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { getInput } from '../github/runner.ts';
import { applyBootstrapManifests } from '../phases/apply-manifests.ts';
import { fetchBinaries } from '../phases/apply-role.ts';
import { openBundles } from '../phases/bundles.ts';
import { checkBundles } from '../phases/check-bundles.ts';
import { checkHosts } from '../phases/check-hosts.ts';
import { connectHosts } from '../phases/connect-hosts.ts';
import { gatherFacts } from '../phases/gather-facts.ts';
import { joinNodes, settleNodes } from '../phases/join-nodes.ts';
import { reachMasters } from '../phases/reach-masters.ts';
import { newRun, runPhases } from '../phases/run.ts';

await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const targets = new Map([['node' as const, hostNames(cluster, 'node')]]);
  const jobs = handOver(getInput('bundles'));
  const bundles = openBundles(jobs, requiredSecret('age-key'));
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets, rejoin: rejoinNames(cluster) });
  await reporting(
    'Nodes',
    run,
    () =>
      runPhases(run, [
        bundles,
        connectHosts(),
        reachMasters('later'),
        gatherFacts,
        checkHosts,
        checkBundles,
        applyBootstrapManifests(clusterFile),
        fetchBinaries,
        joinNodes,
        settleNodes,
      ]),
    jobs,
  );
});
