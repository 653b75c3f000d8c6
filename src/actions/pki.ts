import { runClusterAction } from '../github/cluster-action.ts';
import { forgetNames } from '../github/inputs.ts';
import { getInput } from '../github/runner.ts';
import { requiredSecret } from '../github/secret-inputs.ts';
import { gateCommand } from '../github/upgrade-gate.ts';

await runClusterAction(
  ({ cluster, dryRun }) => ({
    identity: requiredSecret('age-key'),
    bundles: getInput('bundles'),
    forget: forgetNames(cluster),
    // This job runs no gate, but the run must be refused before the jobs that would.
    gate: gateCommand(cluster, dryRun),
  }),
  async () => (await import('./work/pki.ts')).pki,
);
