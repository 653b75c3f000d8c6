import type { Cluster } from '../cluster/cluster.ts';
import { compareVersions, minorOf, newestOf } from '../cluster/version-order.ts';
import { defaultVersions, supportedMinors, type VersionName, versionNames } from '../cluster/versions.ts';
import { Problem } from '../errors.ts';
import type { ObservedVersions } from '../observe/observed.ts';
import { versionRefusals } from './version-refusals.ts';

/** The versions of a run. */
export type Versions = Readonly<Record<VersionName, string>>;

/** The plan for the versions of a cluster. */
export interface VersionPlan {
  /** The version of each: the file's, or the running one where the file names none. */
  readonly versions: Versions;
  /** Newer defaults that are not used, one line each. */
  readonly notes: readonly string[];
  /** Changes that are not supported, for which nothing may be changed. */
  readonly refusals: readonly Problem[];
}

/**
 * Compares the versions of cluster.yaml with what runs. A default applies only where nothing runs yet: defaults move with the
 * release of the actions, and a running cluster must not be upgraded by that.
 */
export function planVersions(cluster: Cluster, observed: ObservedVersions): VersionPlan {
  const wanted = versionsOf(cluster);
  const running = (name: VersionName) => {
    const versions = runningVersions(observed, name);
    // Hosts report the rest about themselves: one that lies must not choose for the others.
    return name === 'kubernetes' || name === 'etcd' ? newestOf(versions) : commonest(versions);
  };
  const kept = versionNames.flatMap((name) => {
    const version = cluster.pinned.has(name) ? undefined : running(name);
    return version === undefined ? [] : [[name, version] as const];
  });
  const versions: Versions = { ...wanted, ...Object.fromEntries(kept) };
  const notes = kept.filter(([name, version]) => compareVersions(version, defaultVersions[name]) < 0).map(newerDefault);
  return { versions, notes, refusals: [...unsupported(versions), ...versionRefusals(versions, observed)] };
}

/** The versions that a cluster is to have. */
export function versionsOf(cluster: Cluster): Versions {
  return { kubernetes: cluster.kubernetesVersion, ...cluster.versions };
}

/** The same cluster with these versions. */
export function withVersions<C extends Cluster>(cluster: C, { kubernetes, ...versions }: Versions): C {
  return { ...cluster, kubernetesVersion: kubernetes, minor: minorOf(kubernetes), versions };
}

/** What is known to run of it, or else what lies on hosts. A process that answers outweighs the file on its host. */
function runningVersions({ served, placed, addons }: ObservedVersions, name: VersionName): readonly string[] {
  const program = { kubernetes: 'kube-apiserver', etcd: 'etcd' }[name as 'kubernetes' | 'etcd'];
  const answers = served.filter(({ component }) => component === program);
  const silent = placed.filter(
    (one) =>
      one.name === name && one.program === (program ?? one.program) && !answers.some(({ host }) => host === one.host),
  );
  const addon = addons[name];
  return [...answers, ...silent].map(({ version }) => version).concat(addon === undefined ? [] : [addon]);
}

/** The version that most hosts have; the newest of those that are equally common. */
function commonest(versions: readonly string[]): string | undefined {
  const counts = Map.groupBy(versions, (version) => version);
  const most = Math.max(0, ...[...counts.values()].map(({ length }) => length));
  return newestOf([...counts].flatMap(([version, { length }]) => (length === most ? [version] : [])));
}

function newerDefault([name, version]: readonly [VersionName, string]): string {
  const key = keyOf(name);
  return `${key} is not in cluster.yaml: the running ${version} stays; the default of this release is ${defaultVersions[name]}`;
}

/** The key of cluster.yaml that names a version. */
export function keyOf(name: VersionName): string {
  return name === 'kubernetes' ? 'kubernetesVersion' : `versions.${name}`;
}

/** A cluster that runs a release that these actions do not know, and names none. */
function unsupported({ kubernetes }: Versions): readonly Problem[] {
  const minor = minorOf(kubernetes);
  if (supportedMinors.some((known) => known === minor)) return [];
  return [
    new Problem(`the cluster runs Kubernetes ${kubernetes}, which this release of the actions does not support`, {
      code: 'VERSION_UNSUPPORTED',
      hint: `Use a release of the actions that supports 1.${minor}, or set kubernetesVersion in cluster.yaml to the next minor version that this one supports (${supportedMinors.map((known) => `1.${known}`).join(', ')}).`,
    }),
  ];
}
