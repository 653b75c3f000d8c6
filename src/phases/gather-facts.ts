import type { Host } from '../cluster/cluster.ts';
import type { InspectQuery } from '../host/engine.ts';
import { authorityPaths, isPublic, secretPathsFor, trustPaths } from '../pki/index.ts';
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
  return {
    claim: !run.dryRun,
    ...secretsQuery(run, host),
    certificates: host.roles.includes('node') ? [kubeletClientPem] : [],
    disks: ['/var/lib', run.cluster.binDir, ...(host.roles.includes('etcd') ? [run.cluster.etcd.dataDir] : [])],
  };
}

/**
 * Secrets come over only where they are needed: in a run that issues certificates, and hands each host's secrets to its job. A job
 * that has them from its bundle reads what tells one cluster from another, and a dry run compares without them.
 */
function secretsQuery(run: Run, host: Host): Pick<InspectQuery, 'read' | 'withhold'> {
  if (run.secrets.size > 0) return { read: trustPaths };
  const all = [...new Set([...authorityPaths, ...secretPathsFor(run.cluster, host)])];
  if (!run.dryRun) return { read: all };
  return { read: all.filter(isPublic), withhold: all.filter((path) => !isPublic(path)) };
}
