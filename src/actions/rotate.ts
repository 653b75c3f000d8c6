import { runClusterAction } from '../github/cluster-action.ts';
import { booleanInput, numberInput, requiredChoice } from '../github/inputs.ts';

await runClusterAction(
  () => ({
    what: requiredChoice('what', [
      'encryption-key',
      'service-account-key',
      'front-proxy-ca',
      'etcd-ca',
      'kubernetes-ca',
      'certificates',
    ]),
    tokenHours: numberInput('token-hours', 24),
    restartPods: booleanInput('restart-pods'),
  }),
  async () => (await import('./work/rotate.ts')).rotate,
);
