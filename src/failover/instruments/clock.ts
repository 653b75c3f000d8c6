/** Milliseconds since the epoch, with fractions; never jumps while the process runs. All instruments use this clock. */
export const now = (): number => performance.timeOrigin + performance.now();
