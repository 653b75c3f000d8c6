import type { Authority } from './authority.ts';
import { newEncryptionConfig } from './encryption.ts';
import { newSigningPair } from './keys.ts';
import { toBeMade } from './stand-in.ts';
import { selfSign } from './x509-write.ts';

export const authorityNames = ['kubernetes', 'etcd', 'front-proxy'] as const;
export type AuthorityName = (typeof authorityNames)[number];

/** What a cluster's trust rests on. It lives on the masters and is made once. */
export interface Authorities extends Readonly<Record<AuthorityName, Authority>> {
  /** Signs and checks the tokens of service accounts. */
  readonly serviceAccount: { readonly key: string; readonly pub: string };
  /** The EncryptionConfiguration with the key for encryption at rest. */
  readonly encryptionConfig: string;
}

/** What an interrupted first run has left: an authority's key may stand alone, for a certificate can be made for it. */
export interface KeptAuthorities extends Readonly<Partial<Record<AuthorityName, KeptAuthority>>> {
  readonly serviceAccount?: Authorities['serviceAccount'];
  readonly encryptionConfig?: string;
}
type KeptAuthority = Pick<Authority, 'key'> & Partial<Authority>;

/** kubeadm's names. */
const commonNames: Readonly<Record<AuthorityName, string>> = {
  kubernetes: 'kubernetes',
  etcd: 'etcd-ca',
  'front-proxy': 'front-proxy-ca',
};

/**
 * What `makeAuthorities` would make, for a run that only says so: stand-ins instead of secrets, and certificates for a key that
 * is thrown away.
 */
export async function planAuthorities(now: Date, kept: KeptAuthorities = {}): Promise<Authorities> {
  const { key } = await newSigningPair();
  const authority = async (name: AuthorityName): Promise<Authority> => {
    const crt = kept[name]?.crt ?? (await selfSign(commonNames[name], key, now));
    return { key: kept[name]?.key ?? toBeMade, crt };
  };
  const [kubernetes, etcd, frontProxy] = await Promise.all([
    authority('kubernetes'),
    authority('etcd'),
    authority('front-proxy'),
  ]);
  const serviceAccount = kept.serviceAccount ?? { key: toBeMade, pub: toBeMade };
  const encryptionConfig = kept.encryptionConfig ?? toBeMade;
  return { kubernetes, etcd, 'front-proxy': frontProxy, serviceAccount, encryptionConfig };
}

/** Makes a cluster's authorities, all at once; what is kept stays as it is, byte for byte. */
export async function makeAuthorities(now: Date, kept: KeptAuthorities = {}): Promise<Authorities> {
  const authority = async (name: AuthorityName): Promise<Authority> => {
    const key = kept[name]?.key ?? (await newSigningPair()).key;
    return { key, crt: kept[name]?.crt ?? (await selfSign(commonNames[name], key, now)) };
  };
  const [kubernetes, etcd, frontProxy, serviceAccount] = await Promise.all([
    authority('kubernetes'),
    authority('etcd'),
    authority('front-proxy'),
    kept.serviceAccount ?? newSigningPair(),
  ]);
  const encryptionConfig = kept.encryptionConfig ?? newEncryptionConfig();
  return { kubernetes, etcd, 'front-proxy': frontProxy, serviceAccount, encryptionConfig };
}
