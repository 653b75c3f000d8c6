import { Problem } from '../errors.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId } from './keys.ts';
import type { SeenHost } from './traces.ts';
import { fingerprint, readCertificate } from './x509-read.ts';

/** A private key and its other half (a certificate or a public key), where masters keep them. */
export interface PairPlace {
  /** For messages: `kubernetes authority`. */
  readonly title: string;
  readonly key: string;
  readonly half: string;
}

/** What the masters have of a pair, once it is settled which one counts. */
export interface FoundPair {
  readonly key: string;
  readonly half?: string;
}

/** One text, seen on one or more masters. */
interface Seen {
  readonly text: string;
  readonly keyId: string;
  /** Tells two certificates for one key apart. */
  readonly id: string;
  readonly hosts: readonly string[];
}

/**
 * The one pair that the masters have, complete or as a lone key; `undefined` where no master has its key.
 *
 * A half that fits no key is left by a run that was killed, or its key is lost. Which of the two it is, `inUse` tells:
 * is there, on any host, something that came from that half?
 * @throws Problem AUTHORITY_BROKEN for what can't be read or does not fit, AUTHORITIES_DIFFER where masters disagree.
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

/** Both halves of one master must be readable and belong together. */
function checkFit({ title, key, half }: PairPlace, { host, files }: SeenHost): void {
  const ids = [key, half].map((path) => {
    const text = files.get(path);
    const id = text === undefined ? undefined : keyId(text);
    if (text !== undefined && id === undefined) throw broken(host, path, `the ${title}’s file can’t be read`);
    return id;
  });
  const text = files.get(key);
  if (text !== undefined && !isSoleKey(text)) throw surrounded(host, key, title);
  const [keyHas, halfHas] = ids;
  if (keyHas !== undefined && halfHas !== undefined && keyHas !== halfHas)
    throw broken(host, key, `the ${title}’s key does not fit ${half}`);
}

/** Equal texts (by what they mean, not by their bytes) once, with all masters that have them. */
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

/** Masters that have different versions of what must be one. Fingerprints are of public halves, or of hashes: no secret. */
export function disagreement(
  title: string,
  path: string,
  versions: readonly { readonly id: string; readonly hosts: readonly string[] }[],
): Problem {
  const detail = versions.map(({ id, hosts }) => `${hosts.join(', ')}: ${path} ${id.slice(0, 16)}…`);
  return new Problem(`the masters disagree about the ${title}: ${detail.join('; ')}`, {
    code: 'AUTHORITIES_DIFFER',
    detail,
    hint: 'Decide which one the cluster uses (the hosts’ certificates tell: openssl verify) and remove the other’s files from their masters.',
  });
}

/** It would be copied to other masters, and which part of it is secret is unknown. */
function surrounded(host: string, file: string, title: string): Problem {
  return new Problem(`${file}: the ${title}’s file holds more than one unencrypted private key`, {
    code: 'AUTHORITY_BROKEN',
    host,
    hint: 'Remove from the file what is before and behind the block of the key: comments, attributes, a byte order mark, other blocks.',
  });
}

/** One master's files are damaged or mixed up: too dangerous to guess. */
export function broken(host: string, file: string, message: string): Problem {
  return new Problem(`${file}: ${message}`, {
    code: 'AUTHORITY_BROKEN',
    host,
    hint: 'Restore the file from a backup or from another master, or remove both halves from this master where another one has them.',
  });
}
