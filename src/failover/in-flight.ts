import type { ProbeFigures } from './instruments/samples.ts';
import type { FailoverResult } from './result.ts';

/**
 * By these a master falls silent, or dies, with requests inside of it that it had accepted: no balancer can take one back, or knows
 * whether it was done. One that is stopped finishes what it has begun, and a full disk takes none with it.
 */
const mayLoseRequests: readonly string[] = ['poweroff', 'cut-network', 'kill', 'freeze'];

/** Without power or network a host accepts nothing any more: what is begun when it is gone, another master can answer. */
const acceptsNothing: readonly string[] = ['poweroff', 'cut-network'];

/** Until then a balancer has noticed (docs/failover.md), and nothing that it was given before may hang for longer. */
const noticedMs = 2500;

/**
 * Requests of one kind that failed: those that were inside of the master when it was hit, or were given to it before the balancer
 * had noticed, and ended soon; and all the others, which nothing excuses.
 */
export function failuresOf(
  { fault, began, hitMs, probes }: Pick<FailoverResult, 'fault' | 'began' | 'hitMs' | 'probes'>,
  kind: ProbeFigures['kind'],
): { readonly inside: number; readonly failed: number } {
  const own = probes.filter((probe) => probe.kind === kind);
  const failed = own.reduce((sum, probe) => sum + probe.failed, 0);
  if (!mayLoseRequests.includes(fault)) return { inside: 0, failed };
  const faultAt = Date.parse(began);
  const lastBegun = faultAt + (acceptsNothing.includes(fault) ? hitMs : noticedMs);
  const inside = own
    .flatMap(({ samples }) => samples ?? [])
    .filter(({ error, at, ms }) => error !== undefined && at + ms >= faultAt && at <= lastBegun && ms <= noticedMs);
  return { inside: inside.length, failed: failed - inside.length };
}
