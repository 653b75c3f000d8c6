import { afterAll, expect, test } from '@jest/globals';
import { clientCertificate } from '../../src/kubernetes/client-certificate.ts';
import type { CertificateSigningRequest, WatchEvent } from '../../src/kubernetes/index.ts';
import { RecordingLog } from '../../src/log.ts';
import { OpensslSigner } from './openssl-signer.ts';

type Asked = Parameters<typeof clientCertificate>[0];

/** An API server whose signer answers with these events, and the requests that it got. */
function apiWith(events: readonly Pick<WatchEvent<Partial<CertificateSigningRequest>>, 'type' | 'object'>[]) {
  const calls: (readonly [string, string, unknown?])[] = [];
  const api = {
    host: 'master-1',
    create: async (path: string, body: object) => {
      calls.push(['create', path, body]);
      return { ...body, metadata: { name: 'mine', resourceVersion: '7' } };
    },
    patch: async (path: string, body: unknown) => void calls.push(['patch', path, body]),
    delete: async (path: string) => calls.push(['delete', path]) > 0,
    watch: async (path: string, { onEvent, signal }: { onEvent(event: unknown): void; signal: AbortSignal }) => {
      calls.push(['watch', path]);
      for (const event of events) onEvent(event);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
  return { api: api as unknown as Asked, calls };
}

const signer = new OpensslSigner();
afterAll(() => signer[Symbol.dispose]());
const request = signer.request('/O=admins/CN=ci');
const pem = signer.sign(request);
const asked = { name: 'mine', request, ca: signer.ca, seconds: 86_400, log: new RecordingLog() };
const pending = { type: 'ADDED', object: { status: {} } } as const;
const signedAs = (certificate: string) =>
  ({ type: 'MODIFIED', object: { status: { certificate: Buffer.from(certificate).toString('base64') } } }) as const;

test('the request has the wanted time and signer, is approved unchanged, and is removed when the certificate is issued', async () => {
  const { api, calls } = apiWith([pending, signedAs(pem)]);
  expect(await clientCertificate(api, asked)).toBe(pem);
  expect(calls.map(([call]) => call)).toEqual(['create', 'patch', 'watch', 'delete']);
  expect(calls[0]?.[2]).toMatchObject({
    spec: {
      signerName: 'kubernetes.io/kube-apiserver-client',
      expirationSeconds: 86_400,
      request: Buffer.from(request).toString('base64'),
    },
  });
  expect(calls[1]?.[1]).toMatch(/\/mine\/approval$/);
  expect(calls[1]?.[2]).toMatchObject({ metadata: { resourceVersion: '7' } });
  expect(calls[3]?.[1]).toMatch(/\/mine$/);
});

test.each([
  ['a signer that says nothing', [pending], /nothing from the signer in 0.05 s/],
  [
    'a signer that refuses',
    [
      {
        type: 'MODIFIED',
        object: { status: { conditions: [{ type: 'Failed', status: 'True', message: 'too odd' }] } },
      },
    ],
    /Failed: too odd/,
  ],
  ['a removed request', [{ type: 'DELETED', object: {} }], /the request was removed/],
] as const)('%s is reported as such, and the request does not stay', async (_, events, message) => {
  const { api, calls } = apiWith(events);
  await expect(clientCertificate(api, { ...asked, limitMs: 50 })).rejects.toMatchObject({
    code: 'CERTIFICATE_NOT_ISSUED',
    message: expect.stringMatching(message),
  });
  expect(calls.at(-1)?.[0]).toBe('delete');
});

test('a certificate for another user is refused, with the master and the request', async () => {
  const { api, calls } = apiWith([pending, signedAs(signer.sign(request, { subject: '/O=system:masters/CN=ci' }))]);
  await expect(clientCertificate(api, asked)).rejects.toMatchObject({
    code: 'CERTIFICATE_DIFFERS',
    message: expect.stringMatching(/request mine .*O="system:masters"/),
    fields: { host: 'master-1' },
  });
  expect(calls.at(-1)?.[0]).toBe('delete');
});
