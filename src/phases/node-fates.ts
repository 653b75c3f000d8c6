import type { Host } from '../cluster/cluster.ts';
import { unlessProblem } from '../errors.ts';
import type { Node } from '../kubernetes/index.ts';
import { observedNode, observeNodesNamed } from '../observe/api.ts';
import type { ObservedNode } from '../observe/observed.ts';
import { type FoundHost, fateOf, type NodeFate, nodeSteps, otherMachine } from '../plan/nodes.ts';
import { stepInWords } from '../plan/step.ts';
import { withApi } from './cluster-access.ts';
import { hasJoined } from './kubelet-certificate.ts';
import { type Inspected, inspectionOf, type Observed, type Prepared, type Restored } from './stages.ts';

export type NodesStage = Prepared & Partial<Pick<Observed, 'nodes'> & Pick<Restored, 'isRestored'>>;

/** The plan for each host's node. A node that could not be asked for is taken as it should be: unknown is not "deleted". */
export type Fates = ReadonlyMap<Host, NodeFate>;

/**
 * Compares hosts with their nodes, and logs what is to be done about those that differ. `known`: the nodes, where they could be asked for.
 * @throws AggregateError of Problems: NODE_TWO_MACHINES
 */
export async function nodeFates(
  run: NodesStage,
  hosts: readonly Host[],
): Promise<{ readonly fates: Fates; readonly known: readonly ObservedNode[] | undefined }> {
  const nodes = await nodesOf(run, hosts);
  const others = hosts.flatMap((host) => {
    const node = nodes?.find(({ name }) => name === host.nodeName);
    return otherMachine(foundHost(run, host), node) ?? [];
  });
  if (others.length > 0) throw new AggregateError(others, 'two machines report as one node');
  const fates = new Map(
    hosts.map((host) => {
      const found = foundHost(run, host);
      const node = nodes?.find(({ name }) => name === host.nodeName);
      const fate = nodes === undefined && found.joined ? 'keep' : fateOf(found, node);
      // In a run, the log of a join says what happens. Without the nodes it is not known whether the host is new.
      const steps = nodes === undefined ? [] : nodeSteps(found, node);
      if (run.dryRun || fate !== 'join') for (const step of steps) run.log.info(stepInWords(step, run.dryRun));
      return [host, fate] as const;
    }),
  );
  return { fates, known: nodes };
}

/**
 * Judges each report of a node while hosts join, or when they have joined: a kubelet reports every 10 s.
 * @throws Problem NODE_TWO_MACHINES
 */
export function refuseOtherMachines(
  run: Inspected & Partial<Pick<Restored, 'isRestored'>>,
  hosts: readonly Host[],
): (node: Node) => void {
  // The addresses in a restored Node are those of the backup until its kubelet reports.
  if (run.isRestored) return () => undefined;
  return (node) => {
    const host = hosts.find(({ nodeName }) => nodeName === node.metadata.name);
    const problem = host && otherMachine({ ...machineOf(run, host), joined: true }, observedNode(node));
    if (problem) throw problem;
  };
}

function foundHost(run: NodesStage, host: Host): FoundHost {
  const found = { ...machineOf(run, host), joined: hasJoined(run, host) };
  // In a restored cluster, another machine is expected under the name of a Node, which has labels and the subnet of its pods.
  return run.isRestored ? { ...found, machineId: '' } : found;
}

function machineOf(run: Inspected, host: Host): Omit<FoundHost, 'joined'> {
  const { machineId } = inspectionOf(run, host).facts;
  return { host: host.name, nodeName: host.nodeName, address: host.address, machineId };
}

/** The nodes of these hosts; undefined where no API server could be asked. A job of one host asks for its own alone. */
async function nodesOf(run: NodesStage, hosts: readonly Host[]): Promise<readonly ObservedNode[] | undefined> {
  if (run.nodes) return run.nodes;
  const names = hosts.map(({ nodeName }) => nodeName);
  return await unlessProblem(() => withApi(run, (api) => observeNodesNamed(api, names)));
}
