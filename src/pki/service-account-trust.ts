// The public keys that API servers accept service-account tokens of: one file of several PEM blocks, in which the lines between say what a key
// is. Kubernetes skips these lines. Source: ParsePublicKeysPEM in k8s.io/client-go/util/keyutil
import { keyId } from './keys.ts';

/** Public keys, PEM. */
export interface ServiceAccountTrust {
  /** Its private key signs. */
  readonly current: string;
  /** Trusted before they sign, so that every API server knows them by then. */
  readonly next: readonly string[];
  /** Have signed tokens that may be in use. */
  readonly former: readonly string[];
}

const marks = { next: '# next: signs nothing yet', former: '# former: signs nothing any more' } as const;

const block =
  /(?<mark># (?:next|former): [^\n]*)?\r?\n?(?<pem>-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----)/g;

/** The text of the file. */
export function trustText({ current, next, former }: ServiceAccountTrust): string {
  const marked = (mark: string, pems: readonly string[]) => pems.map((pem) => `${mark}\n${pem.trim()}\n`);
  return [`${current.trim()}\n`, ...marked(marks.next, next), ...marked(marks.former, former)].join('');
}

/** Reads the file: the first key without a mark is the current one. Undefined if there is none, or a key is unreadable. */
export function readTrust(text: string): ServiceAccountTrust | undefined {
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
export function trusted({ current, next, former }: ServiceAccountTrust): readonly string[] {
  return [current, ...next, ...former];
}

/** The trust after a new key begins to sign. */
export function promoted({ current, next, former }: ServiceAccountTrust, pub: string): ServiceAccountTrust {
  const others = next.filter((pem) => keyId(pem) !== keyId(pub));
  return { current: pub, next: others, former: [current, ...former] };
}
