// Versions that get no fixes soon. Pure.
import type { Cluster } from '../cluster/cluster.ts';
import { endOfLife } from '../cluster/versions.ts';
import { endInWords, soonMs } from './ends.ts';
import type { Finding } from './finding.ts';

/**
 * Minor versions of Kubernetes whose patch releases end soon, one finding each. A minor version that this release does not know is none: its end
 * is not known.
 * @param versions of API servers and kubelets, with or without a `v`
 */
export function versionFindings({ name }: Cluster, versions: readonly string[], now: Date): readonly Finding[] {
  const minors = new Set(versions.flatMap(minorOf));
  return [...minors].flatMap((minor): readonly Finding[] => {
    const end = endOfLife(minor);
    if (!end || end.getTime() - now.getTime() >= soonMs) return [];
    return [
      {
        id: `version-ends/kubernetes-1.${minor}`,
        severity: 'warning',
        subject: name,
        message: `the support of Kubernetes 1.${minor} ${endInWords(end, now)}`,
        fix: `Set kubernetesVersion to a release of 1.${minor + 1}: later security fixes are not released for 1.${minor}.`,
      },
    ];
  });
}

function minorOf(version: string): readonly number[] {
  const minor = /^v?1\.(\d{1,3})\./.exec(version)?.[1];
  return minor === undefined ? [] : [Number(minor)];
}
