import { compareVersions, versionParts } from '../cluster/version-order.ts';
import { etcdHopFloors, kubernetesMinors, type VersionName } from '../cluster/versions.ts';
import type { ProblemCode } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import type { ObservedVersions } from '../observe/observed.ts';

type Versions = Readonly<Record<VersionName, string>>;

/** One program that runs, or whose version is only known from the file on its host. */
interface Running {
  readonly host: string;
  readonly program: string;
  readonly version: string;
  readonly served: boolean;
}

/** How many minor versions a kubelet may be older than its API server. Source: kubernetes.io/releases/version-skew-policy */
const kubeletSkew = 3;

/**
 * Version changes that Kubernetes and etcd do not support: a downgrade, a skipped minor version, a kubelet outside the skew, an etcd
 * that must first go to a later patch. One Problem for each kind, which says what runs where.
 * @param wanted the versions after the run
 */
export function versionRefusals(wanted: Versions, observed: ObservedVersions): readonly Problem[] {
  return [
    ...stepRefusals('Kubernetes', 'kubernetesVersion', wanted.kubernetes, controlPlane(observed)),
    ...kubeletRefusals(wanted.kubernetes, observed),
    ...stepRefusals('etcd', 'versions.etcd', wanted.etcd, runningOf(observed, 'etcd')),
    ...etcdFloorRefusals(wanted.etcd, runningOf(observed, 'etcd')),
    ...etcdForKubernetes(wanted),
  ];
}

/** What a program's processes answer, and on hosts whose process did not answer, what lies there. */
function runningOf({ served, placed }: ObservedVersions, program: string): readonly Running[] {
  const answers = served.filter(({ component }) => component === program);
  const silent = placed.filter((one) => one.program === program && !answers.some(({ host }) => host === one.host));
  return [
    ...answers.map(({ host, version }) => ({ host, program, version, served: true })),
    ...silent.map(({ host, version }) => ({ host, program, version, served: false })),
  ].filter(({ version }) => versionParts(version) !== undefined);
}

/**
 * API servers, controller-managers and schedulers. Of the latter two only the file on the host is known. A run that was killed may have
 * placed it and not started it, so it counts only where the API server of the host did not answer.
 */
function controlPlane(observed: ObservedVersions): readonly Running[] {
  const servers = runningOf(observed, 'kube-apiserver');
  const answering = new Set(servers.filter(({ served }) => served).map(({ host }) => host));
  const others = ['kube-controller-manager', 'kube-scheduler'].flatMap((program) => runningOf(observed, program));
  return [...servers, ...others.filter(({ host }) => !answering.has(host))];
}

function refuse(code: ProblemCode, message: string, of: readonly Running[], hint: string): readonly Problem[] {
  if (of.length === 0) return [];
  const lines = of.map(
    ({ host, program, version, served }) => `${host}: ${program} ${version}${served ? '' : ' (on disk)'}`,
  );
  const few = lines.slice(0, 5).join(', ') + (lines.length > 5 ? `, and ${lines.length - 5} more` : '');
  return [new Problem(`${message}: ${few}`, { code, detail: lines, hint })];
}

/** Going back, and going forward by more than one minor version. */
function stepRefusals(what: string, key: string, wanted: string, running: readonly Running[]): readonly Problem[] {
  const newer = running.filter(({ version }) => compareVersions(wanted, version) < 0);
  const older = running.filter(({ version }) => isSkip(version, wanted));
  const newest =
    newer
      .map(({ version }) => version)
      .toSorted(compareVersions)
      .at(-1) ?? '';
  const oldest = older.map(({ version }) => version).toSorted(compareVersions)[0] ?? '';
  const [major = 0, minor = 0] = versionParts(oldest) ?? [];
  return [
    ...refuse(
      'VERSION_DOWNGRADE',
      `${key} is ${wanted}, but a newer ${what} runs`,
      newer,
      `Set ${key} to ${bare(newest)} or later: ${what} does not support going back. To return to an older version, restore a backup into a new cluster.`,
    ),
    ...refuse(
      'VERSION_SKIPPED',
      `${key} is ${wanted}, which is more than one minor version ahead of what runs`,
      older,
      `Set ${key} to a release of ${major}.${minor + 1} first, run the workflow, and continue from there. A host that leaves counts while its process runs.`,
    ),
  ];
}

function isSkip(from: string, to: string): boolean {
  const [old, next] = [versionParts(from), versionParts(to)];
  if (!old || !next) return false;
  return next[0] > old[0] || (next[0] === old[0] && next[1] > old[1] + 1);
}

/** A kubelet is never newer than an API server, and at most three minor versions older. */
function kubeletRefusals(wanted: string, observed: ObservedVersions): readonly Problem[] {
  const kubelets = runningOf(observed, 'kubelet').filter(({ served }) => served);
  const newer = kubelets.filter(({ version }) => compareVersions(wanted, version) < 0);
  const minor = versionParts(wanted)?.[1] ?? 0;
  const older = kubelets.filter(({ version }) => (versionParts(version)?.[1] ?? minor) < minor - kubeletSkew);
  return [
    ...refuse(
      'VERSION_SKEW',
      `kubelets would be newer than the API servers, which kubernetesVersion makes ${wanted}`,
      newer,
      'Set kubernetesVersion to the version of the newest kubelet or later: a kubelet must not be newer than an API server.',
    ),
    ...refuse(
      'VERSION_SKEW',
      `kubelets would be more than ${kubeletSkew} minor versions older than the API servers, which kubernetesVersion makes ${wanted}`,
      older,
      `Upgrade these nodes to 1.${minor - kubeletSkew} or later first, or remove them from the cluster.`,
    ),
  ];
}

/** A member may go to the next minor version only from a late patch of its own. */
function etcdFloorRefusals(wanted: string, members: readonly Running[]): readonly Problem[] {
  const next = versionParts(wanted);
  const floor = next && next[0] === 3 ? etcdHopFloors[next[1]] : undefined;
  if (!next || floor === undefined) return [];
  const below = members.filter(({ version }) => {
    const old = versionParts(version);
    return old !== undefined && old[1] === next[1] - 1 && compareVersions(version, floor) < 0;
  });
  return refuse(
    'VERSION_ETCD_HOP',
    `versions.etcd is ${wanted}, to which etcd goes only from ${floor} or later`,
    below,
    `Set versions.etcd to ${floor} first and run the workflow, so that all members have it.`,
  );
}

/** API servers ask for a certain etcd; the checks of cluster.yaml compare with the default where the file names none. */
function etcdForKubernetes({ kubernetes, etcd }: Versions): readonly Problem[] {
  const minor = versionParts(kubernetes)?.[1] ?? 0;
  const oldest = Object.entries(kubernetesMinors).find(([known]) => Number(known) === minor)?.[1].oldestEtcd;
  if (oldest === undefined || compareVersions(etcd, oldest) >= 0) return [];
  return [
    new Problem(`Kubernetes ${kubernetes} needs etcd ${oldest} or later, but the members have ${etcd}`, {
      code: 'VERSION_ETCD_HOP',
      hint: `Set versions.etcd to ${oldest} or later and run the workflow before kubernetesVersion is raised.`,
    }),
  ];
}

const bare = (version: string): string => version.replace(/^v/, '');
