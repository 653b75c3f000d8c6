/** One file of a host's secrets and certificates, as it is to stand on the host. */
export interface SecretFile {
  readonly path: string;
  readonly content: string;
  /** Octal. */
  readonly mode: string;
  /** `user:group`. */
  readonly owner: string;
  /** Private keys, kubeconfigs with keys, the encryption key. Certificates are not secret. */
  readonly secret: boolean;
  /** SHA-256 of the content, where only the host knows that: in a dry run `content` is a stand-in. */
  readonly sha256?: string;
}

/** All that one host needs and nothing more: what a bundle carries between jobs. */
export interface HostSecrets {
  readonly cluster: string;
  readonly host: string;
  /** Of the kubernetes, etcd and front-proxy authorities' certificates, so that an old bundle is told from a new one. SHA-256, hex. */
  readonly authorities: Readonly<Record<string, string>>;
  readonly files: readonly SecretFile[];
}
