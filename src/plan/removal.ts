import type { Cluster } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { ObservedNode } from '../observe/observed.ts';
import type { Step } from './step.ts';

/** What was found of a host with `state: removed`. */
export interface FoundLeaving {
  readonly host: string;
  readonly node: ObservedNode | undefined;
  /** Scopes of what the project has placed on the host; undefined if the host does not answer. */
  readonly placed: readonly string[] | undefined;
}

/** What is known of a host that is to leave, before anything of it is removed. */
export interface LeavingHost extends Pick<FoundLeaving, 'host' | 'node'> {
  readonly nodeName: string;
  /** /etc/machine-id of the machine under its address; undefined if it does not answer. */
  readonly machineId: string | undefined;
}

/** The names of the nodes that are to leave the cluster. */
export function leavingNodes({ removed }: Pick<Cluster, 'removed'>): ReadonlySet<string> {
  return new Set(removed.map(({ nodeName }) => nodeName));
}

/** Whether the pods of a node have a place on another one that is Ready and stays. */
export function havePlace(nodeName: string, nodes: readonly ObservedNode[], leaving: ReadonlySet<string>): boolean {
  return nodes.some(({ name, ready, cordoned }) => ready && !cordoned && name !== nodeName && !leaving.has(name));
}

/**
 * Why a host must not leave now: it is a node under another name, or its pods would have no place. A node that is not Ready has none that
 * could move.
 * @param nodes all nodes of the cluster
 * @param leaving names of the nodes that are to leave
 */
export function removalObjection(
  { host, node, nodeName, machineId = '' }: LeavingHost,
  nodes: readonly ObservedNode[],
  leaving: ReadonlySet<string>,
): Problem | undefined {
  const refused = (message: string, hint: string) => new Problem(message, { code: 'REMOVAL_REFUSED', host, hint });
  const other = nodes.find((each) => machineId !== '' && each.machineId === machineId && each.name !== nodeName);
  if (other)
    return refused(
      `the host is the cluster’s node ${other.name}, and its line names it ${nodeName}`,
      'Correct the name or the address of the line with state: removed, then run again.',
    );
  if (!node?.ready || havePlace(nodeName, nodes, leaving)) return undefined;
  return refused(
    'no node that stays is Ready and schedulable, so the pods of this one would have no place',
    'Bring another node to Ready first (see the errors of its job), or uncordon one, then run again.',
  );
}

/** The steps by which a host leaves; none when there is nothing left of it. */
export function removalSteps({ host, node, placed }: FoundLeaving): readonly Step[] {
  const reason = 'state: removed';
  if (node === undefined && placed?.length === 0) return [];
  return [
    ...(node?.ready
      ? [{ host, do: 'cordon and drain', reason, interrupts: 'each of its pods, within their budgets' }]
      : []),
    ...(node && !node.ready ? [{ host, do: 'skip the drain', reason: `its node is not Ready: ${node.reason}` }] : []),
    ...(node ? [{ host, do: `delete the node ${node.name} from the cluster`, reason }] : []),
    placed === undefined
      ? { host, do: 'leave the host as it is: it is NOT wiped', reason: 'it does not answer' }
      : { host, do: 'remove from the host what was placed there', reason },
  ];
}
