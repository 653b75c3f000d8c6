/** A certificate authority, PEM. */
export interface Authority {
  readonly crt: string;
  readonly key: string;
}
