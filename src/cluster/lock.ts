/** The reviewed contents of a cluster's binaries and images, as cluster.lock.yaml beside cluster.yaml names them. */
export interface Lock {
  /** The file that it was read from, or is to be written to. */
  readonly file: string;
  /** By the official URL, which is the same for a cluster with a mirror: SHA-256 in lower-case hex. */
  readonly binaries: ReadonlyMap<string, string>;
  /** By name and tag, as in `registry.k8s.io/pause:3.10.2`: the digest of its manifest, `sha256:…`. */
  readonly images: ReadonlyMap<string, string>;
}

/** The lock file of a cluster file: `prod/cluster.lock.yaml` for `prod/cluster.yaml`. */
export function lockFileOf(clusterFile: string): string {
  return `${clusterFile.replace(/\.ya?ml$/, '')}.lock.yaml`;
}
