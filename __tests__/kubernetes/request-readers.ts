import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { CsrReader } from '../../lab/csr-reader/index.ts';
import { judgeRequest, kubeletClientSigner } from '../../src/kubernetes/judge-request.ts';
import type { CertificateSigningRequest } from '../../src/kubernetes/objects.ts';
import { texts } from './odd-requests.ts';

export const bootstrapUser = 'system:bootstrap:abcdef';

/** A signing request as the API server returns it, posted with the token of node-1's host unless another user is named. */
export function asked(
  pem: string | Buffer,
  change: Partial<CertificateSigningRequest['spec']> = {},
): CertificateSigningRequest {
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'node-csr-x' },
    spec: {
      signerName: kubeletClientSigner,
      request: Buffer.from(pem).toString('base64'),
      username: bootstrapUser,
      usages: ['digital signature', 'client auth'],
      ...change,
    },
  };
}

const expected = new Map([[bootstrapUser, { host: 'host-1', node: 'node-1' }]]);

/** Whether a text is approved for node-1. */
export function isApproved(text: string | Buffer): boolean {
  return judgeRequest(asked(text), expected).verdict === 'approve';
}

const batch = 250;

/** Judges texts around valid requests and has Go read them: Go reads every approved one as node-1 and nothing else. */
export function neverDiffer(
  reader: CsrReader,
  cases: number,
): { readonly approved: number; readonly readByGo: number } {
  const count = { approved: 0, readByGo: 0 };
  fc.assert(
    fc.property(fc.array(texts, { minLength: batch, maxLength: batch }), (all) => {
      const readings = reader.read(all);
      for (const [index, text] of all.entries()) {
        const reading = readings[index];
        if (reading?.refused === undefined) count.readByGo += 1;
        if (!isApproved(text)) continue;
        count.approved += 1;
        expect([reading, text.toString('latin1')]).toEqual([asNode('node-1'), text.toString('latin1')]);
      }
    }),
    { numRuns: Math.ceil(cases / batch), endOnFailure: true },
  );
  return count;
}

/** What Go reads in the request of a node's kubelet. */
export function asNode(node: string) {
  return { commonName: `system:node:${node}`, organization: ['system:nodes'], parts: 2, names: 0 };
}
