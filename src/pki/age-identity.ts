import { Problem } from '../errors.ts';

/** The two halves of an age key. Whoever has the recipient could make a bundle, so neither of them is published. */
export interface AgeKey {
  /** `AGE-SECRET-KEY-1…`: opens. */
  readonly identity: string;
  /** `age1…`: seals. */
  readonly recipient: string;
}

/**
 * A new X25519 key for tests: the kind that every version of the age command knows.
 * @internal
 */
export async function newIdentity(): Promise<AgeKey> {
  const age = await import('age-encryption');
  return await readIdentity(await age.generateX25519Identity());
}

/**
 * The key in a secret: its bare line, or the whole file of age-keygen with its comments.
 * @throws Problem IDENTITY_INVALID, without a word of what the secret holds.
 */
export async function readIdentity(secret: string): Promise<AgeKey> {
  const age = await import('age-encryption');
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const [identity, ...others] = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (identity === undefined || others.length > 0) throw invalid(identity ? 'more than one' : 'no');
  try {
    return { identity, recipient: await age.identityToRecipient(identity) };
  } catch {
    // The library's error could quote the key: it is not passed on as the cause.
    throw invalid('a damaged');
  }
}

function invalid(what: string): Problem {
  return new Problem(`the bundles’ key has ${what} age identity in it`, {
    code: 'IDENTITY_INVALID',
    hint: 'Store what `age-keygen` prints (AGE-SECRET-KEY-1…) as the repository’s secret.',
  });
}
