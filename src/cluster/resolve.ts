import { addressAt } from './addresses.ts';
import type { Cluster, Host } from './cluster.ts';
import type { ClusterFile } from './schema.ts';
import { minorOf } from './version-order.ts';

type HostEntry = ClusterFile['hosts'][number];

/** The input of every part of the product: the checked file, with each host's defaults and the derived addresses. */
export function resolveCluster(file: ClusterFile): Omit<Cluster, 'openings' | 'pinned'> {
  const { hosts, ssh, mirror, containerd, ...rest } = file;
  const inState = (state: HostEntry['state']) =>
    hosts.filter((entry) => entry.state === state).map((entry) => resolveHost(entry, ssh));
  return {
    ...rest,
    ...(mirror !== undefined && { mirror: withoutSlash(mirror) }),
    containerd: { ...containerd, registries: mapRegistries(containerd.registries) },
    hosts: inState('present'),
    removed: inState('removed'),
    minor: minorOf(file.kubernetesVersion),
    serviceAddress: addressAt(file.network.serviceSubnet, 1),
    dnsAddress: addressAt(file.network.serviceSubnet, 2),
  };
}

type Registries = ClusterFile['containerd']['registries'];

function mapRegistries(registries: Registries): Registries {
  const entries = Object.entries(registries);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, { ...each, mirrors: each.mirrors.map(withoutSlash) }]),
  );
}

/** Without a slash at the end, so that a path can be added to any base URL in the same way. */
function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** The name of a host's Node object. */
export function nodeNameOf(entry: Pick<HostEntry, 'name' | 'hostname'>): string {
  return entry.hostname ?? entry.name;
}

function resolveHost(entry: HostEntry, defaults: ClusterFile['ssh']): Host {
  const { hostname, interface: device, ssh, name, address, roles, labels, taints } = entry;
  const jumpHost = ssh.jumpHost ?? defaults.jumpHost;
  return {
    name,
    address,
    roles,
    nodeName: nodeNameOf(entry),
    // Absent, not undefined: a value that is compared with a host's state must not depend on whether a key was left out.
    ...(hostname !== undefined && { hostname }),
    ...(device !== undefined && { interface: device }),
    ssh: {
      address: ssh.address ?? address,
      user: ssh.user ?? defaults.user,
      port: ssh.port ?? defaults.port,
      loginSeconds: ssh.loginSeconds ?? defaults.loginSeconds,
      ...(jumpHost !== undefined && { jumpHost }),
    },
    labels,
    taints,
  };
}
