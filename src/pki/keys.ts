import { createHash, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** Both halves as PEM: the private one as PKCS#1 (what kubeadm writes), the public one as SPKI. */
export interface KeyPair {
  readonly key: string;
  readonly pub: string;
}

const generate = promisify(generateKeyPair);

/** A new RSA 2048 pair, made on the thread pool: call it many times at once, never one after the other. */
export async function newKeyPair(): Promise<KeyPair> {
  const pair = await generate('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { key: pair.privateKey, pub: pair.publicKey };
}

/** Gives one new pair every time: for a dry run, which only asks what would be made. */
export function onePairForAll(): () => Promise<KeyPair> {
  let pair: Promise<KeyPair> | undefined;
  return () => {
    pair ??= newKeyPair();
    return pair;
  };
}

/** The public half of a key as PEM. */
export function publicHalf(key: string): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

/**
 * SHA-256 of the public half: equal for a private key, its public key and each certificate made for it.
 * `undefined` where the text is none of these.
 */
export function keyId(pem: string): string | undefined {
  try {
    return sha256(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
  } catch {
    return undefined;
  }
}

/** Lower-case hex. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
