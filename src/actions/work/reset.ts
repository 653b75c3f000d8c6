import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import type { Role } from '../../layout/roles.ts';
import { checkReset } from '../../phases/check-reset.ts';
import { connectReachable } from '../../phases/connect-reset.ts';
import { resetHosts } from '../../phases/reset-hosts.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';

const halfReset = 'Hosts may be half reset: run reset again, it completes what this run began.';

interface Inputs extends CommonInputs {
  readonly targets: ReadonlyMap<Role, readonly string[]>;
}

/** Removes the cluster from its hosts. */
export async function reset({ cluster, access, dryRun, name, commit, targets }: Inputs): Promise<void> {
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, targets });
  await reporting('Reset', run, () =>
    runPhases(run, [connectReachable, checkReset, resetHosts], { signal: cancellation({ hint: halfReset }) }),
  );
}
