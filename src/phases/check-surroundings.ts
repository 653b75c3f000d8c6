// The host's network and name servers, and what others left: refused before the first deployment. On a host that is in place already
// they are only warned of, so that they do not block a change of the cluster.
import { contains, overlap, parseAddress, parseSubnet } from '../cluster/addresses.ts';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { isBalanced } from '../components/etcd-balancer.ts';
import { podNetwork } from '../components/networks/index.ts';
import { isUsable, podResolver } from '../components/resolver.ts';
import { Problem } from '../errors.ts';
import type { FirewallChain } from '../host/beside.ts';
import type { Facts, Inspection } from '../host/engine.ts';
import { quote } from '../host/quote.ts';
import { places } from '../layout/paths.ts';
import { openPorts, portsOfRole } from '../layout/ports.ts';
import { leftovers, otherServices } from './beside-query.ts';

/** The problems of a node's surroundings, and of a load balancer's on a master. Pure. */
export function surroundingProblems(cluster: Cluster, host: Host, inspection: Inspection): readonly Problem[] {
  const isNode = host.roles.includes('node');
  const { facts } = inspection;
  return [
    ...(isNode ? resolverProblems(cluster, host, facts) : []),
    ...(isNode ? otherNetworks(cluster, host, facts) : []),
    ...(isNode ? insideSubnets(cluster, host, inspection) : []),
    ...(hasBalancer(cluster, host) ? seLinuxProblems(host, facts) : []),
    ...unsuitableMounts(cluster, host, facts),
  ];
}

/** Data that the next boot would delete, and file systems on which neither overlays nor etcd's log work. */
function unsuitableMounts({ etcd }: Cluster, host: Host, { beside }: Facts): readonly Problem[] {
  const data = [etcd.dataDir, places.containerdRoot, places.kubeletRoot, places.kubernetesDir];
  const local = [etcd.dataDir, places.containerdRoot];
  return beside.mounts
    .filter(
      ({ path, how }) => (how === 'volatile' && data.includes(path)) || (how === 'network' && local.includes(path)),
    )
    .map(({ path, mount, how }) => {
      const message =
        how === 'volatile'
          ? `${mount} is in memory: the next boot would delete what is in ${path}`
          : `${mount} is a network file system, on which ${path} does not work`;
      const hint = `Put ${path} on a file system of a local disk.`;
      return new Problem(message, { code: 'HOST_MOUNT', host: host.name, hint });
    });
}

/** Whether the host has a role whose surroundings count, and that role is in place. */
export function isInPlace({ roles }: Host, { scopes }: Pick<Inspection, 'scopes'>): boolean {
  return scopes.includes(roles.includes('node') ? 'node' : 'master');
}

/** A node has one of API servers, a master one of etcd's members. */
function hasBalancer(cluster: Cluster, { roles }: Host): boolean {
  return roles.includes('node') || (roles.includes('master') && isBalanced(cluster));
}

function resolverProblems(cluster: Cluster, host: Host, facts: Facts): readonly Problem[] {
  const { file, servers } = podResolver(cluster, facts.beside.resolvers, facts.resolvedRuns);
  // Without our CoreDNS it is the user's DNS that knows where it asks.
  if (servers === undefined || isUsable(servers) || !cluster.addons.coredns) return [];
  const what = servers.length === 0 ? 'names no name server' : `names ${servers.join(', ')}`;
  const hint =
    file === places.resolvedServers
      ? 'Give systemd-resolved its servers: DNS= in /etc/systemd/resolved.conf, then systemctl restart systemd-resolved.'
      : 'Write a file with the real name servers on the host, such as /etc/kubernetes/resolv.conf, and set kubelet.config.resolvConf to its path.';
  return [
    new Problem(`${file} ${what}: CoreDNS would ask itself, or no server`, {
      code: 'HOST_RESOLVER',
      host: host.name,
      hint,
    }),
  ];
}

/** containerd takes the first CNI configuration by name. */
function otherNetworks(cluster: Cluster, host: Host, { beside }: Facts): readonly Problem[] {
  if (podNetwork(cluster).inUserManifests) return [];
  return beside.left
    .filter((path) => path.startsWith(`${places.cniConfig}/`) && /\.(conf|conflist|json)$/.test(path))
    .filter((path) => path < places.flannelConflist)
    .map(
      (path) =>
        new Problem(`${path} is the configuration of another pod network, which would be used instead of this one`, {
          code: 'HOST_LEFTOVER',
          host: host.name,
          hint: `On the host, as root: rm ${quote(path)}`,
        }),
    );
}

/** Interfaces of ours, once a node is in place. Those of a pod network in the user's manifests have any name. */
const ownInterface = /^(cni0|flannel[.-].*|veth.*|kube-ipvs0|nodelocaldns)$/;

function insideSubnets(cluster: Cluster, host: Host, inspection: Inspection): readonly Problem[] {
  const inPlace = isInPlace(host, inspection);
  const isOurs = (name: string) => podNetwork(cluster).inUserManifests || ownInterface.test(name);
  const addresses = inspection.facts.addresses.filter((each) => !inPlace || !isOurs(each.interface));
  const subnets = [
    ['network.podSubnet', cluster.network.podSubnet],
    ['network.serviceSubnet', cluster.network.serviceSubnet],
  ] as const;
  return addresses.flatMap(({ interface: name, address, prefix }) =>
    subnets.flatMap(([key, text]) => {
      const [subnet, number] = [parseSubnet(text), parseAddress(address)];
      if (!subnet || number === undefined || !contains(subnet, number)) return [];
      const hint = ownInterface.test(name)
        ? `Another cluster left it. On the host, as root: ip link delete ${name}`
        : `Write another ${key} in cluster.yaml, or give ${name} another network (docker: default-address-pools and bip in /etc/docker/daemon.json).`;
      return [
        new Problem(`${name} has the address ${address}/${prefix}, which is within ${key} ${text}`, {
          code: 'HOST_SUBNET',
          host: host.name,
          hint,
        }),
      ];
    }),
  );
}

/** By its policy haproxy may not connect to the ports of API servers and etcd (selinux-policy, rhcs.te). */
function seLinuxProblems(host: Host, { selinux, beside }: Facts): readonly Problem[] {
  if (selinux !== 'enforcing' || beside.haproxyMayConnect !== false) return [];
  return [
    new Problem('SELinux is enforcing and keeps haproxy from the ports of API servers and etcd', {
      code: 'HOST_SELINUX',
      host: host.name,
      hint: 'On the host, as root: setsebool -P haproxy_connect_any 1',
    }),
  ];
}

/** What is only worth a line. Pure. */
export function surroundingWarnings(cluster: Cluster, host: Host, { facts, scopes }: Inspection): readonly string[] {
  const isNode = host.roles.includes('node');
  const isNew = isNode && !scopes.includes('node');
  const trees = leftovers.map((path) => path.replace(/\*$/, ''));
  const left = facts.beside.left.filter((path) => trees.some((tree) => path.startsWith(tree)));
  return [
    ...(isNew && left.length > 0
      ? [
          `${host.name}: another cluster left ${left.join(', ')}; if it is gone, as root: rm -rf ${left.map(quote).join(' ')}`,
        ]
      : []),
    ...(isNode ? nearSubnets(cluster, host, facts) : []),
    ...firewallWarnings(cluster, host, facts),
    ...localPortWarnings(cluster, host, facts),
    ...(isNode ? serviceWarnings(host, facts, isNew) : []),
  ];
}

/** A connection of the host itself may get the port of a component that is just restarting, which then fails to listen. */
function localPortWarnings(cluster: Cluster, host: Host, { localPorts }: Facts): readonly string[] {
  if (!localPorts) return [];
  const { first, last, reserved } = localPorts;
  const ports = host.roles.flatMap((role) => portsOfRole(cluster, role)).filter(({ protocol }) => protocol === 'tcp');
  const taken = [...new Set(ports.map(({ port }) => port))]
    .filter((port) => port >= first && port <= last)
    .filter((port) => !reserved.some(([from, to]) => port >= from && port <= to))
    .toSorted((one, other) => one - other);
  if (taken.length === 0) return [];
  return [
    `${host.name}: the host's own connections use the ports from ${first} to ${last} (net.ipv4.ip_local_port_range), so also ${taken.join(', ')} of this cluster; keep these free by net.ipv4.ip_local_reserved_ports`,
  ];
}

function serviceWarnings({ name }: Host, { beside: { services } }: Facts, isNew: boolean): readonly string[] {
  return [
    ...(services.includes(otherServices.cloudSetup)
      ? [
          `${name}: nm-cloud-setup may change the routes of pods; as root: systemctl disable nm-cloud-setup.service nm-cloud-setup.timer, and reboot`,
        ]
      : []),
    ...(isNew && services.includes(otherServices.docker)
      ? [`${name}: Docker uses the containerd of this host, whose unit and configuration a run replaces`]
      : []),
  ];
}

/** Networks of other cards of which the cluster's subnets take a part. */
function nearSubnets(cluster: Cluster, host: Host, { addresses }: Facts): readonly string[] {
  const subnets = [cluster.network.podSubnet, cluster.network.serviceSubnet].map(parseSubnet);
  return addresses
    .filter(({ interface: name, address }) => !ownInterface.test(name) && parseAddress(address) !== undefined)
    .flatMap(({ interface: name, address, prefix }) => {
      const network = parseSubnet(`${address}/${prefix}`);
      const near = subnets.find((subnet) => subnet && network && overlap(subnet, network));
      // An address inside is more than a warning.
      if (!near || contains(near, parseAddress(address) ?? 0)) return [];
      return [
        `${host.name}: the network of ${name}, ${address}/${prefix}, has addresses of ${near.text}, which this host will look for in the cluster`,
      ];
    });
}

/** A firewall is never changed. */
function firewallWarnings(cluster: Cluster, host: Host, facts: Facts): readonly string[] {
  const ports = host.roles.flatMap((role) => openPorts(cluster, role));
  const [tcp, udp] = (['tcp', 'udp'] as const).map((protocol) =>
    [...new Set(ports.filter((port) => port.protocol === protocol).map(({ port }) => port))].join(', '),
  );
  const unknown =
    host.roles.includes('node') && podNetwork(cluster).inUserManifests ? ' and those of your pod network' : '';
  const reach = `let the other hosts reach the TCP ports ${tcp}${udp === '' ? unknown : ` and UDP ${udp}`}`;
  if (facts.firewalls.length > 0) return facts.firewalls.map((name) => `${host.name}: ${name} is active; ${reach}`);
  const isAlone = cluster.hosts.length === 1;
  return facts.beside.chains
    .filter(({ hook, otherwise }) => otherwise !== 'accept' && !(isAlone && hook === 'input'))
    .flatMap((chain) => chainWarning(cluster, host, chain, reach));
}

function chainWarning(cluster: Cluster, host: Host, chain: FirewallChain, reach: string): readonly string[] {
  const { name, hook, otherwise } = chain;
  const verb = otherwise === 'drop' ? 'drops' : 'rejects';
  if (hook === 'input') {
    const rule = name.startsWith('iptables ')
      ? 'iptables -I INPUT -s ADDRESS -j ACCEPT'
      : `nft insert rule ${name} ip saddr ADDRESS accept`;
    return [
      `${host.name}: the firewall's chain ${name} ${verb} what no rule accepts; ${reach}, such as by a rule for each: ${rule}`,
    ];
  }
  // flannel's own rules are in that chain.
  if (!host.roles.includes('node') || /^(ip filter|iptables) FORWARD$/.test(name)) return [];
  const subnet = cluster.network.podSubnet;
  return [
    `${host.name}: the firewall's chain ${name} ${verb} packets that are forwarded, so also those of pods; let those from and to ${subnet} pass`,
  ];
}
