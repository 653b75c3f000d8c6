import { reporting } from '../../github/action.ts';
import { cancellation } from '../../github/cancellation.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { jobHandoff } from '../../github/job-handoff.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { setOutput } from '../../github/runner.ts';
import { sealBundles } from '../../phases/bundles.ts';
import { hostChecks } from '../../phases/check-hosts.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { holdHosts } from '../../phases/claim-hosts.ts';
import { connectHosts } from '../../phases/connect-hosts.ts';
import { gatherFacts } from '../../phases/gather-facts.ts';
import { forgetNodes, observe } from '../../phases/observe.ts';
import { planEtcdMembers } from '../../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../../phases/prepare-secrets.ts';
import { type GateCommand, newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';

interface Inputs extends CommonInputs {
  /** Seals the encrypted bundles. */
  readonly identity: string;
  /** `artifacts`, or a folder. */
  readonly bundles: string;
  readonly forget: readonly string[];
  readonly gate: GateCommand | undefined;
}

/** CAs and certificates, in one encrypted bundle per host. */
export async function pki(inputs: Inputs): Promise<void> {
  const { cluster, clusterFile, access, dryRun, name, commit, identity, bundles, forget, gate } = inputs;
  const store = jobHandoff(bundles);
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, forget, gate });
  await reporting('Certificates', run, () =>
    runPhases(
      run,
      [
        connectHosts('first'),
        gatherFacts,
        ...hostChecks,
        observe,
        checkLockfile(clusterFile, 'warns'),
        planEtcdMembers,
        forgetNodes,
        prepareSecrets,
        sealBundles(store, identity),
        holdHosts,
      ],
      { signal: cancellation() },
    ),
  );
  setOutput('issued', String(run.issued.length));
}
