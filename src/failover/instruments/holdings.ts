import type { LeaseSighting } from './transfers.ts';

/** A stretch of time in which one host held a lease, in ms since the fault began. */
export interface Holding {
  readonly what: string;
  /** Undefined: no living holder. */
  readonly host: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly renewedMs: readonly number[];
}

/**
 * Who held each lease when. A holder is taken for alive until its last renewal: a lease that is still valid on paper while its
 * holder is gone has no holder; the failover is judged by this interval.
 */
export function holdingsOf(seen: readonly LeaseSighting[], faultAt: number, endAt: number): readonly Holding[] {
  const leases = [...new Set(seen.map(({ lease }) => lease))].sort();
  return leases.flatMap((lease) => {
    const turns = turnsOf(seen.filter((sighting) => sighting.lease === lease));
    return turns.flatMap((turn, index) => heldBy(lease, turn, turns[index + 1]?.[0]?.at, { faultAt, endAt }));
  });
}

/** Sightings of one holder after another. */
function turnsOf(seen: readonly LeaseSighting[]): readonly (readonly LeaseSighting[])[] {
  const turns: LeaseSighting[][] = [];
  for (const sighting of seen) {
    const current = turns.at(-1);
    if (current?.[0]?.holder === sighting.holder) current.push(sighting);
    else turns.push([sighting]);
  }
  return turns;
}

function heldBy(
  what: string,
  turn: readonly LeaseSighting[],
  next: number | undefined,
  { faultAt, endAt }: { readonly faultAt: number; readonly endAt: number },
): readonly Holding[] {
  const [first, last] = [turn[0], turn.at(-1)];
  if (!first || !last) return [];
  const since = (at: number) => Math.round(at - faultAt);
  const alive = { what, fromMs: since(first.at), renewedMs: turn.map(({ at }) => since(at)) };
  const until = next ?? endAt;
  if (first.holder === '') return [{ ...alive, host: undefined, toMs: since(until), renewedMs: [] }];
  // A host of an unknown name still is somebody.
  const host = last.host ?? last.holder;
  // Without a successor the holder is alive, unless it has been silent for as long as its lease lasts.
  if (next === undefined && endAt - last.at < last.durationSeconds * 1000)
    return [{ ...alive, host, toMs: since(endAt) }];
  return [
    { ...alive, host, toMs: since(last.at) },
    { what, host: undefined, fromMs: since(last.at), toMs: since(until), renewedMs: [] },
  ];
}
