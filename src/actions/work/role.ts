import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { jobHandoff } from '../../github/job-handoff.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import type { RoleInputs } from '../../github/role-inputs.ts';
import type { Role } from '../../layout/roles.ts';
import { openBundles } from '../../phases/bundles.ts';
import { checkBundles } from '../../phases/check-bundles.ts';
import { checkHosts } from '../../phases/check-hosts.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { onlyIf, type Phase } from '../../phases/phase.ts';
import { planUpgrade } from '../../phases/plan-upgrade.ts';
import { reachMasters } from '../../phases/reach-masters.ts';
import { newRun, type Run, targetsOf } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import type { Prepared } from '../../phases/stages.ts';

/** The inputs of a role's action; those below are absent where the action does not have them. */
interface Inputs extends CommonInputs, RoleInputs {
  readonly forceRestart?: boolean;
  /** Names of replaced hosts. */
  readonly rejoin?: readonly string[];
  /** Names of members that the user lets go. */
  readonly forget?: readonly string[];
}

/** The differences between the actions of the three roles. */
interface RoleWork {
  /** The summary's. */
  readonly title: string;
  /** The phases after the hosts are checked. */
  readonly phases: readonly Phase<Prepared>[];
}

/** The work of one role: on the hosts that the input `hosts` names, with their secrets from the encrypted bundles. */
export async function workOnRole(role: Role, inputs: Inputs, { title, phases }: RoleWork): Promise<void> {
  const { cluster, clusterFile, access, dryRun, name, commit, attempt, rejoin = [], forget = [], gate } = inputs;
  const jobs = jobHandoff(inputs.bundles);
  const more = { targets: new Map([[role, inputs.hosts]]), rejoin, forget, gate };
  const run = newRun({ cluster, access, dryRun, name, commit, attempt, log: githubLog, mask, ...more });
  const signal = cancellation();
  // Nodes join through the API.
  const masters = onlyIf((each: Run) => targetsOf(each, 'node').length > 0, reachMasters('later'));
  const hosts = connectHosts('later', inputs.forceRestart);
  const bundles = openBundles(jobs, inputs.identity);
  const checks = [checkHosts, checkLockfile(clusterFile, 'quiet'), checkBundles, planUpgrade] as const;
  const before = [bundles, hosts, masters, gatherFacts, ...checks] as const;
  await reporting(title, run, () => runPhases(run, [...before, ...phases], { signal }), jobs);
}
