/** One file of a host's secrets and certificates, with its path, owner and mode on the host. */
export interface SecretFile {
  readonly path: string;
  readonly content: string;
  /** Octal. */
  readonly mode: string;
  /** `user:group`. */
  readonly owner: string;
  /** True for private keys, kubeconfigs with keys and the encryption key. Certificates are not secret. */
  readonly secret: boolean;
  /** SHA-256 of the content if only the host knows the content: in a dry run, `content` is a placeholder. */
  readonly sha256?: string;
}

/** Exactly the files that one host needs: the contents of a bundle. */
export interface HostSecrets {
  readonly cluster: string;
  readonly host: string;
  /** SHA-256 (hex) of the CA certificates kubernetes, etcd and front-proxy, to detect an old bundle. */
  readonly authorities: Readonly<Record<string, string>>;
  readonly files: readonly SecretFile[];
  /** The run that made the bundle has seen all hosts, and etcd was never started on any of them. */
  readonly startsEtcd?: true;
  /** Masters that had no API server yet when the run that made the bundle saw all hosts; absent if there was none. */
  readonly newMasters?: readonly string[];
  /** When the bundle was encrypted: the same for all bundles of one pki job. Present if it came from one. */
  readonly sealedAt?: string;
  /** The versions that the run has settled on by what runs, by name; absent outside a bundle. */
  readonly versions?: Readonly<Record<string, string>>;
  /** SHA-256 in hex of what the host has still to download, by URL; absent outside a bundle, and for a cluster with a lock. */
  readonly sums?: Readonly<Record<string, string>>;
}
