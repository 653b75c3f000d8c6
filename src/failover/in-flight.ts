import type { ProbeFigures, Sample } from './instruments/samples.ts';
import type { FailoverResult } from './result.ts';

/** What the requests that may have been in flight are found by. */
type Found = Pick<FailoverResult, 'fault' | 'began' | 'hitMs' | 'masters' | 'probes'>;

/**
 * How long after `hitMs` a fault may still end requests, in milliseconds. Power or network are gone by then. The kernel closes the
 * sockets of a killed API server after it has freed its memory; what connects until then is lost.
 */
const endsLaterMs: Readonly<Record<string, number>> = { poweroff: 0, 'cut-network': 0, kill: 500 };

/** A power command that takes longer than this excuses nothing more: most write only that power goes, and wait for it. */
const slowestHitMs = 10_000;

/** Until then a balancer has noticed (docs/failover.md), and no request that it was given before may hang for longer. */
const noticedMs = 2500;

/** How Node.js and SSH name a connection that was refused, and how a probe names an answer: no API server had accepted these. */
const neverAccepted = /refused|^status \d/i;

/**
 * Counts the failed requests of one kind. `inFlight` are those that the master may have accepted before it was lost: no load balancer
 * can take a request back, or knows whether it was done. `failed` are all the others, which nothing excuses.
 *
 * Never more are excused than one lost master can explain. Power, network and processes go at one moment, so that only those
 * count that were pending at one and the same moment. A frozen master still accepts its share of connections until the load
 * balancer notices: one of the number of masters, and one more. A planned stop and a full disk excuse nothing.
 */
export function failuresOf(
  found: Found,
  kind: ProbeFigures['kind'],
): { readonly inFlight: number; readonly failed: number } {
  const own = found.probes.filter((probe) => probe.kind === kind);
  const failed = own.reduce((sum, probe) => sum + probe.failed, 0);
  const excused = new Set(found.fault === 'freeze' ? shareOfFrozen(found) : pendingAtOnce(found));
  const inFlight = own.flatMap(({ samples }) => samples ?? []).filter((sample) => excused.has(sample)).length;
  return { inFlight, failed: failed - inFlight };
}

const endOf = ({ at, ms }: Sample): number => at + ms;

/** Reads and writes that each made a connection, in the order of their beginning: load balancers count them alike. */
function connectionsOf(probes: Found['probes']): readonly Sample[] {
  const samples = probes.flatMap(({ kind, samples }) => (kind === 'new' || kind === 'write' ? (samples ?? []) : []));
  return samples.toSorted((one, other) => one.at - other.at);
}

function mayHaveBeenAccepted({ error, ms }: Sample): boolean {
  return error !== undefined && !neverAccepted.test(error) && ms <= noticedMs;
}

/** The most failed requests that were pending at one moment while the fault was injected. */
function pendingAtOnce({ fault, began, hitMs, probes }: Found): readonly Sample[] {
  const later = endsLaterMs[fault];
  if (later === undefined) return [];
  const from = Date.parse(began);
  const to = from + Math.min(hitMs, slowestHitMs) + later;
  const lost = connectionsOf(probes).filter(mayHaveBeenAccepted);
  const moments = [from, ...lost.map(({ at }) => at).filter((at) => at > from && at <= to)];
  const pending = moments.map((moment) => lost.filter((sample) => sample.at <= moment && endOf(sample) >= moment));
  return pending.reduce((most, each) => (each.length > most.length ? each : most), []);
}

/** Failed requests up to the share of a frozen master, for each probed node, whose load balancer counts for itself. */
function shareOfFrozen({ began, masters, probes }: Found): readonly Sample[] {
  const from = Date.parse(began);
  const hosts = [...new Set(probes.map(({ host }) => host))];
  return hosts.flatMap((host) => {
    const begun = connectionsOf(probes.filter((probe) => probe.host === host)).filter(
      (sample) => endOf(sample) >= from && sample.at <= from + noticedMs,
    );
    return begun.filter(mayHaveBeenAccepted).slice(0, Math.floor(begun.length / masters) + 1);
  });
}
