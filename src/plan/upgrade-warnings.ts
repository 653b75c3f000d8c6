import type { Budget, DeprecatedCall } from '../observe/upgrade.ts';

/** The budgets that would keep pods on their nodes now. */
export function budgetWarnings(budgets: readonly Budget[], drainSeconds: number): readonly string[] {
  return budgets
    .filter(({ disruptionsAllowed, expectedPods }) => disruptionsAllowed === 0 && expectedPods > 0)
    .map(
      ({ name, expectedPods }) =>
        `the disruption budget ${name} allows no eviction of its ${expectedPods} pods now: a drain waits for at most ${drainSeconds} s, and then the upgrade ends. Give it room (more replicas, or maxUnavailable)`,
    );
}

/** The APIs that clients still request and that the new release does not serve; each once. */
export function deprecationWarnings(calls: readonly DeprecatedCall[], newMinor: number): readonly string[] {
  const removed = calls.filter(({ removedIn }) => removedIn <= newMinor);
  const lines = removed.map(
    ({ resource, removedIn }) =>
      `a client has requested ${resource}, which Kubernetes 1.${removedIn} no longer serves: change the client before the upgrade`,
  );
  return [...new Set(lines)].toSorted();
}
