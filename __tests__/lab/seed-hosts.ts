import type { Role } from '../../src/cluster/schema.ts';

/** A host of the seed, written out for this test suite, so that a wrong derivation in the product is noticed. */
export interface SeedHost {
  readonly name: string;
  readonly address: string;
  readonly hostname: string;
  readonly role: Role;
}

const host = (name: string, last: number, role: Role): SeedHost => ({
  name,
  address: `192.168.1.${last}`,
  hostname: `192-168-1-${last}.${role}`,
  role,
});

export const masters = [
  host('master-1', 153, 'master'),
  host('master-2', 154, 'master'),
  host('master-3', 155, 'master'),
];
export const node = host('node-1', 156, 'node');
export const members = [host('etcd-1', 157, 'etcd'), host('etcd-2', 158, 'etcd'), host('etcd-3', 159, 'etcd')];
export const seedHosts: readonly SeedHost[] = [...masters, node, ...members];

/** The load balancer on the node, by which everything there reaches the API. */
export const localApi = 'https://127.0.0.1:5002';

const units: Readonly<Record<Role, readonly string[]>> = {
  etcd: ['etcd'],
  master: ['kube-etcd-haproxy', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  node: ['containerd', 'flanneld', 'kube-haproxy', 'kube-proxy', 'kubelet'],
};

/** The units that a host must run, without their `.service`. */
export function unitsOf({ role }: SeedHost): readonly string[] {
  return units[role];
}
