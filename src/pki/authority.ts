/** A certificate authority, PEM. */
export interface Authority {
  readonly crt: string;
  readonly key: string;
  /** Of a CA that is trusted and signs nothing yet. */
  readonly nextKey?: string;
}
