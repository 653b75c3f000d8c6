/** One thing that a run does, or would do, to the cluster. */
export interface Step {
  readonly host: string;
  /** Imperative: `restart the kubelet, which registers its node again`. */
  readonly do: string;
  readonly reason: string;
  /** What it interrupts; absent: nothing. */
  readonly interrupts?: string;
}

/** One line for a log: `node-1: replace the node: it was another machine; interrupts …`. */
export function stepInWords({ host, do: what, reason, interrupts }: Step, planned: boolean): string {
  return `${host}: ${planned ? 'would ' : ''}${what}: ${reason}${interrupts === undefined ? '' : `; interrupts ${interrupts}`}`;
}
