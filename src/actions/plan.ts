import { hostsWith } from '../cluster/cluster.ts';
import { runAction } from '../github/action.ts';
import { checkFile } from '../github/check-file.ts';
import { withCluster } from '../github/cluster-action.ts';
import { booleanInput, forgetNames } from '../github/inputs.ts';
import { lockInputs } from '../github/lock-inputs.ts';
import { setOutput } from '../github/runner.ts';
import { roles } from '../layout/roles.ts';
import { matrixOf } from '../phases/matrix.ts';

await runAction(async () => {
  if (booleanInput('file-only')) return await checkFile();
  await withCluster(
    ({ cluster }) => {
      // Before the other inputs: the gate names the cluster also for a plan that failed.
      setOutput('name', cluster.name);
      for (const role of roles) {
        const names = hostsWith(cluster, role).map((host) => host.name);
        setOutput(role, matrixOf(names));
      }
      return { forget: forgetNames(cluster), ...lockInputs(true) };
    },
    async () => (await import('./work/plan.ts')).plan,
  );
});
