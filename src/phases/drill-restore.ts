// What a restore drill does beside a restore: it is for hosts that are nobody's yet, and proves what it has restored.
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { restoredKeys } from '../etcd/restored-keys.ts';
import { seenFingerprints } from '../pki/index.ts';
import { withApi } from './cluster-access.ts';
import type { Phase } from './phase.ts';
import { type Connected, type Inspected, inspectionOf, sessionOf } from './stages.ts';
import type { VerifiedBackup, WithBackup } from './verify-backup.ts';

/** What was compared. */
export interface DrillResult {
  readonly manifest: VerifiedBackup['manifest'];
  /** Kinds whose number of keys is not that of the backup, in words. */
  readonly differing: readonly string[];
  /** Secrets that an API server could decrypt. */
  readonly secrets: number;
}

/**
 * Refuses hosts that have anything of a cluster: a drill destroys what it has built, and must not be able to destroy another one.
 * @param onSpare called when all are spare, before anything is changed
 */
export function requireSpareHosts(onSpare: () => void): Phase<Inspected> {
  return {
    title: 'Check that the hosts are spare',
    async run(run) {
      const problems = run.cluster.hosts.flatMap((host) => inUse(host, run) ?? []);
      if (problems.length > 0) throw new AggregateError(problems, 'nothing was changed');
      onSpare();
    },
  };
}

function inUse(host: Host, run: Inspected): Problem | undefined {
  const { scopes, isReset, files } = inspectionOf(run, host);
  const has = [
    ...(scopes.length > 0 && !isReset ? [`what was deployed for ${scopes.join(', ')}`] : []),
    ...(Object.keys(seenFingerprints(files)).length > 0 ? ['CAs of a cluster'] : []),
  ];
  if (has.length === 0) return undefined;
  return new Problem(`a drill is for spare hosts, and this one has ${has.join(' and ')}`, {
    code: 'DRILL_HOSTS',
    host: host.name,
    hint: 'If it is left from a drill that was killed, reset it with the cluster file of the drill. Otherwise write another host into that file.',
  });
}

/**
 * Compares the keys of each kind with the manifest inside the backup, at the restored revision, and reads every Secret through an API server, which
 * must have the right encryption key for that.
 */
export function compareRestored(onCompared: (result: DrillResult) => void): Phase<Connected & WithBackup> {
  return {
    title: 'Compare with the backup',
    async run(run) {
      const { manifest } = run.backup;
      const [host] = hostsWith(run.cluster, 'etcd');
      if (!host) throw new Error('a cluster has a host of etcd');
      const kinds = Object.keys(manifest.objects);
      const found = await restoredKeys(sessionOf(run, host), run.cluster, kinds, manifest.snapshot.revision);
      const differing = Object.entries(manifest.objects)
        .filter(([kind, count]) => found[kind] !== count)
        .map(
          ([kind, count]) => `${kind} has ${found[kind] ?? 'an unknown number of'} keys, and ${count} in the backup`,
        );
      const secrets = (await withApi(run, (api) => api.list('/api/v1/secrets', { metadataOnly: true }))).items.length;
      run.log.info(`${kinds.length} kinds compared, ${differing.length} differ; ${secrets} Secrets read`);
      onCompared({ manifest, differing, secrets });
    },
  };
}
