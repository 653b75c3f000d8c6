import { expect, test } from '@jest/globals';
import { readCertificateRequest } from '../../src/kubernetes/certificate-request.ts';
import { errorOf } from '../phases/scene.ts';

test.each([
  ['no PEM', 'nothing'],
  ['PEM of something else', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'],
])('a request that is %s can’t be read', async (_, text) => {
  expect(await errorOf(() => readCertificateRequest(text))).toMatchObject({ fields: { code: 'CSR_UNREADABLE' } });
});
