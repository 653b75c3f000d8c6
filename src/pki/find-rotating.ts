import type { FoundPair } from './find-pair.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId } from './keys.ts';
import type { SeenHost } from './traces.ts';
import { readTrust, type Trust, trusted, trustText } from './trust.ts';

/** One master's files in a cluster that trusts more than one key. */
interface Held {
  readonly key: string;
  readonly text: string;
  readonly trust: Trust;
}

/**
 * The pair of masters that trust more than one key. While a rotation goes from one stage to the next, masters differ: then the result is the later
 * key, with the trust in all keys that have signed. Undefined if no master trusts a second key, or masters have keys that the others do not trust: that is
 * no rotation.
 */
export function findRotating(
  place: { readonly key: string; readonly half: string },
  masters: readonly SeenHost[],
): Required<FoundPair> | undefined {
  const held = masters.flatMap((master) => heldBy(place, master));
  const [first] = held;
  if (!first || !held.some(({ trust }) => trusted(trust).length > 1)) return undefined;
  const isTrusted = (key: string) => held.every(({ trust }) => trusted(trust).some((pem) => keyId(pem) === keyId(key)));
  if (!held.every(({ key }) => isSoleKey(key) && isTrusted(key))) return undefined;
  const latest = held.find(({ key }) => !held.some((other) => isLater(other.key, key, held))) ?? first;
  const isLatest = ({ key, text, trust }: Held) =>
    [key, trust.current].every((each) => keyId(each) === keyId(latest.key)) && text.trim() === latest.text.trim();
  return { key: latest.key, half: held.every(isLatest) ? latest.text : trustText(joined(latest, held)) };
}

function heldBy(place: { readonly key: string; readonly half: string }, { files }: SeenHost): readonly Held[] {
  const [key, text] = [files.get(place.key), files.get(place.half)];
  const trust = text === undefined ? undefined : readTrust(text);
  return key !== undefined && text !== undefined && trust ? [{ key, text, trust }] : [];
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
function joined({ key }: Held, held: readonly Held[]): Trust {
  const signing = new Set(held.map((each) => keyId(each.key)));
  const all = new Map(held.flatMap(({ trust }) => trusted(trust).map((pem) => [keyId(pem), pem])));
  const unused = new Set(held.flatMap(({ trust }) => trust.next.map(keyId)).filter((id) => !signing.has(id)));
  for (const { trust } of held) for (const pem of [trust.current, ...trust.former]) unused.delete(keyId(pem));
  const current = all.get(keyId(key)) ?? '';
  const others = [...all].filter(([id]) => id !== keyId(key));
  const pick = (isUnused: boolean) => others.filter(([id]) => unused.has(id) === isUnused).map(([, pem]) => pem);
  return { current, next: pick(true), former: pick(false) };
}
