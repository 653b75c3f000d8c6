import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The id of the signing key in the key set. */
export const keyId = 'lab-1';

/** A token issuer of the lab: its keys, and the certificates of its server, all in one folder. */
export interface Issuer {
  readonly folder: string;
  /** PEM of the CA that issued its server's certificate. */
  readonly ca: string;
  readonly key: KeyObject;
}

/** The issuer in a folder, with new keys if it has none; its server answers at `address`. */
export function openIssuer(folder: string, address: string): Issuer {
  if (!existsSync(join(folder, 'server.crt'))) makeIssuer(folder, address);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { folder, ca: read('ca.crt'), key: createPrivateKey(read('signing.key')) };
}

function makeIssuer(folder: string, address: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'signing.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=issuer of the lab',
    '-days',
    '30',
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=issuer');
  writeFileSync(join(folder, 'server.ext'), `subjectAltName=IP:${address}\nextendedKeyUsage=serverAuth\n`);
  const from = ['-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'server.ext'];
  openssl('x509', '-req', ...from, '-out', 'server.crt', '-days', '30');
}

/** The public half of a key, in the format of a key set (RFC 7517). */
export function jwkOf(key: KeyObject): object {
  return { ...createPublicKey(key).export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' };
}
