import { runAction } from '../github/action.ts';
import { withCluster } from '../github/cluster-action.ts';
import { isPostStep, poweredOff } from '../github/post-step.ts';

await runAction(async () => {
  const post = isPostStep();
  // Its step has reported wrong inputs already.
  if (post && poweredOff() === undefined) return;
  await withCluster(
    // Its own inputs are the names of faults and figures, whose code reaches all of the check.
    () => ({ post }),
    async () => (await import('./work/verify-failover.ts')).verifyFailover,
  );
});
