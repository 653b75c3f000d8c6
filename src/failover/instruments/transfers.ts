import type { Elected, LeaseView } from '../../kubernetes/index.ts';
import type { Sighting } from './timeline.ts';

/** A state of a lease, and when the runner received it. */
export interface LeaseSighting extends LeaseView {
  readonly at: number;
}

/** The transfer of one lease. Times are ms since the fault began. */
export interface Transfer {
  readonly lease: Elected;
  readonly from: string | undefined;
  /** The host that acquired it; undefined if none did. */
  readonly to: string | undefined;
  /** Whether the target held it, so that it had to move. */
  readonly expected: boolean;
  /** The last renewal by the old holder. */
  readonly lastRenewedMs: number | undefined;
  readonly takenMs: number | undefined;
  /** How much leaseTransitions grew. */
  readonly transitions: number;
}

/** Computes the transfer of a lease from all its sightings. */
export function transferOf(
  before: LeaseView,
  target: string | undefined,
  seen: readonly LeaseSighting[],
  faultAt: number,
): Transfer {
  const own = seen.filter(({ lease }) => lease === before.lease);
  const old = own.filter(({ holder }) => holder === before.holder).at(-1);
  const taken = own.find(({ at, holder, host }) => at >= faultAt && holder !== before.holder && host !== undefined);
  const since = (at: number | undefined) => (at === undefined ? undefined : Math.round(at - faultAt));
  return {
    lease: before.lease,
    from: before.host,
    to: taken?.host,
    expected: before.host === target,
    lastRenewedMs: since(old?.at),
    takenMs: since(taken?.at),
    transitions: (own.at(-1)?.transitions ?? before.transitions) - before.transitions,
  };
}

/** Whether a host other than `target` holds each of these leases and has renewed it at least once. */
export function allElsewhere(leases: readonly Elected[], target: string, seen: readonly LeaseSighting[]): boolean {
  return leases.every((lease) => {
    const own = seen.filter((sighting) => sighting.lease === lease);
    const last = own.at(-1);
    if (!last || last.host === undefined || last.host === target) return false;
    return own.filter(({ holder }) => holder === last.holder).length > 1;
  });
}

/** The holders' changes for the timeline; renewals are left out. */
export function leaseEvents(seen: readonly LeaseSighting[]): readonly Sighting[] {
  return seen.flatMap((sighting, index): readonly Sighting[] => {
    const { at, lease, holder, host, transitions } = sighting;
    const before = seen.slice(0, index).findLast((earlier) => earlier.lease === lease);
    if (!before) return [{ at, track: 'lease', what: `${lease}: held by ${host ?? 'no host'}` }];
    if (before.holder === holder) return [];
    const renewed: Sighting = {
      at: before.at,
      track: 'lease',
      what: `${lease}: last renewal by ${before.host ?? 'no host'}`,
    };
    if (holder === '') return [renewed, { at, track: 'lease', what: `${lease}: given up` }];
    return [renewed, { at, track: 'lease', what: `${lease}: taken by ${host ?? holder}, transition ${transitions}` }];
  });
}
