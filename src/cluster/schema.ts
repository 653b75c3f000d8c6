import * as z from 'zod';
import { components } from '../layout/components.ts';
import { type Role, roles } from '../layout/roles.ts';
import { authentication } from './authentication.ts';
import { backup } from './backup.ts';
import { alternatives } from './finding.ts';
import { defaultVersions, kubernetesMinors, supportedMinors } from './versions.ts';

export { type Role, roles };

const text = z.string().min(1);
const port = z.int().min(1).max(65535);
const version = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+$/, `a version is written as ${defaultVersions.kubernetes}`)
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
const domain = dnsName.regex(/^(?!.*[^.]{64})/, 'each name of a domain has up to 63 characters');
const absolutePath = z.string().regex(/^\/[\w@%+=:,./-]+$/, 'write an absolute path without spaces');
// These values are used in unit files, commands and connections, so spaces, quotes and leading hyphens are refused.
const reachable = z
  .string()
  .regex(/^[A-Za-z0-9:][\w.:-]*$/, 'write a DNS name or an address, without user, port and scheme');
/** Also of a directory service: `svc@corp.example`, `CORP\\svc`, `host$`. */
const userName = z
  .string()
  .max(104)
  .regex(/^[A-Za-z_][\w.-]*(\\[A-Za-z_][\w.-]*)?(@[\w.-]+)?\$?$/, 'write the name of a user, as root or ops');
const device = z.string().regex(/^[A-Za-z0-9_][\w.:@-]{0,14}$/, 'write the name of an interface, as eth0');
const noProxy = z.string().regex(/^[\w.:/*[\]-]+$/, 'write one name, domain or subnet, as .example.com');
const fragment = z.record(z.string(), z.unknown());

/** kubeadm's v1beta4 format: a list, because a flag can be given more than once. */
const extraArgs = z
  .array(
    z.strictObject({
      name: text.describe('The flag, without its hyphens.'),
      value: z.string().describe('The value, in quotes if it is a number, true or false.'),
    }),
  )
  .default([])
  .describe('Flags to add or to override, in the format of kubeadm v1beta4: a list of name and value.');
const component = z.strictObject({ extraArgs });

const jumpHost = z
  .strictObject({
    address: reachable.describe('Address or DNS name of the bastion.'),
    port: port.default(22).describe('Its SSH port.'),
    user: userName.default('root').describe('The user on it; it only needs TCP forwarding.'),
  })
  .optional()
  .describe('The bastion through which hosts on a private network are reached.');

const loginSeconds = z.int().min(5).max(600);

const ssh = z.strictObject({
  user: userName.default('root').describe('root, or an ordinary user with passwordless sudo.'),
  port: port.default(22).describe('SSH port of the hosts.'),
  loginSeconds: loginSeconds
    .default(60)
    .describe('How long a login may take; more for hosts that ask a slow directory service or DNS at each login.'),
  jumpHost,
});

// Written out, not ssh.partial(): zod applies a default inside an optional, which would hide the cluster's own values.
const hostSsh = z
  .strictObject({
    address: reachable.optional().describe('The address at which the runner reaches the host, if it differs.'),
    user: userName.optional().describe('Instead of ssh.user.'),
    port: port.optional().describe('Instead of ssh.port.'),
    loginSeconds: loginSeconds.optional().describe('Instead of ssh.loginSeconds.'),
    jumpHost,
  })
  .prefault({})
  .describe('How the runner reaches this host, if it differs from the other hosts.');

const taint = z.strictObject({
  key: text.describe('Like dedicated or example.com/dedicated.'),
  value: z.string().optional().describe('The value that a toleration must match.'),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
    .describe('The effect on pods that don’t tolerate it.'),
});

const host = z.strictObject({
  name: dnsName.describe('The host’s name in this file, in logs and in the cluster.'),
  address: text.describe('The IPv4 address by which the other hosts reach it.'),
  roles: z
    .array(z.enum(roles))
    .min(1)
    .describe('etcd: a member of etcd. master: API server, controller-manager, scheduler. node: runs pods.'),
  hostname: dnsName.optional().describe('The host name to set on the host. Default: the host keeps its name.'),
  interface: device
    .optional()
    .describe('The network interface for pod traffic. Default: the interface with the address.'),
  ssh: hostSsh,
  state: z
    .enum(['present', 'removed'])
    .default('present')
    .describe(
      'removed: the next run drains the host, takes it out of the cluster and removes from it what the project placed there. Then delete the line.',
    ),
  labels: z.record(z.string(), z.string()).default({}).describe('Labels of the node.'),
  taints: z.array(taint).default([]).describe('Taints that the node gets when it registers.'),
});

const versions = z
  .strictObject({
    etcd: version.default(defaultVersions.etcd).describe(`etcd, ${kubernetesMinors[34].oldestEtcd} or later.`),
    containerd: version.default(defaultVersions.containerd).describe('containerd, 2.0 or later.'),
    runc: version.default(defaultVersions.runc).describe('runc.'),
    cniPlugins: version.default(defaultVersions.cniPlugins).describe('The CNI plugins.'),
    flannel: version.default(defaultVersions.flannel).describe('flannel.'),
    pause: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$/, 'a version of pause is written as "3.10.2", in quotes when it has two parts')
      .default(defaultVersions.pause)
      .describe('The pause image, which holds a pod’s namespaces.'),
    coredns: version.default(defaultVersions.coredns).describe('CoreDNS.'),
    metricsServer: version.default(defaultVersions.metricsServer).describe('metrics-server.'),
  })
  .describe('Versions of the other software on the hosts.');

const network = z.strictObject({
  serviceSubnet: text
    .default('10.96.0.0/12')
    .describe('Subnet of the Services. The API gets its first address, DNS the second one. Can’t be changed later.'),
  podSubnet: text.default('10.244.0.0/16').describe('Subnet of the pods. Can’t be changed later.'),
  nodeCidrMaskSize: z
    .int()
    .min(16)
    .max(30)
    .default(24)
    .describe('Prefix length of the subnet that each node gets from podSubnet.'),
  serviceNodePortRange: z
    .string()
    .regex(/^\d+-\d+$/, 'a range of ports is written as 30000-32767')
    .default('30000-32767')
    .describe('Ports of Services of type NodePort.'),
  dnsDomain: domain
    .default('cluster.local')
    .describe('Domain of the cluster’s own names, as in SERVICE.NAMESPACE.svc.cluster.local. Can’t be changed later.'),
  plugin: z
    .enum(['flannel', 'none'])
    .default('flannel')
    .describe(
      'The pod network. none: install your own with addons.manifests, which are then applied before the first node joins.',
    ),
});

const seconds = (most: number) => z.number().min(0.1).max(most);

/** A profile name, or custom times. checks/election.ts checks the relations between the times. */
const election = z.union(
  [
    z.enum(['default', 'fast']),
    z.strictObject({
      leaseDuration: z
        .int()
        .min(1)
        .max(300)
        .describe('Whole seconds until the lease of a leader that does not renew it expires.'),
      renewDeadline: seconds(300).describe('Seconds until a leader that can’t renew its lease gives up.'),
      retryPeriod: seconds(60).describe('Seconds between two renewals, and between two attempts of the others.'),
    }),
  ],
  { error: 'write default, fast, or { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 } in seconds' },
);

const registry = z.strictObject({
  mirrors: z.array(z.url()).min(1).describe('Mirrors to try, in this order, before the registry itself.'),
  skipVerify: z.boolean().default(false).describe('Accept any certificate of the mirrors. Use it only in a lab.'),
});

/** The only definition of cluster.yaml: types, validation, defaults, the published JSON Schema and the reference page derive from it. */
export const clusterSchema = z.strictObject({
  name: dnsLabel.describe('The cluster’s name, used for its artifacts and its kubeconfig context.'),
  kubernetesVersion: version
    .default(defaultVersions.kubernetes)
    .describe(`A version of ${alternatives(supportedMinors.map((minor) => `1.${minor}`))}.`),
  versions: versions.prefault({}),
  binDir: absolutePath.default('/usr/local/bin').describe('The directory for binaries on the hosts.'),
  mirror: z
    .url()
    .optional()
    .describe('Serves the official files as MIRROR/<official host>/<path>. By http only with a lock file.'),
  proxy: z
    .strictObject({
      http: z.url().optional().describe('For http, without user and password.'),
      https: z.url().optional().describe('For https, without user and password.'),
      noProxy: z
        .array(noProxy)
        .default([])
        .describe('More names, domains and subnets to reach without the proxy; the cluster’s own are always included.'),
    })
    .optional()
    .describe(
      'The proxy for downloads and package managers on the hosts, and for containerd. No other component uses it, and a proxy configured on the host is ignored.',
    ),
  ssh: ssh.prefault({}).describe('How the runner reaches the hosts.'),
  network: network.prefault({}).describe('Addresses of Services and pods, and what connects them.'),
  api: z
    .strictObject({
      port: port.default(components.apiServer.ports.api.usual).describe('Port of the API servers on the masters.'),
      localPort: port
        .default(components.apiBalancer.ports.api.usual)
        .describe('Port of each node’s local load balancer on 127.0.0.1.'),
      certSANs: z.array(text).default([]).describe('More names of the API server’s certificate: see access.md.'),
    })
    .prefault({})
    .describe('The API, as seen by clients.'),
  etcd: component
    .extend({
      dataDir: absolutePath
        .default('/var/lib/etcd')
        .describe('The data directory of the members; only etcd may use it. A separate fast disk is best.'),
    })
    .prefault({})
    .describe('Members of etcd.'),
  apiServer: component.extend({ authentication }).prefault({}).describe('kube-apiserver, on the masters.'),
  election: election
    .default('default')
    .describe(
      'How soon another master leads after the leader’s host is lost: default (15/10/2 s: about 17 s), fast (4/3/0.5 s: about 5 s), or custom times in seconds like { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 }, each longer than the next. With fast, the election writes to etcd four times a second instead of once, and both leaders restart if etcd stalls for 3 s.',
    ),
  controllerManager: component.prefault({}).describe('kube-controller-manager, on the masters.'),
  scheduler: component.prefault({}).describe('kube-scheduler, on the masters.'),
  kubelet: component
    .extend({ config: fragment.default({}).describe('Merged into the KubeletConfiguration.') })
    .prefault({})
    .describe('kubelet, on the nodes.'),
  kubeProxy: component
    .extend({
      mode: z.enum(['iptables', 'nftables']).default('iptables').describe('How Services are implemented on the nodes.'),
      config: fragment.default({}).describe('Merged into the KubeProxyConfiguration.'),
    })
    .prefault({})
    .describe('kube-proxy, on the nodes.'),
  flannel: component
    .extend({
      backend: z
        .enum(['vxlan', 'host-gw'])
        .default('vxlan')
        .describe('host-gw is faster, but all nodes must be in one network without a router between them.'),
    })
    .prefault({})
    .describe('flannel, on the nodes; unused when network.plugin is none.'),
  containerd: z
    .strictObject({
      config: fragment
        .default({})
        .describe(
          'Merged into containerd’s config.toml (version 3). Write tables as nested maps. With plugins for the transfer service or image verifiers, image_pull_with_sync_fs stays off, because it would turn them off.',
        ),
      registries: z
        .record(z.string(), registry)
        .default({})
        .describe('Mirrors per registry: docker.io, registry.k8s.io …'),
    })
    .prefault({})
    .describe('The container runtime, on the nodes.'),
  upgrade: z
    .strictObject({
      nodes: z
        .strictObject({
          atOnce: z.int().min(1).max(50).default(1).describe('How many nodes are drained and upgraded at a time.'),
          drainSeconds: z
            .int()
            .min(1)
            .max(86_400)
            .default(300)
            .describe(
              'Seconds for the eviction of a node’s pods, within their disruption budgets, before an upgrade or a removal. An upgrade that cannot drain a node in time stops there, and the node keeps its version.',
            ),
        })
        .prefault({})
        .describe('A change of kubernetesVersion or versions.containerd.'),
      gate: text
        .max(4000)
        .optional()
        .describe(
          'A command for sh -c that runs on the runner after each upgraded master and node, before the next host begins. With any exit status but 0 the upgrade stops there, until it ends with 0 in a later run. It gets UPGRADE_HOST, UPGRADE_NODE, UPGRADE_ROLE and UPGRADE_VERSION in its environment, and no secret. Default: no command.',
        ),
      gateSeconds: z
        .int()
        .min(1)
        .max(3600)
        .default(300)
        .describe('Seconds until upgrade.gate is ended, which counts as a failure.'),
    })
    .prefault({})
    .describe('How a new version reaches the hosts.'),
  backup,
  addons: z
    .strictObject({
      coredns: z.boolean().default(true).describe('The cluster’s DNS.'),
      metricsServer: z.boolean().default(true).describe('Metrics for kubectl top and for autoscaling.'),
      manifests: z
        .array(text)
        .default([])
        .describe('Your own manifest files, relative to cluster.yaml. Objects of a removed file are pruned.'),
    })
    .prefault({})
    .describe('Objects that the addons action applies to the running cluster.'),
  hosts: z.array(host).min(1).describe('The machines, in the order in which logs and plans list them.'),
});

/** cluster.yaml with its defaults. */
export type ClusterFile = z.output<typeof clusterSchema>;
export type ExtraArg = ClusterFile['apiServer']['extraArgs'][number];
