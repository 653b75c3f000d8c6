/** GitHub's limit of jobs in one matrix. */
export const matrixLimit = 256;

/** One entry per host, or several hosts in an entry (`a,b`) if there are more hosts than a matrix may have. */
export function matrixOf(names: readonly string[], limit = matrixLimit): readonly string[] {
  return groupsOf(names, limit).map((group) => group.join(','));
}

/** The names in groups of similar sizes, in order: one per group, if there are not more than `limit`. */
export function groupsOf(names: readonly string[], limit = matrixLimit): readonly (readonly string[])[] {
  const perGroup = Math.max(1, Math.ceil(names.length / limit));
  const groups = Math.ceil(names.length / perGroup);
  return Array.from({ length: groups }, (_, index) => names.slice(index * perGroup, (index + 1) * perGroup));
}
