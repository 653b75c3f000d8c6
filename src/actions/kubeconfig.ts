import { runAction } from '../github/action.ts';
import { commonInputs } from '../github/inputs.ts';
import { announceFolder, askedKubeconfig, folderToRemove, keeper, removeFolder } from '../github/kubeconfig-step.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { issueKubeconfig } from '../phases/issue-kubeconfig.ts';
import { reachMasters } from '../phases/reach-masters.ts';
import { newRun, runPhases } from '../phases/run.ts';
import { administratorsGroup } from '../pki/groups.ts';

await runAction(async () => {
  const left = folderToRemove();
  if (left !== undefined) return await removeFolder(left);
  const folder = announceFolder();
  const { cluster, access, name } = commonInputs();
  const asked = askedKubeconfig(administratorsGroup);
  const keep = keeper(folder);
  const run = newRun({ cluster, access, dryRun: false, name, log: githubLog, mask, targets: new Map() });
  await runPhases(run, [reachMasters(), issueKubeconfig(asked, keep)]);
});
