import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { Problem } from '../errors.ts';

/**
 * Converts a private key to a format that the SSH library accepts. Fixes Windows line ends and a missing last line end, because
 * secrets are pasted; converts PKCS#8, which the library refuses, to PKCS#1, SEC1 or OpenSSH's format.
 * @throws Problem SSH_KEY_INVALID, which never quotes the key.
 */
export function normalPrivateKey(text: string): string {
  const clean = `${text.replaceAll('\r', '').trim()}\n`;
  const kind = /^-----BEGIN ([A-Z0-9 ]*)-----$/m.exec(clean)?.[1];
  if (kind === undefined || !kind.endsWith('PRIVATE KEY')) throw invalid(notAKey(clean));
  if (kind === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(clean)) throw invalid(protectedKey);
  if (kind === 'OPENSSH PRIVATE KEY') return clean;
  try {
    return convert(createPrivateKey(clean));
  } catch (cause) {
    throw cause instanceof Problem ? cause : invalid('its content is damaged');
  }
}

const protectedKey = 'it is protected by a passphrase; use a separate key without one';

/** Describes the text, for a user who pasted the wrong one. */
function notAKey(text: string): string {
  if (/^(ssh-|ecdsa-|sk-)/.test(text)) return 'it is a public key; the private one is needed';
  if (text.startsWith('PuTTY')) return 'it is in PuTTY format; export it as an OpenSSH key';
  if (text.trim() === '') return 'it is empty';
  return 'it has no separate line "-----BEGIN … PRIVATE KEY-----"; keep the line breaks when you paste it';
}

/** The Problem for an unusable key, also for errors of the SSH library. */
export function invalid(why: string): Problem {
  return new Problem(`the SSH private key cannot be read: ${why}`, {
    code: 'SSH_KEY_INVALID',
    hint: 'Create one with: ssh-keygen -t ed25519 -N "" -f key, and store the complete file "key" as the secret.',
  });
}

function convert(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'ed25519':
      return openSshEd25519(key);
    default:
      throw invalid(`SSH does not support keys of the type ${key.asymmetricKeyType}`);
  }
}

/** PKCS#1 and SEC1 do not support Ed25519 keys; OpenSSH's format does. */
function openSshEd25519(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const publicPart = Buffer.from(x, 'base64url');
  const type = field('ssh-ed25519');
  const check = randomBytes(4);
  const privatePart = Buffer.concat([Buffer.from(d, 'base64url'), publicPart]);
  const inner = Buffer.concat([check, check, type, field(publicPart), field(privatePart), field('')]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (inner.length % 8)) % 8));
  const outer = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[field('none'), field('none'), field(''), Buffer.from([0, 0, 0, 1])],
    field(Buffer.concat([type, field(publicPart)])),
    field(Buffer.concat([inner, padding])),
  ]);
  const lines = outer.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
