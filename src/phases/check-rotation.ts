import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { servingAddresses } from '../kubernetes/index.ts';
import { withApi } from './cluster-access.ts';
import type { Phase } from './phase.ts';
import { type Inspected, inspectionOf, type Observed } from './stages.ts';

/**
 * A rotation changes API servers as they are, and all of them: a new version comes by a deployment, in its own order, as a new master does, and a
 * master that is to leave must be gone, because it gets no new key.
 */
export const checkRotation: Phase<Observed & Inspected> = {
  title: 'Check for pending changes',
  async run(run) {
    if (run.upgrades) throw pending('cluster.yaml names versions that do not run yet', 'Run a deployment first.');
    const bare = hostsWith(run.cluster, 'master').filter((host) => !inspectionOf(run, host).scopes.includes('master'));
    if (bare.length > 0)
      throw pending(`${bare.map(({ name }) => name).join(', ')} is not a master yet`, 'Run a deployment first.');
    const leaving = run.cluster.removed.filter(({ roles }) => roles.includes('master'));
    if (leaving.length === 0) return;
    const serving = await withApi(run, servingAddresses);
    const still = leaving.filter(({ address }) => serving.includes(address)).map(({ name }) => name);
    if (still.length > 0)
      throw pending(`${still.join(', ')} is to leave, and its API server serves`, 'Run a deployment first.');
  },
};

function pending(message: string, hint: string): Problem {
  return new Problem(message, { code: 'ROTATION_PENDING', hint });
}
