import { randomUUID } from 'node:crypto';

/** A host's answer about a secret file whose text stays on the host; the engine's `Withheld`. */
export interface WithheldSecret {
  readonly sha256: string;
  readonly withoutKey: string;
  readonly publicHalf: string;
  /** Whether the file contains only the key (or a kubeconfig contains only the key in the key's place). */
  readonly isAlone: boolean;
  readonly certificate: string;
}

/** The same, with the public key that the key is considered to have. */
export interface StandIn extends Omit<WithheldSecret, 'publicHalf'> {
  /** SHA-256 of the public key in DER; absent if there is no readable key. */
  readonly publicHalf?: string;
}

/** Random per process, so no text of a host can be mistaken for a placeholder. */
const mark = `stand-in ${randomUUID()}\n`;

/** A placeholder for a secret's text in a run that only compares. It passes through all code that handles keys, but contains no key. */
export function standInText(standIn: StandIn): string {
  return mark + JSON.stringify(standIn);
}

/** The placeholder in a text, or `undefined` for any other text. Only texts that this process made are placeholders. */
export function readStandIn(text: string): StandIn | undefined {
  return text.startsWith(mark) ? (JSON.parse(text.slice(mark.length)) as StandIn) : undefined;
}

/** A placeholder for a secret that a run would create. It equals no file of any host. */
export const toBeMade = standInText({ sha256: 'to be made', withoutKey: '', isAlone: true, certificate: '' });
