import type { Cluster } from '../cluster/cluster.ts';
import { type HostState, hostState, leavings } from '../host/state.ts';
import { places } from '../layout/paths.ts';
import { type Architecture, cniPlugins } from './downloads.ts';
import { rootDirectory } from './files.ts';

/** The plugins that flannel needs, and that most other pod networks expect. */
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
 * The CNI project's plugins. They are placed without a configuration, also without the loopback configuration of some guides: containerd
 * sets up each pod's loopback itself, and would take that file for the node's network and report the node as Ready.
 */
export function cniState(cluster: Cluster, architecture: Architecture): HostState {
  return hostState({
    directories: [
      rootDirectory('/opt/cni'),
      rootDirectory(places.cniPlugins),
      rootDirectory('/etc/cni'),
      rootDirectory(places.cniConfig, '700'),
    ],
    leaves: [
      // Addresses (host-local) and results (libcni) of pods.
      ...leavings('tree', '/var/lib/cni'),
      // Of the plugins bridge, portmap (both kinds) and firewall.
      ...leavings('interface', 'cni0'),
      ...leavings('chain', 'CNI-'),
      ...leavings('table', 'inet cni_hostport'),
      ...leavings('tuned', 'net.ipv4.ip_forward'),
    ],
    downloads: [cniPlugins(cluster, architecture, plugins, places.cniPlugins)],
  });
}
