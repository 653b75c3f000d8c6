import { readCertificateRequest } from './certificate-request.ts';
import type { CertificateSigningRequest } from './objects.ts';

export const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet';

/** Whose requests may be approved. */
export interface Expectation {
  /** `system:bootstrap:<token id>` of this very run. */
  readonly bootstrapUser: string;
  /** Node names that are to join now. */
  readonly nodes: ReadonlySet<string>;
}

export type Judgement =
  | { readonly verdict: 'approve'; readonly node: string }
  /** Left by a run that was killed: its token is dead, but the kubelet would go on waiting for it. */
  | { readonly verdict: 'stale'; readonly node: string }
  /** Not ours to decide: another signer, or decided already. */
  | { readonly verdict: 'ignore' }
  | { readonly verdict: 'refuse'; readonly reason: string };

const organization = '2.5.4.10';
const commonName = '2.5.4.3';
const prefix = 'system:node:';

/**
 * What to do with a signing request. Approves a node's first client certificate and nothing else; the same tests as
 * kube-controller-manager's own (pkg/apis/certificates/v1/defaults.go), and the name has to be one that is expected.
 */
export async function judgeRequest(request: CertificateSigningRequest, expected: Expectation): Promise<Judgement> {
  const { spec, status } = request;
  if (spec.signerName !== kubeletClientSigner) return { verdict: 'ignore' };
  if (status?.certificate || status?.conditions?.some(({ type }) => /^(Approved|Denied|Failed)$/.test(type))) {
    return { verdict: 'ignore' };
  }
  // Renewals come from the nodes themselves, and kube-controller-manager approves them.
  if (!spec.username?.startsWith('system:bootstrap:')) return { verdict: 'ignore' };
  const ours = spec.username === expected.bootstrapUser;
  const named = await nodeIn(spec.request);
  // Jobs of a matrix run side by side, each with a token and hosts of its own.
  if (!ours && !('node' in named && expected.nodes.has(named.node))) return { verdict: 'ignore' };
  if ('reason' in named) return refuse(named.reason);
  const { node } = named;
  if (!expected.nodes.has(node)) return refuse(`${node} is not a host that is to join now`);
  if (!usagesFit(spec.usages ?? [])) return refuse(`it asks for the usages ${(spec.usages ?? []).join(', ')}`);
  return { verdict: ours ? 'approve' : 'stale', node };
}

const refuse = (reason: string): Judgement => ({ verdict: 'refuse', reason });

async function nodeIn(request: string): Promise<{ readonly node: string } | { readonly reason: string }> {
  try {
    const { subject, attributes } = await readCertificateRequest(Buffer.from(request, 'base64').toString('latin1'));
    if (attributes.length > 0)
      return { reason: 'it asks for more than a name (a node’s client certificate has no SANs)' };
    const organizations = subject.filter(({ oid }) => oid === organization).map(({ value }) => value);
    const names = subject.filter(({ oid }) => oid === commonName).map(({ value }) => value);
    const [name] = names;
    if (organizations.join() !== 'system:nodes' || names.length !== 1 || subject.length !== 2) {
      return { reason: 'its subject is not O=system:nodes and one CN' };
    }
    if (!name?.startsWith(prefix)) return { reason: `its name is not ${prefix}…` };
    return { node: name.slice(prefix.length) };
  } catch {
    return { reason: 'it can’t be read' };
  }
}

/** Exactly a client certificate's; an RSA key also asks for key encipherment. */
function usagesFit(usages: readonly string[]): boolean {
  const asked = new Set(usages);
  asked.delete('key encipherment');
  return asked.size === 2 && asked.has('digital signature') && asked.has('client auth');
}
