/** One request and its result. */
export interface Sample {
  readonly at: number;
  /** The duration until the complete answer, or the error. */
  readonly ms: number;
  readonly error?: string;
}

/** The figures of a client of one node's load balancer. */
export interface ProbeFigures {
  readonly host: string;
  /**
   * `new`: reads, a connection for each. `kept`: reads on one connection, reconnected when it breaks. `write`: writes, a
   * connection for each. `watch`: the events of these writes on a watch. `direct`: one read a second from the API server of a master
   * other than the target, without a load balancer. `service`: requests to a Service by its name.
   */
  readonly kind: 'new' | 'kept' | 'write' | 'watch' | 'direct' | 'service';
  /** Whether its connection led to the target, as `kept` and `watch` want. */
  readonly held?: boolean | undefined;
  readonly requests: number;
  readonly failed: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  /** The longest time without an answer. */
  readonly longestGapMs: number;
  /** When that gap began, by the runner's clock. */
  readonly longestGapAt: number;
  /** The kinds of failure with their counts, most frequent first. */
  readonly errors: readonly { readonly error: string; readonly count: number }[];
  /** Each request, for the report's chart; the figures are derived from them. */
  readonly samples?: readonly Sample[];
}

/** The figures of samples; the gaps before the first and after the last answer count too. */
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

/** The kinds of failure with their counts, most frequent first. */
export function countErrors(samples: readonly Sample[]): ProbeFigures['errors'] {
  const counts = new Map<string, number>();
  for (const { error } of samples) if (error !== undefined) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts].map(([error, count]) => ({ error, count })).toSorted((a, b) => b.count - a.count);
}
