import type { Host } from '../../cluster/cluster.ts';
import { components } from '../../layout/components.ts';

/**
 * The control plane's units on a host, in the order in which they stop: the controllers first, while their API server can still
 * release their leases, then the API server, then its etcd.
 */
export function controlPlaneUnits({ roles }: Pick<Host, 'roles'>): readonly string[] {
  return [
    ...(roles.includes('master')
      ? [components.controllerManager.unit, components.scheduler.unit, components.apiServer.unit]
      : []),
    ...(roles.includes('etcd') ? [components.etcd.unit] : []),
  ];
}
