import type { ProbeFigures, Sample } from './instruments/samples.ts';
import type { FailoverResult } from './result.ts';

/** The data that identify requests in flight. */
type Found = Pick<FailoverResult, 'fault' | 'began' | 'hitMs' | 'masters' | 'probes'>;

/**
 * How long after `hitMs` a fault may still end requests, in milliseconds. Power or network is gone by then. The kernel closes the
 * sockets of a killed API server only after it has freed its memory; connections until then are lost.
 */
const endsLaterMs: Readonly<Record<string, number>> = { poweroff: 0, 'cut-network': 0, kill: 500 };

/** A power command that takes longer than this excuses no more requests: most commands only report the power-off, and wait for it. */
const slowestHitMs = 10_000;

/** By then a load balancer has noticed (docs/failover.md), and no request that it forwarded before may hang for longer. */
const noticedMs = 2500;

/** Errors of Node.js and SSH for a refused connection, and the probes' text for an HTTP answer: no API server had accepted these requests. */
const neverAccepted = /refused|^status \d/i;

/**
 * Counts the failed requests of one kind. `inFlight` are those that the master may have accepted before it was lost: a load balancer
 * cannot take such a request back, and does not know whether it was executed. `failed` are all the others, which count.
 *
 * The number of excused requests is limited to what one lost master can explain. Power, network and processes are lost at one moment, so only those
 * count as in flight that were pending at one and the same moment. A frozen master still accepts its share of connections until the load
 * balancer notices: one of the number of masters, and one more. A planned stop and a full disk excuse no request.
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

/** Reads and writes with a new connection each, ordered by their start: load balancers count both alike. */
function connectionsOf(probes: Found['probes']): readonly Sample[] {
  const samples = probes.flatMap(({ kind, samples }) => (kind === 'new' || kind === 'write' ? (samples ?? []) : []));
  return samples.toSorted((one, other) => one.at - other.at);
}

function mayHaveBeenAccepted({ error, ms }: Sample): boolean {
  return error !== undefined && !neverAccepted.test(error) && ms <= noticedMs;
}

/** The largest number of failed requests that were pending at one moment while the fault was injected. */
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

/** Failed requests up to the share of a frozen master, counted per probed node, because each load balancer counts for itself. */
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
