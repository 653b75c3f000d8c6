import type { Elected } from '../kubernetes/index.ts';
import { type Finding, inUnit } from './figure.ts';
import { failuresOf } from './in-flight.ts';
import { countErrors, type ProbeFigures } from './instruments/samples.ts';
import { type FailoverResult, services, totals } from './result.ts';

const seconds = (ms: number): string => inUnit('ms', ms);

/** Each lease of the target must move once, and no other lease may move. */
export function leaseFindings({ transfers, target }: FailoverResult): readonly Finding[] {
  return transfers.map(({ lease, expected, from, to, takenMs, transitions }): Finding => {
    if (!expected) {
      return transitions === 0
        ? { good: true, text: `${lease} stayed with ${from}` }
        : { good: false, text: `${lease} left ${from}, which was not hit: ${transitions} transitions` };
    }
    if (to === undefined || takenMs === undefined)
      return { good: false, text: `${lease} was not taken over from ${target}` };
    if (transitions !== 1) return { good: false, text: `${lease} went over ${transitions} times instead of once` };
    return { value: takenMs, text: `${lease} went to ${to} after ${seconds(takenMs)}` };
  });
}

/** When a lease had moved, in ms since the fault; undefined if it never moved. */
export function takenMs({ transfers }: FailoverResult, lease: Elected): number | undefined {
  return transfers.find((transfer) => transfer.lease === lease)?.takenMs;
}

/** Whether there was a node besides the target whose load balancer could be probed. */
const isProbed = ({ probes }: FailoverResult): boolean => probes.some(({ kind }) => kind === 'new');

/** The longest time without an answer for one kind of client, which `text` puts into words. */
export function gapFindings(kind: ProbeFigures['kind'], text: (gap: string) => string) {
  return (result: FailoverResult): readonly Finding[] => {
    const { longestGapMs } = totals(result, kind);
    return isProbed(result) ? [{ value: longestGapMs, text: text(seconds(longestGapMs)) }] : [];
  };
}

/** In-flight requests are reported and do not count: no load balancer between a client and a dying server can save them. */
export function failureFindings(kind: 'new' | 'write', words: string) {
  return (result: FailoverResult): readonly Finding[] => {
    if (!isProbed(result)) return [];
    const { requests } = totals(result, kind);
    const { failed, inFlight } = failuresOf(result, kind);
    const besides = inFlight === 0 ? '' : `, besides ${inFlight} that may have been accepted by ${result.target}`;
    const errors = failed > 0 ? errorsOf(result, kind) : '';
    const text = `${failed} of ${requests} ${words} failed`;
    return [{ value: failed, good: requests > 0, text, more: `${besides}${errors}` }];
  };
}

/** The three most frequent reasons of requests that failed, as the end of a sentence. */
function errorsOf({ probes }: FailoverResult, kind: ProbeFigures['kind']): string {
  const samples = probes.flatMap((probe) => (probe.kind === kind ? (probe.samples ?? []) : []));
  const each = countErrors(samples).map(({ error, count }) => `${count} × ${error}`);
  return each.length > 0 ? `: ${each.slice(0, 3).join(', ')}` : '';
}

/** Nothing when no Service was asked: the cluster has no node besides the target. */
export function serviceFindings(result: FailoverResult): readonly Finding[] {
  const { requests, failed } = services(result);
  if (requests === 0) return [];
  const text = `${failed} of ${requests} requests to a Service by its name failed`;
  return [{ value: failed, text, more: errorsOf(result, 'service') }];
}

/** From when the leases had moved until the pod of a new Deployment had a node; undefined if it never had one, or if no node remained. */
export function placingMs({ placedMs, transferMs }: FailoverResult): number | undefined {
  return placedMs === undefined ? undefined : Math.max(0, placedMs - (transferMs ?? 0));
}

/** Nothing when no node stays that could take a pod. */
export function placingFindings(result: FailoverResult): readonly Finding[] {
  const took = placingMs(result);
  if (!result.placeable) return [];
  if (took === undefined)
    return [{ good: false, text: 'the pod of a new Deployment got no node while the fault lasted' }];
  const since = result.transferMs === undefined ? 'after the fault' : 'after the leases had moved';
  return [{ value: took, text: `the pod of a new Deployment had a node ${seconds(took)} ${since}` }];
}

/** Nothing when the nodes were not watched. */
export function nodeFindings({ nodes }: FailoverResult): readonly Finding[] {
  if (!nodes) return [];
  const { notReady } = nodes;
  return [{ value: notReady, text: `nodes that stay turned NotReady ${notReady} times` }];
}

/** Milliseconds from the restore until the target was in step; without a figure it never was, which is bad at any limit. */
export function rejoinFindings({ target, rejoinMs: took }: FailoverResult): readonly Finding[] {
  if (took === undefined) return [{ good: false, text: `${target} did not come back into step` }];
  return [{ value: took, text: `${target} was back and in step ${seconds(took)} after the restore` }];
}
