import type { Role } from '../layout/roles.ts';
import { etcdConsumers } from './etcd-consumers.ts';
import { frontProxyConsumers } from './front-proxy-consumers.ts';
import { kubernetesConsumers } from './kubernetes-consumers.ts';
import type { Phase } from './phase.ts';
import { rotateAuthority } from './rotate-authority.ts';
import { rotateEncryption } from './rotate-encryption.ts';
import { rotateServiceAccount } from './rotate-service-account.ts';
import type { Prepared } from './stages.ts';

/** What can be rotated: values of the input `what`. */
export type Rotated = 'encryption-key' | 'service-account-key' | 'front-proxy-ca' | 'etcd-ca' | 'kubernetes-ca';

export interface RotationChoices {
  /** The longest life of a service-account token that users have requested for themselves. */
  readonly tokenHours: number;
  /** Whether the rotation of the CA of Kubernetes restarts the workloads of users. */
  readonly restartPods: boolean;
}

/** The phase that replaces it. */
export const rotations: Readonly<Record<Rotated, (choices: RotationChoices) => Phase<Prepared>>> = {
  'encryption-key': () => rotateEncryption,
  'service-account-key': ({ tokenHours }) => rotateServiceAccount(tokenHours),
  'front-proxy-ca': () => rotateAuthority('front-proxy', frontProxyConsumers),
  'etcd-ca': () => rotateAuthority('etcd', etcdConsumers),
  'kubernetes-ca': ({ restartPods }) => rotateAuthority('kubernetes', kubernetesConsumers(restartPods)),
};

/** The roles whose hosts it changes. */
export function rolesOf(what: Rotated): readonly Role[] {
  if (what === 'kubernetes-ca') return ['master', 'node'];
  return what === 'etcd-ca' ? ['master', 'etcd'] : ['master'];
}
