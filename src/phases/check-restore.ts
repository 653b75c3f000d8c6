import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { lookAtStore, readBegunRestore, readRevision } from '../etcd/store.ts';
import { seenFingerprints } from '../pki/index.ts';
import { planRestore, type RestoreHost } from '../plan/restore.ts';
import { planVersions, withVersions } from '../plan/versions.ts';
import { observedAtFirst } from './observe-etcd.ts';
import { onHosts } from './on-hosts.ts';
import type { StagePhase } from './phase.ts';
import type { Run } from './run.ts';
import { type Inspected, inspectionOf, sessionOf } from './stages.ts';
import type { WithBackup } from './verify-backup.ts';

type Stage = Inspected & WithBackup;

/** The decision on the data of etcd: an earlier run may have replaced it. */
export interface Decided extends Run {
  readonly replacesData: boolean;
}

/** A copy of the database is made to read its revision. */
const lookSeconds = 300;

/**
 * Compares the backup with the hosts, and refuses before anything is changed. From here on the run's cluster has the versions of the backup where
 * cluster.yaml names none.
 * @param discardNewer the user gives up the data of etcd on the hosts.
 */
export function checkRestore(discardNewer: boolean): StagePhase<Stage, Pick<Decided, 'cluster' | 'replacesData'>> {
  return {
    title: 'Compare the backup with the hosts',
    async run(run, signal) {
      const { manifest, snapshot } = run.backup;
      const hosts = await onHosts(run.cluster.hosts, (host) => seen(run, host), signal);
      const source = { ...manifest.cluster, revision: manifest.snapshot.revision, created: manifest.created };
      const plan = planRestore({ ...source, sha256: snapshot.sha256 }, hosts, discardNewer);
      const { versions, notes, refusals } = planVersions(run.cluster, {
        served: servedIn(run),
        placed: [],
        addons: {},
      });
      const problems = [...refusals, ...('refusals' in plan ? plan.refusals : []).map(problemOf)];
      if (problems.length > 0) throw new AggregateError(problems, 'nothing was changed');
      for (const note of notes) run.log.info(note);
      const replacesData = 'do' in plan && plan.do === 'restore';
      if (!replacesData)
        run.log.info('an earlier run has restored the data of etcd from this backup: this run completes it');
      else run.log.info(`${run.dryRun ? 'would restore' : 'restores'} etcd at revision ${manifest.snapshot.revision}`);
      return { cluster: withVersions(run.cluster, versions), replacesData };
    },
  };
}

async function seen(run: Stage, host: Host): Promise<RestoreHost> {
  const { owners, files } = inspectionOf(run, host);
  const about = { host: host.name, owners, authorities: seenFingerprints(files) };
  if (!hostsWith(run.cluster, 'etcd').includes(host)) return about;
  const said = observedAtFirst(run).get(host.name);
  if (said?.data === 'none' && !said.active) return about;
  const { stdout } = await sessionOf(run, host).run(lookAtStore(run.cluster, host), { timeoutSeconds: lookSeconds });
  const data = { revision: readRevision(stdout), begun: readBegunRestore(stdout), serves: said?.list !== undefined };
  return { ...about, data };
}

/** The versions of the backup, as if they ran: neither supports going back. */
function servedIn({ backup: { manifest } }: WithBackup) {
  const { kubernetes, etcd } = manifest.versions;
  const host = 'the backup';
  const server = kubernetes === undefined ? [] : [{ host, component: 'kube-apiserver' as const, version: kubernetes }];
  return [...server, { host, component: 'etcd' as const, version: etcd }];
}

function problemOf({
  code,
  host,
  message,
  hint,
}: {
  code: Problem['code'];
  host: string;
  message: string;
  hint: string;
}) {
  return new Problem(message, { code, host, hint });
}
