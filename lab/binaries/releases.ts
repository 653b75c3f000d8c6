import { cniPluginsRelease } from './builds/cni-plugins.ts';
import { containerdRelease } from './builds/containerd.ts';
import { etcdRelease } from './builds/etcd.ts';
import { flanneldRelease } from './builds/flanneld.ts';
import { kubernetesReleases } from './builds/kubernetes.ts';
import { runcRelease } from './builds/runc.ts';
import type { Release } from './release.ts';
import { versions } from './versions.ts';

/** Every file of the mirror, the control plane's before the nodes'. */
export function allReleases(kubernetesVersion: string): Release[] {
  const kubernetes = kubernetesReleases(kubernetesVersion);
  const ofNodes = new Set(['kubelet', 'kube-proxy']);
  return [
    ...kubernetes.filter(({ name }) => !ofNodes.has(name)),
    etcdRelease(versions.etcd),
    ...kubernetes.filter(({ name }) => ofNodes.has(name)),
    runcRelease(versions.runc),
    containerdRelease(versions.containerd),
    cniPluginsRelease(versions.cniPlugins),
    flanneldRelease(versions.flannel),
  ];
}
