import { backupInputs } from '../github/backup-inputs.ts';
import { runClusterAction } from '../github/cluster-action.ts';

await runClusterAction(backupInputs, async () => (await import('./work/backup.ts')).backup);
