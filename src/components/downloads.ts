import type { Cluster } from '../cluster/cluster.ts';
import type { Download } from '../host/state.ts';

/** Go's name of the architecture. */
export type Architecture = string;

const executable = '755';

/** `https://HOST/PATH`, or the same path on the cluster's own mirror. */
function official(cluster: Cluster, location: string): string {
  return `${cluster.mirror === undefined ? 'https:/' : cluster.mirror.replace(/\/+$/, '')}/${location}`;
}

/** A command of Kubernetes itself: https://kubernetes.io/releases/download/#binaries */
export function kubernetesBinary(cluster: Cluster, architecture: Architecture, name: string): Download {
  const file = `dl.k8s.io/v${cluster.kubernetesVersion}/bin/linux/${architecture}/${name}`;
  return {
    url: official(cluster, file),
    sumUrl: official(cluster, `${file}.sha256`),
    mode: executable,
    place: `${cluster.binDir}/${name}`,
  };
}

/** One or more of etcd, etcdctl and etcdutl, from etcd's archive. */
export function etcdBinaries(cluster: Cluster, architecture: Architecture, names: readonly string[]): Download {
  const version = cluster.versions.etcd;
  const top = `etcd-v${version}-linux-${architecture}`;
  const folder = `github.com/etcd-io/etcd/releases/download/v${version}`;
  return {
    url: official(cluster, `${folder}/${top}.tar.gz`),
    sumUrl: official(cluster, `${folder}/SHA256SUMS`),
    mode: executable,
    place: members(names, (name) => `${top}/${name}`, cluster.binDir),
  };
}

/** containerd, its shim for runc, and ctr, which checks whether containerd is ready. */
export function containerdBinaries(cluster: Cluster, architecture: Architecture): Download {
  const version = cluster.versions.containerd;
  const file = `github.com/containerd/containerd/releases/download/v${version}/containerd-${version}-linux-${architecture}.tar.gz`;
  return {
    url: official(cluster, file),
    sumUrl: official(cluster, `${file}.sha256sum`),
    mode: executable,
    place: members(['containerd', 'containerd-shim-runc-v2', 'ctr'], (name) => `bin/${name}`, cluster.binDir),
  };
}

/** runc publishes one file of sums for all its binaries; the host finds the line of this one by its name. */
export function runcBinary(cluster: Cluster, architecture: Architecture): Download {
  const folder = `github.com/opencontainers/runc/releases/download/v${cluster.versions.runc}`;
  return {
    url: official(cluster, `${folder}/runc.${architecture}`),
    sumUrl: official(cluster, `${folder}/runc.sha256sum`),
    mode: executable,
    place: `${cluster.binDir}/runc`,
  };
}

/** The CNI project's plugins; in the archive each name begins with `./`. */
export function cniPlugins(
  cluster: Cluster,
  architecture: Architecture,
  names: readonly string[],
  folder: string,
): Download {
  const version = cluster.versions.cniPlugins;
  const file = `github.com/containernetworking/plugins/releases/download/v${version}/cni-plugins-linux-${architecture}-v${version}.tgz`;
  return {
    url: official(cluster, file),
    sumUrl: official(cluster, `${file}.sha256`),
    mode: executable,
    place: members(names, (name) => `./${name}`, folder),
  };
}

/** flannel’s daemon without its CNI plugin, which the bridge plugin replaces (see flannel-conflist.ts). */
export function flanneldBinary(cluster: Cluster, architecture: Architecture): Download {
  const tag = `v${cluster.versions.flannel}`;
  return {
    url: official(cluster, `github.com/flannel-io/flannel/releases/download/${tag}/flanneld-${architecture}`),
    // flannel publishes no checksum files; GitHub has a digest of each asset.
    sumUrl: official(cluster, `api.github.com/repos/flannel-io/flannel/releases/tags/${tag}`),
    mode: executable,
    place: `${cluster.binDir}/flanneld`,
  };
}

function members(
  names: readonly string[],
  inArchive: (name: string) => string,
  folder: string,
): Record<string, string> {
  return Object.fromEntries(names.map((name) => [inArchive(name), `${folder}/${name}`]));
}
