import { runClusterAction } from '../github/cluster-action.ts';
import { numberInput, requiredChoice } from '../github/inputs.ts';

await runClusterAction(
  () => ({
    what: requiredChoice('what', [
      'encryption-key',
      'service-account-key',
      'front-proxy-ca',
      'etcd-ca',
      'certificates',
    ]),
    tokenHours: numberInput('token-hours', 24),
  }),
  async () => (await import('./work/rotate.ts')).rotate,
);
