import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { ObservedNode } from '../observe/observed.ts';
import { keepsRole } from './kept-role.ts';
import type { Step } from './step.ts';

/** What was found of a cluster beside its file. */
export interface FoundLines {
  readonly nodes: readonly ObservedNode[];
  /** Addresses at which API servers of this cluster serve. */
  readonly apiServers: readonly string[];
  /** The machine ids of the hosts that could be asked, by host's name. */
  readonly machineIds: ReadonlyMap<string, string>;
}

/** A node of the cluster, and the host of the file that is the same machine. */
interface Renamed {
  readonly node: ObservedNode;
  readonly host: Host;
}

/** The plan for members of the cluster that cluster.yaml does not have. */
export interface LinePlan {
  /** Nodes that the user lets go. */
  readonly forgotten: readonly ObservedNode[];
  readonly steps: readonly Step[];
  readonly refusals: readonly Problem[];
}

const toForget = (name: string) =>
  `Write its line back with state: removed, so that the host is drained and cleaned. If the machine no longer exists, run again with forget: ${name}.`;

/**
 * Compares the members of the cluster with the lines of cluster.yaml. A deleted line alone removes nothing: it could be a mistake, and the
 * file no longer says how to reach the host.
 * @param forget names of nodes, or addresses of API servers, that the user lets go
 */
export function planLines(cluster: Cluster, found: FoundLines, forget: ReadonlySet<string>): LinePlan {
  const listed = new Set([...hostsWith(cluster, 'node'), ...cluster.removed].map(({ nodeName }) => nodeName));
  // Also one whose name is on another line now: two hosts that have exchanged their names, or a line that leaves.
  const renamed = found.nodes.flatMap((node): readonly Renamed[] => {
    const host = hostOf(node, cluster, found.machineIds);
    return host && host.nodeName !== node.name ? [{ node, host }] : [];
  });
  const extra = found.nodes.filter(({ name }) => !listed.has(name));
  const others = extra.filter((node) => !renamed.some((each) => each.node === node));
  const forgotten = others.filter(({ name }) => forget.has(name));
  return {
    forgotten,
    steps: forgotten.map(forgetStep),
    refusals: [
      ...renamed.map(renamedProblem),
      ...others.filter((node) => !forgotten.includes(node)).map((node) => notListed(node, cluster)),
      ...strayServers(cluster, found, forget),
    ],
  };
}

/** The host that was this node until its name changed in the file: it still is the same machine. */
function hostOf(
  { machineId }: ObservedNode,
  { hosts }: Cluster,
  machineIds: FoundLines['machineIds'],
): Host | undefined {
  return machineId === '' ? undefined : hosts.find(({ name }) => machineIds.get(name) === machineId);
}

function renamedProblem({ node, host }: Renamed): Problem {
  return new Problem(`the host is the cluster’s node ${node.name}, and cluster.yaml now names it ${host.nodeName}`, {
    code: 'NODE_RENAMED',
    host: host.name,
    hint: `Kubernetes can’t rename a node. Set its name or hostname back to ${node.name}; or remove the host first (state: removed) and add it under the new name in a later change.`,
  });
}

function notListed({ name, ready }: ObservedNode, { hosts }: Cluster): Problem {
  const state = ready ? 'Ready' : 'not Ready';
  const host = hosts.find(({ nodeName }) => nodeName === name);
  if (host)
    return new Problem(`the cluster has the node ${name} (${state}), but its host does not have the role node`, {
      code: 'NODE_NOT_LISTED',
      host: host.name,
      hint: keepsRole('node'),
    });
  return new Problem(`the cluster has the node ${name} (${state}), but no host in cluster.yaml has that name`, {
    code: 'NODE_NOT_LISTED',
    hint: toForget(name),
  });
}

function forgetStep({ name, ready }: ObservedNode): Step {
  return {
    host: name,
    do: 'delete the node from the cluster; the host itself is not touched or wiped',
    reason: 'the input forget names it, and cluster.yaml does not',
    ...(ready && { interrupts: 'its pods, which are not drained' }),
  };
}

/** Those of API servers' addresses that no master of the file has, and none that leaves. */
export function strayAddresses(
  cluster: Cluster,
  apiServers: readonly string[],
  forget: ReadonlySet<string>,
): readonly string[] {
  const leaving = cluster.removed.filter(({ roles }) => roles.includes('master'));
  const known = new Set([...hostsWith(cluster, 'master'), ...leaving].map(({ address }) => address));
  return apiServers.filter((address) => !known.has(address) && !forget.has(address));
}

function strayServers(cluster: Cluster, { apiServers }: FoundLines, forget: ReadonlySet<string>): readonly Problem[] {
  return strayAddresses(cluster, apiServers, forget).map((address) => {
    const message = `an API server of this cluster serves at ${address}, but no master in cluster.yaml has that address`;
    const host = cluster.hosts.find((each) => each.address === address)?.name;
    return new Problem(message, { code: 'MASTER_NOT_LISTED', host, hint: toForget(address) });
  });
}
