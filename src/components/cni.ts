import type { Cluster } from '../cluster/cluster.ts';
import { type HostState, hostState } from '../host/state.ts';
import { type Architecture, cniPlugins } from './downloads.ts';
import { rootDirectory } from './files.ts';
import { places } from './places.ts';

/** What flannel's network needs, and what most other pod networks expect to be there. */
const plugins = [
  'bandwidth',
  'bridge',
  'dummy',
  'firewall',
  'host-device',
  'host-local',
  'ipvlan',
  'loopback',
  'macvlan',
  'portmap',
  'ptp',
  'sbr',
  'static',
  'tuning',
  'vlan',
];

/**
 * The CNI project's plugins. No configuration comes with them, not even the loopback's that some guides place: containerd
 * sets up each pod's loopback by itself, and would take that file for the node's network and call the node Ready.
 */
export function cniState(cluster: Cluster, architecture: Architecture): HostState {
  return hostState({
    directories: [
      rootDirectory('/opt/cni'),
      rootDirectory(places.cniPlugins),
      rootDirectory('/etc/cni'),
      rootDirectory(places.cniConfig, '700'),
    ],
    downloads: [cniPlugins(cluster, architecture, plugins, places.cniPlugins)],
  });
}
