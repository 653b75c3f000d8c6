import type { LeaseSighting } from './transfers.ts';

/** A period in which one host held a lease, in ms since the fault began. */
export interface Holding {
  readonly what: string;
  /** Undefined if no living host held it. */
  readonly host: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly renewedMs: readonly number[];
}

/**
 * Which host held each lease, and when. A holder counts as alive until its last renewal: a lease that is not expired but
 * whose holder is lost has no holder; this interval is what the failover is judged by.
 */
export function holdingsOf(seen: readonly LeaseSighting[], faultAt: number, endAt: number): readonly Holding[] {
  const leases = [...new Set(seen.map(({ lease }) => lease))].sort();
  return leases.flatMap((lease) => {
    const turns = turnsOf(seen.filter((sighting) => sighting.lease === lease));
    return turns.flatMap((turn, index) => heldBy(lease, turn, turns[index + 1]?.[0]?.at, { faultAt, endAt }));
  });
}

/** Sightings, grouped by consecutive holder. */
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
  // A holder whose host name is unknown is still a holder.
  const host = last.host ?? last.holder;
  // Without a successor the holder counts as alive, unless its last renewal is older than the lease's duration.
  if (next === undefined && endAt - last.at < last.durationSeconds * 1000)
    return [{ ...alive, host, toMs: since(endAt) }];
  return [
    { ...alive, host, toMs: since(last.at) },
    { what, host: undefined, fromMs: since(last.at), toMs: since(until), renewedMs: [] },
  ];
}
