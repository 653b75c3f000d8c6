// The rotation of the encryption key, as configurations that follow each other. Each is on all masters before the next one is on any, so
// each API server reads what all others write, and a rotation may stop after any of them.
import { type Encryption, newKey, readEncryption } from './encryption.ts';

/**
 * What is done next: `add` a key that only decrypts, let the new key encrypt (`promote`), or remove the old key (`retire`), which no object may
 * be under.
 */
export type EncryptionStep = 'add' | 'promote' | 'retire';

/** By the configuration that all masters have; undefined if its keys are not those of a rotation of this project. */
export function nextStep({ keys }: Encryption): EncryptionStep | undefined {
  if (keys.length === 1) return 'add';
  const [first, second] = keys.map(({ name }) => numberOf(name));
  if (keys.length !== 2 || first === undefined || second === undefined || first === second) return undefined;
  return first < second ? 'promote' : 'retire';
}

/** The configuration after a step. */
export function afterStep({ resources, keys }: Encryption, step: EncryptionStep): Encryption {
  if (step === 'add') {
    const highest = Math.max(...keys.map(({ name }) => numberOf(name) ?? 0));
    return { resources, keys: [...keys, newKey(`key${highest + 1}`)] };
  }
  return { resources, keys: step === 'promote' ? keys.toReversed() : keys.slice(0, 1) };
}

/**
 * The text for all masters if theirs differ because a rotation was killed between two of them: the one of the two neighbouring configurations
 * that decrypts all, and of those the later one. Undefined if they differ for another reason.
 */
export function agreedEncryption(texts: readonly string[]): string | undefined {
  const known = texts.flatMap((text) => {
    const encryption = readEncryption(text);
    return encryption ? [{ text, encryption }] : [];
  });
  const [one, other, ...more] = known;
  if (texts.length !== 2 || !one || !other || more.length > 0) return undefined;
  if (follows(one.encryption, other.encryption)) return laterOf(other, one).text;
  return follows(other.encryption, one.encryption) ? laterOf(one, other).text : undefined;
}

type Known = { readonly text: string; readonly encryption: Encryption };

function laterOf(earlier: Known, later: Known): Known {
  return later.encryption.keys.length >= earlier.encryption.keys.length ? later : earlier;
}

/** Whether a configuration is the next one after another. */
function follows(later: Encryption, earlier: Encryption): boolean {
  const step = nextStep(earlier);
  if (step === undefined || later.resources.join() !== earlier.resources.join()) return false;
  const added = step === 'add' && nextStep(later) === 'promote';
  const wanted = added ? [...earlier.keys, ...later.keys.slice(1)] : afterStep(earlier, step).keys;
  return JSON.stringify(later.keys) === JSON.stringify(wanted);
}

function numberOf(name: string): number | undefined {
  const digits = /^key(\d{1,9})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
