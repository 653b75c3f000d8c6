import type { Cluster, Host } from '../../cluster/cluster.ts';
import { type HostState, hostState, leavings } from '../../host/state.ts';
import { components } from '../../layout/components.ts';
import { paths, places } from '../../layout/paths.ts';
import { type Architecture, flanneldBinary } from '../downloads.ts';
import { json, publicFile, rootDirectory } from '../files.ts';
import { flagList } from '../flags.ts';
import { onceJoined, waitsForJoin } from '../join.ts';
import { isActive } from '../readiness.ts';
import { unit } from '../reads.ts';
import { environment, memoryStays, quickPings, serviceText } from '../unit-text.ts';
import { flannelAccess } from './flannel-access.ts';
import { flannelConflistScript } from './flannel-conflist.ts';
import type { PodNetwork } from './network.ts';

const unitName = components.flannel.unit;

/** flannel by a daemon on each node, by default with VXLAN. */
export const flannel: PodNetwork = {
  state: flannelState,
  manifests: flannelAccess,
  inUserManifests: false,
  // A kernel with the feature built in shows no sign of it.
  modules: (cluster) => (usesVxlan(cluster) ? [{ name: 'vxlan', check: 'untellable' }] : []),
  replacesKubeProxy: false,
};

const usesVxlan = (cluster: Cluster): boolean => cluster.flannel.backend === 'vxlan';

/**
 * flannel as a service of the host; it reads the nodes' subnets from the API server. It authenticates as the node, with the
 * kubelet's own rotating certificate, so there is no further key, and none that lets a node act as another one;
 * flannel-access.ts gives the group system:nodes the one further right that it needs: reading all nodes.
 */
function flannelState(cluster: Cluster, host: Host, architecture: Architecture): HostState {
  const program = `${cluster.binDir}/flanneld`;
  return hostState({
    directories: [rootDirectory('/etc/kube-flannel')],
    files: [
      publicFile(places.flannelConfig, json(netConf(cluster))),
      { ...publicFile(places.flannelScript, flannelConflistScript(cluster)), mode: '755' },
    ],
    downloads: [flanneldBinary(cluster, architecture)],
    leaves: [
      ...leavings('tree', '/run/flannel', places.flannelConflist, `${places.flannelConflist}.new`),
      ...leavings('interface', 'flannel.1', 'flannel-v6.1', 'flannel-wg', 'flannel-wg-v6'),
      // Of the backend host-gw.
      ...leavings('route', ...cluster.network.podSubnet.split(',').map((subnet) => subnet.trim())),
      ...leavings('chain', 'FLANNEL-'),
      ...leavings('table', 'ip flannel-ipv4', 'ip6 flannel-ipv6'),
    ],
    units: [
      unit({
        name: unitName,
        content: serviceText({
          description: 'flannel, the pod network',
          documentation: 'https://github.com/flannel-io/flannel',
          unit: [`After=${components.kubelet.unit} ${components.apiBalancer.unit}`],
          command: [program, ...flagList(flanneldFlags(host), cluster.flannel.extraArgs)],
          service: [
            'Type=notify',
            ...waitsForJoin,
            // READY comes after the subnet file is written (flannel's main.go).
            `ExecStartPost=/bin/sh ${places.flannelScript}`,
            ...environment({ NODE_NAME: host.nodeName }),
            ...quickPings,
            ...memoryStays,
          ],
        }),
        ready: {
          command: onceJoined(isActive(unitName)),
          timeoutSeconds: 120,
          hint: `flannel waits for its node’s subnet from the controller manager, or its UDP port ${components.flannel.ports.vxlan.port} is taken. See its journal.`,
        },
      }),
    ],
  });
}

function flanneldFlags(host: Host): Readonly<Record<string, string>> {
  return {
    'kube-subnet-mgr': 'true',
    'kubeconfig-file': paths.kubeletConf,
    'net-config-path': places.flannelConfig,
    'subnet-file': places.flannelSubnet,
    // flannel accepts an address instead of an interface's name, and this is the address that the other hosts reach.
    iface: host.interface ?? host.address,
    'ip-masq': 'true',
  };
}

/** https://github.com/flannel-io/flannel/blob/master/Documentation/configuration.md */
function netConf(cluster: Cluster): object {
  const subnets = cluster.network.podSubnet.split(',').map((subnet) => subnet.trim());
  const ipv4 = subnets.find((subnet) => !subnet.includes(':'));
  const ipv6 = subnets.find((subnet) => subnet.includes(':'));
  return {
    ...(ipv4 === undefined ? { EnableIPv4: false } : { Network: ipv4 }),
    ...(ipv6 !== undefined && { EnableIPv6: true, IPv6Network: ipv6 }),
    EnableNFTables: cluster.kubeProxy.mode === 'nftables',
    Backend: { Type: cluster.flannel.backend },
  };
}
