import { type AuthorityName, authorityNames, authorityRecords } from '../layout/authorities.ts';
import type { Authority } from './authority.ts';
import { newEncryptionConfig } from './encryption.ts';
import { newSigningPair } from './keys.ts';
import { toBeMade } from './stand-in.ts';
import { selfSign } from './x509-write.ts';

export { type AuthorityName, authorityNames };

/** The cluster's root keys. They are created once and stored on the masters. */
export interface Authorities extends Readonly<Record<AuthorityName, Authority>> {
  /** Signs and verifies service-account tokens. */
  readonly serviceAccount: { readonly key: string; readonly pub: string };
  /** The EncryptionConfiguration with the key for encryption at rest. */
  readonly encryptionConfig: string;
}

/** The remains of an interrupted first run. A CA's key may be without its certificate, because one can be issued for it. */
export interface KeptAuthorities extends Readonly<Partial<Record<AuthorityName, KeptAuthority>>> {
  readonly serviceAccount?: Authorities['serviceAccount'];
  readonly encryptionConfig?: string;
}
type KeptAuthority = Pick<Authority, 'key'> & Partial<Authority>;

/**
 * The result of `makeAuthorities` for a dry run: placeholders instead of secrets, and certificates for a key that
 * is discarded.
 */
export async function planAuthorities(now: Date, kept: KeptAuthorities = {}): Promise<Authorities> {
  const { key } = await newSigningPair();
  const authority = async (name: AuthorityName): Promise<Authority> => {
    const crt = kept[name]?.crt ?? (await selfSign(authorityRecords[name].commonName, key, now));
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

/** Creates a CA, by default with a new key. */
export async function makeAuthority(name: AuthorityName, now: Date, kept?: string): Promise<Authority> {
  const key = kept ?? (await newSigningPair()).key;
  return { key, crt: await selfSign(authorityRecords[name].commonName, key, now) };
}

/** Creates a cluster's CAs and keys. Files in `kept` stay unchanged, byte for byte. */
export async function makeAuthorities(now: Date, kept: KeptAuthorities = {}): Promise<Authorities> {
  const authority = async (name: AuthorityName): Promise<Authority> => {
    const { key, crt } = kept[name] ?? {};
    return key !== undefined && crt !== undefined ? { key, crt } : await makeAuthority(name, now, key);
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
