import { failuresOf } from './in-flight.ts';
import { countErrors } from './instruments/samples.ts';
import { type FailoverResult, keptConnections, newConnections, services, watches, writes } from './result.ts';

/** What is still good enough. */
export interface Thresholds {
  readonly transferMs: number;
  readonly failedRequests: number;
  readonly longestGapMs: number;
  readonly keptGapMs: number;
  readonly watchGapMs: number;
  readonly failedWrites: number;
  readonly writeGapMs: number;
  readonly failedServiceRequests: number;
  /** From when the leases had moved until the pod of a new Deployment had a node. */
  readonly placingMs: number;
  /** Times that a node which stays was taken for dead. */
  readonly notReadyNodes: number;
  readonly rejoinMs: number;
}

/** With the default election (15/10/2 s) a lease is taken after 24 s at the very worst; see docs/failover.md. */
export const defaultThresholds: Thresholds = {
  transferMs: 25_000,
  failedRequests: 0,
  longestGapMs: 3000,
  keptGapMs: 5000,
  watchGapMs: 5000,
  failedWrites: 0,
  writeGapMs: 5000,
  failedServiceRequests: 0,
  placingMs: 10_000,
  notReadyNodes: 0,
  rejoinMs: 120_000,
};

/** One line for each thing that was judged. */
export interface Verdict {
  readonly passes: readonly string[];
  readonly failures: readonly string[];
}

type Line = readonly [good: boolean, text: string];

/** Judges the figures; pure. */
export function judge(result: FailoverResult, thresholds: Thresholds): Verdict {
  const lines = [
    ...leaseLines(result, thresholds),
    ...apiLines(result, thresholds),
    ...serviceLines(result, thresholds),
    ...workLines(result, thresholds),
    ...nodeLines(result, thresholds),
    ...rejoinLines(result, thresholds),
  ];
  const texts = (good: boolean) => lines.filter((line) => line[0] === good).map(([, text]) => text);
  return { passes: texts(true), failures: [...texts(false), ...result.troubles] };
}

const seconds = (ms: number): string => `${Math.round(ms) / 1000} s`;

function leaseLines({ transfers, target }: FailoverResult, { transferMs }: Thresholds): readonly Line[] {
  return transfers.map(({ lease, expected, from, to, takenMs, transitions }): Line => {
    if (!expected) {
      return transitions === 0
        ? [true, `${lease} stayed with ${from}`]
        : [false, `${lease} left ${from}, which was not hit: ${transitions} transitions`];
    }
    if (to === undefined || takenMs === undefined) return [false, `${lease} was not taken over from ${target}`];
    if (transitions !== 1) return [false, `${lease} went over ${transitions} times instead of once`];
    return [takenMs <= transferMs, `${lease} went to ${to} after ${seconds(takenMs)} (limit ${seconds(transferMs)})`];
  });
}

function apiLines(result: FailoverResult, thresholds: Thresholds): readonly Line[] {
  if (!result.probes.some(({ kind }) => kind === 'new')) return [];
  const fresh = newConnections(result);
  const kept = keptConnections(result);
  const [written, watched] = [writes(result), watches(result)];
  const { failedRequests, longestGapMs, keptGapMs, watchGapMs, failedWrites, writeGapMs } = thresholds;
  return [
    failureLine(result, 'new', failedRequests),
    [
      fresh.longestGapMs <= longestGapMs,
      `the longest gap was ${seconds(fresh.longestGapMs)} (limit ${seconds(longestGapMs)})`,
    ],
    [
      kept.longestGapMs <= keptGapMs,
      `a kept connection paused for ${seconds(kept.longestGapMs)} (limit ${seconds(keptGapMs)})`,
    ],
    [
      watched.longestGapMs <= watchGapMs,
      `a watch paused for ${seconds(watched.longestGapMs)} (limit ${seconds(watchGapMs)})`,
    ],
    failureLine(result, 'write', failedWrites),
    [
      written.longestGapMs <= writeGapMs,
      `the longest gap of writes was ${seconds(written.longestGapMs)} (limit ${seconds(writeGapMs)})`,
    ],
  ];
}

const kindsInWords = { new: 'new connections', write: 'writes' } as const;

/** Requests that may have been in flight are reported and do not count: nothing between a client and a dying server can save them. */
function failureLine(result: FailoverResult, kind: keyof typeof kindsInWords, limit: number): Line {
  const { requests } = (kind === 'new' ? newConnections : writes)(result);
  const { failed, inFlight } = failuresOf(result, kind);
  const besides = inFlight === 0 ? '' : `, besides ${inFlight} that may have been accepted by ${result.target}`;
  return [
    requests > 0 && failed <= limit,
    `${failed} of ${requests} ${kindsInWords[kind]} failed (limit ${limit})${besides}${failed > 0 ? errorsOf(result, kind) : ''}`,
  ];
}

function errorsOf({ probes }: FailoverResult, kind: keyof typeof kindsInWords): string {
  const samples = probes.flatMap((probe) => (probe.kind === kind ? (probe.samples ?? []) : []));
  const each = countErrors(samples).map(({ error, count }) => `${count} × ${error}`);
  return each.length > 0 ? `: ${each.slice(0, 3).join(', ')}` : '';
}

function serviceLines(result: FailoverResult, { failedServiceRequests: limit }: Thresholds): readonly Line[] {
  const { requests, failed } = services(result);
  if (requests === 0) return [];
  return [[failed <= limit, `${failed} of ${requests} requests to a Service by its name failed (limit ${limit})`]];
}

function workLines(result: FailoverResult, { placingMs }: Thresholds): readonly Line[] {
  const { placeable, placedMs, transferMs } = result;
  if (!placeable) return [];
  if (placedMs === undefined) return [[false, 'the pod of a new Deployment got no node while the fault lasted']];
  const took = Math.max(0, placedMs - (transferMs ?? 0));
  const since = transferMs === undefined ? 'after the fault' : 'after the leases had moved';
  return [
    [
      took <= placingMs,
      `the pod of a new Deployment had a node ${seconds(took)} ${since} (limit ${seconds(placingMs)})`,
    ],
  ];
}

function nodeLines({ nodes }: FailoverResult, { notReadyNodes: limit }: Thresholds): readonly Line[] {
  if (!nodes) return [];
  const { notReady } = nodes;
  return [[notReady <= limit, `nodes that stay turned NotReady ${notReady} times (limit ${limit})`]];
}

function rejoinLines({ target, rejoinMs: took }: FailoverResult, { rejoinMs }: Thresholds): readonly Line[] {
  if (took === undefined) return [[false, `${target} did not come back into step`]];
  return [
    [
      took <= rejoinMs,
      `${target} was back and in step ${seconds(took)} after the restore (limit ${seconds(rejoinMs)})`,
    ],
  ];
}
