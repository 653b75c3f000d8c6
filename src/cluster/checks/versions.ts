import { alternatives, type Finding, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';
import { defaultVersions, supportedMinors } from '../versions.ts';

/** The oldest versions that the supported minors of Kubernetes and our configuration files work with. */
const oldest = {
  etcd: ['3.5.24', 'apiservers of Kubernetes 1.34 and later ask for it'],
  containerd: ['2.0.0', 'its configuration is written as version 3'],
  cniPlugins: ['1.0.0', 'flannel’s network configuration asks for it'],
} as const;

/** Versions whose flags and files this release doesn't know. */
export function versionFindings(file: ClusterFile): readonly Finding[] {
  return [...kubernetesFindings(file.kubernetesVersion), ...otherFindings(file.versions)];
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

function otherFindings(versions: ClusterFile['versions']): readonly Finding[] {
  return (Object.keys(oldest) as (keyof typeof oldest)[]).flatMap((name) => {
    const [least, reason] = oldest[name];
    if (!isBefore(versions[name], least)) return [];
    const message = `${name} ${quote(versions[name])} is too old: ${reason}.`;
    const hint = `Write ${least} or later, or remove the key to get ${defaultVersions[name]}.`;
    return [{ code: 'CLUSTER_VERSION', path: ['versions', name], message, hint }];
  });
}

function isBefore(version: string, other: string): boolean {
  const others = other.split('.').map(Number);
  const difference = version.split('.').map((part, index) => Number(part) - (others[index] ?? 0));
  return (difference.find((value) => value !== 0) ?? 0) < 0;
}
