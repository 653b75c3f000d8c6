import type { Host } from '../cluster/cluster.ts';
import { observeEtcd } from '../etcd/observe.ts';
import type { Inspection, InspectQuery } from '../host/engine.ts';
import { places } from '../layout/paths.ts';
import { roleSecrets } from '../layout/secrets.ts';
import { askPauseImage } from '../observe/placed.ts';
import { isPublic, secretPathsFor, trustPaths } from '../pki/index.ts';
import { besideQuery } from './beside-query.ts';
import { roomPaths } from './check-room.ts';
import { onHosts } from './on-hosts.ts';
import type { StagePhase } from './phase.ts';
import { allTargets, type Run, targetsOf } from './run.ts';
import { type Connected, type Inspected, type PerhapsSecrets, sessionOf } from './stages.ts';

type Stage = Connected & PerhapsSecrets;

/** Reads all facts that the run needs from every host, in one exchange each. */
export const gatherFacts: StagePhase<Stage, Pick<Inspected, 'inspections'>> = {
  title: 'Gather facts',
  async run(run, signal) {
    const inspect = async (host: Host): Promise<[string, Inspection]> => [
      host.name,
      await sessionOf(run, host).inspect(queryFor(run, host)),
    ];
    return { inspections: new Map(await onHosts(allTargets(run), inspect, signal)) };
  },
};

const hasBundles = ({ secrets }: Stage): boolean => secrets !== undefined && secrets.size > 0;

/** What the first exchange asks a host. */
export function queryFor(run: Stage, host: Host): InspectQuery {
  return {
    claim: !run.dryRun,
    ...secretsQuery(run, host),
    certificates: host.roles.includes('node') ? [places.kubeletClientCert] : [],
    // The answer about etcd is read as the first one.
    ask: [
      ...(isEtcdTarget(run, host) ? [observeEtcd(run.cluster, host, places.etcdBootstrap)] : []),
      ...(host.roles.includes('node') && !hasBundles(run) ? [askPauseImage] : []),
    ],
    beside: besideQuery(run.cluster, host),
    disks: roomPaths(run.cluster, host),
  };
}

/** Whose etcd this run may change. */
function isEtcdTarget(run: Run, { name }: Host): boolean {
  return targetsOf(run, 'etcd').some((host) => host.name === name);
}

/**
 * Secrets are read only where they are needed: in a run that issues certificates and passes each host's secrets to its job. A job with a
 * bundle reads only what identifies the cluster, and a dry run compares without secrets.
 */
function secretsQuery(run: Stage, host: Host): Pick<InspectQuery, 'read' | 'withhold'> {
  if (hasBundles(run)) return { read: trustPaths };
  const all = [...new Set([...roleSecrets('master').trust, ...secretPathsFor(run.cluster, host)])];
  if (!run.dryRun) return { read: all };
  return { read: all.filter(isPublic), withhold: all.filter((path) => !isPublic(path)) };
}
