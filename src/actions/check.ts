import { runClusterAction } from '../github/cluster-action.ts';
import { choiceInput } from '../github/inputs.ts';

await runClusterAction(
  () => ({ failOn: choiceInput('fail-on', ['critical', 'warning', 'never']) }),
  async () => (await import('./work/check.ts')).check,
);
