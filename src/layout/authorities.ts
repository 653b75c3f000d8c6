import { paths } from './paths.ts';

/** What is fixed about a CA (certificate authority) of every cluster. */
interface AuthorityRecord {
  /** kubeadm's. */
  readonly commonName: string;
  /** Paths on a master. */
  readonly crt: string;
  readonly key: string;
  /** Every path where a host can have its certificate. */
  readonly copies: readonly string[];
}

export const authorityRecords = {
  kubernetes: { commonName: 'kubernetes', ...paths.ca, copies: [paths.ca.crt] },
  etcd: { commonName: 'etcd-ca', ...paths.etcdCa, copies: [paths.etcdCa.crt, paths.etcd.ca] },
  'front-proxy': { commonName: 'front-proxy-ca', ...paths.frontProxyCa, copies: [paths.frontProxyCa.crt] },
} as const satisfies Readonly<Record<string, AuthorityRecord>>;

export type AuthorityName = keyof typeof authorityRecords;

export const authorityNames = Object.keys(authorityRecords) as readonly AuthorityName[];
