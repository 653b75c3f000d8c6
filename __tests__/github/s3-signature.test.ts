import { expect, test } from '@jest/globals';
import { emptyBody, encoded, signedHeaders } from '../../src/github/s3-signature.ts';

// The examples of the Amazon S3 API reference, "Signature Calculations for the Authorization Header".
const access = {
  region: 'us-east-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const now = new Date('2013-05-24T00:00:00Z');

test.each([
  ['?lifecycle', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['?max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
])('a request for %s has the signature of the reference', (query, signature) => {
  const url = new URL(`https://examplebucket.s3.amazonaws.com/${query}`);
  const headers = signedHeaders({ method: 'GET', url, sha256: emptyBody }, access, now);
  expect(headers).toMatchObject({ 'x-amz-date': '20130524T000000Z', host: 'examplebucket.s3.amazonaws.com' });
  expect(headers.authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
  );
  expect(JSON.stringify(headers)).not.toContain(access.secretAccessKey);
});

test('all but letters, digits and four signs are encoded', () => {
  expect(encoded("a-b_c.d~e!'()*/ f")).toBe('a-b_c.d~e%21%27%28%29%2A%2F%20f');
});
