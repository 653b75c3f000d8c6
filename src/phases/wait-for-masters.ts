import type { Host } from '../cluster/cluster.ts';
import { waitForApiServer } from '../kubernetes/index.ts';
import { withMaster } from './cluster-access.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, unlessDry } from './phase.ts';
import { targetsOf } from './run.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';

const timeoutMs = 120_000;

/** Waits until each master's API server is ready, including etcd. */
export const waitForMasters: Phase<Connected & PerhapsSecrets> = {
  title: 'Wait for the API servers',
  when: unlessDry,
  async run(run, signal) {
    const serves = (master: Host) => withMaster(run, master, (api) => waitForApiServer(api, { timeoutMs, signal }));
    await onHosts(targetsOf(run, 'master'), serves, signal);
  },
};
