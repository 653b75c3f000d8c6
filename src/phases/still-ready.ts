import { setTimeout as delay } from 'node:timers/promises';
import { type ApiClient, nodeStatus, readyNodes } from '../kubernetes/index.ts';
import type { Log } from '../log.ts';

/** Longer than the controller-manager takes to notice that a kubelet is silent (node-monitor-grace-period, 50 s since 1.32). */
const noticedMs = 75_000;

/**
 * Those of the nodes that are Ready, and whose kubelets are there. A node of a machine that was lost a moment ago stays Ready until the
 * controller-manager notices; as long as its Lease is not renewed, that is waited for. A kubelet that is there renews it within 10 s.
 * @param waits false: only asks
 * @throws ApiProblem
 */
export async function stillReadyNodes(
  api: ApiClient,
  nodeNames: readonly string[],
  { waits, log }: { readonly waits: boolean; readonly log: Log },
): Promise<ReadonlySet<string>> {
  const ready = await readyNodes(api, nodeNames);
  if (!waits) return ready;
  const alive = await Promise.all([...ready].map(async (name) => ((await isAlive(api, name, log)) ? [name] : [])));
  return new Set(alive.flat());
}

async function isAlive(api: ApiClient, name: string, log: Log): Promise<boolean> {
  const end = performance.now() + noticedMs;
  let first: number | undefined;
  for (;;) {
    const status = await nodeStatus(api, name);
    if (!status?.ready) return false;
    // Without a Lease nothing is known of its kubelet, and the API's word counts.
    const renewed = status.renewed?.getTime();
    if (renewed === undefined || performance.now() > end) return true;
    if (first === undefined)
      log.info(`${name}: Ready; waiting until its kubelet gives a sign, or the cluster notices that it is lost`);
    first ??= renewed;
    if (renewed !== first) return true;
    await delay(1000);
  }
}
