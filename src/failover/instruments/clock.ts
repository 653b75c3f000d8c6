/** Milliseconds since the epoch, with fractions, that never jump while the process runs: the one clock of all instruments. */
export const now = (): number => performance.timeOrigin + performance.now();
