import { type CertificateRequest, readCertificateRequest } from './certificate-request.ts';
import type { CertificateSigningRequest } from './objects.ts';

export const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet';

/** A host that must join now, and the only node that it may become. */
export interface Joining {
  /** Its name in cluster.yaml. */
  readonly host: string;
  readonly node: string;
}

/** The hosts that must join, by the user of each one's token: `system:bootstrap:<token id>`. */
export type Expectation = ReadonlyMap<string, Joining>;

export type Judgement =
  | { readonly verdict: 'approve'; readonly joining: Joining; readonly request: CertificateRequest }
  /** From a killed run: its token is invalid, but the kubelet would keep waiting for the request. */
  | { readonly verdict: 'stale'; readonly node: string }
  /** Not for this run to decide: another signer, another user, or already decided. */
  | { readonly verdict: 'ignore' }
  | { readonly verdict: 'refuse'; readonly joining: Joining; readonly reason: string };

const prefix = 'system:node:';

/**
 * The decision on a signing request. Approves only the first client certificate of a node; the checks are those of
 * kube-controller-manager (pkg/apis/certificates/v1/defaults.go), and a token is valid only for the node of its host.
 */
export function judgeRequest(object: CertificateSigningRequest, expected: Expectation): Judgement {
  const { spec } = object;
  if (spec?.signerName !== kubeletClientSigner) return { verdict: 'ignore' };
  const joining = expected.get(spec.username ?? '');
  // Renewals come from the nodes themselves, and kube-controller-manager approves them.
  if (!joining && (isDecided(object) || !spec.username?.startsWith('system:bootstrap:'))) return { verdict: 'ignore' };
  const request = requestIn(spec.request ?? '');
  const name = typeof request === 'string' ? undefined : nodeIn(request);
  if (!joining) {
    // Matrix jobs run in parallel, each with its own tokens and hosts.
    const node = [...expected.values()].find((each) => each.node === name)?.node;
    return node === undefined ? { verdict: 'ignore' } : { verdict: 'stale', node };
  }
  const reason = typeof request === 'string' ? request : whyNot(request, spec.usages ?? [], joining);
  if (reason !== undefined || typeof request === 'string') return { verdict: 'refuse', joining, reason: reason ?? '' };
  return { verdict: 'approve', joining, request };
}

/** Approved, denied, failed or signed. */
function isDecided({ status }: CertificateSigningRequest): boolean {
  const decided = status?.conditions?.some(({ type }) => /^(Approved|Denied|Failed)$/.test(type));
  return decided === true || status?.certificate !== undefined;
}

/** The request in base64, as the API server returns it; a reason if it can't be read. */
function requestIn(base64: string): CertificateRequest | string {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) return 'it can’t be read';
  try {
    return readCertificateRequest(bytes.toString('latin1'));
  } catch {
    return 'it can’t be read';
  }
}

function nodeIn({ subject }: CertificateRequest): string | undefined {
  const name = subject.find(({ attribute }) => attribute === 'CN')?.value;
  return name?.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** The reason why a request is not from the node’s kubelet; undefined if it is. */
function whyNot(request: CertificateRequest, usages: readonly string[], { node }: Joining): string | undefined {
  const { subject, asksForMore } = request;
  if (asksForMore) return 'it asks for more than a name (a node’s client certificate has no SANs)';
  const values = (of: string) => subject.filter(({ attribute }) => attribute === of).map(({ value }) => value);
  const [organizations, names] = [values('O'), values('CN')];
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes' || names.length !== 1 || subject.length !== 2)
    return 'its subject is not O=system:nodes and one CN';
  const [name = ''] = names;
  if (!name.startsWith(prefix)) return `its name is not ${prefix}…`;
  if (name !== prefix + node)
    return `it asks for the node ${JSON.stringify(name.slice(prefix.length, 300))}, not ${node}`;
  return usagesFit(usages) ? undefined : `it asks for the usages ${usages.join(', ').slice(0, 300)}`;
}

/** Exactly a client certificate's; an RSA key also asks for key encipherment. */
function usagesFit(usages: readonly string[]): boolean {
  const asked = new Set(usages);
  asked.delete('key encipherment');
  return asked.size === 2 && asked.has('digital signature') && asked.has('client auth');
}
