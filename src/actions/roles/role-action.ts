import type { Cluster } from '../../cluster/cluster.ts';
import type { Role } from '../../cluster/schema.ts';
import { reporting, runAction } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import { commonInputs, hostNames, requiredSecret } from '../../github/inputs.ts';
import { jobHandoff } from '../../github/job-handoff.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { getInput } from '../../github/runner.ts';
import { gateCommand } from '../../github/upgrade-gate.ts';
import { openBundles } from '../../phases/bundles.ts';
import { checkBundles } from '../../phases/check-bundles.ts';
import { checkHosts } from '../../phases/check-hosts.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { onlyIf, type Phase } from '../../phases/phase.ts';
import { planUpgrade } from '../../phases/plan-upgrade.ts';
import { reachMasters } from '../../phases/reach-masters.ts';
import { newRun, type Run, targetsOf } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';
import type { Prepared } from '../../phases/stages.ts';

/** The differences between the actions of the three roles. */
export interface RoleAction {
  /** The summary's. */
  readonly title: string;
  /** Reads the input of that name, where the action has it. */
  readonly forceRestart?: () => boolean;
  /** Reads the names of replaced hosts, where the action has that input. */
  readonly rejoin?: (cluster: Cluster) => readonly string[];
  /** Reads the names of members that the user lets go, where the action has that input. */
  readonly forget?: (cluster: Cluster) => readonly string[];
  /** The phases after the hosts are checked. */
  readonly phases: (clusterFile: string) => readonly Phase<Prepared>[];
}

/** The action of one role: for the hosts that the input `hosts` names, with their secrets from the encrypted bundles. */
export async function roleAction(
  role: Role,
  { title, forceRestart, rejoin, forget, phases }: RoleAction,
): Promise<void> {
  await runAction(async () => {
    const { cluster, clusterFile, access, dryRun, name, attempt } = commonInputs();
    const targets = new Map([[role, hostNames(cluster, role)]]);
    const jobs = jobHandoff(getInput('bundles'));
    const bundles = openBundles(jobs, requiredSecret('age-key'));
    const named = { rejoin: rejoin?.(cluster) ?? [], forget: forget?.(cluster) ?? [] };
    const more = { targets, ...named, gate: gateCommand(cluster, dryRun) };
    const run = newRun({ cluster, access, dryRun, name, attempt, log: githubLog, mask, ...more });
    const signal = cancellation();
    // Nodes join through the API.
    const masters = onlyIf((each: Run) => targetsOf(each, 'node').length > 0, reachMasters('later'));
    const work = async () => {
      const hosts = connectHosts('later', forceRestart?.());
      const before = [bundles, hosts, masters, gatherFacts, checkHosts, checkBundles, planUpgrade] as const;
      await runPhases(run, [...before, ...phases(clusterFile)], { signal });
    };
    await reporting(title, run, work, jobs);
  });
}
