/** Starts a clock; the returned function reads it, as `42s` or `7m12s`. */
export function stopwatch(): () => string {
  const start = performance.now();
  return () => {
    const seconds = Math.round((performance.now() - start) / 1000);
    return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
  };
}
