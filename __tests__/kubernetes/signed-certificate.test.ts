import { afterAll, expect, test } from '@jest/globals';
import { readCertificateRequest } from '../../src/kubernetes/certificate-request.ts';
import { differenceFrom } from '../../src/kubernetes/signed-certificate.ts';
import { clientExtensions, OpensslSigner, type Signed } from './openssl-signer.ts';

const signer = new OpensslSigner();
const stranger = new OpensslSigner();
afterAll(() => {
  signer[Symbol.dispose]();
  stranger[Symbol.dispose]();
});

const subject = '/O=system:nodes/CN=system:node:node-1';
const request = signer.request(subject);
const approved = { ...readCertificateRequest(request), keyEncipherment: false, seconds: 86_400 };
const [keyUsage = '', extendedKeyUsage = '', constraints = ''] = clientExtensions;
const differenceOf = (pem: string, now = new Date()) => differenceFrom(approved, pem, signer.ca, now);

test('the signer’s certificate for an approved request matches it, in either order of the subject', () => {
  expect(differenceOf(signer.sign(request))).toBeUndefined();
  expect(differenceOf(signer.sign(request, { subject: '/CN=system:node:node-1/O=system:nodes' }))).toBeUndefined();
});

test.each<[string, Signed, RegExp]>([
  ['for another node', { subject: '/O=system:nodes/CN=system:node:master-1' }, /subject is CN="system:node:master-1"/],
  ['for another group', { subject: '/O=system:masters/CN=system:node:node-1' }, /subject is .*O="system:masters"/],
  ['for one group more', { subject: `/O=system:masters${subject}` }, /subject is/],
  ['for another key', { otherKey: true }, /another key/],
  ['with names', { extensions: [...clientExtensions, 'subjectAltName=DNS:kubernetes'] }, /alternative names/],
  ['for servers too', { extensions: [keyUsage, constraints, 'extendedKeyUsage=clientAuth,serverAuth'] }, /usage/],
  ['for anything', { extensions: [keyUsage, constraints] }, /usage/],
  [
    'to sign others',
    { extensions: [extendedKeyUsage, constraints, 'keyUsage=digitalSignature,keyCertSign'] },
    /other usages/,
  ],
  ['of a CA', { extensions: [keyUsage, extendedKeyUsage, 'basicConstraints=critical,CA:TRUE'] }, /a CA’s/],
  ['for longer than was asked', { days: 2 }, /valid until/],
])('a certificate %s differs', (_, signed, reason) => {
  expect(differenceOf(signer.sign(request, signed))).toMatch(reason);
});

test('a certificate of another CA with the same name differs, and so does an expired one', () => {
  expect(differenceOf(stranger.sign(request))).toMatch(/has not signed/);
  expect(differenceOf(signer.sign(request), new Date(Date.now() + 3 * 86_400_000))).toMatch(/not valid now/);
});

test('a text that is not a single certificate can’t be read', () => {
  const pem = signer.sign(request);
  for (const text of ['', 'x', pem + pem, `x\n${pem}`, pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'), request])
    expect(differenceOf(text)).toBe('it can’t be read');
});
