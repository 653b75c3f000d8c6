import { setTimeout as delay } from 'node:timers/promises';
import { type ApiClient, nodeStatus, readyNodes } from '../kubernetes/index.ts';
import type { Log } from '../log.ts';

/** A kubelet renews its Lease every 10 s; the clocks of runner and API server may differ by 5 s. */
const silentMs = 20_000;
/** Longer than the controller-manager takes to notice that a kubelet is silent (node-monitor-grace-period, 50 s since 1.32). */
const noticedMs = 75_000;

/**
 * Those of the nodes that are Ready, and whose kubelets are there. A node of a machine that was lost a moment ago stays Ready until the
 * controller-manager notices; as long as its Lease is not renewed, that is waited for.
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
  for (let logged = false; ; await delay(1000)) {
    const status = await nodeStatus(api, name);
    if (!status?.ready) return false;
    // Without a Lease nothing is known of its kubelet, and the API's word counts.
    const silent = status.renewed === undefined ? 0 : Date.now() - status.renewed.getTime();
    if (silent < silentMs || performance.now() > end) return true;
    if (!logged)
      log.info(`${name}: Ready, but silent for ${Math.round(silent / 1000)} s: waiting until the cluster notices`);
    logged = true;
  }
}
