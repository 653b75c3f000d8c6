import type { Host } from '../../cluster/cluster.ts';
import { components } from '../../layout/components.ts';

/** The controllers first, while their API server can still release their leases, then the API server, then its etcd. */
const inStopOrder = [components.controllerManager, components.scheduler, components.apiServer, components.etcd];

/** The control plane's units on a host, with their suffix, in the order in which they stop. */
export function controlPlaneUnits({ roles }: Pick<Host, 'roles'>): readonly string[] {
  return inStopOrder.filter((each) => each.roles.some((role) => roles.includes(role))).map(({ unit }) => unit);
}
