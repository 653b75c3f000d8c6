/** One thing that a run does, or would do, to the cluster. */
export interface Step {
  readonly host: string;
  /** Imperative: `restart the kubelet, which registers its node again`. */
  readonly do: string;
  readonly reason: string;
  /** What it interrupts; absent: nothing. */
  readonly interrupts?: string;
  /** What it waits for before it begins; absent: nothing. */
  readonly waitsFor?: string;
  /** How long such a step took the last time, seconds; absent: unknown. */
  readonly lastSeconds?: number | undefined;
  /** What was found that would block it now, each as a clause: `the API server of m2 does not answer`. */
  readonly blockedBy?: readonly string[];
}

/** One line for a log: `node-1: replace the node: it was another machine; interrupts …`. A step of no host of the file has no host. */
export function stepInWords(
  {
    host,
    do: what,
    reason,
    interrupts,
    waitsFor,
    lastSeconds,
  }: Omit<Step, 'host'> & { readonly host?: string | undefined },
  planned: boolean,
): string {
  const parts = [
    reason,
    ...(interrupts === undefined ? [] : [`interrupts ${interrupts}`]),
    ...(waitsFor === undefined ? [] : [`waits for ${waitsFor}`]),
    ...(lastSeconds === undefined ? [] : [`about ${lastSeconds} s last time`]),
  ];
  return `${placeOf(host)}${planned ? 'would ' : ''}${what}: ${parts.join('; ')}`;
}

/** A line for each finding that would block a step now. */
export function blocksInWords({ host, do: what, blockedBy = [] }: Step): readonly string[] {
  return blockedBy.map((block) => `${placeOf(host)}cannot ${what} now: ${block}`);
}

const placeOf = (host: string | undefined) => (host === undefined ? '' : `${host}: `);
