import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { type AskedKubeconfig, issueKubeconfig, type MadeKubeconfig } from '../../phases/issue-kubeconfig.ts';
import { reachMasters } from '../../phases/reach-masters.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';

interface Inputs extends CommonInputs {
  readonly asked: AskedKubeconfig;
  readonly write: (made: MadeKubeconfig) => Promise<void>;
}

/** A certificate that the cluster issues for this run, through a master. */
export async function byCertificate({ cluster, access, name, commit, asked, write }: Inputs): Promise<void> {
  const run = newRun({ cluster, access, dryRun: false, name, commit, log: githubLog, mask, targets: new Map() });
  await runPhases(run, [reachMasters(), issueKubeconfig(asked, write)], { signal: cancellation() });
}
