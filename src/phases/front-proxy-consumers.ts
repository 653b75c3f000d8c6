import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import {
  type AggregatedApi,
  type ApiClient,
  aggregatedApis,
  readRequestHeaderAuthorities,
  type Tunnel,
  trusts,
  unavailableApis,
  writeRequestHeaderAuthorities,
} from '../kubernetes/index.ts';
import { authorityRecords } from '../layout/authorities.ts';
import { paths } from '../pki/index.ts';
import { keyId } from '../pki/keys.ts';
import { trusted, trustOf } from '../pki/trust.ts';
import { readCertificate, subjectOf } from '../pki/x509-read.ts';
import { waitWhile } from '../waiting.ts';
import { withApi } from './cluster-access.ts';
import { masterFile, settleMasters } from './master-files.ts';
import { authorityIn, type Consumers } from './rotate-authority.ts';
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
    const wanted = idsOf(run);
    await until(signal, run, async (api) => {
      const published = await readRequestHeaderAuthorities(api);
      return wanted.every((id) => published.some((pem) => keyId(pem) === id))
        ? undefined
        : 'kube-system/extension-apiserver-authentication lacks a front-proxy CA of the API servers';
    });
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
  async proveMoved(run, signal) {
    await until(signal, run, async (api) => {
      const [name] = await unavailableApis(api);
      return name === undefined ? undefined : `the aggregated API ${name} is not available`;
    });
  },
  async refuseOld(run, signal) {
    const wanted = idsOf(run);
    await until(signal, run, async (api) => {
      const published = await readRequestHeaderAuthorities(api);
      if (!wanted.every((id) => published.some((pem) => keyId(pem) === id)))
        return 'the API servers publish another front-proxy CA than their file has';
      const kept = published.filter((pem) => wanted.includes(keyId(pem)) || !isOurs(pem));
      if (kept.length === published.length) return undefined;
      run.log.info('kube-system/extension-apiserver-authentication: removes a former front-proxy CA');
      await writeRequestHeaderAuthorities(api, kept);
      return 'an API server publishes a former front-proxy CA';
    });
  },
};

/** A CA with another name is an administrator's own, for another proxy. */
function isOurs(pem: string): boolean {
  const certificate = readCertificate(pem);
  return (
    certificate !== undefined && subjectOf(certificate).includes(`CN=${authorityRecords['front-proxy'].commonName}`)
  );
}

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

function idsOf(run: Prepared): readonly (string | undefined)[] {
  return trusted(trustOf(authorityIn(run, 'front-proxy').crt)).map(keyId);
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
