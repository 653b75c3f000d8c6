import { createHash, createHmac } from 'node:crypto';

/** A bucket, or a folder in it, and who may write there. */
export interface S3Access {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What is signed: a request whose path has `encoded` parts, and the SHA-256 of its body. */
export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly sha256: string;
}

/** SHA-256 of an empty body. */
export const emptyBody = sha256Of('');

/** As RFC 3986 has it: encodeURIComponent leaves five signs that S3 wants encoded. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The headers that sign a request with AWS Signature Version 4, for the service s3. Its secret is in none of them.
 * Source: Amazon S3 API reference, "Authenticating Requests: Using the Authorization Header"
 */
export function signedHeaders(
  { method, url, sha256 }: S3Request,
  { region, accessKeyId, secretAccessKey }: S3Access,
  now: Date,
): Readonly<Record<string, string>> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = { host: url.host, 'x-amz-content-sha256': sha256, 'x-amz-date': time };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = [method, url.pathname, queryOf(url), lines.join(''), names, sha256].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256Of(request)].join('\n');
  const key = scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  const signature = hmac(key, text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

function queryOf({ searchParams }: URL): string {
  const pairs = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return pairs.toSorted().join('&');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
