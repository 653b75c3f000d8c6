import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import {
  type AggregatedApi,
  type ApiClient,
  aggregatedApis,
  type Tunnel,
  trusts,
  unavailableApis,
} from '../kubernetes/index.ts';
import { paths } from '../pki/index.ts';
import { waitWhile } from '../waiting.ts';
import { withApi } from './cluster-access.ts';
import { masterFile, settleMasters } from './master-files.ts';
import { dropFormer, whyNotPublished } from './published-authorities.ts';
import type { Consumers } from './rotate-authority.ts';
import { type Prepared, sessionOf } from './stages.ts';

/** API servers publish their files at their start, and aggregated APIs read that by watch. */
const patience = { timeoutMs: 60_000, everyMs: 500 };

/**
 * API servers show a client certificate of this CA to the servers of aggregated APIs, which trust what the ConfigMap
 * kube-system/extension-apiserver-authentication says. Each API server adds its own CAs to it and removes none.
 */
export const frontProxyConsumers: Consumers = {
  settle: settleMasters,
  async proveTrust(run, next, signal) {
    await until(signal, run, (api) => whyNotPublished(run, api, 'front-proxy'));
    const pair = {
      cert: masterFile(next, paths.frontProxyClient.crt),
      key: masterFile(next, paths.frontProxyClient.key),
    };
    const [master] = hostsWith(run.cluster, 'master');
    if (!master) return;
    const refusalOf = (api: AggregatedApi) => whyNoTrust(sessionOf(run, master), api, pair);
    await until(signal, run, async (api) => {
      const apis = await aggregatedApis(api);
      run.log.debug(`aggregated APIs: ${apis.map(({ name, address }) => `${name} at ${address}`).join(', ')}`);
      return (await Promise.all(apis.map(refusalOf))).find((reason) => reason !== undefined);
    });
  },
  async proveMoved(run, _alone, signal) {
    await until(signal, run, async (api) => {
      const [name] = await unavailableApis(api);
      return name === undefined ? undefined : `the aggregated API ${name} is not available`;
    });
  },
  async refuseOld(run, signal) {
    await until(signal, run, (api) => dropFormer(run, api, 'front-proxy'));
  },
};

/** A server that is being replaced gives no answer for a while. */
async function whyNoTrust(
  tunnel: Tunnel,
  api: AggregatedApi,
  pair: Parameters<typeof trusts>[2],
): Promise<string | undefined> {
  try {
    return (await trusts(tunnel, api, pair)) ? undefined : `${api.name} at ${api.address} refuses it`;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `${api.name} at ${api.address} does not answer: ${error.message}`;
  }
}

/** @throws Problem ROTATION_UNPROVEN with the last reason */
async function until(
  signal: AbortSignal,
  run: Prepared,
  look: (api: ApiClient) => Promise<string | undefined>,
): Promise<void> {
  const reason = await withApi(run, (api) => waitWhile(() => look(api), { ...patience, signal }));
  if (reason === undefined) return;
  throw new Problem(`the front-proxy CA: ${reason}`, {
    code: 'ROTATION_UNPROVEN',
    hint: 'Repair it, or remove the APIService if nothing serves it any more. The old CA stays trusted; then run again: the rotation continues.',
  });
}
