// What the masters trust of a key that is rotated, as one file of several PEM blocks, in which the lines between say what a block is: the public keys
// that API servers accept service-account tokens of, or the certificates of a CA. The first block is that of the key that signs, so what reads only one
// reads that. Kubernetes, etcd and OpenSSL skip these lines. Source: ParsePublicKeysPEM in k8s.io/client-go/util/keyutil, encoding/pem, PEM_read_bio(3)
import { keyId } from './keys.ts';

/** Public keys or certificates, PEM. */
export interface Trust {
  /** Its private key signs. */
  readonly current: string;
  /** Trusted before they sign, so that every reader knows them by then. */
  readonly next: readonly string[];
  /** Have signed tokens or certificates that may be in use. */
  readonly former: readonly string[];
}

const marks = { next: '# next: signs nothing yet', former: '# former: signs nothing any more' } as const;

const block =
  /(?<mark># (?:next|former): [^\n]*)?\r?\n?(?<pem>-----BEGIN (?<label>PUBLIC KEY|CERTIFICATE)-----[\s\S]*?-----END \k<label>-----)/g;

/** The text of the file. */
export function trustText({ current, next, former }: Trust): string {
  const marked = (mark: string, pems: readonly string[]) => pems.map((pem) => `${mark}\n${pem.trim()}\n`);
  return [`${current.trim()}\n`, ...marked(marks.next, next), ...marked(marks.former, former)].join('');
}

/** Reads the file: the first key without a mark is the current one. Undefined if there is none, or a key is unreadable. */
export function readTrust(text: string): Trust | undefined {
  const blocks = Array.from(text.matchAll(block), ({ groups }) => ({
    kind: /^# (\w+)/.exec(groups?.mark ?? '')?.[1],
    pem: groups?.pem ?? '',
  }));
  if (blocks.some(({ pem }) => keyId(pem) === undefined)) return undefined;
  const [current, ...more] = blocks.filter(({ kind }) => kind === undefined);
  if (!current) return undefined;
  const of = (wanted: string) => blocks.filter(({ kind }) => kind === wanted).map(({ pem }) => pem);
  // A key that someone has added by hand is kept: tokens of it may be in use.
  return { current: current.pem, next: of('next'), former: [...of('former'), ...more.map(({ pem }) => pem)] };
}

/** All keys of a file. */
export function trusted({ current, next, former }: Trust): readonly string[] {
  return [current, ...next, ...former];
}

/** The trust after a new key begins to sign. */
export function promoted({ current, next, former }: Trust, pub: string): Trust {
  const others = next.filter((pem) => keyId(pem) !== keyId(pub));
  return { current: pub, next: others, former: [current, ...former] };
}

/** @throws TypeError if the text has no key: the masters' files have been read before */
export function trustOf(text: string): Trust {
  const trust = readTrust(text);
  if (!trust) throw new TypeError('neither a public key nor a certificate');
  return trust;
}

/** Whether a file has one key without a mark, and so none that someone has added by hand. */
export function isAsWritten(text: string): boolean {
  const kinds = Array.from(text.matchAll(block), ({ groups }) => groups?.mark);
  return kinds.filter((mark) => mark === undefined).length === 1;
}
