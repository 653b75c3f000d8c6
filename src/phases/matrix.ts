/** GitHub's limit of jobs in one matrix. */
export const matrixLimit = 256;

/** One entry per host, or several hosts in an entry (`a,b`) if there are more hosts than a matrix may have. */
export function matrixOf(names: readonly string[], limit = matrixLimit): readonly string[] {
  const perEntry = Math.ceil(names.length / limit);
  if (perEntry <= 1) return names;
  const entries = Math.ceil(names.length / perEntry);
  return Array.from({ length: entries }, (_, index) => names.slice(index * perEntry, (index + 1) * perEntry).join(','));
}
