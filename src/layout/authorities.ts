import { paths } from './paths.ts';

/** What is fixed about a CA (certificate authority) of every cluster. */
interface AuthorityRecord {
  /** kubeadm's. */
  readonly commonName: string;
  /** Paths on a master. */
  readonly crt: string;
  readonly key: string;
  /** The key of the next CA, for a rotation whose first stage may take longer than a run. */
  readonly nextKey?: string;
  /** Every path where a host can have its certificate. */
  readonly copies: readonly string[];
}

export const authorityRecords = {
  kubernetes: { commonName: 'kubernetes', ...paths.ca, nextKey: paths.nextCaKey, copies: [paths.ca.crt] },
  etcd: { commonName: 'etcd-ca', ...paths.etcdCa, copies: [paths.etcdCa.crt, paths.etcd.ca] },
  'front-proxy': { commonName: 'front-proxy-ca', ...paths.frontProxyCa, copies: [paths.frontProxyCa.crt] },
} as const satisfies Readonly<Record<string, AuthorityRecord>>;

export type AuthorityName = keyof typeof authorityRecords;

/** The path on masters of a CA's next key; undefined for a CA whose next key ends with the run that made it. */
export function nextKeyPath(name: AuthorityName): string | undefined {
  const { nextKey }: AuthorityRecord = authorityRecords[name];
  return nextKey;
}

export const authorityNames = Object.keys(authorityRecords) as readonly AuthorityName[];
