import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readStandIn } from './stand-in.ts';

/** A private key as PEM, found in a text. */
export interface KeyBlock {
  /** From banner to banner, as it is in the text. */
  readonly text: string;
  /** The words between the banners: base64 and headers. */
  readonly words: readonly string[];
}

const begin = '-----BEGIN ';
const dashes = '-----';
/** An escaped line end, as JSON, YAML and shell write it in a single line. */
const writtenEnd = /(?:\\r)?\\n/g;
/** Shorter than the shortest key as PEM and base64. */
const base64Run = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{80,}={0,2}/g;

/**
 * Every private key in a text, in any position: behind a byte order mark or a comment, before other blocks, on one line
 * with escaped line ends, or in base64 as in a kubeconfig. PKCS#1, PKCS#8, SEC 1 and OpenSSH, encrypted or not.
 */
export function keyBlocks(text: string): readonly KeyBlock[] {
  const decoded = (text.match(base64Run) ?? []).map((run) => Buffer.from(run, 'base64').toString('latin1'));
  return [text, ...decoded].flatMap(blocksIn);
}

function blocksIn(text: string): readonly KeyBlock[] {
  if (!text.includes('PRIVATE KEY')) return [];
  const [, ...parts] = text.replace(writtenEnd, '\n').split(begin);
  return parts.flatMap((part) => {
    const [label = '', body = '', ...end] = part.split(dashes, 3);
    if (!label.endsWith('PRIVATE KEY')) return [];
    const words = body.split(/\s+/).filter(Boolean);
    return [{ text: [begin + label, body, ...end].join(dashes) + (end.length > 0 ? dashes : ''), words }];
  });
}

/**
 * The words of a block that are the key. Other words must not be masked: one may be a host's name, and
 * GitHub drops outputs that contain a masked value. So in a block that is not exactly one key, only words that look like base64 count.
 */
export function keyWords({ words }: KeyBlock): readonly string[] {
  const coded = words.filter((word) => /^[A-Za-z0-9+/]+={0,2}$/.test(word));
  if (isExactlyKey(Buffer.from(coded.join(''), 'base64'))) return coded;
  return coded.filter((word) => word.length >= 16 && /[A-Z]/.test(word) && /[a-z]/.test(word));
}

const forms = ['pkcs8', 'pkcs1', 'sec1'] as const;

/** Whether bytes are exactly one key: encoding it again gives the same bytes. */
function isExactlyKey(der: Buffer): boolean {
  return forms.some((type) => {
    try {
      return exported(createPrivateKey({ key: der, format: 'der', type }), type).equals(der);
    } catch {
      return false;
    }
  });
}

function exported(key: KeyObject, type: (typeof forms)[number]): Buffer {
  return key.export({ type, format: 'der' }) as Buffer;
}

const sole = /^[ \t\r\n]*-----BEGIN ([A-Z ]*PRIVATE KEY)-----\r?\n(?:[A-Za-z0-9+/]+={0,2}\r?\n)+-----END \1-----\s*$/;

/** Whether a text is one private key and nothing else except white space. For a placeholder, the host's answer. */
export function isSoleKey(text: string): boolean {
  return readStandIn(text)?.isAlone ?? sole.test(text);
}
