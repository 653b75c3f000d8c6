import { reporting, runAction } from '../github/action.ts';
import { cancellation } from '../github/cancellation.ts';
import { commonInputs, forgetNames, requiredSecret } from '../github/inputs.ts';
import { jobHandoff } from '../github/job-handoff.ts';
import { githubLog } from '../github/log.ts';
import { mask } from '../github/masks.ts';
import { getInput, setOutput } from '../github/runner.ts';
import { gateCommand } from '../github/upgrade-gate.ts';
import { sealBundles } from '../phases/bundles.ts';
import { checkHosts } from '../phases/check-hosts.ts';
import { holdHosts } from '../phases/claim-hosts.ts';
import { connectHosts } from '../phases/connect-hosts.ts';
import { gatherFacts } from '../phases/gather-facts.ts';
import { forgetNodes, observe } from '../phases/observe.ts';
import { planEtcdMembers } from '../phases/plan-etcd-members.ts';
import { prepareSecrets } from '../phases/prepare-secrets.ts';
import { newRun } from '../phases/run.ts';
import { runPhases } from '../phases/run-phases.ts';

await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const identity = requiredSecret('age-key');
  const store = jobHandoff(getInput('bundles'));
  const forget = forgetNames(cluster);
  // This job runs no gate, but the run must be refused before the jobs that would.
  const gate = gateCommand(cluster, dryRun);
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, forget, gate });
  await reporting('Certificates', run, () =>
    runPhases(
      run,
      [
        connectHosts('first'),
        gatherFacts,
        checkHosts,
        observe,
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
});
