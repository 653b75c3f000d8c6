import { Problem } from '../errors.ts';

/** The two halves of an age key. Neither is published, because anyone with the recipient could create a bundle. */
export interface AgeKey {
  /** `AGE-SECRET-KEY-1…`: decrypts. */
  readonly identity: string;
  /** `age1…`: encrypts. */
  readonly recipient: string;
}

/**
 * A new X25519 key for tests: the type that every version of the age command supports.
 * @internal
 */
export async function newIdentity(): Promise<AgeKey> {
  const age = await import('age-encryption');
  return await readIdentity(await age.generateX25519Identity());
}

/**
 * Reads the key from a secret: either its line, or the complete file of age-keygen with comments.
 * @param title of the key, for messages.
 * @throws Problem IDENTITY_INVALID, which does not quote the secret.
 */
export async function readIdentity(secret: string, title = 'the bundles’ key'): Promise<AgeKey> {
  const age = await import('age-encryption');
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const [identity, ...others] = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (identity === undefined || others.length > 0) throw invalid(title, identity ? 'more than one' : 'no');
  try {
    return { identity, recipient: await age.identityToRecipient(identity) };
  } catch {
    // Without the library's error as the cause, because it could quote the key.
    throw invalid(title, 'a damaged');
  }
}

function invalid(title: string, what: string): Problem {
  return new Problem(`${title} contains ${what} age identity`, {
    code: 'IDENTITY_INVALID',
    hint: 'Store what `age-keygen` prints (AGE-SECRET-KEY-1…) as the repository’s secret.',
  });
}
