import type { Recipient } from 'age-encryption';

/** An unencrypted, but authenticated, line of the header. age passes over stanzas that it does not know. */
const lengthStanza = 'k8s-ha-action/length';
const magic = 'age-encryption.org/v1\n';
const headerEnd = /\n--- [^\n]*\n/;

/** What can be told of an age file without a key. */
export type Envelope = 'foreign' | 'truncated' | 'overlong' | 'whole';

/**
 * Writes down how long the file is to be: to age itself a file that was cut off and one that was changed look the same,
 * but one of them means "upload again" and the other one "somebody was here".
 */
export async function lengthRecipient(plaintextBytes: number): Promise<Recipient> {
  const { Stanza } = await import('age-encryption');
  const length = String(payloadBytes(plaintextBytes));
  return { wrapFileKey: () => [new Stanza([lengthStanza, length], new Uint8Array())] };
}

/** Judges the outside of a file; one that the age command made has no length in it and passes as whole. */
export function judgeEnvelope(bytes: Uint8Array): Envelope {
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.startsWith(magic)) return magic.startsWith(text) ? 'truncated' : 'foreign';
  const end = headerEnd.exec(text);
  if (!end) return 'truncated';
  const header = text.slice(0, end.index);
  const written = new RegExp(`\n-> ${lengthStanza} (\\d+)`).exec(header)?.[1];
  if (written === undefined) return 'whole';
  const missing = Number(written) - (text.length - end.index - end[0].length);
  if (missing === 0) return 'whole';
  return missing > 0 ? 'truncated' : 'overlong';
}

/** A nonce, then chunks of 64 KiB with a tag each. */
function payloadBytes(plaintextBytes: number): number {
  const chunk = 64 * 1024;
  return 16 + plaintextBytes + 16 * Math.max(1, Math.ceil(plaintextBytes / chunk));
}
