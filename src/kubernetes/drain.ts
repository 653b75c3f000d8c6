import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, isConflict, isNotFound } from './api-problem.ts';
import { nodeNamed } from './node-objects.ts';
import { whyNotReady } from './nodes.ts';
import type { ApiObject, Pod } from './objects.ts';

export interface DrainOptions {
  /** For all pods together, milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** What to do about pods that stay, and in which state the node is. */
  readonly hint: string;
}

/** Pods that are evicted at once; a node has 110 at most by default. */
const [firstWaitMs, mostWaitMs] = [250, 5000];

/**
 * Evicts the pods of a cordoned node and waits until they are gone. The API server refuses an eviction that a disruption budget does not
 * allow now; the drain retries it with longer and longer pauses. Pods of DaemonSets and static pods stay: they belong to the node. A drain ends
 * when the node is lost meanwhile: its kubelet can end no pod.
 * Source: kubernetes.io/docs/concepts/scheduling-eviction/api-eviction
 * @throws Problem NODE_NOT_DRAINED with the pods that are left and why; ApiProblem
 */
export async function drainNode(
  api: ApiClient,
  nodeName: string,
  { timeoutMs, log, signal, hint }: DrainOptions,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  const evicted = new Set<string>();
  for (let wait = firstWaitMs; ; wait = Math.min(mostWaitMs, wait * 1.5)) {
    signal?.throwIfAborted();
    const [pods, node] = await Promise.all([podsToEvict(api, nodeName), nodeNamed(api, nodeName)]);
    if (pods.length === 0) return;
    const lost = node ? whyNotReady(node) : 'it was deleted';
    if (lost !== undefined) return log.warning(`${nodeName}: the drain ends with ${pods.length} pods left: ${lost}`);
    const left = pods.filter((pod) => !evicted.has(keyOf(pod)));
    const refusals = await Promise.all(left.map((pod) => evict(api, pod)));
    const blocked = new Map(left.flatMap((pod, index) => (refusals[index] ? [[keyOf(pod), refusals[index]]] : [])));
    for (const pod of left) {
      if (blocked.has(keyOf(pod))) continue;
      evicted.add(keyOf(pod));
      log.info(`${nodeName}: evicted ${nameOf(pod)}`);
    }
    if (performance.now() + wait > end) throw notDrained(nodeName, pods, blocked, { timeoutMs, hint });
    await delay(wait, undefined, { ...(signal && { signal }) });
  }
}

const nameOf = ({ metadata }: ApiObject): string => `${metadata.namespace}/${metadata.name}`;
const keyOf = (pod: Pod): string => `${nameOf(pod)} ${pod.metadata.uid}`;

/** The pods of a node that a drain moves elsewhere. @throws ApiProblem */
async function podsToEvict(api: ApiClient, nodeName: string): Promise<readonly Pod[]> {
  const selector = encodeURIComponent(`spec.nodeName=${nodeName}`);
  const { items } = await api.list<Pod>(`/api/v1/pods?fieldSelector=${selector}`);
  return items.filter(({ metadata, status }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
    const isStatic = metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
    const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    return owner?.kind !== 'DaemonSet' && !isStatic && !isOver;
  });
}

/** Why a pod is not evicted for now; undefined when it is. @throws ApiProblem */
async function evict(api: ApiClient, { metadata: { name, namespace, uid } }: Pod): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    // Not the pod that has its name by then, as those of a StatefulSet do.
    deleteOptions: { preconditions: { uid } },
  } as ApiObject;
  try {
    await api.create(path, body, { retryMs: 0 });
    return undefined;
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return undefined;
    // 429 is a budget without room, 500 more than one budget for a pod; other failures may pass as well.
    if (error instanceof ApiProblem && error.temporary) return error.message.replace(/^failed to POST \S+: /, '');
    throw error;
  }
}

function notDrained(
  nodeName: string,
  pods: readonly Pod[],
  blocked: ReadonlyMap<string, string | undefined>,
  { timeoutMs, hint }: Pick<DrainOptions, 'timeoutMs' | 'hint'>,
): Problem {
  const lines = pods.map((pod) => `${nameOf(pod)}: ${blocked.get(keyOf(pod)) ?? 'it is still terminating'}`);
  const few = lines.slice(0, 3).join('; ') + (lines.length > 3 ? `; and ${lines.length - 3} more` : '');
  return new Problem(`${nodeName} still has ${pods.length} pods after ${Math.round(timeoutMs / 1000)} s: ${few}`, {
    code: 'NODE_NOT_DRAINED',
    detail: lines,
    hint,
  });
}
