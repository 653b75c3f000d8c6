import { reporting, runAction } from '../github/action.ts';
import { cancellation } from '../github/cancellation.ts';
import { commonInputs } from '../github/inputs.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { applyAddons } from '../phases/apply-manifests.ts';
import { observeAddons } from '../phases/observe.ts';
import { reachMasters } from '../phases/reach-masters.ts';
import { removeHosts } from '../phases/remove-hosts.ts';
import { newRun } from '../phases/run.ts';
import { runPhases } from '../phases/run-phases.ts';

await runAction(async () => {
  const { cluster, clusterFile, access, dryRun, name } = commonInputs();
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets: new Map() });
  await reporting('Add-ons', run, () =>
    runPhases(run, [reachMasters('last'), observeAddons, removeHosts, applyAddons(clusterFile)], {
      signal: cancellation(),
    }),
  );
});
