import { hostsWith } from '../cluster/cluster.ts';
import { unlessProblem } from '../errors.ts';
import { deprecatedApiCalls, disruptionBudgets } from '../observe/upgrade.ts';
import type { UpgradePlan } from '../plan/upgrade.ts';
import { budgetWarnings, deprecationWarnings } from '../plan/upgrade-warnings.ts';
import { withApi, withMaster } from './cluster-access.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';

/** Warns of what could block an upgrade, or break clients after it. What cannot be asked is left out. */
export async function warnOfUpgrade(run: Connected & PerhapsSecrets, { drains, newMinor }: UpgradePlan): Promise<void> {
  const budgets = drains ? await unlessProblem(() => withApi(run, disruptionBudgets)) : [];
  const calls = newMinor === undefined ? [] : await requestedCalls(run);
  const warnings = [
    ...budgetWarnings(budgets ?? [], run.cluster.upgrade.nodes.drainSeconds),
    ...deprecationWarnings(calls, newMinor ?? 0),
  ];
  for (const warning of warnings) run.log.warning(warning);
}

/** Of all API servers: each counts only its own requests. */
async function requestedCalls(run: Connected & PerhapsSecrets) {
  const masters = hostsWith(run.cluster, 'master').filter(({ name }) => run.sessions.has(name));
  const asked = masters.map((master) => unlessProblem(() => withMaster(run, master, deprecatedApiCalls)));
  return (await Promise.all(asked)).flatMap((calls) => calls ?? []);
}
