import type { Cluster } from '../cluster/cluster.ts';
import type { Download } from '../host/state.ts';
import { lockedSum } from '../lockfile/locked.ts';

/** Go's name of the architecture. */
export type Architecture = string;

const executable = '755';

/** A file at `HOST/PATH` of its publisher, with the SHA-256 of the cluster's lock or of its run, if it has one. */
function download(cluster: Cluster, file: string, sumFile: string, place: Download['place']): Download {
  const url = placeOf(cluster, file);
  const sha256 = lockedSum(cluster, `https://${file}`) ?? cluster.sums?.get(url);
  return {
    url,
    sumUrl: placeOf(cluster, sumFile),
    ...(sha256 !== undefined && { sha256 }),
    mode: executable,
    place,
  };
}

/** `https://HOST/PATH`, or the same path on the cluster's own mirror. */
function placeOf({ mirror }: Cluster, location: string): string {
  return `${mirror === undefined ? 'https:/' : mirror.replace(/\/+$/, '')}/${location}`;
}

/** A command of Kubernetes itself: https://kubernetes.io/releases/download/#binaries */
export function kubernetesBinary(cluster: Cluster, architecture: Architecture, name: string): Download {
  const file = `dl.k8s.io/v${cluster.kubernetesVersion}/bin/linux/${architecture}/${name}`;
  return download(cluster, file, `${file}.sha256`, `${cluster.binDir}/${name}`);
}

/** One or more of etcd, etcdctl and etcdutl, from etcd's archive. */
export function etcdBinaries(cluster: Cluster, architecture: Architecture, names: readonly string[]): Download {
  const version = cluster.versions.etcd;
  const top = `etcd-v${version}-linux-${architecture}`;
  const folder = `github.com/etcd-io/etcd/releases/download/v${version}`;
  const place = members(names, (name) => `${top}/${name}`, cluster.binDir);
  return download(cluster, `${folder}/${top}.tar.gz`, `${folder}/SHA256SUMS`, place);
}

/** containerd, its shim for runc, and ctr, which checks whether containerd is ready. */
export function containerdBinaries(cluster: Cluster, architecture: Architecture): Download {
  const version = cluster.versions.containerd;
  const file = `github.com/containerd/containerd/releases/download/v${version}/containerd-${version}-linux-${architecture}.tar.gz`;
  const place = members(['containerd', 'containerd-shim-runc-v2', 'ctr'], (name) => `bin/${name}`, cluster.binDir);
  return download(cluster, file, `${file}.sha256sum`, place);
}

/** runc publishes one file of sums for all its binaries; the host finds the line of this one by its name. */
export function runcBinary(cluster: Cluster, architecture: Architecture): Download {
  const folder = `github.com/opencontainers/runc/releases/download/v${cluster.versions.runc}`;
  return download(cluster, `${folder}/runc.${architecture}`, `${folder}/runc.sha256sum`, `${cluster.binDir}/runc`);
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
  const place = members(names, (name) => `./${name}`, folder);
  return download(cluster, file, `${file}.sha256`, place);
}

/** flannel’s daemon without its CNI plugin, which the bridge plugin replaces (see flannel-conflist.ts). */
export function flanneldBinary(cluster: Cluster, architecture: Architecture): Download {
  const tag = `v${cluster.versions.flannel}`;
  const file = `github.com/flannel-io/flannel/releases/download/${tag}/flanneld-${architecture}`;
  // flannel publishes no checksum files; GitHub has a digest of each asset.
  const sumFile = `api.github.com/repos/flannel-io/flannel/releases/tags/${tag}`;
  return download(cluster, file, sumFile, `${cluster.binDir}/flanneld`);
}

function members(
  names: readonly string[],
  inArchive: (name: string) => string,
  folder: string,
): Record<string, string> {
  return Object.fromEntries(names.map((name) => [inArchive(name), `${folder}/${name}`]));
}
