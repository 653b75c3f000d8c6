import { Problem } from '../errors.ts';
import type { ObservedNode } from '../observe/observed.ts';
import type { Step } from './step.ts';

/** One host with the role node, as it was found. */
export interface FoundHost {
  readonly host: string;
  readonly nodeName: string;
  /** Its address in cluster.yaml, which its kubelet reports. */
  readonly address: string;
  /** /etc/machine-id of the machine under its address. */
  readonly machineId: string;
  /** Its kubelet holds a valid certificate of its node. */
  readonly joined: boolean;
}

/** The plan for one host's node. */
export type NodeFate =
  /** It stays as it is. */
  | 'keep'
  /** The host never joined, or lost its certificate: it joins with a token. */
  | 'join'
  /** Another machine was this node: what is left of that one is cleared, and the host joins as new. */
  | 'replace'
  /** The kubelet has its certificate, and the API has no node of it: someone has deleted it. */
  | 'register';

/**
 * The plan for a host's node.
 * @param node undefined if the API has no node of that name
 */
export function fateOf({ machineId, joined }: FoundHost, node: ObservedNode | undefined): NodeFate {
  if (joined) return node ? 'keep' : 'register';
  const isOther = node !== undefined && node.machineId !== '' && machineId !== '' && node.machineId !== machineId;
  return isOther ? 'replace' : 'join';
}

/**
 * The Problem if another machine reports as the node of a host that has joined: two kubelets with certificates of one node, which write its status by
 * turns. A deleted Node leaves its machine's kubelet and certificate, so this is what a line of cluster.yaml does that is moved to
 * another machine. Two signs must agree: a machine id may be renewed on the same machine, and a host may get another address.
 */
export function otherMachine(
  { host, nodeName, address, machineId, joined }: FoundHost,
  node: ObservedNode | undefined,
): Problem | undefined {
  if (!joined || !node || machineId === '' || node.machineId === '' || node.machineId === machineId) return undefined;
  if (node.addresses.length === 0 || node.addresses.includes(address)) return undefined;
  const [theirs, ours] = [`${node.addresses.join(', ')} (${node.machineId})`, `${address} (${machineId})`];
  return new Problem(`the machine at ${theirs} reports as the node ${nodeName}, which is the host at ${ours}`, {
    code: 'NODE_TWO_MACHINES',
    host,
    hint: `Turn off the machine at ${node.addresses[0]}, or run \`systemctl disable --now kubelet\` there. Then restart the kubelet on ${host}, and run again. If you do not know that machine, another person may have a certificate of this node.`,
  });
}

/** The steps for a host's node; none for one that stays as it is. */
export function nodeSteps(found: FoundHost, node: ObservedNode | undefined): readonly Step[] {
  const { host, nodeName } = found;
  const left = node?.cordonedBy === undefined ? [] : [uncordonStep(host, node.cordonedBy)];
  switch (fateOf(found, node)) {
    case 'keep':
      return left;
    case 'join':
      return [{ host, do: `join as ${nodeName}`, reason: node ? 'it has no valid certificate' : 'it is new' }];
    case 'replace':
      return [
        {
          host,
          do: `replace the node ${nodeName}: delete what is left of the old machine, then join`,
          reason: `it was the machine ${node?.machineId}, and the host is ${found.machineId} and has no certificate of it`,
        },
      ];
    case 'register':
      return [
        {
          host,
          do: `register ${nodeName} again: restart its kubelet`,
          reason: 'its kubelet has a valid certificate, but the cluster has no such node',
          interrupts: 'no running pod, if the node was deleted less than 40 s ago',
        },
      ];
  }
}

function uncordonStep(host: string, run: string): Step {
  return { host, do: 'uncordon', reason: `an earlier run (${run}) has cordoned it and did not finish` };
}
