import { runClusterAction } from '../github/cluster-action.ts';
import { restoreInputs } from '../github/restore-inputs.ts';

await runClusterAction(restoreInputs, async () => (await import('./work/restore.ts')).restore);
