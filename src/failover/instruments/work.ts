import { type ApiClient, type ApiObject, type Condition, isNotFound } from '../../kubernetes/index.ts';
import { waitWhile } from '../../waiting.ts';
import { now } from './clock.ts';

const namespace = 'kube-system';
const name = 'k8s-ha-action-failover';
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
/** A label that distinguishes the pod of this check from one of an earlier check, which may take a while to terminate. */
const runLabel = 'k8s-ha-action/run';

interface Pod extends ApiObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** One pod, which any node accepts and which does nothing. */
function deploymentOf(run: string, image: string): ApiObject {
  const labels = { 'app.kubernetes.io/name': name, [runLabel]: run };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          tolerations: [{ operator: 'Exists' }],
          containers: [{ name: 'pause', image }],
        },
      },
    },
  };
}

/**
 * Whether the control plane works: a Deployment that is created during the fault needs a controller-manager that creates its pod
 * and a scheduler that places it. A lease that moved is not yet a controller that works (kubernetes/kubernetes#107100).
 */
export class Work {
  /** When its pod had a node, by the runner's clock. */
  placedAt: number | undefined;
  readonly #api: ApiClient;
  readonly #image: string;
  readonly #stop = new AbortController();
  readonly #placed = Promise.withResolvers<void>();

  /** @param image of its pod, which need not run: a pod without it is placed as well */
  constructor(api: ApiClient, image: string) {
    this.#api = api;
    this.#image = image;
  }

  /** Creates it, and watches until its pod is placed. @throws ApiProblem */
  async begin(): Promise<void> {
    const run = String(Math.round(now()));
    await this.#api.create(deployments, deploymentOf(run, this.#image), { timeoutMs: 10_000 });
    const watching = this.#api.watch<Pod>(`/api/v1/namespaces/${namespace}/pods`, {
      signal: this.#stop.signal,
      labelSelector: `${runLabel}=${run}`,
      onEvent: ({ object }) => {
        const placed = object.status?.conditions?.some(
          ({ type, status }) => type === 'PodScheduled' && status === 'True',
        );
        if (!placed || this.placedAt !== undefined) return;
        this.placedAt = now();
        this.#placed.resolve();
      },
    });
    watching.catch(() => undefined);
  }

  /** Waits for its pod, with a time limit. */
  async wait(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    const end = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve()));
    if (!over.aborted) await Promise.race([this.#placed.promise, end]);
  }

  /** Deletes it, also one that an earlier check left behind. Never throws. */
  async clear(): Promise<void> {
    this.#stop.abort();
    await this.#api.delete(`${deployments}/${name}`, { retryMs: 0, timeoutMs: 3000 }).catch(() => undefined);
  }
}

/** Deletes the Deployment and waits until it is gone. @throws ApiProblem */
export async function clearWork(api: ApiClient): Promise<void> {
  if (!(await api.delete(`${deployments}/${name}`, { query: { propagationPolicy: 'Foreground' } }))) return;
  const look = () =>
    api.get(`${deployments}/${name}`).then(
      () => 'it is there',
      (error) => (isNotFound(error) ? undefined : 'no answer'),
    );
  await waitWhile(look, { timeoutMs: 10_000, everyMs: 250 });
}
