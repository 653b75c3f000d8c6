import { askForToken, layPlugin } from '../../github/id-token.ts';
import { githubLog } from '../../github/log.ts';
import type { TokenAccess } from '../../github/token-inputs.ts';
import type { MadeKubeconfig } from '../../phases/issue-kubeconfig.ts';
import { tryToken } from '../../phases/try-token.ts';
import { kubeconfigText } from '../../pki/kubeconfig.ts';

interface Inputs {
  /** Gets the plugin; the post step deletes it. */
  readonly folder: string;
  readonly access: TokenAccess;
  readonly write: (made: MadeKubeconfig) => Promise<void>;
}

/** Tokens that GitHub issues for this job: no key, no host, no secret. */
export async function byToken({ folder, access, write }: Inputs): Promise<void> {
  const { clusterName, servers, ca, audience } = access;
  const plugin = await layPlugin(folder, audience);
  const { token, claims, expires } = await askForToken(plugin);
  const { server, user } = await tryToken({ servers, ca, token, claims });
  githubLog.info(`${user.username} in ${user.groups.join(', ')}, at ${server}`);
  const text = kubeconfigText({ clusterName, server, ca, user: 'github', credentials: { plugin } });
  await write({ text, expires });
}
