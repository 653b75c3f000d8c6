import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { type CsrReader, provideCsrReader } from '../../lab/csr-reader/index.ts';
import { readCertificateRequest } from '../../src/kubernetes/certificate-request.ts';
import { type Joining, judgeRequest } from '../../src/kubernetes/judge-request.ts';
import type { CertificateSigningRequest } from '../../src/kubernetes/objects.ts';
import { pemOf } from './odd-frames.ts';
import { framesOf, oddRecipes, plainRecipe, victim } from './odd-requests.ts';
import { asked, asNode, bootstrapUser, isApproved, neverDiffer } from './request-readers.ts';
import { derOf } from './request-writer.ts';

const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** A real request, by the key that kubelets use unless another is asked for. */
function csr(subject: string, key: readonly string[] = ec, ...more: readonly string[]): string {
  const args = ['req', '-new', ...key, '-nodes', '-keyout', '/dev/null', '-subj', subject, ...more];
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
}

const right = csr('/O=system:nodes/CN=system:node:node-1');
const joining: Joining = { host: 'host-1', node: 'node-1' };
const other: Joining = { host: 'host-7', node: '192-168-1-156.node' };
const otherUser = 'system:bootstrap:uvwxyz';
const expected = new Map([
  [bootstrapUser, joining],
  [otherUser, other],
]);
let go: CsrReader;

beforeAll(async () => {
  go = await provideCsrReader({ cache: cacheFolder(), log: console.log });
}, 300_000);

const verdictOn = (pem: string, change?: Partial<CertificateSigningRequest['spec']>) =>
  judgeRequest(asked(pem, change), expected);

test('the kubelet of an expected host is approved, by an EC key and by an RSA key', () => {
  expect(verdictOn(right)).toMatchObject({ verdict: 'approve', joining });
  const rsa = csr('/O=system:nodes/CN=system:node:192-168-1-156.node', ['-newkey', 'rsa:2048']);
  const usages = ['key encipherment', 'digital signature', 'client auth'];
  expect(verdictOn(rsa, { usages, username: otherUser })).toMatchObject({ verdict: 'approve', joining: other });
});

test('a kubelet’s request is approved, as Go writes it', () => {
  for (const node of ['node-1', '192-168-1-156.node']) {
    const username = node === 'node-1' ? bootstrapUser : otherUser;
    const request = go.write(node);
    expect(verdictOn(request, { username })).toMatchObject({ verdict: 'approve', joining: { node } });
    expect(go.read([request])).toEqual([asNode(node)]);
  }
});

test.each([
  ['a host that is not expected', '/O=system:nodes/CN=system:node:node-2', 'it asks for the node "node-2", not node-1'],
  ['the node of another host', '/O=system:nodes/CN=system:node:192-168-1-156.node', 'not node-1'],
  ['another kind of name', '/O=system:nodes/CN=kubernetes-admin', 'its name is not system:node:'],
  ['another group', '/O=system:masters/CN=system:node:node-1', 'its subject'],
  ['a second group', '/O=system:nodes/O=system:masters/CN=system:node:node-1', 'its subject'],
  ['two groups in one part', '/O=system:nodes+O=system:masters/CN=system:node:node-1', 'it can’t be read'],
  ['group and name in one part', '/O=system:nodes+CN=system:node:node-1', 'it can’t be read'],
  ['two names', '/O=system:nodes/CN=system:node:node-1/CN=admin', 'its subject'],
  ['no group', '/CN=system:node:node-1', 'its subject'],
  ['a further part', '/O=system:nodes/OU=x/CN=system:node:node-1', 'its subject'],
])('refused: %s', (_, subject, reason) => {
  expect(verdictOn(csr(subject))).toEqual({ verdict: 'refuse', joining, reason: expect.stringContaining(reason) });
});

test('refused: alternative names, though the subject is right', () => {
  const pem = csr('/O=system:nodes/CN=system:node:node-1', ec, '-addext', 'subjectAltName=DNS:kubernetes');
  expect(readCertificateRequest(pem).asksForMore).toBe(true);
  expect(verdictOn(pem)).toMatchObject({ verdict: 'refuse', reason: expect.stringContaining('no SANs') });
});

test.each([
  [['digital signature', 'client auth', 'server auth']],
  [['digital signature', 'server auth']],
  [['client auth']],
  [[]],
])('refused: the usages %j', (usages) => {
  expect(verdictOn(right, { usages })).toMatchObject({ verdict: 'refuse' });
});

test('refused: anything that is not a request', () => {
  for (const pem of ['', 'x', right.replace(/M/g, 'N'), `${right}${right}`, right.replace(/REQUEST/g, 'KEY')]) {
    expect(verdictOn(pem)).toEqual({ verdict: 'refuse', joining, reason: expect.any(String) });
  }
  expect(verdictOn(right, { request: `${asked(right).spec.request} ` })).toMatchObject({ verdict: 'refuse' });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
      expect(verdictOn(pem).verdict).toBe('refuse');
    }),
  );
});

test('refused: two requests in one text, of which Go reads the first and others the last', () => {
  const [first] = framesOf(right);
  expect(go.read([first ?? ''])).toEqual([asNode('node-2')]);
  expect(verdictOn(first ?? '')).toEqual({ verdict: 'refuse', joining, reason: 'it can’t be read' });
  expect(() => readCertificateRequest(first ?? '')).toThrow(expect.objectContaining({ code: 'CSR_UNREADABLE' }));
});

test('refused: any frame except the one that Go writes', () => {
  for (const pem of [right, go.write('node-1'), go.write('node-1')]) {
    const others = framesOf(pem).filter((text) => text !== pem);
    // Without its last line end it is the same text.
    expect(others.filter(isApproved)).toEqual([pem.trimEnd()]);
  }
  expect(framesOf(victim).filter(isApproved)).toEqual([]);
});

test('refused: each single oddity in a request', () => {
  expect(isApproved(pemOf(derOf(plainRecipe('node-1'))))).toBe(true);
  const all = oddRecipes('node-1');
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter(([, recipe]) => isApproved(pemOf(derOf(recipe)))).map(([title]) => title)).toEqual([]);
});

test('Go and the project never differ on what is approved', () => {
  const { approved, readByGo } = neverDiffer(go, 2_000);
  // The texts are close enough to valid ones for a meaningful test.
  expect(approved).toBeGreaterThan(100);
  expect(readByGo).toBeGreaterThan(approved);
}, 60_000);

test('ignored: other signers, renewals by the nodes, decided requests, and other runs’ hosts', () => {
  expect(verdictOn(right, { signerName: 'kubernetes.io/kubelet-serving' })).toEqual({ verdict: 'ignore' });
  expect(verdictOn(right, { username: 'system:node:node-1' })).toEqual({ verdict: 'ignore' });
  const conditions = [{ type: 'Approved', status: 'True' }];
  const decided = { ...asked(right, { username: 'system:bootstrap:zzzzzz' }), status: { conditions } };
  expect(judgeRequest(decided, expected)).toEqual({ verdict: 'ignore' });
  const stranger = csr('/O=system:nodes/CN=system:node:node-9');
  expect(verdictOn(stranger, { username: 'system:bootstrap:zzzzzz' })).toEqual({ verdict: 'ignore' });
});

test('a dead run’s request for an expected host is stale', () => {
  expect(verdictOn(right, { username: 'system:bootstrap:zzzzzz' })).toEqual({ verdict: 'stale', node: 'node-1' });
});
