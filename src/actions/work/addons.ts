import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { applyAddons } from '../../phases/apply-manifests.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { observeAddons } from '../../phases/observe.ts';
import { reachMasters } from '../../phases/reach-masters.ts';
import { removeHosts } from '../../phases/remove-hosts.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';

/** CoreDNS, metrics-server and the user's own manifests. */
export async function addons({ cluster, clusterFile, access, dryRun, name, commit }: CommonInputs): Promise<void> {
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, targets: new Map() });
  const before = [reachMasters('last'), observeAddons, checkLockfile(clusterFile, 'quiet')] as const;
  await reporting('Add-ons', run, () =>
    runPhases(run, [...before, removeHosts, applyAddons(clusterFile)], { signal: cancellation() }),
  );
}
