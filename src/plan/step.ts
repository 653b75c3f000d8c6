/** One thing that a run does, or would do, to the cluster. */
export interface Step {
  readonly host: string;
  /** Imperative: `restart the kubelet, which registers its node again`. */
  readonly do: string;
  readonly reason: string;
  /** What it interrupts; absent: nothing. */
  readonly interrupts?: string;
}

/** One line for a log: `node-1: replace the node: it was another machine; interrupts …`. A step of no host of the file has no host. */
export function stepInWords(
  { host, do: what, reason, interrupts }: Omit<Step, 'host'> & { readonly host?: string | undefined },
  planned: boolean,
): string {
  const place = host === undefined ? '' : `${host}: `;
  return `${place}${planned ? 'would ' : ''}${what}: ${reason}${interrupts === undefined ? '' : `; interrupts ${interrupts}`}`;
}
