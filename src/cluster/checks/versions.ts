import { alternatives, type Finding, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';
import { isOlder, minorOf } from '../version-order.ts';
import { defaultVersions, kubernetesMinor, supportedMinors } from '../versions.ts';

/** Versions whose flags and files this release does not support. */
export function versionFindings(file: ClusterFile): readonly Finding[] {
  return [
    ...kubernetesFindings(file.kubernetesVersion),
    ...etcdFindings(file),
    ...tooOld(file.versions, 'containerd', '2.0.0', 'its configuration is written as version 3'),
    ...tooOld(file.versions, 'cniPlugins', '1.0.0', 'flannel’s network configuration asks for it'),
  ];
}

function kubernetesFindings(version: string): readonly Finding[] {
  const [major, minor] = version.split('.').map(Number);
  if (major === 1 && supportedMinors.some((supported) => supported === minor)) return [];
  const known = alternatives(supportedMinors.map((supported) => `1.${supported}`));
  return [
    {
      code: 'CLUSTER_VERSION',
      path: ['kubernetesVersion'],
      message: `Kubernetes ${quote(version)} is not a version that this release can build.`,
      hint: `Write a version of ${known}, such as ${defaultVersions.kubernetes}.`,
    },
  ];
}

/** The oldest etcd for the API servers of the file's Kubernetes, or of the oldest supported one if that version is invalid. */
function etcdFindings({ kubernetesVersion, versions }: ClusterFile): readonly Finding[] {
  const minor = minorOf(kubernetesVersion);
  const known = supportedMinors.find((supported) => supported === minor) ?? supportedMinors[0] ?? 0;
  const { oldestEtcd } = kubernetesMinor(known);
  const since = supportedMinors.find((each) => kubernetesMinor(each).oldestEtcd === oldestEtcd);
  return tooOld(versions, 'etcd', oldestEtcd, `apiservers of Kubernetes 1.${since} and later ask for it`);
}

function tooOld(
  versions: ClusterFile['versions'],
  name: keyof ClusterFile['versions'],
  least: string,
  reason: string,
): readonly Finding[] {
  if (!isOlder(versions[name], least)) return [];
  const message = `${name} ${quote(versions[name])} is too old: ${reason}.`;
  const hint = `Write ${least} or later, or remove the key to get ${defaultVersions[name]}.`;
  return [{ code: 'CLUSTER_VERSION', path: ['versions', name], message, hint }];
}
