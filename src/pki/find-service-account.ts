import { paths } from '../layout/paths.ts';
import type { Authorities } from './authorities.ts';
import { findPair } from './find-pair.ts';
import { findRotating } from './find-rotating.ts';
import { publicHalf } from './keys.ts';
import { readStandIn, toBeMade } from './stand-in.ts';
import type { SeenHost } from './traces.ts';
import { promoted, trustOf, trustText } from './trust.ts';

type ServiceAccount = Authorities['serviceAccount'];

/**
 * The masters' key that signs service-account tokens, and the public keys that they trust; undefined if no master has the key.
 * @param inUse whether a cluster uses the pair
 * @throws Problem AUTHORITY_BROKEN, AUTHORITIES_DIFFER
 */
export function findServiceAccount(masters: readonly SeenHost[], inUse: () => boolean): ServiceAccount | undefined {
  const place = { key: paths.serviceAccount.key, half: paths.serviceAccount.pub };
  const found =
    findRotating(place, masters) ?? findPair({ title: 'service-account key pair', ...place }, masters, inUse);
  return found && { key: found.key, pub: found.half ?? publicOf(found.key) };
}

function publicOf(key: string): string {
  return readStandIn(key) ? toBeMade : publicHalf(key);
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
