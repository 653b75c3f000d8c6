import { runClusterAction } from '../github/cluster-action.ts';
import { booleanInput, forgetNames, rejoinNames } from '../github/inputs.ts';
import { lockInputs } from '../github/lock-inputs.ts';
import { gateCommand } from '../github/upgrade-gate.ts';

await runClusterAction(
  ({ cluster, dryRun }) => ({
    rejoin: rejoinNames(cluster),
    forget: forgetNames(cluster),
    gate: gateCommand(cluster, dryRun),
    forceRestart: booleanInput('force-restart'),
    ...lockInputs(dryRun),
  }),
  async () => (await import('./work/deploy.ts')).deploy,
);
