import type { Cluster } from '../../cluster/cluster.ts';
import { places } from '../../layout/paths.ts';

/**
 * The sh program that writes flanneld's subnet into a configuration for the CNI project's bridge plugin. So the
 * network exists on a node (and makes it Ready) only when it works, and upstream's additional plugin binary,
 * which does the same translation for every pod, is not needed.
 *
 * The subnet file has the address of the bridge, the first one of the node's subnet; host-local needs the subnet itself.
 */
export function flannelConflistScript(cluster: Cluster): string {
  const backend = cluster.kubeProxy.mode === 'nftables' ? ', "backend": "nftables"' : '';
  return `#!/bin/sh
set -eu
. ${places.flannelSubnet}

ranges=
if [ -n "\${FLANNEL_SUBNET:-}" ]; then
  address=\${FLANNEL_SUBNET%/*}
  ranges="[{\\"subnet\\": \\"\${address%.*}.$((\${address##*.} - 1))/\${FLANNEL_SUBNET#*/}\\"}]"
fi
if [ -n "\${FLANNEL_IPV6_SUBNET:-}" ]; then
  address=\${FLANNEL_IPV6_SUBNET%/*}
  ranges="\${ranges:+$ranges, }[{\\"subnet\\": \\"\${address%1}/\${FLANNEL_IPV6_SUBNET#*/}\\"}]"
fi

umask 077
cat >${places.flannelConflist}.new <<CONFLIST
{
  "cniVersion": "1.0.0",
  "name": "flannel",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "cni0",
      "mtu": $FLANNEL_MTU,
      "isGateway": true,
      "isDefaultGateway": true,
      "hairpinMode": true,
      "ipMasq": false,
      "ipam": { "type": "host-local", "ranges": [$ranges] }
    },
    { "type": "portmap", "capabilities": { "portMappings": true }${backend} }
  ]
}
CONFLIST
mv ${places.flannelConflist}.new ${places.flannelConflist}
`;
}
