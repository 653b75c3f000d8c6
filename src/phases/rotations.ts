import type { Role } from '../layout/roles.ts';
import { etcdConsumers } from './etcd-consumers.ts';
import { frontProxyConsumers } from './front-proxy-consumers.ts';
import type { Phase } from './phase.ts';
import { rotateAuthority } from './rotate-authority.ts';
import { rotateEncryption } from './rotate-encryption.ts';
import { rotateServiceAccount } from './rotate-service-account.ts';
import type { Prepared } from './stages.ts';

/** What can be rotated: values of the input `what`. */
export type Rotated = 'encryption-key' | 'service-account-key' | 'front-proxy-ca' | 'etcd-ca';

/** The phase that replaces it. The hours are those of rotateServiceAccount. */
export const rotations: Readonly<Record<Rotated, (tokenHours: number) => Phase<Prepared>>> = {
  'encryption-key': () => rotateEncryption,
  'service-account-key': rotateServiceAccount,
  'front-proxy-ca': () => rotateAuthority('front-proxy', frontProxyConsumers),
  'etcd-ca': () => rotateAuthority('etcd', etcdConsumers),
};

/** The roles whose hosts it changes. */
export function rolesOf(what: Rotated): readonly Role[] {
  return what === 'etcd-ca' ? ['master', 'etcd'] : ['master'];
}
