import { waitForApiServer } from '../kubernetes/index.ts';
import { apiOf } from './cluster-access.ts';
import { onHosts, type Phase, targetsOf } from './run.ts';

const timeoutMs = 120_000;

/** Each master's API server serves, its etcd included. */
export const waitForMasters: Phase = {
  title: 'Wait for the API servers',
  async run(run) {
    if (run.dryRun) return;
    await onHosts(targetsOf(run, 'master'), async (master) => {
      const api = await apiOf(run, master);
      try {
        await waitForApiServer(api, { timeoutMs });
      } finally {
        api.close();
      }
    });
  },
};
