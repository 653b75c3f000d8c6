import { runAction } from '../github/action.ts';
import { withCluster } from '../github/cluster-action.ts';
import {
  announceFolder,
  askedKubeconfig,
  askedMode,
  folderToRemove,
  kubeconfigWriter,
  removeFolder,
} from '../github/kubeconfig-step.ts';
import { askedAccess } from '../github/token-inputs.ts';
import { administratorsGroup } from '../layout/groups.ts';

await runAction(async () => {
  const left = folderToRemove();
  if (left !== undefined) return await removeFolder(left);
  const byMode = askedMode() === 'oidc' ? byToken : byCertificate;
  await byMode(announceFolder());
});

async function byCertificate(folder: string): Promise<void> {
  await withCluster(
    () => ({ asked: askedKubeconfig(administratorsGroup), write: kubeconfigWriter(folder) }),
    async () => (await import('./work/kubeconfig-by-certificate.ts')).byCertificate,
  );
}

async function byToken(folder: string): Promise<void> {
  const access = askedAccess();
  const write = kubeconfigWriter(folder);
  const work = await import('./work/kubeconfig-by-token.ts');
  await work.byToken({ folder, access, write });
}
