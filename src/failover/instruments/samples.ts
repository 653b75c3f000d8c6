/** One request and what came of it. */
export interface Sample {
  readonly at: number;
  /** Until the whole answer was there, or the error. */
  readonly ms: number;
  readonly error?: string;
}

/** What a client through one node's balancer went through. */
export interface ProbeFigures {
  readonly host: string;
  /**
   * `new`: reads, a connection for each. `kept`: reads by one connection, made again when it breaks. `write`: writes, a
   * connection for each. `watch`: the events of these writes on a watch. `direct`: a read a second of the API server of a master
   * that stays, past all balancers. `service`: a Service asked by its name.
   */
  readonly kind: 'new' | 'kept' | 'write' | 'watch' | 'direct' | 'service';
  /** Whether its connection led to the master that was hit, as it is to for `kept` and `watch`. */
  readonly held?: boolean | undefined;
  readonly requests: number;
  readonly failed: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  /** The longest time in which no answer came. */
  readonly longestGapMs: number;
  /** When that gap began, by the runner's clock. */
  readonly longestGapAt: number;
  /** The kinds of failure and how often each was seen, most frequent first. */
  readonly errors: readonly { readonly error: string; readonly count: number }[];
  /** Each request, for the report's chart; the figures are made from them. */
  readonly samples?: readonly Sample[];
}

/** Figures out of samples; the gap before the first and after the last answer counts too. */
export function figuresOf(
  host: string,
  kind: ProbeFigures['kind'],
  samples: readonly Sample[],
  span: { readonly from: number; readonly to: number },
): ProbeFigures {
  const good = samples.filter(({ error }) => error === undefined);
  const latencies = good.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const answers = [span.from, ...good.map(({ at, ms }) => at + ms).toSorted((a, b) => a - b), span.to];
  let [longestGapMs, longestGapAt] = [0, span.from];
  for (const [index, answer] of answers.entries()) {
    const before = answers[index - 1] ?? answer;
    if (answer - before > longestGapMs) [longestGapMs, longestGapAt] = [answer - before, before];
  }
  const round = (ms: number | undefined) => Math.round(ms ?? 0);
  return {
    host,
    kind,
    requests: samples.length,
    failed: samples.length - good.length,
    medianMs: round(latencies[Math.floor(latencies.length / 2)]),
    slowestMs: round(latencies.at(-1)),
    longestGapMs: round(longestGapMs),
    longestGapAt,
    errors: countErrors(samples),
  };
}

/** How often each kind of failure was seen, most frequent first. */
export function countErrors(samples: readonly Sample[]): ProbeFigures['errors'] {
  const counts = new Map<string, number>();
  for (const { error } of samples) if (error !== undefined) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts].map(([error, count]) => ({ error, count })).toSorted((a, b) => b.count - a.count);
}
