import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { hostPreparation, kernelFeatures } from '../components/host-preparation.ts';
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

/** The directories of a role whose content it cannot miss. */
function placesOf({ etcd }: Cluster, role: Role): readonly string[] {
  const { kubernetesDir, cniPlugins, cniConfig, containerdRoot, kubeletRoot } = places;
  if (role === 'etcd') return [etcd.dataDir, etcdPkiDir];
  return role === 'master' ? [kubernetesDir] : [kubernetesDir, cniPlugins, cniConfig, containerdRoot, kubeletRoot];
}

/** Which settings of other programs the first exchange reads, for the roles of the host. Pure. */
export function besideQuery(cluster: Cluster, host: Host): BesideQuery {
  const states = host.roles.map((role) => hostPreparation(cluster, host, role));
  const isNode = host.roles.includes('node');
  return {
    sysctls: [...new Set(states.flatMap(({ sysctls }) => Object.keys(sysctls)))],
    units: host.roles.flatMap(unitsOfRole),
    resolvers: isNode ? resolverFiles(cluster) : [],
    left: isNode ? [`${places.cniConfig}/*`, ...leftovers] : [],
    modules: isNode ? kernelFeatures(cluster) : [],
    places: [...new Set(host.roles.flatMap((role) => [cluster.binDir, stateDirectory, ...placesOf(cluster, role)]))],
  };
}
