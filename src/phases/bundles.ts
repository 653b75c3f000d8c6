import type { Cluster, Host } from '../cluster/cluster.ts';
import { type VersionName, versionNames } from '../cluster/versions.ts';
import { Problem } from '../errors.ts';
import { type HostSecrets, openBundle, readIdentity, sealBundle, secretValues } from '../pki/index.ts';
import { startsCluster } from '../plan/etcd-members.ts';
import { keyOf, type Versions, versionsOf, withVersions } from '../plan/versions.ts';
import { sumsForHosts } from './bundle-sums.ts';
import { groupsOf } from './matrix.ts';
import { newMasters } from './new-masters.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, type StagePhase, unlessDry } from './phase.ts';
import { allTargets, type Run } from './run.ts';
import type { Prepared, WithSecrets } from './stages.ts';

/** The names of hosts whose bundles are stored together, in the order of cluster.yaml; usually one. */
export type BundleGroup = readonly string[];

/** The store of encrypted bundles between jobs; it only gets ciphertext. */
export interface BundleStore {
  /** Stores the bundles of a group, by host; a host without secrets has none. */
  write(cluster: string, group: BundleGroup, sealed: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Reads the bundle of a host of the group. Undefined if there is none. */
  read(cluster: string, group: BundleGroup, host: string): Promise<Uint8Array | undefined>;
}

/**
 * As many groups as a matrix has jobs at most: GitHub accepts 500 artifacts from one job.
 * Every job knows them from cluster.yaml. Pure.
 */
function bundleGroups({ hosts }: Cluster): readonly BundleGroup[] {
  return groupsOf(hosts.map(({ name }) => name));
}

/** Encrypts the secrets of each host, one bundle per host. */
export function sealBundles(store: BundleStore, identity: string): Phase<Prepared> {
  return {
    title: 'Encrypt the bundles',
    when: unlessDry,
    async run(run, signal) {
      const { recipient } = await readIdentity(identity);
      const starts = run.etcd.facts !== undefined && startsCluster(run.cluster, run.etcd.facts);
      const joining = newMasters(run);
      const sums = await sumsForHosts(run);
      const sealed = new Map<string, Uint8Array>();
      const seal = async ({ name, roles }: Host) => {
        const own = run.secrets.get(name);
        if (!own) return;
        const secrets: HostSecrets = {
          ...{ ...own, versions: versionsOf(run.cluster) },
          ...(starts && roles.includes('etcd') && { startsEtcd: true }),
          ...(joining.length > 0 && roles.includes('master') && { newMasters: joining }),
          ...(sums.has(name) && { sums: sums.get(name) ?? {} }),
        };
        sealed.set(name, await sealBundle(secrets, recipient, { sealedAt: run.now }));
      };
      await onHosts(run.cluster.hosts, seal, signal);
      await storeBundles(store, run.cluster, sealed, signal);
      run.log.info(`${run.secrets.size} bundles sealed`);
    },
  };
}

async function storeBundles(
  store: BundleStore,
  cluster: Cluster,
  sealed: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const groups = new Map(bundleGroups(cluster).map((group) => [group[0], group]));
  const write = async ({ name }: Host) => {
    const group = groups.get(name) ?? [];
    const own = new Map([...sealed].filter(([host]) => group.includes(host)));
    if (own.size > 0) await store.write(cluster.name, group, own);
  };
  // A failure is reported for the first host of its group.
  await onHosts(
    cluster.hosts.filter(({ name }) => groups.has(name)),
    write,
    signal,
  );
}

/**
 * Opens the bundles of the hosts that this run changes, before any of them is touched. The versions that the pki job has settled on by
 * what runs come with them: a job of one host does not ask the whole cluster.
 */
export function openBundles(
  store: BundleStore,
  identity: string,
): StagePhase<Run, Pick<WithSecrets, 'secrets' | 'cluster' | 'attempt'>> {
  return {
    title: 'Decrypt the bundles',
    async run(run, signal) {
      const opened = new Map<string, HostSecrets>();
      const settled: BundledVersions[] = [];
      const sums = new Map<string, string>();
      const times = new Set<string>();
      const groups = new Map(bundleGroups(run.cluster).flatMap((group) => group.map((name) => [name, group])));
      const open = async (host: Host) => {
        const sealed = await store.read(run.cluster.name, groups.get(host.name) ?? [host.name], host.name);
        if (!sealed) {
          const hint =
            'Run the pki action of this cluster first; bundles are kept until every job has passed, for a day at most.';
          throw new Problem('there is no bundle for this host', { code: 'BUNDLE_MISSING', hint });
        }
        const expected = { cluster: run.cluster.name, host: host.name };
        const { versions, sums: known = {}, sealedAt, ...secrets } = await openBundle(sealed, identity, expected);
        if (sealedAt) times.add(sealedAt);
        run.mask(secretValues(secrets));
        if (versions) settled.push({ host: host.name, versions });
        for (const [url, sum] of Object.entries(known)) sums.set(url, sum);
        opened.set(host.name, secrets);
      };
      await onHosts(allTargets(run), open, signal);
      // A new pki job is a new attempt, also where all runs have one name.
      const attempt = `${run.attempt}, bundles of ${[...times].toSorted().join(' ')}`;
      return { secrets: opened, cluster: { ...withBundledVersions(run.cluster, settled), sums }, attempt };
    },
  };
}

/** The versions in the bundle of a host. */
interface BundledVersions {
  readonly host: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** @throws AggregateError of Problems BUNDLE_STALE: a bundle was made for other versions than the file or the other bundles have */
function withBundledVersions(cluster: Cluster, bundles: readonly BundledVersions[]): Cluster {
  const own = versionsOf(cluster);
  const settled: Versions = { ...own, ...bundles[0]?.versions };
  const wanted = (name: VersionName) => (cluster.pinned.has(name) ? own[name] : settled[name]);
  const problems = bundles.flatMap(({ host, versions }) => {
    const other = versionNames.find((name) => (versions[name] ?? wanted(name)) !== wanted(name));
    if (other === undefined) return [];
    const message = `the bundle of ${host} was made for ${keyOf(other)} ${versions[other]}, not ${wanted(other)}`;
    return [new Problem(message, { code: 'BUNDLE_STALE', host, hint: 'Run the pki job again, then this one.' })];
  });
  if (problems.length > 0) throw new AggregateError(problems, 'bundles are of other versions');
  return withVersions(cluster, settled);
}
