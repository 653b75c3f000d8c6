import type { Host } from '../../cluster/cluster.ts';

/**
 * The control plane's units on a host, in the order in which they stop: the leaders while their API server is there to
 * take their leases back, and that before its etcd.
 */
export function controlPlaneUnits({ roles }: Pick<Host, 'roles'>): readonly string[] {
  return [
    ...(roles.includes('master') ? ['kube-controller-manager', 'kube-scheduler', 'kube-apiserver'] : []),
    ...(roles.includes('etcd') ? ['etcd'] : []),
  ].map((unit) => `${unit}.service`);
}
