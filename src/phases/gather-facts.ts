import type { Host } from '../cluster/cluster.ts';
import type { InspectQuery } from '../host/engine.ts';
import { authorityPaths, secretPathsFor } from '../pki/index.ts';
import { kubeletClientPem } from './kubelet-certificate.ts';
import { allTargets, onHosts, type Phase, type Run, sessionOf } from './run.ts';

/** Asks every host, in one exchange each, all that the run will need to know. */
export const gatherFacts: Phase = {
  title: 'Gather facts',
  async run(run) {
    await onHosts(allTargets(run), async (host) => {
      run.inspections.set(host.name, await sessionOf(run, host).inspect(queryFor(run, host)));
    });
  },
};

function queryFor(run: Run, host: Host): InspectQuery {
  const secrets = [...authorityPaths, ...secretPathsFor(run.cluster, host)];
  return {
    claim: !run.dryRun,
    read: [...new Set(secrets), ...(host.roles.includes('node') ? [kubeletClientPem] : [])],
    disks: ['/var/lib', run.cluster.binDir, ...(host.roles.includes('etcd') ? [run.cluster.etcd.dataDir] : [])],
  };
}
