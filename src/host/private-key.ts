import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { Problem } from '../errors.ts';

/**
 * A private key in a form that the SSH library takes. Line ends of Windows and a missing last one are mended, since
 * secrets are pasted; PKCS#8, which the library refuses, becomes PKCS#1, SEC1 or OpenSSH's own format.
 * @throws Problem SSH_KEY_INVALID, which never shows a part of the key.
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

const protectedKey = 'it is protected by a passphrase; give a key without one, made for this purpose';

/** What the text looks like, for a person who pasted the wrong thing. */
function notAKey(text: string): string {
  if (/^(ssh-|ecdsa-|sk-)/.test(text)) return 'it is a public key; the private one is needed';
  if (text.startsWith('PuTTY')) return 'it is in PuTTY format; export it as an OpenSSH key';
  if (text.trim() === '') return 'it is empty';
  return 'it has no line "-----BEGIN … PRIVATE KEY-----" of its own; keep the line breaks when you paste it';
}

/** The Problem for a key that cannot be used, also for what the SSH library says of it. */
export function invalid(why: string): Problem {
  return new Problem(`the SSH private key cannot be read: ${why}`, {
    code: 'SSH_KEY_INVALID',
    hint: 'Make one with: ssh-keygen -t ed25519 -N "" -f key, and store the whole file "key" as the secret.',
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
      throw invalid(`keys of the kind ${key.asymmetricKeyType} are not for SSH`);
  }
}

/** Neither PKCS#1 nor SEC1 can hold an Ed25519 key: OpenSSH's format can. */
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
