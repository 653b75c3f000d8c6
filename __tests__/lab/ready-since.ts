import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubectl } from '../../lab/kubectl.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastHeartbeatTime: string;
}

interface Item {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly state: { readonly running?: { readonly startedAt: string } };
    }[];
  };
}

interface Count {
  readonly nodes: number;
  readonly pods: number;
}

async function items(kubectl: Kubectl, kind: string): Promise<readonly Item[]> {
  return JSON.parse(await kubectl.must(['get', kind, '--all-namespaces', '-o', 'json'])).items as readonly Item[];
}

/** Nodes that have not reported themselves Ready since then, and pods without a container that was started since then and is ready. */
async function unreadySince(kubectl: Kubectl, count: Count, time: number): Promise<readonly string[]> {
  const isReady = ({ type, status, lastHeartbeatTime }: Condition) =>
    type === 'Ready' && status === 'True' && Date.parse(lastHeartbeatTime) >= time;
  const [nodes, pods] = [await items(kubectl, 'nodes'), await items(kubectl, 'pods')];
  const late = nodes.filter(({ status }) => !status.conditions?.some(isReady));
  const waiting = pods.filter(
    ({ status }) =>
      !status.containerStatuses?.every(
        ({ ready, state }) => ready && Date.parse(state.running?.startedAt ?? '') >= time,
      ),
  );
  return [
    ...(nodes.length === count.nodes ? [] : [`${nodes.length} nodes`]),
    ...(pods.length >= count.pods ? [] : [`${pods.length} pods`]),
    ...[...late, ...waiting].map(({ metadata }) => metadata.name),
  ];
}

/**
 * Waits until all nodes and all pods are ready again.
 * @param count of the nodes, and of the pods that there are at least
 * @param time before which a report or a start does not count, in milliseconds since 1970
 */
export async function allReadySince(kubectl: Kubectl, count: Count, time: number): Promise<void> {
  let unready: unknown;
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(1000)) {
    unready = await unreadySince(kubectl, count, time).catch((error: unknown) => error);
    if (Array.isArray(unready) && unready.length === 0) return;
  }
  const pods = await kubectl.run(['get', 'pods', '--all-namespaces', '-o', 'wide']);
  throw new Error(`not ready: ${String(unready)}\n${pods.stdout}${pods.stderr}`);
}
