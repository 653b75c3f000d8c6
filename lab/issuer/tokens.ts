import { createHmac, type KeyObject, sign } from 'node:crypto';
import type { Claims } from './claims.ts';

/** The algorithm of a token's signature; `none` for no signature. */
export type Signature =
  | { readonly alg: 'RS256' | 'ES256'; readonly key: KeyObject; readonly kid: string }
  | { readonly alg: 'HS256'; readonly secret: string | Buffer; readonly kid: string }
  | { readonly alg: 'none' };

/** A JSON Web Token (RFC 7519) in the compact form (RFC 7515). */
export function signedToken(claims: Claims, signature: Signature): string {
  const { alg } = signature;
  const header = { typ: 'JWT', alg, ...('kid' in signature && { kid: signature.kid }) };
  const body = `${encoded(header)}.${encoded(claims)}`;
  return `${body}.${signatureOf(Buffer.from(body), signature)}`;
}

function signatureOf(body: Buffer, signature: Signature): string {
  if (signature.alg === 'none') return '';
  if (signature.alg === 'HS256') return createHmac('sha256', signature.secret).update(body).digest('base64url');
  const { alg, key } = signature;
  return sign('sha256', body, alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key).toString('base64url');
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
