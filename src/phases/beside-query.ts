import { dirname } from 'node:path/posix';
import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { hostPreparation, kernelFeatures, sysctlAliases } from '../components/host-preparation.ts';
import { resolverFiles } from '../components/resolver.ts';
import type { BesideQuery } from '../host/beside.ts';
import { stateDirectory } from '../host/expand.ts';
import { unitsOfRole } from '../layout/components.ts';
import { etcdPkiDir, places } from '../layout/paths.ts';

/** What other clusters and their networks leave, and what stays in the way of the next one. */
export const leftovers = [
  '/var/lib/kubelet/cpu_manager_state',
  '/var/lib/kubelet/memory_manager_state',
  '/var/lib/cni/networks/*',
  '/var/lib/calico',
  '/var/lib/cilium',
  '/var/lib/weave',
];

/** Units of others that decide whether this one can work on the host. */
export const otherServices = {
  /** It lets only programs of packages run, until its rules have others. */
  fapolicyd: 'fapolicyd.service',
  /** It changes the routes of a cloud's host, also those of pods. */
  cloudSetup: 'nm-cloud-setup.timer',
  /** It uses the host's containerd. */
  docker: 'docker.service',
} as const;

/** The directories of a role whose content it cannot miss. */
function placesOf({ etcd }: Cluster, role: Role): readonly string[] {
  const { kubernetesDir, cniPlugins, cniConfig, containerdRoot, kubeletRoot } = places;
  if (role === 'etcd') return [etcd.dataDir, etcdPkiDir];
  return role === 'master' ? [kubernetesDir] : [kubernetesDir, cniPlugins, cniConfig, containerdRoot, kubeletRoot];
}

/** Once it is 1, no module can be loaded until the next boot. */
export const modulesDisabled = 'kernel.modules_disabled';

function withAlias(key: string): readonly string[] {
  const alias = sysctlAliases[key];
  return alias === undefined ? [key] : [key, alias];
}

/** Which settings of other programs the first exchange reads, for the roles of the host. Pure. */
export function besideQuery(cluster: Cluster, host: Host): BesideQuery {
  const states = host.roles.map((role) => hostPreparation(cluster, host, role));
  const isNode = host.roles.includes('node');
  return {
    sysctls: [...new Set(states.flatMap(({ sysctls }) => Object.keys(sysctls)).flatMap(withAlias)), modulesDisabled],
    units: host.roles.flatMap(unitsOfRole),
    resolvers: isNode ? resolverFiles(cluster) : [],
    left: isNode ? [`${places.cniConfig}/*`, ...leftovers] : [],
    modules: isNode ? kernelFeatures(cluster) : [],
    services: Object.values(otherServices),
    secure: [cluster.binDir, stateDirectory, dirname(cluster.etcd.dataDir), ...(isNode ? [places.cniPlugins] : [])],
    places: [...new Set(host.roles.flatMap((role) => [cluster.binDir, stateDirectory, ...placesOf(cluster, role)]))],
  };
}
