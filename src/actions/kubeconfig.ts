import { runAction } from '../github/action.ts';
import { cancellation } from '../github/cancellation.ts';
import { askForToken, layPlugin } from '../github/id-token.ts';
import { commonInputs } from '../github/inputs.ts';
import {
  announceFolder,
  askedKubeconfig,
  askedMode,
  folderToRemove,
  kubeconfigWriter,
  removeFolder,
} from '../github/kubeconfig-step.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { askedAccess } from '../github/token-inputs.ts';
import { administratorsGroup } from '../layout/groups.ts';
import { issueKubeconfig } from '../phases/issue-kubeconfig.ts';
import { reachMasters } from '../phases/reach-masters.ts';
import { newRun } from '../phases/run.ts';
import { runPhases } from '../phases/run-phases.ts';
import { tryToken } from '../phases/try-token.ts';
import { kubeconfigText } from '../pki/kubeconfig.ts';

await runAction(async () => {
  const left = folderToRemove();
  if (left !== undefined) return await removeFolder(left);
  const byMode = askedMode() === 'oidc' ? byToken : byCertificate;
  await byMode(announceFolder());
});

/** A certificate that the cluster issues for this run, through a master. */
async function byCertificate(folder: string): Promise<void> {
  const { cluster, access, name } = commonInputs();
  const asked = askedKubeconfig(administratorsGroup);
  const write = kubeconfigWriter(folder);
  const run = newRun({ cluster, access, dryRun: false, name, log: githubLog, mask, targets: new Map() });
  await runPhases(run, [reachMasters(), issueKubeconfig(asked, write)], { signal: cancellation() });
}

/** Tokens that GitHub issues for this job: no key, no host, no secret. */
async function byToken(folder: string): Promise<void> {
  const { clusterName, servers, ca, audience } = askedAccess();
  const write = kubeconfigWriter(folder);
  const plugin = await layPlugin(folder, audience);
  const { token, claims, expires } = await askForToken(plugin);
  const { server, user } = await tryToken({ servers, ca, token, claims });
  githubLog.info(`${user.username} in ${user.groups.join(', ')}, at ${server}`);
  const text = kubeconfigText({ clusterName, server, ca, user: 'github', credentials: { plugin } });
  await write({ text, expires });
}
