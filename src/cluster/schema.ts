import * as z from 'zod';
import { defaultVersions } from './versions.ts';

const text = z.string().min(1);
const port = z.int().min(1).max(65535);
const version = z
  .string()
  .regex(/^v?\d+\.\d+\.\d+$/, 'a version is written as 1.37.2')
  .transform((value) => value.replace(/^v/, ''));
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
const absolutePath = z.string().regex(/^\/[\w@%+=:,./-]+$/, 'an absolute path without spaces');
const fragment = z.record(z.string(), z.unknown());

/** kubeadm's v1beta4 form: a list, since a flag may be given more than once. */
const extraArgs = z
  .array(z.strictObject({ name: text.describe('The flag, without its hyphens.'), value: z.string() }))
  .default([])
  .describe('Flags to add or to override, in the form of kubeadm v1beta4.');
const component = z.strictObject({ extraArgs });

const jumpHost = z
  .strictObject({ address: text, port: port.default(22), user: text.default('root') })
  .optional()
  .describe('The bastion through which hosts on a private network are reached.');

const ssh = z.strictObject({
  user: text.default('root').describe('root, or an ordinary user with passwordless sudo.'),
  port: port.default(22),
  jumpHost,
});

// Written out, not ssh.partial(): zod applies a default inside of an optional, which would hide the cluster's own values.
const hostSsh = z
  .strictObject({
    address: text.optional().describe('Where the runner reaches it, when that differs.'),
    user: text.optional(),
    port: port.optional(),
    jumpHost,
  })
  .prefault({});

const taint = z.strictObject({
  key: text,
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

export const roles = ['etcd', 'master', 'node'] as const;

const host = z.strictObject({
  name: dnsName.describe('How this file, logs and the cluster call the host.'),
  address: text.describe('The address by which the other hosts reach it.'),
  roles: z.array(z.enum(roles)).min(1),
  hostname: dnsName.optional().describe('Set as the host’s own name; absent: the host keeps the name it has.'),
  interface: text.optional().describe('The network interface for pod traffic; absent: the one that has the address.'),
  ssh: hostSsh,
  labels: z.record(z.string(), z.string()).default({}).describe('Labels of the node.'),
  taints: z.array(taint).default([]).describe('Taints of the node when it registers.'),
});

const versions = z
  .strictObject({
    etcd: version.default(defaultVersions.etcd),
    containerd: version.default(defaultVersions.containerd),
    runc: version.default(defaultVersions.runc),
    cniPlugins: version.default(defaultVersions.cniPlugins),
    flannel: version.default(defaultVersions.flannel),
    pause: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$/)
      .default(defaultVersions.pause),
    coredns: version.default(defaultVersions.coredns),
    metricsServer: version.default(defaultVersions.metricsServer),
  })
  .describe('Versions of what is installed beside Kubernetes.');

const network = z.strictObject({
  serviceSubnet: text.default('10.96.0.0/12'),
  podSubnet: text.default('10.244.0.0/16'),
  nodeCidrMaskSize: z
    .int()
    .min(16)
    .max(30)
    .default(24)
    .describe('Size of the subnet that each node gets out of podSubnet.'),
  serviceNodePortRange: z
    .string()
    .regex(/^\d+-\d+$/, 'a range of ports is written as 30000-32767')
    .default('30000-32767'),
  dnsDomain: dnsName.default('cluster.local'),
  plugin: z.enum(['flannel', 'none']).default('flannel').describe('none: bring your own by addons.manifests.'),
});

const registry = z.strictObject({
  mirrors: z.array(z.url()).min(1).describe('Asked in this order before the registry itself.'),
  skipVerify: z.boolean().default(false),
});

/** The one description of cluster.yaml: types, validation, defaults, the published JSON Schema and the reference page come from it. */
export const clusterSchema = z.strictObject({
  name: dnsLabel.describe('The cluster’s name: of its artifacts, its concurrency group and its kubeconfig context.'),
  kubernetesVersion: version.default(defaultVersions.kubernetes),
  versions: versions.prefault({}),
  binDir: absolutePath.default('/usr/local/bin').describe('Where binaries are placed on the hosts.'),
  mirror: z
    .url()
    .optional()
    .describe(
      'Serves the official files under MIRROR/<official host>/<path> instead of https://<official host>/<path>.',
    ),
  proxy: z
    .strictObject({ http: z.url().optional(), https: z.url().optional(), noProxy: z.array(text).default([]) })
    .optional()
    .describe('For downloads by the hosts and for containerd.'),
  ssh: ssh.prefault({}),
  network: network.prefault({}),
  api: z
    .strictObject({
      port: port.default(6443),
      localPort: port.default(5002).describe('Where each node’s own balancer listens on 127.0.0.1.'),
      certSANs: z.array(text).default([]).describe('Further names and addresses of the API server’s certificate.'),
    })
    .prefault({}),
  etcd: component.extend({ dataDir: absolutePath.default('/var/lib/etcd') }).prefault({}),
  apiServer: component.prefault({}),
  controllerManager: component.prefault({}),
  scheduler: component.prefault({}),
  kubelet: component
    .extend({ config: fragment.default({}).describe('Merged into the KubeletConfiguration.') })
    .prefault({}),
  kubeProxy: component
    .extend({
      mode: z.enum(['iptables', 'nftables']).default('iptables'),
      config: fragment.default({}).describe('Merged into the KubeProxyConfiguration.'),
    })
    .prefault({}),
  flannel: component.extend({ backend: z.enum(['vxlan', 'host-gw']).default('vxlan') }).prefault({}),
  containerd: z
    .strictObject({
      config: fragment.default({}).describe('Merged into containerd’s config.toml (version 3), tables as nested maps.'),
      registries: z
        .record(z.string(), registry)
        .default({})
        .describe('Mirrors by registry: docker.io, registry.k8s.io …'),
    })
    .prefault({}),
  addons: z
    .strictObject({
      coredns: z.boolean().default(true),
      metricsServer: z.boolean().default(true),
      manifests: z
        .array(text)
        .default([])
        .describe('Files of your own, relative to cluster.yaml; pruned when removed from here.'),
    })
    .prefault({}),
  hosts: z.array(host).min(1),
});

/** cluster.yaml as it is written. */
export type ClusterInput = z.input<typeof clusterSchema>;
/** cluster.yaml with its defaults. */
export type ClusterFile = z.output<typeof clusterSchema>;
export type Role = (typeof roles)[number];
export type ExtraArg = ClusterFile['apiServer']['extraArgs'][number];
