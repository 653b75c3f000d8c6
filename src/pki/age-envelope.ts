import type { Recipient } from 'age-encryption';

/** An unencrypted, but authenticated, line of the header. age ignores unknown stanzas. */
const lengthStanza = 'k8s-ha-action/length';
const magic = 'age-encryption.org/v1\n';
const headerEnd = /\n--- [^\n]*\n/;

/** The state of an age file, as far as it is visible without a key. */
export type Envelope = 'foreign' | 'truncated' | 'overlong' | 'whole';

/**
 * Records the length of the file. age cannot distinguish a truncated file from a modified one, but a truncated file only needs a
 * new upload, and a modified one is an attack.
 */
export async function lengthRecipient(plaintextBytes: number): Promise<Recipient> {
  const { Stanza } = await import('age-encryption');
  const length = String(payloadBytes(plaintextBytes));
  return { wrapFileKey: () => [new Stanza([lengthStanza, length], new Uint8Array())] };
}

/**
 * Compares a file's length with the recorded one. A file that the age command wrote has no record and counts as complete.
 * @param bytes the file, or as much of it as has the header.
 * @param length of the file, in bytes.
 */
export function judgeEnvelope(bytes: Uint8Array, length = bytes.length): Envelope {
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.startsWith(magic)) return magic.startsWith(text) ? 'truncated' : 'foreign';
  const end = headerEnd.exec(text);
  if (!end) return 'truncated';
  const header = text.slice(0, end.index);
  const written = new RegExp(`\n-> ${lengthStanza} (\\d+)`).exec(header)?.[1];
  if (written === undefined) return 'whole';
  const missing = Number(written) - (length - end.index - end[0].length);
  if (missing === 0) return 'whole';
  return missing > 0 ? 'truncated' : 'overlong';
}

/** A nonce, then chunks of 64 KiB with one tag each. */
function payloadBytes(plaintextBytes: number): number {
  const chunk = 64 * 1024;
  return 16 + plaintextBytes + 16 * Math.max(1, Math.ceil(plaintextBytes / chunk));
}
