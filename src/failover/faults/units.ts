import type { Host } from '../../cluster/cluster.ts';
import { components } from '../../layout/components.ts';

/**
 * The control plane's units on a host, in the order in which they stop: the leaders while their API server is there to
 * take their leases back, and that before its etcd.
 */
export function controlPlaneUnits({ roles }: Pick<Host, 'roles'>): readonly string[] {
  return [
    ...(roles.includes('master')
      ? [components.controllerManager.unit, components.scheduler.unit, components.apiServer.unit]
      : []),
    ...(roles.includes('etcd') ? [components.etcd.unit] : []),
  ];
}
