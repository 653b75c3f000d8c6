import { runClusterAction } from '../github/cluster-action.ts';
import { deployInputs } from '../github/deploy-inputs.ts';

await runClusterAction(deployInputs, async () => (await import('./work/deploy.ts')).deploy);
