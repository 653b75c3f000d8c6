import type { Host } from '../cluster/cluster.ts';
import { type ApiClient, uncordonNode } from '../kubernetes/index.ts';
import { observeNodesNamed } from '../observe/api.ts';
import type { ObservedNode } from '../observe/observed.ts';
import type { Run } from './run.ts';
import type { Observed } from './stages.ts';

/**
 * Uncordons the nodes that an earlier run of ours has cordoned and not uncordoned: it was killed, or its change was taken back. A node that
 * someone else has cordoned stays so. Returns what was changed.
 * @throws ApiProblem
 */
export async function leaveCordon(
  run: Run & Partial<Pick<Observed, 'nodes'>>,
  api: ApiClient,
  hosts: readonly Host[],
): Promise<readonly string[]> {
  const wereLeft = run.nodes?.filter(isLeft).map(({ name }) => name);
  // This run may have uncordoned them already.
  const asked = hosts.map(({ nodeName }) => nodeName).filter((name) => wereLeft?.includes(name) ?? true);
  const left = (await observeNodesNamed(api, asked)).filter(isLeft);
  await Promise.all(left.map(({ name }) => uncordonNode(api, name)));
  for (const { name, cordonedBy } of left)
    run.log.info(`${name}: uncordoned; an earlier run (${cordonedBy}) had cordoned it`);
  return left.map(({ name }) => `Node ${name} uncordoned`);
}

const isLeft = ({ cordonedBy }: ObservedNode): boolean => cordonedBy !== undefined;
