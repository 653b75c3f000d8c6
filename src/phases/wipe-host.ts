import type { Host } from '../cluster/cluster.ts';
import { hostState } from '../host/state.ts';
import { paths, places } from '../layout/paths.ts';
import { applyState } from './apply-role.ts';
import { type Connected, sessionOf } from './stages.ts';

/** Nodes first: their load balancer and kubelet use what the other roles run. Certificates last. */
const order = ['node', 'master', 'etcd'];

/** What the kubelet and flannel have written: without it the host can join again, and holds no key of the cluster. */
const written = [paths.kubeletConf, '/var/lib/kubelet/pki', places.flannelConflist];

/** Removes from a host what earlier runs have placed there, by its own lists, and its keys; or only says what would go. */
export async function wipeHost(run: Connected, host: Host, scopes: readonly string[]): Promise<void> {
  const first = order.filter((scope) => scopes.includes(scope));
  const sorted = [...first, ...scopes.filter((scope) => !first.includes(scope))];
  for (const scope of sorted) await applyState(run, host, scope, hostState({}));
  if (run.dryRun || scopes.length === 0) return;
  await sessionOf(run, host).run(`rm -rf ${written.join(' ')}; rmdir ${places.kubernetesDir} 2>/dev/null`);
}
