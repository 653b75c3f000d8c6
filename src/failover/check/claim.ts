import { Problem } from '../../errors.ts';
import { type ApiClient, ApiProblem, ifFound, isConflict, microTime } from '../../kubernetes/index.ts';
import type { Lease } from '../../kubernetes/objects.ts';

const collection = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const name = 'k8s-ha-action-failover';
const path = `${collection}/${name}`;
/** A killed run keeps other runs out for this long. */
const holdSeconds = 30;
const renewEveryMs = 5000;
/** One short attempt: the API server that is asked may be on the target. */
const quick = { retryMs: 0, timeoutMs: 3000 };
/** The annotation with the name of the host that a check switched off. */
const switchedOff = 'k8s-ha-action/switched-off';
const switchedOffBy = 'k8s-ha-action/switched-off-by';

/** A host that a check switched off; the check ended before it could switch the host on. */
export interface LeftOff {
  readonly host: string;
  readonly by: string;
}

/** The exclusive use of a cluster by one check, for a limited time. */
export interface ClusterClaim {
  /** The host that an earlier check left switched off. */
  readonly leftOff: LeftOff | undefined;
  /** Records for the next check which host is off because of this one, or that none is. @throws ApiProblem */
  note(host: string | undefined): Promise<void>;
  /** Releases the cluster for other checks; never throws. */
  release(): Promise<void>;
}

/**
 * Keeps a second check out of the cluster while one runs, because a cluster is not built for two faults at once. Uses a Lease
 * in the cluster itself, which works across runners and repositories; any API server that answers can renew it.
 * @throws Problem FAILOVER_RUNNING; ApiProblem if no API server accepts the Lease
 */
export async function claimCluster(apis: readonly ApiClient[], holder: string): Promise<ClusterClaim> {
  const found = await throughAny(apis, (api) => take(api, holder));
  let renewal: Promise<unknown> = Promise.resolve();
  const renewing = setInterval(() => {
    const spec = { holderIdentity: holder, renewTime: microTime() };
    const renewed = throughAny(apis, (api) => api.patch(path, { spec }, quick)).catch(() => undefined);
    renewal = Promise.all([renewal, renewed]);
  }, renewEveryMs);
  renewing.unref();
  return {
    leftOff: leftOffOf(found),
    note: async (host) => {
      const annotations = { [switchedOff]: host ?? null, [switchedOffBy]: host === undefined ? null : holder };
      await throughAny(apis, (api) => api.patch(path, { metadata: { annotations } }, quick));
    },
    release: async () => {
      clearInterval(renewing);
      // A renewal that arrives after the release would take the Lease again.
      await renewal;
      // It expires by itself if this fails.
      const given = throughAny(apis, (api) => api.patch(path, { spec: { holderIdentity: '' } }, quick));
      await given.catch(() => undefined);
    },
  };
}

function leftOffOf(lease: Lease | undefined): LeftOff | undefined {
  const { [switchedOff]: host, [switchedOffBy]: by = 'a failover check' } = lease?.metadata.annotations ?? {};
  return host === undefined ? undefined : { host, by };
}

/** Returns the Lease as it was. */
async function take(api: ApiClient, holder: string): Promise<Lease | undefined> {
  const [acquireTime, renewTime] = [microTime(), microTime()];
  const spec = { holderIdentity: holder, leaseDurationSeconds: holdSeconds, acquireTime, renewTime };
  const metadata = { name, namespace: 'kube-system' };
  const found = await ifFound(api.get<Lease>(path, quick));
  const other = found && heldBy(found, holder, Date.now());
  if (other !== undefined) throw runs(other);
  try {
    if (!found)
      await api.create(collection, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }, quick);
    // With the resourceVersion that was read, so only one of two simultaneous writes succeeds.
    else await api.patch(path, { metadata: { resourceVersion: found.metadata.resourceVersion }, spec }, quick);
  } catch (error) {
    if (isConflict(error)) throw runs('a check that began at the same moment');
    throw error;
  }
  return found;
}

/** The other check that holds the Lease at this moment, if any; pure. */
export function heldBy({ spec }: Lease, holder: string, at: number): string | undefined {
  const other = spec?.holderIdentity ?? '';
  const end = Date.parse(spec?.renewTime ?? '') + (spec?.leaseDurationSeconds ?? 0) * 1000;
  return other !== '' && other !== holder && end > at ? other : undefined;
}

function runs(other: string): Problem {
  return new Problem(`another failover check runs in this cluster: ${other}`, {
    code: 'FAILOVER_RUNNING',
    hint: `Nothing was done. Wait for it to end; the lease of a killed check ends after ${holdSeconds} s.`,
  });
}

/** The first API server that answers decides; a refusal is final. A master whose connection is lost gives no answer. */
async function throughAny<T>(apis: readonly ApiClient[], work: (api: ApiClient) => Promise<T>): Promise<T> {
  let last: unknown = new Problem('no master is connected', { code: 'API_UNREACHABLE' });
  for (const api of apis) {
    try {
      return await work(api);
    } catch (error) {
      const isFinal = error instanceof ApiProblem ? !error.temporary : !(error instanceof Problem);
      if (isFinal) throw error;
      last = error;
    }
  }
  throw last;
}
