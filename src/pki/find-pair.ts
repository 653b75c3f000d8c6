import { Problem } from '../errors.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId } from './keys.ts';
import type { SeenHost } from './traces.ts';
import { fingerprint, readCertificate } from './x509-read.ts';

/** The paths of a private key and its counterpart (a certificate or a public key) on masters. */
export interface PairPlace {
  /** For messages: `kubernetes CA`. */
  readonly title: string;
  readonly key: string;
  readonly half: string;
}

/** The pair that the masters agree on. */
export interface FoundPair {
  readonly key: string;
  readonly half?: string;
}

/** One text, found on one or more masters. */
interface Seen {
  readonly text: string;
  readonly keyId: string;
  /** Distinguishes two certificates for one key. */
  readonly id: string;
  readonly hosts: readonly string[];
}

/**
 * The masters' pair, complete or only its key; `undefined` if no master has the key.
 *
 * A certificate or public key without its key is from a killed run, or its key is lost. `inUse` decides: it returns
 * whether any host has a certificate or copy that came from it.
 * @throws Problem AUTHORITY_BROKEN for unreadable or mismatched files, AUTHORITIES_DIFFER if masters disagree.
 */
export function findPair(
  place: PairPlace,
  masters: readonly SeenHost[],
  inUse: (half: string) => boolean,
): FoundPair | undefined {
  for (const master of masters) checkFit(place, master);
  const keys = collect(place.key, masters);
  const halves = collect(place.half, masters);
  const whole = halves.filter((half) => keys.some((key) => key.keyId === half.keyId));
  const strayHalves = halves.filter((half) => !whole.includes(half) && inUse(half.text));
  const [key, ...otherKeys] = keys;
  if (otherKeys.length > 0) throw disagreement(place.title, place.key, keys);
  if (whole.length > 1) throw disagreement(place.title, place.half, halves);
  if (key && strayHalves.length > 0) throw disagreement(place.title, place.half, halves);
  const [half] = whole;
  return key && (half ? { key: key.text, half: half.text } : { key: key.text });
}

/** Both files of one master must be readable and match. */
function checkFit({ title, key, half }: PairPlace, { host, files }: SeenHost): void {
  const ids = [key, half].map((path) => {
    const text = files.get(path);
    const id = text === undefined ? undefined : keyId(text);
    if (text !== undefined && id === undefined) throw broken(host, path, `the file of the ${title} can’t be read`);
    return id;
  });
  const text = files.get(key);
  if (text !== undefined && !isSoleKey(text)) throw surrounded(host, key, title);
  const [keyHas, halfHas] = ids;
  if (keyHas !== undefined && halfHas !== undefined && keyHas !== halfHas)
    throw broken(host, key, `the key of the ${title} does not match ${half}`);
}

/** Each distinct text (compared by content, not by bytes) with all masters that have it. */
function collect(path: string, masters: readonly SeenHost[]): readonly Seen[] {
  const seen = new Map<string, Seen>();
  for (const { host, files } of masters) {
    const text = files.get(path);
    const key = text === undefined ? undefined : keyId(text);
    if (text === undefined || key === undefined) continue;
    const certificate = readCertificate(text);
    const id = certificate ? fingerprint(certificate) : key;
    const known = seen.get(id);
    seen.set(id, known ? { ...known, hosts: [...known.hosts, host] } : { text, keyId: key, id, hosts: [host] });
  }
  return [...seen.values()];
}

/** Masters have different versions of a file that must be the same. Fingerprints are of public keys, or of hashes: no secret. */
export function disagreement(
  title: string,
  path: string,
  versions: readonly { readonly id: string; readonly hosts: readonly string[] }[],
  hint = 'Find out which one the cluster uses (run openssl verify on the hosts’ certificates) and remove the files of the other one from their masters.',
): Problem {
  const detail = versions.map(({ id, hosts }) => `${hosts.join(', ')}: ${path} ${id.slice(0, 16)}…`);
  return new Problem(`the masters disagree about the ${title}: ${detail.join('; ')}`, {
    code: 'AUTHORITIES_DIFFER',
    detail,
    hint,
  });
}

/** Refused, because the file would be copied to other masters, and which part of it is secret is unknown. */
function surrounded(host: string, file: string, title: string): Problem {
  return new Problem(`${file}: the file of the ${title} holds more than one unencrypted private key`, {
    code: 'AUTHORITY_BROKEN',
    host,
    hint: 'Remove everything before and after the key’s block from the file: comments, attributes, a byte order mark, other blocks.',
  });
}

/** One master's files are damaged or do not match: a guess would be too dangerous. */
export function broken(host: string, file: string, message: string): Problem {
  return new Problem(`${file}: ${message}`, {
    code: 'AUTHORITY_BROKEN',
    host,
    hint: 'Restore the file from a backup or from another master. If another master has both files, you can also remove both from this one.',
  });
}
