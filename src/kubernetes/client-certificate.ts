import { describeProblem, Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ApiClient } from './api-client.ts';
import { readCertificateRequest } from './certificate-request.ts';
import type { CertificateSigningRequest } from './objects.ts';
import { differenceFrom, printOf } from './signed-certificate.ts';

const collection = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

export interface ClientCertificateRequest {
  /** The name of the object in the cluster: unique. */
  readonly name: string;
  /** PKCS#10 as PEM. */
  readonly request: string;
  /** PEM of the CA that signs clients' certificates. */
  readonly ca: string;
  /** The signer requires at least 600, and may grant less than requested. */
  readonly seconds: number;
  readonly log: Log;
  /** How long to wait for the signer. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

type Api = Pick<ApiClient, 'host' | 'create' | 'patch' | 'watch' | 'delete'>;

/**
 * Requests a client certificate from the cluster's signer and approves the request; returns its PEM. The request is deleted afterwards.
 * @throws ApiProblem; Problem CERTIFICATE_NOT_ISSUED if the signer refuses or does not answer in time; Problem
 *   CERTIFICATE_DIFFERS if it signed something else
 */
export async function clientCertificate(api: Api, asked: ClientCertificateRequest): Promise<string> {
  try {
    const made = await api.create<CertificateSigningRequest>(collection, objectOf(asked));
    await approve(api, made);
    const certificate = await issued(api, asked);
    checkIssued(asked, certificate, api.host);
    return certificate;
  } finally {
    // Also after a create without an answer, because the server may have received it.
    await api.delete(`${collection}/${asked.name}`).catch((error: unknown) => {
      asked.log.warning(`the certificate request ${asked.name} stays for an hour: ${describeProblem(error)}`);
    });
  }
}

function objectOf({ name, request, seconds }: ClientCertificateRequest): CertificateSigningRequest {
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'k8s-ha-action' } },
    spec: {
      signerName: 'kubernetes.io/kube-apiserver-client',
      request: Buffer.from(request).toString('base64'),
      expirationSeconds: seconds,
      usages: ['digital signature', 'key encipherment', 'client auth'],
    },
  };
}

async function approve(api: Api, { metadata }: CertificateSigningRequest): Promise<void> {
  const condition = {
    type: 'Approved',
    status: 'True',
    reason: 'K8sHaActionApproved',
    message: 'Requested by the kubeconfig action.',
  };
  // With the resourceVersion of our request, so that no other request is approved under the same name.
  const body = { metadata: { resourceVersion: metadata.resourceVersion }, status: { conditions: [condition] } };
  await api.patch(`${collection}/${metadata.name}/approval`, body);
}

async function issued(api: Api, { name, limitMs = 60_000, signal }: ClientCertificateRequest): Promise<string> {
  const found = new AbortController();
  let certificate = '';
  await api.watch<CertificateSigningRequest>(collection, {
    fieldSelector: `metadata.name=${name}`,
    signal: AbortSignal.any([found.signal, AbortSignal.timeout(limitMs), ...(signal ? [signal] : [])]),
    onEvent: ({ type, object }) => {
      if (type === 'DELETED') throw notIssued('the request was removed');
      const refusal = object.status?.conditions?.find((each) => each.type === 'Denied' || each.type === 'Failed');
      if (refusal) throw notIssued(`${refusal.type}: ${refusal.message ?? refusal.reason ?? 'no reason given'}`);
      if (!object.status?.certificate) return;
      certificate = Buffer.from(object.status.certificate, 'base64').toString();
      found.abort();
    },
  });
  if (certificate === '') signal?.throwIfAborted();
  if (certificate === '') throw notIssued(`nothing from the signer in ${limitMs / 1000} s`);
  return certificate;
}

/** Compares the signed certificate with the request. @throws Problem CERTIFICATE_DIFFERS */
function checkIssued({ name, ca, request, seconds }: ClientCertificateRequest, pem: string, host: string): void {
  const { subject, publicKey } = readCertificateRequest(request);
  const difference = differenceFrom({ subject, publicKey, keyEncipherment: true, seconds }, pem, ca, new Date());
  if (difference === undefined) return;
  throw new Problem(`the certificate request ${name} was approved, but something else was signed: ${difference}`, {
    code: 'CERTIFICATE_DIFFERS',
    host,
    detail: [`the certificate: ${printOf(pem)}`],
    hint: 'Find out who signs in this cluster: check --cluster-signing-cert-file of the kube-controller-managers and the audit log. If it is not your CA, rotate the Kubernetes CA.',
  });
}

function notIssued(reason: string): Problem {
  const hint = 'See `journalctl -u kube-controller-manager` on the masters: the leader signs.';
  return new Problem(`the cluster issued no client certificate: ${reason}`, { code: 'CERTIFICATE_NOT_ISSUED', hint });
}
