import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, isConflict, isNotFound } from './api-problem.ts';
import type { CertificateRequest } from './certificate-request.ts';
import { type Expectation, type Joining, judgeRequest } from './judge-request.ts';
import type { CertificateSigningRequest } from './objects.ts';
import { type ApprovedCertificate, differenceFrom, printOf } from './signed-certificate.ts';

const collection = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
/** A host with many requests must not fill the log: this many are reported individually. */
const mostWarnings = 5;

export interface ApproveOptions {
  readonly expected: Expectation;
  /** PEM of the CA that signs nodes' certificates. */
  readonly ca: string;
  readonly log: Log;
  /** Ends the watch when all nodes are Ready, or at the time limit. */
  readonly signal: AbortSignal;
}

type Approved = ApprovedCertificate & { readonly joining: Joining };

/** The requests of one run's joining hosts: the approved ones and their certificates. */
class Approvals {
  readonly #api: ApiClient;
  readonly #options: ApproveOptions;
  /** By the name of the request; the signed certificate is compared with it once. */
  readonly #unchecked = new Map<string, Approved>();
  /** Users whose one request is approved, with its name. */
  readonly #approved = new Map<string, string>();
  readonly #seen = new Set<string>();
  readonly #warnings = new Map<string, number>();

  constructor(api: ApiClient, options: ApproveOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** Judges a request, or the certificate of an approved one. @throws ApiProblem; Problem CERTIFICATE_DIFFERS */
  async decide(object: CertificateSigningRequest): Promise<void> {
    const { name } = object.metadata;
    if (this.#unchecked.has(name)) return await this.#check(object);
    const judgement = judgeRequest(object, this.#options.expected);
    if (judgement.verdict === 'stale') return await this.#remove(name, judgement.node);
    if (judgement.verdict === 'ignore' || this.#seen.has(name)) return;
    const reason = judgement.verdict === 'refuse' ? judgement.reason : this.#whyNotNow(object);
    if (reason !== undefined) return this.#refuse(name, judgement.joining, reason);
    if (judgement.verdict === 'approve') await this.#approve(object, judgement.joining, judgement.request);
  }

  /** Why a matching request is not approved; undefined if it is. */
  #whyNotNow(object: CertificateSigningRequest): string | undefined {
    const first = this.#approved.get(object.spec.username ?? '');
    if (first !== undefined) return `its token has been used, for ${first}`;
    return isRefused(object) ? 'it was denied, or its signer failed' : undefined;
  }

  async #approve(object: CertificateSigningRequest, joining: Joining, request: CertificateRequest): Promise<void> {
    const { metadata, spec, status } = object;
    // An approval whose answer was lost is found approved.
    if (!isApproved(object)) await approve(this.#api, object, this.#options.signal);
    const keyEncipherment = spec.usages?.includes('key encipherment') === true;
    const { subject, publicKey } = request;
    const approved = { joining, subject, publicKey, keyEncipherment, seconds: spec.expirationSeconds };
    this.#approved.set(spec.username ?? '', metadata.name);
    this.#seen.add(metadata.name);
    this.#unchecked.set(metadata.name, approved);
    this.#options.log.info(`${joining.node}: approved its certificate (${metadata.name})`);
    if (status?.certificate) await this.#check(object);
  }

  /** Compares the signed certificates that were not compared yet. @throws AggregateError with the errors of `decide` */
  async checkRest(): Promise<void> {
    const looks = [...this.#unchecked].map(async ([name, { joining }]) => {
      const object = await this.#api.get<CertificateSigningRequest>(`${collection}/${name}`).catch((error: unknown) => {
        throw isNotFound(error) ? alarm(name, joining, 'the request was removed before that could be compared') : error;
      });
      await this.#check(object);
    });
    await all(looks);
  }

  async #check({ metadata: { name }, status }: CertificateSigningRequest): Promise<void> {
    const approved = this.#unchecked.get(name);
    if (!approved || !status?.certificate) return;
    const pem = Buffer.from(status.certificate, 'base64').toString('latin1');
    const difference = differenceFrom(approved, pem, this.#options.ca, new Date());
    this.#unchecked.delete(name);
    if (difference === undefined) return;
    // So that the certificate cannot be fetched any more, if it was not fetched yet.
    await this.#api.delete(`${collection}/${name}`).catch(() => undefined);
    throw alarm(name, approved.joining, difference, pem);
  }

  async #remove(name: string, node: string): Promise<void> {
    // The kubelet names its request after its key, so it finds this request again and waits for it; it creates a new one only when this is deleted.
    await this.#api.delete(`${collection}/${name}`, { signal: this.#options.signal });
    const line = `${node}: removed the request ${name} of an earlier run, so that its kubelet asks again`;
    if (this.#mayReport(node)) this.#options.log.info(line);
  }

  #refuse(name: string, { host }: Joining, reason: string): void {
    this.#seen.add(name);
    if (this.#mayReport(host))
      this.#options.log.warning(
        `${host}: not approved: certificate request ${name}, by the token of ${host}: ${reason}`,
      );
  }

  #mayReport(host: string): boolean {
    const count = (this.#warnings.get(host) ?? 0) + 1;
    this.#warnings.set(host, count);
    if (count === mostWarnings + 1) this.#options.log.warning(`${host}: its further requests are not reported`);
    return count <= mostWarnings;
  }
}

const has = ({ status }: CertificateSigningRequest, types: RegExp): boolean =>
  status?.conditions?.some(({ type }) => types.test(type)) === true;
const isApproved = (object: CertificateSigningRequest) => has(object, /^Approved$/);
const isRefused = (object: CertificateSigningRequest) => has(object, /^(Denied|Failed)$/);

function alarm(name: string, { host, node }: Joining, difference: string, pem = ''): Problem {
  return new Problem(
    `the certificate request ${name} was approved for the node ${node}, but something else was signed: ${difference}`,
    {
      code: 'CERTIFICATE_DIFFERS',
      host,
      ...(pem !== '' && { detail: [`the certificate: ${printOf(pem)}`] }),
      hint: `Another person may have a certificate of this cluster: take ${host} off the network, find out how (the audit log names the request), delete the node, and rotate the Kubernetes CA.`,
    },
  );
}

/** A request that changed or was deleted meanwhile causes a new event, and the end of the wait is no error. */
function passOver(error: unknown, signal: AbortSignal): void {
  if (error instanceof ApiProblem && (signal.aborted || isNotFound(error) || isConflict(error))) return;
  throw error;
}

async function approve(api: ApiClient, request: CertificateSigningRequest, signal: AbortSignal): Promise<void> {
  const { name, resourceVersion } = request.metadata;
  const condition = {
    type: 'Approved',
    status: 'True',
    reason: 'K8sHaActionApproved',
    message: 'The host is in cluster.yaml and joined with the token that this run made for it.',
  };
  // With the resourceVersion that was judged, so that no other request is approved under the same name.
  const body = { metadata: { resourceVersion }, status: { conditions: [condition] } };
  await api.patch(`${collection}/${name}/approval`, body, { signal });
}

/**
 * Runs `work` and meanwhile approves the first client certificate of each expected node, one per token. If approving fails, that is
 * reported at once. Any other request with an expected host's token stays pending and is reported.
 * What was signed for each approved request is compared with it, also when `work` fails.
 * @throws ApiProblem; Problem CERTIFICATE_DIFFERS; what `work` throws
 */
export async function whileApproving<T>(
  api: ApiClient,
  options: Omit<ApproveOptions, 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const { signal } = done;
  const approvals = new Approvals(api, { ...options, signal });
  const approving = api.watch<CertificateSigningRequest>(collection, {
    signal,
    fieldSelector: 'spec.signerName=kubernetes.io/kube-apiserver-client-kubelet',
    onEvent: async ({ type, object }) => {
      if (type !== 'DELETED') await approvals.decide(object).catch((error) => passOver(error, signal));
    },
  });
  const failed = approving.then(() => new Promise<never>(() => undefined));
  const working = Promise.race([work(), failed]);
  await Promise.allSettled([working]);
  done.abort();
  await all([working, approving, approvals.checkRest()]);
  return await working;
}

/** Waits for all. @throws the error of one of them, or an AggregateError if there are several */
async function all(promises: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(promises);
  const reasons = new Set(settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])));
  const [first, ...more] = reasons;
  if (more.length > 0) throw new AggregateError(reasons, 'joining failed');
  if (reasons.size > 0) throw first;
}
