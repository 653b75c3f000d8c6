import type { Log } from '../log.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, isNotFound } from './api-problem.ts';
import { type Expectation, judgeRequest } from './judge-request.ts';
import type { CertificateSigningRequest } from './objects.ts';

const collection = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

export interface ApproveOptions extends Expectation {
  readonly log: Log;
  /** Ends the watch: when all nodes are Ready, or out of time. */
  readonly signal: AbortSignal;
}

/**
 * Approves the first client certificate of each expected node, one for each, until `signal` aborts; run it beside waitForNodes.
 * Any other request stays pending and is told of once. Resolves with the nodes approved.
 * @throws ApiProblem
 */
export async function approveNodes(api: ApiClient, options: ApproveOptions): Promise<ReadonlySet<string>> {
  const { log, signal } = options;
  const approved = new Set<string>();
  const seen = new Set<string>();
  const decide = async (request: CertificateSigningRequest): Promise<void> => {
    const judgement = await judgeRequest(request, options);
    const { name } = request.metadata;
    if (judgement.verdict === 'approve' && !approved.has(judgement.node)) {
      await approve(api, request, signal);
      approved.add(judgement.node);
      seen.add(name);
      log.info(`${judgement.node}: approved its certificate (${name})`);
    } else if (judgement.verdict === 'stale') {
      // The kubelet names its request after its key, so it finds this one again and waits for it: only without it does it ask anew.
      await api.delete(`${collection}/${name}`, { signal });
      log.info(`${judgement.node}: removed the request ${name} of an earlier run, so that its kubelet asks again`);
    } else if (judgement.verdict !== 'ignore' && !seen.has(name)) {
      seen.add(name);
      const reason =
        judgement.verdict === 'refuse' ? judgement.reason : `${judgement.node} has its certificate already`;
      log.warning(`not approved: certificate request ${name} by ${request.spec.username}: ${reason}`);
    }
  };
  await api.watch<CertificateSigningRequest>(collection, {
    signal,
    fieldSelector: 'spec.signerName=kubernetes.io/kube-apiserver-client-kubelet',
    onEvent: async ({ type, object }) => {
      if (type !== 'DELETED') await decide(object).catch((error) => passOver(error, signal));
    },
  });
  return approved;
}

/** A request that changed or went while we decided comes again as an event, and the end of the wait is no error. */
function passOver(error: unknown, signal: AbortSignal): void {
  if (signal.aborted || isNotFound(error)) return;
  if (error instanceof ApiProblem && error.status === 409) return;
  throw error;
}

async function approve(api: ApiClient, request: CertificateSigningRequest, signal: AbortSignal): Promise<void> {
  const { name, resourceVersion } = request.metadata;
  const condition = {
    type: 'Approved',
    status: 'True',
    reason: 'K8sHaActionApproved',
    message: 'The host is in cluster.yaml and joined with the token of this run.',
  };
  // With the version that was judged, so that nothing else gets approved under the same name.
  const body = { metadata: { resourceVersion }, status: { conditions: [condition] } };
  await api.patch(`${collection}/${name}/approval`, body, { signal });
}

/** Does `work` while approving, and ends with it; when the approving itself fails, that is told at once. @throws ApiProblem */
export async function whileApproving<T>(
  api: ApiClient,
  options: Omit<ApproveOptions, 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const approving = approveNodes(api, { ...options, signal: done.signal });
  const failed = approving.then(() => new Promise<never>(() => undefined));
  try {
    return await Promise.race([work(), failed]);
  } finally {
    done.abort();
    await Promise.allSettled([approving]);
  }
}
