import type { AuthorityName } from './authorities.ts';
import { type ComponentRecord, components, type LeafPair, type UserConfig } from './components.ts';
import { paths } from './paths.ts';
import type { Role } from './roles.ts';

/** The files with certificates and keys that a role needs. */
interface RoleSecrets {
  /** Of the CAs: masters have all of them with their keys, other hosts the certificates that they trust. */
  readonly trust: readonly string[];
  readonly pairs: readonly LeafPair[];
  readonly kubeconfigs: readonly UserConfig[];
}

type Pair = Pick<LeafPair, 'crt' | 'key'>;
const both = ({ crt, key }: Pair): readonly string[] => [crt, key];

const trust: Readonly<Record<Role, readonly string[]>> = {
  master: [
    paths.encryptionConfig,
    paths.nextCaKey,
    paths.signingCa,
    ...[paths.ca, paths.frontProxyCa, paths.etcdCa].flatMap(both),
    paths.serviceAccount.key,
    paths.serviceAccount.pub,
  ],
  etcd: [paths.etcd.ca],
  node: [paths.ca.crt],
};

const records: readonly ComponentRecord[] = Object.values(components);
const pairsOf = (all: readonly ComponentRecord[]) =>
  all.flatMap(({ certificates = {} }) => Object.values(certificates));

/** What a role gets, and nothing more: a node has no key of a CA, an etcd host none of Kubernetes’. */
export function roleSecrets(role: Role): RoleSecrets {
  const own = records.filter(({ roles }) => roles.includes(role));
  return { trust: trust[role], pairs: pairsOf(own), kubeconfigs: own.flatMap(({ kubeconfig = [] }) => kubeconfig) };
}

/** All paths of a role's secrets, in the order in which a unit's `reads` lists them. */
export function secretPathsOf(role: Role): readonly string[] {
  const { kubeconfigs, trust: own, pairs } = roleSecrets(role);
  return [...kubeconfigs.map(({ path }) => path), ...own, ...pairs.flatMap(both)];
}

/** Paths of all leaf certificates of this CA that hosts have as files. */
export function leafsOf(authority: AuthorityName): readonly string[] {
  return pairsOf(records).flatMap((pair) => (pair.authority === authority ? pair.crt : []));
}
