import { paths } from './paths.ts';
import type { Role } from './roles.ts';

/** The CAs (certificate authorities) of a cluster. */
export const authorityNames = ['kubernetes', 'etcd', 'front-proxy'] as const;
export type AuthorityName = (typeof authorityNames)[number];

/** A leaf certificate and its key. */
interface LeafPair {
  readonly authority: AuthorityName;
  readonly crt: string;
  readonly key: string;
}

/** Which files with certificates and keys a role needs. */
interface RoleSecrets {
  /** Of the CAs: masters have all of them with their keys, other hosts the certificates that they trust. */
  readonly trust: readonly string[];
  readonly pairs: readonly LeafPair[];
  /** Each with a client certificate of the CA `kubernetes`. */
  readonly kubeconfigs: readonly string[];
}

type Pair = Pick<LeafPair, 'crt' | 'key'>;
const both = ({ crt, key }: Pair): readonly string[] => [crt, key];
const of = (authority: AuthorityName, ...pairs: readonly Pair[]): readonly LeafPair[] =>
  pairs.map(({ crt, key }) => ({ authority, crt, key }));

/** The one table of what a role gets, and nothing more: a node has no key of a CA, an etcd host none of Kubernetes'. */
export const secretsByRole: Readonly<Record<Role, RoleSecrets>> = {
  master: {
    trust: [
      paths.encryptionConfig,
      ...[paths.ca, paths.frontProxyCa, paths.etcdCa].flatMap(both),
      paths.serviceAccount.key,
      paths.serviceAccount.pub,
    ],
    pairs: [
      ...of('kubernetes', paths.apiserver, paths.apiserverKubeletClient),
      ...of('etcd', paths.apiserverEtcdClient),
      ...of('front-proxy', paths.frontProxyClient),
    ],
    kubeconfigs: [paths.adminConf, paths.controllerManagerConf, paths.schedulerConf],
  },
  etcd: {
    trust: [paths.etcd.ca],
    pairs: of('etcd', paths.etcd.server, paths.etcd.peer, paths.etcd.client),
    kubeconfigs: [],
  },
  node: {
    trust: [paths.ca.crt],
    pairs: of('kubernetes', paths.kubeletServing),
    kubeconfigs: [paths.proxyConf],
  },
};

/** All paths of a role's secrets, in the order in which a unit's `reads` lists them. */
export function secretPathsOf(role: Role): readonly string[] {
  const { kubeconfigs, trust, pairs } = secretsByRole[role];
  return [...kubeconfigs, ...trust, ...pairs.flatMap(both)];
}

/** Certificates that a CA has signed and that hosts have as files of their own. */
export function leafsOf(authority: AuthorityName): readonly string[] {
  const all = Object.values(secretsByRole).flatMap(({ pairs }) => pairs);
  return all.filter((pair) => pair.authority === authority).map(({ crt }) => crt);
}
