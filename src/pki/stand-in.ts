import { randomUUID } from 'node:crypto';

/** What a host says of a file with a secret, whose text stays there; the engine's `Withheld`. */
export interface WithheldSecret {
  readonly sha256: string;
  readonly withoutKey: string;
  readonly publicHalf: string;
  /** Whether the key is all that its file has (or all that a kubeconfig has in the place of the key). */
  readonly isAlone: boolean;
  readonly certificate: string;
}

/** The same, once it is settled what counts as the key's public half. */
export interface StandIn extends Omit<WithheldSecret, 'publicHalf'> {
  /** SHA-256 of the public half in DER; nothing where there is no key that can be read. */
  readonly publicHalf?: string;
}

/** Drawn by each process, so that no text of a host can pass for a stand-in. */
const mark = `stand-in ${randomUUID()}\n`;

/** What stands for a secret's text in a run that only compares: it goes through all code that looks at keys, and is none. */
export function standInText(standIn: StandIn): string {
  return mark + JSON.stringify(standIn);
}

export function readStandIn(text: string): StandIn | undefined {
  return text.startsWith(mark) ? (JSON.parse(text.slice(mark.length)) as StandIn) : undefined;
}

/** Stands for a secret that a run would make: equal to nothing that a host has. */
export const toBeMade = standInText({ sha256: 'to be made', withoutKey: '', isAlone: true, certificate: '' });
