// Invented observations of a failover: always the same, with everything that a report must show.

import { figuresOf, type ProbeFigures, type Sample } from '../../../src/failover/instruments/samples.ts';
import type { Night } from '../../../src/failover/report/schema.ts';
import type { FailoverResult } from '../../../src/failover/result.ts';

export const began = '2026-11-23T02:17:04.000Z';
const zero = Date.parse(began);
const end = 44_000;

/** Pseudo-random numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

interface ProbeStory {
  readonly host: string;
  readonly kind: ProbeFigures['kind'];
  readonly everyMs?: number;
  /** The duration of each request that the fault affects. */
  readonly slowMs: number;
  /** Failures by the time of their start. */
  readonly failures?: Readonly<Record<number, string>>;
}

export function probe({ host, kind, everyMs = 100, slowMs, failures = {} }: ProbeStory): ProbeFigures {
  const next = numbers(host.length * 7919 + slowMs);
  const samples: Sample[] = [];
  for (let at = -2000; at < end; at += everyMs) {
    const error = failures[at];
    const hit = at >= 0 && at < 300;
    const ms = hit ? Math.max(20, slowMs - at * 0.8) : 3 + next() ** 6 * 60 + next() * 5;
    samples.push({ at: zero + at, ms: error === undefined ? ms : 180, ...(error !== undefined && { error }) });
    if (kind === 'kept' && hit) at += Math.ceil(slowMs / everyMs) * everyMs;
  }
  return { ...figuresOf(host, kind, samples, { from: zero - 2000, to: zero + end }), samples };
}

const renewals = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(1, Math.ceil((to - from) / 2000)) }, (_, index) => from + index * 2000);

function lease(what: 'kube-controller-manager' | 'kube-scheduler', to: string, last: number, taken: number) {
  return {
    transfer: {
      lease: what,
      from: 'master-1',
      to,
      expected: true,
      lastRenewedMs: last,
      takenMs: taken,
      transitions: 1,
    },
    holdings: [
      { what, host: 'master-1', fromMs: -2100, toMs: last, renewedMs: [-2100, last] },
      { what, host: undefined, fromMs: last, toMs: taken, renewedMs: [] },
      { what, host: to, fromMs: taken, toMs: end, renewedMs: renewals(taken, end) },
    ],
  };
}

const manager = lease('kube-controller-manager', 'master-2', -420, 16_204);
const scheduler = lease('kube-scheduler', 'master-3', -1310, 17_338);

/** @param everyMs how often the probes ask: less makes a larger report. */
export function failover(change: Partial<FailoverResult> = {}, everyMs = 100): FailoverResult {
  const failures = { 0: 'socket hang up', 200: 'connect ECONNREFUSED 10.1.2.11:6443' };
  return {
    cluster: 'seed',
    target: 'master-1',
    fault: 'poweroff',
    masters: 3,
    began,
    hitMs: 80,
    transfers: [manager.transfer, scheduler.transfer],
    transferMs: 17_338,
    holdings: [...manager.holdings, ...scheduler.holdings],
    probes: [
      probe({ host: 'node-1', kind: 'new', slowMs: 640, everyMs }),
      probe({ host: 'node-1', kind: 'kept', slowMs: 1830, everyMs }),
      probe({ host: 'node-2', kind: 'new', slowMs: 410, everyMs, failures }),
      probe({ host: 'node-2', kind: 'kept', slowMs: 60, everyMs }),
      probe({ host: 'node-3', kind: 'new', slowMs: 220, everyMs }),
      probe({ host: 'node-3', kind: 'kept', slowMs: 2410, everyMs }),
    ],
    restoreMs: 19_410,
    rejoinMs: 21_870,
    timeline: [
      { ms: -2100, track: 'lease', what: 'kube-scheduler: held by master-1' },
      { ms: 0, track: 'fault', what: 'poweroff of master-1 begins' },
      { ms: 212, track: 'fault', what: 'poweroff is done' },
      { ms: 11_950, track: 'endpoint', what: 'master-1 left the kubernetes Service' },
      { ms: 16_204, track: 'lease', what: 'kube-controller-manager: taken by master-2, transition 4' },
      { ms: 17_338, track: 'lease', what: 'kube-scheduler: taken by master-3, transition 4' },
      { ms: 19_410, track: 'fault', what: 'the restore begins' },
      { ms: 19_800, track: 'fault', what: 'the restore is done' },
      { ms: 27_100, track: 'rejoin', what: 'master-1: answers SSH' },
      { ms: 33_240, track: 'rejoin', what: 'master-1: its etcd member is in step' },
      { ms: 36_820, track: 'rejoin', what: 'master-1: its API server is ready' },
      { ms: 38_400, track: 'endpoint', what: 'master-1 joined the kubernetes Service' },
      { ms: 41_280, track: 'rejoin', what: 'master-1: its controller-manager and scheduler run' },
    ],
    troubles: [],
    ...change,
  };
}

/** `count` nights before, each with the same figures and a little noise. */
export function nightsBefore(count: number, change: Partial<Night> = {}): readonly Night[] {
  const next = numbers(count + 1);
  return Array.from(
    { length: count },
    (_, index): Night => ({
      schemaVersion: 1,
      cluster: 'seed',
      target: 'master-1',
      fault: 'poweroff',
      began: new Date(zero - (count - index) * 86_400_000).toISOString(),
      passed: true,
      transferMs: Math.round(15_500 + next() * 3000),
      requests: 1380,
      failedRequests: 0,
      slowestMs: Math.round(500 + next() * 250),
      longestGapMs: Math.round(540 + next() * 200),
      keptGapMs: Math.round(2200 + next() * 500),
      rejoinMs: Math.round(13_000 + next() * 2500),
      ...change,
    }),
  );
}
