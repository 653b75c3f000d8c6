import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCertificateRequest } from '../../src/kubernetes/certificate-request.ts';
import { judgeRequest, kubeletClientSigner } from '../../src/kubernetes/judge-request.ts';
import type { CertificateSigningRequest } from '../../src/kubernetes/objects.ts';

const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** A real request, by the key that kubelets use unless another is asked for. */
function csr(subject: string, key: readonly string[] = ec, ...more: readonly string[]): string {
  const args = ['req', '-new', ...key, '-nodes', '-keyout', '/dev/null', '-subj', subject, ...more];
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
}

const right = csr('/O=system:nodes/CN=system:node:node-1');
const expected = { bootstrapUser: 'system:bootstrap:abcdef', nodes: new Set(['node-1', '192-168-1-156.node']) };

function asked(pem: string, change: Partial<CertificateSigningRequest['spec']> = {}): CertificateSigningRequest {
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'node-csr-x' },
    spec: {
      signerName: kubeletClientSigner,
      request: Buffer.from(pem).toString('base64'),
      username: 'system:bootstrap:abcdef',
      usages: ['digital signature', 'client auth'],
      ...change,
    },
  };
}

const verdictOn = (pem: string, change?: Partial<CertificateSigningRequest['spec']>) =>
  judgeRequest(asked(pem, change), expected);

test('an expected host’s kubelet is approved, by an EC key and by an RSA key', async () => {
  expect(await verdictOn(right)).toEqual({ verdict: 'approve', node: 'node-1' });
  const rsa = csr('/O=system:nodes/CN=system:node:192-168-1-156.node', ['-newkey', 'rsa:2048']);
  const usages = ['key encipherment', 'digital signature', 'client auth'];
  expect(await verdictOn(rsa, { usages })).toEqual({ verdict: 'approve', node: '192-168-1-156.node' });
});

test.each([
  ['a host that is not expected', '/O=system:nodes/CN=system:node:node-2', 'node-2 is not a host'],
  ['another kind of name', '/O=system:nodes/CN=kubernetes-admin', 'its name is not system:node:'],
  ['another group', '/O=system:masters/CN=system:node:node-1', 'its subject'],
  ['a second group', '/O=system:nodes/O=system:masters/CN=system:node:node-1', 'its subject'],
  ['two groups in one part', '/O=system:nodes+O=system:masters/CN=system:node:node-1', 'its subject'],
  ['two names', '/O=system:nodes/CN=system:node:node-1/CN=admin', 'its subject'],
  ['no group', '/CN=system:node:node-1', 'its subject'],
  ['a further part', '/O=system:nodes/OU=x/CN=system:node:node-1', 'its subject'],
])('refused: %s', async (_, subject, reason) => {
  expect(await verdictOn(csr(subject))).toEqual({ verdict: 'refuse', reason: expect.stringContaining(reason) });
});

test('refused: alternative names, though the subject is right', async () => {
  const pem = csr('/O=system:nodes/CN=system:node:node-1', ec, '-addext', 'subjectAltName=DNS:kubernetes');
  expect((await readCertificateRequest(pem)).attributes).toEqual(['1.2.840.113549.1.9.14']);
  expect(await verdictOn(pem)).toMatchObject({ verdict: 'refuse', reason: expect.stringContaining('no SANs') });
});

test.each([
  [['digital signature', 'client auth', 'server auth']],
  [['digital signature', 'server auth']],
  [['client auth']],
  [[]],
])('refused: the usages %j', async (usages) => {
  expect(await verdictOn(right, { usages })).toMatchObject({ verdict: 'refuse' });
});

test('refused: what is no request, whatever it is', async () => {
  for (const pem of ['', 'x', right.replace(/M/g, 'N'), `${right}${right}`, right.replace(/REQUEST/g, 'KEY')]) {
    expect(await verdictOn(pem)).toEqual({ verdict: 'refuse', reason: expect.any(String) });
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
      expect((await verdictOn(pem)).verdict).toBe('refuse');
    }),
  );
});

test('left alone: other signers, renewals by the nodes, what is decided, and other runs’ hosts', async () => {
  expect(await verdictOn(right, { signerName: 'kubernetes.io/kubelet-serving' })).toEqual({ verdict: 'ignore' });
  expect(await verdictOn(right, { username: 'system:node:node-1' })).toEqual({ verdict: 'ignore' });
  const conditions = [{ type: 'Approved', status: 'True' }];
  expect(await judgeRequest({ ...asked(right), status: { conditions } }, expected)).toEqual({ verdict: 'ignore' });
  const other = csr('/O=system:nodes/CN=system:node:node-9');
  expect(await verdictOn(other, { username: 'system:bootstrap:zzzzzz' })).toEqual({ verdict: 'ignore' });
});

test('a dead run’s request for an expected host is in the way', async () => {
  expect(await verdictOn(right, { username: 'system:bootstrap:zzzzzz' })).toEqual({ verdict: 'stale', node: 'node-1' });
});
