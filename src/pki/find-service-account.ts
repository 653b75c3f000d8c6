import { paths } from '../layout/paths.ts';
import type { Authorities } from './authorities.ts';
import { findPair } from './find-pair.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId, publicHalf } from './keys.ts';
import { promoted, readTrust, type ServiceAccountTrust, trusted, trustText } from './service-account-trust.ts';
import { readStandIn, toBeMade } from './stand-in.ts';
import type { SeenHost } from './traces.ts';

type ServiceAccount = Authorities['serviceAccount'];

/** One master's files in a cluster that trusts more than one key. */
interface Held {
  readonly key: string;
  readonly pub: string;
  readonly trust: ServiceAccountTrust;
}

/**
 * The masters' key that signs service-account tokens, and the public keys that they trust; undefined if no master has the key. While a rotation goes
 * from one stage to the next, masters differ: then the result is the later key, with the trust in all keys that have signed.
 * @param inUse whether a cluster uses the pair
 * @throws Problem AUTHORITY_BROKEN, AUTHORITIES_DIFFER
 */
export function findServiceAccount(masters: readonly SeenHost[], inUse: () => boolean): ServiceAccount | undefined {
  const rotating = rotatingPair(masters);
  if (rotating) return rotating;
  const { key, pub } = paths.serviceAccount;
  const found = findPair({ title: 'service-account key pair', key, half: pub }, masters, inUse);
  return found && { key: found.key, pub: found.half ?? publicOf(found.key) };
}

function publicOf(key: string): string {
  return readStandIn(key) ? toBeMade : publicHalf(key);
}

/** Undefined if no master trusts a second key, or masters have keys that the others do not trust: that is no rotation. */
function rotatingPair(masters: readonly SeenHost[]): ServiceAccount | undefined {
  const held = masters.flatMap(heldBy);
  const [first] = held;
  if (!first || !held.some(({ trust }) => trusted(trust).length > 1)) return undefined;
  const isTrusted = (key: string) => held.every(({ trust }) => trusted(trust).some((pem) => keyId(pem) === keyId(key)));
  if (!held.every(({ key }) => isSoleKey(key) && isTrusted(key))) return undefined;
  const latest = held.find(({ key }) => !held.some((other) => isLater(other.key, key, held))) ?? first;
  const same = held.every(({ key, pub }) => keyId(key) === keyId(latest.key) && pub.trim() === latest.pub.trim());
  return { key: latest.key, pub: same ? latest.pub : trustText(joined(latest, held)) };
}

function heldBy({ files }: SeenHost): readonly Held[] {
  const [key, pub] = [files.get(paths.serviceAccount.key), files.get(paths.serviceAccount.pub)];
  const trust = pub === undefined ? undefined : readTrust(pub);
  return key !== undefined && pub !== undefined && trust ? [{ key, pub, trust }] : [];
}

/** By what any master says of the two: a former key is before the current one, and a next one after it. */
function isLater(key: string, than: string, held: readonly Held[]): boolean {
  const [later, earlier] = [keyId(key), keyId(than)];
  const has = (pems: readonly string[], id: string | undefined) => pems.some((pem) => keyId(pem) === id);
  return held.some(
    ({ trust: { current, next, former } }) =>
      (keyId(current) === later && has(former, earlier)) || (keyId(current) === earlier && has(next, later)),
  );
}

/** What all masters trust together, seen from the key that signs. */
function joined({ key }: Held, held: readonly Held[]): ServiceAccountTrust {
  const signing = new Set(held.map((each) => keyId(each.key)));
  const all = new Map(held.flatMap(({ trust }) => trusted(trust).map((pem) => [keyId(pem), pem])));
  const unused = new Set(held.flatMap(({ trust }) => trust.next.map(keyId)).filter((id) => !signing.has(id)));
  for (const { trust } of held) for (const pem of [trust.current, ...trust.former]) unused.delete(keyId(pem));
  const current = all.get(keyId(key)) ?? '';
  const others = [...all].filter(([id]) => id !== keyId(key));
  const pick = (isUnused: boolean) => others.filter(([id]) => unused.has(id) === isUnused).map(([, pem]) => pem);
  return { current, next: pick(true), former: pick(false) };
}

/** A service account that also trusts a key which signs nothing yet; one that never came to sign is dropped. */
export function withNextKey({ key, pub }: ServiceAccount, next: string): ServiceAccount {
  return { key, pub: trustText({ ...trustOf(pub), next: [next] }) };
}

/** A service account that signs with a key that it trusts already. */
export function signingWith({ pub }: ServiceAccount, pair: ServiceAccount): ServiceAccount {
  return { key: pair.key, pub: trustText(promoted(trustOf(pub), pair.pub)) };
}

/** A service account that trusts only the key that signs. */
export function trustingOnlyCurrent({ key, pub }: ServiceAccount): ServiceAccount {
  return { key, pub: trustText({ ...trustOf(pub), next: [], former: [] }) };
}

/** @throws TypeError if the text has no public key: findServiceAccount has read it */
export function trustOf(pub: string): ServiceAccountTrust {
  const trust = readTrust(pub);
  if (!trust) throw new TypeError('no public key of service accounts');
  return trust;
}
