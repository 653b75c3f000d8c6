import type { Cluster } from '../cluster/cluster.ts';
import { type HostState, hostState } from '../host/state.ts';
import { type Architecture, cniPlugins } from './downloads.ts';
import { json, rootDirectory, rootFile } from './files.ts';
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

/** The CNI project's plugins, and the loopback of each pod. */
export function cniState(cluster: Cluster, architecture: Architecture): HostState {
  return hostState({
    directories: [
      rootDirectory('/opt/cni'),
      rootDirectory(places.cniPlugins),
      rootDirectory('/etc/cni'),
      rootDirectory(places.cniConfig, '700'),
    ],
    files: [rootFile(`${places.cniConfig}/99-loopback.conf`, json(loopback))],
    downloads: [cniPlugins(cluster, architecture, plugins, places.cniPlugins)],
  });
}

const loopback = { cniVersion: '1.0.0', name: 'lo', type: 'loopback' };
