import * as z from 'zod';
import { authentication } from './authentication.ts';
import { defaultVersions } from './versions.ts';

const text = z.string().min(1);
const port = z.int().min(1).max(65535);
const version = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+$/, 'a version is written as 1.37.2')
  .overwrite((value) => value.replace(/^v/, ''));
const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a name has up to 63 lower-case letters, digits and inner hyphens');
const dnsName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'a DNS name has lower-case letters, digits, hyphens and dots',
  );
const absolutePath = z.string().regex(/^\/[\w@%+=:,./-]+$/, 'write an absolute path without spaces');
// What ends up in units, commands and connections has no room for spaces, quotes and leading hyphens.
const reachable = z
  .string()
  .regex(/^[A-Za-z0-9:][\w.:-]*$/, 'write a DNS name or an address, without user, port and scheme');
const userName = z.string().regex(/^[A-Za-z_][\w.-]{0,31}$/, 'write the name of a user, as root or ops');
const device = z.string().regex(/^[A-Za-z0-9_][\w.:@-]{0,14}$/, 'write the name of an interface, as eth0');
const noProxy = z.string().regex(/^[\w.:/*[\]-]+$/, 'write one name, domain or subnet, as .example.com');
const fragment = z.record(z.string(), z.unknown());

/** kubeadm's v1beta4 form: a list, since a flag may be given more than once. */
const extraArgs = z
  .array(
    z.strictObject({
      name: text.describe('The flag, without its hyphens.'),
      value: z.string().describe('Its value, in quotes when it is a number or true or false.'),
    }),
  )
  .default([])
  .describe('Flags to add or to override, in the form of kubeadm v1beta4: a list of name and value.');
const component = z.strictObject({ extraArgs });

const jumpHost = z
  .strictObject({
    address: reachable.describe('Address or DNS name of the bastion.'),
    port: port.default(22).describe('Its SSH port.'),
    user: userName.default('root').describe('The user there; it needs no rights but to forward connections.'),
  })
  .optional()
  .describe('The bastion through which hosts on a private network are reached.');

const ssh = z.strictObject({
  user: userName.default('root').describe('root, or an ordinary user with passwordless sudo.'),
  port: port.default(22).describe('SSH port of the hosts.'),
  jumpHost,
});

// Written out, not ssh.partial(): zod applies a default inside of an optional, which would hide the cluster's own values.
const hostSsh = z
  .strictObject({
    address: reachable.optional().describe('Where the runner reaches it, when that differs.'),
    user: userName.optional().describe('Instead of ssh.user.'),
    port: port.optional().describe('Instead of ssh.port.'),
    jumpHost,
  })
  .prefault({})
  .describe('How the runner reaches this host, where that differs from the other hosts.');

const taint = z.strictObject({
  key: text.describe('As dedicated or example.com/dedicated.'),
  value: z.string().optional().describe('What a toleration has to equal.'),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
    .describe('What happens to pods that don’t tolerate it.'),
});

export const roles = ['etcd', 'master', 'node'] as const;

const host = z.strictObject({
  name: dnsName.describe('How this file, logs and the cluster call the host.'),
  address: text.describe('The IPv4 address by which the other hosts reach it.'),
  roles: z
    .array(z.enum(roles))
    .min(1)
    .describe(
      'etcd: a member of etcd. master: API server, controller-manager and scheduler. node: runs pods. Any combination.',
    ),
  hostname: dnsName.optional().describe('Set as the host’s own name; absent: the host keeps the name it has.'),
  interface: device.optional().describe('The network interface for pod traffic; absent: the one that has the address.'),
  ssh: hostSsh,
  labels: z.record(z.string(), z.string()).default({}).describe('Labels of the node.'),
  taints: z.array(taint).default([]).describe('Taints of the node when it registers.'),
});

const versions = z
  .strictObject({
    etcd: version.default(defaultVersions.etcd).describe('etcd, 3.5.24 or later.'),
    containerd: version.default(defaultVersions.containerd).describe('containerd, 2.0 or later.'),
    runc: version.default(defaultVersions.runc).describe('runc.'),
    cniPlugins: version.default(defaultVersions.cniPlugins).describe('The CNI plugins.'),
    flannel: version.default(defaultVersions.flannel).describe('flannel, and its CNI plugin that goes with it.'),
    pause: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$/, 'a version of pause is written as "3.10.2", in quotes when it has two parts')
      .default(defaultVersions.pause)
      .describe('The image that holds a pod’s namespaces.'),
    coredns: version.default(defaultVersions.coredns).describe('CoreDNS.'),
    metricsServer: version.default(defaultVersions.metricsServer).describe('metrics-server.'),
  })
  .describe('Versions of what is installed beside Kubernetes.');

const network = z.strictObject({
  serviceSubnet: text
    .default('10.96.0.0/12')
    .describe(
      'Subnet of the Services. Its first address is that of the API, its second that of DNS. Can’t be changed later.',
    ),
  podSubnet: text.default('10.244.0.0/16').describe('Subnet of the pods. Can’t be changed later.'),
  nodeCidrMaskSize: z
    .int()
    .min(16)
    .max(30)
    .default(24)
    .describe('Size of the subnet that each node gets out of podSubnet.'),
  serviceNodePortRange: z
    .string()
    .regex(/^\d+-\d+$/, 'a range of ports is written as 30000-32767')
    .default('30000-32767')
    .describe('Ports of Services of type NodePort.'),
  dnsDomain: dnsName
    .default('cluster.local')
    .describe('Domain of the cluster’s own names, as in SERVICE.NAMESPACE.svc.cluster.local. Can’t be changed later.'),
  plugin: z
    .enum(['flannel', 'none'])
    .default('flannel')
    .describe(
      'What connects the pods. none: your own, by addons.manifests, which are then applied before the first node joins.',
    ),
});

const seconds = (most: number) => z.number().min(0.1).max(most);

/** A profile by name, or own times; what they have to be to each other is checked beside the schema. */
const election = z.union(
  [
    z.enum(['default', 'fast']),
    z.strictObject({
      leaseDuration: z.int().min(1).max(300).describe('Whole seconds after which a silent leader has lost its lease.'),
      renewDeadline: seconds(300).describe('Seconds after which a leader that can’t renew its lease gives up.'),
      retryPeriod: seconds(60).describe('Seconds between two renewals, and between two looks of the others.'),
    }),
  ],
  { error: 'write default, fast, or { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 } in seconds' },
);

const registry = z.strictObject({
  mirrors: z.array(z.url()).min(1).describe('Asked in this order before the registry itself.'),
  skipVerify: z.boolean().default(false).describe('Take any certificate of the mirrors; for a lab only.'),
});

/** The one description of cluster.yaml: types, validation, defaults, the published JSON Schema and the reference page come from it. */
export const clusterSchema = z.strictObject({
  name: dnsLabel.describe('The cluster’s name: of its artifacts, its concurrency group and its kubeconfig context.'),
  kubernetesVersion: version.default(defaultVersions.kubernetes).describe('A version of 1.34, 1.35, 1.36 or 1.37.'),
  versions: versions.prefault({}),
  binDir: absolutePath.default('/usr/local/bin').describe('Where binaries are placed on the hosts.'),
  mirror: z
    .url()
    .optional()
    .describe(
      'Serves the official files under MIRROR/<official host>/<path> instead of https://<official host>/<path>.',
    ),
  proxy: z
    .strictObject({
      http: z.url().optional().describe('For http, without user and password.'),
      https: z.url().optional().describe('For https, without user and password.'),
      noProxy: z
        .array(noProxy)
        .default([])
        .describe(
          'Further names, domains and subnets that are reached directly; the cluster’s own are always among them.',
        ),
    })
    .optional()
    .describe(
      'For downloads and package managers on the hosts, and for containerd. Nothing else uses it, and no proxy of the host’s own is used.',
    ),
  ssh: ssh.prefault({}).describe('How the runner reaches the hosts.'),
  network: network.prefault({}).describe('Addresses of Services and pods, and what connects them.'),
  api: z
    .strictObject({
      port: port.default(6443).describe('Port of the API servers on the masters.'),
      localPort: port.default(5002).describe('Where each node’s own balancer listens on 127.0.0.1.'),
      certSANs: z.array(text).default([]).describe('Further names and addresses of the API server’s certificate.'),
    })
    .prefault({})
    .describe('The API, as seen by clients.'),
  etcd: component
    .extend({
      dataDir: absolutePath
        .default('/var/lib/etcd')
        .describe('Where members keep their data; belongs to etcd alone. A fast disk of its own is best.'),
    })
    .prefault({})
    .describe('Members of etcd.'),
  apiServer: component.extend({ authentication }).prefault({}).describe('kube-apiserver, on the masters.'),
  election: election
    .default('default')
    .describe(
      'How soon another master leads when the leader’s host is lost: default (15/10/2 s: about 17 s), fast (4/3/0.5 s: about 5 s), or own times in seconds as { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 }, each longer than the next. With fast, etcd gets four writes a second for it instead of one, and a stall of etcd of 3 s makes both leaders start anew.',
    ),
  controllerManager: component.prefault({}).describe('kube-controller-manager, on the masters.'),
  scheduler: component.prefault({}).describe('kube-scheduler, on the masters.'),
  kubelet: component
    .extend({ config: fragment.default({}).describe('Merged into the KubeletConfiguration.') })
    .prefault({})
    .describe('kubelet, on the nodes.'),
  kubeProxy: component
    .extend({
      mode: z.enum(['iptables', 'nftables']).default('iptables').describe('How Services are made on the nodes.'),
      config: fragment.default({}).describe('Merged into the KubeProxyConfiguration.'),
    })
    .prefault({})
    .describe('kube-proxy, on the nodes.'),
  flannel: component
    .extend({
      backend: z
        .enum(['vxlan', 'host-gw'])
        .default('vxlan')
        .describe('host-gw is faster, and asks that all nodes are in one network without a router between them.'),
    })
    .prefault({})
    .describe('flannel, on the nodes; unused when network.plugin is none.'),
  containerd: z
    .strictObject({
      config: fragment.default({}).describe('Merged into containerd’s config.toml (version 3), tables as nested maps.'),
      registries: z
        .record(z.string(), registry)
        .default({})
        .describe('Mirrors by registry: docker.io, registry.k8s.io …'),
    })
    .prefault({})
    .describe('The container runtime, on the nodes.'),
  addons: z
    .strictObject({
      coredns: z.boolean().default(true).describe('DNS of the cluster.'),
      metricsServer: z.boolean().default(true).describe('Numbers for kubectl top and for autoscaling.'),
      manifests: z
        .array(text)
        .default([])
        .describe('Files of your own, relative to cluster.yaml; pruned when removed from here.'),
    })
    .prefault({})
    .describe('What the addons action applies to the running cluster.'),
  hosts: z.array(host).min(1).describe('The machines, in the order in which they are worked on.'),
});

/** cluster.yaml as it is written. */
export type ClusterInput = z.input<typeof clusterSchema>;
/** cluster.yaml with its defaults. */
export type ClusterFile = z.output<typeof clusterSchema>;
export type Role = (typeof roles)[number];
export type ExtraArg = ClusterFile['apiServer']['extraArgs'][number];
