import type { Host } from '../cluster/cluster.ts';
import { type ApiClient, nodeNamed, uncordonNode } from '../kubernetes/index.ts';
import { observedNode } from '../observe/api.ts';
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
  const nodes = run.nodes ?? (await askFor(api, hosts));
  const left = nodes.filter(
    ({ name, cordonedBy }) => cordonedBy !== undefined && hosts.some(({ nodeName }) => nodeName === name),
  );
  await Promise.all(left.map(({ name }) => uncordonNode(api, name)));
  for (const { name, cordonedBy } of left)
    run.log.info(`${name}: uncordoned; an earlier run (${cordonedBy}) had cordoned it`);
  return left.map(({ name }) => `Node ${name} uncordoned`);
}

async function askFor(api: ApiClient, hosts: readonly Host[]): Promise<readonly ObservedNode[]> {
  const found = await Promise.all(hosts.map(({ nodeName }) => nodeNamed(api, nodeName)));
  return found.flatMap((node) => (node ? [observedNode(node)] : []));
}
