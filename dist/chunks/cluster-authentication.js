import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  defaultVersions,
  kubernetesMinors,
  supportedMinors
} from "./cluster-versions.js";
import {
  alternatives
} from "./cluster-cel-check.js";
import {
  components
} from "./layout-addresses.js";
import {
  roles
} from "./entry-bytes.js";
import {
  _enum,
  array,
  boolean,
  int,
  number,
  record,
  strictObject,
  string,
  union,
  unknown,
  url
} from "./errors.js";

// src/cluster/authentication.ts
var text = string().min(1);
var issuer = strictObject({
  url: text.describe("The claim iss of its tokens, as https://issuer.example.com."),
  discoveryURL: text.optional().describe("Where its discovery document is, if not at URL/.well-known/openid-configuration."),
  certificateAuthority: text.optional().describe("CA certificates of the issuer\u2019s server, as PEM. Default: those of the master\u2019s operating system."),
  audiences: array(text).min(1).describe(
    "Values of the claim aud that are accepted. Use one of this cluster\u2019s own: a token for another place must not open it."
  ),
  audienceMatchPolicy: _enum(["MatchAny"]).optional().describe("MatchAny; required for several audiences."),
  egressSelectorType: _enum(["controlplane", "cluster"]).optional().describe("The egress of --egress-selector-config-file by which the issuer is reached.")
});
var claimRule = strictObject({
  claim: text.optional().describe("A claim that a token must have."),
  requiredValue: string().optional().describe("Its value. Default: an empty text."),
  expression: text.optional().describe("A CEL expression over claims that must be true; instead of claim."),
  message: text.optional().describe("Written to the API server\u2019s log when expression is false.")
});
var mapping = strictObject({
  claim: text.optional().describe("The claim that is taken."),
  prefix: string().optional().describe("Written before it; required with claim."),
  expression: text.optional().describe("A CEL expression over claims; instead of claim and prefix.")
});
var jwt = strictObject({
  issuer: issuer.describe("Who signs the tokens."),
  claimValidationRules: array(claimRule).default([]).describe("What a token must claim. All rules must hold."),
  claimMappings: strictObject({
    username: mapping.describe("The user\u2019s name."),
    groups: mapping.optional().describe("The user\u2019s groups."),
    uid: mapping.omit({ prefix: true }).optional().describe("The user\u2019s uid."),
    extra: array(
      strictObject({
        key: text.describe("As example.com/run: with a domain, in lower case."),
        valueExpression: text.describe("A CEL expression over claims.")
      })
    ).default([]).describe("Further attributes, for the audit log and for authorization webhooks.")
  }).describe("The user that a token becomes."),
  userValidationRules: array(
    strictObject({
      expression: text.describe("A CEL expression over user that must be true."),
      message: text.optional().describe("Written to the API server\u2019s log when it is false.")
    })
  ).default([]).describe("What must hold for that user. Names with system: and those of this product are always refused.")
});
var authentication = strictObject({
  jwt: array(jwt).max(64).default([]).describe(
    "Issuers of JSON Web Tokens that the API accepts, in the form of Kubernetes\u2019 AuthenticationConfiguration. See github-oidc.md for GitHub\u2019s."
  )
}).prefault({}).describe(
  "Users whose tokens come from elsewhere. Anonymous users reach /livez, /readyz and /healthz and nothing else."
);

// src/cluster/backup.ts
var recipient = string().regex(
  /^age1[02-9ac-hj-np-z]{58}$/,
  "a recipient begins with age1 and has 62 characters; age-keygen prints it as public key"
);
var backup = strictObject({
  recipients: array(recipient).min(1).max(20).describe(
    "Public keys of age, as age-keygen prints them. The secret key of each opens every backup alone; no host and no runner needs it to make one."
  ),
  keep: int().min(1).max(1e4).default(14).describe("How many backups stay in a folder: the newest ones."),
  artifactDays: int().min(1).max(400).default(30).describe("For how many days GitHub keeps an artifact."),
  maxAgeHours: int().min(1).max(8784).default(26).describe("The check action warns when the newest backup is older than so many hours.")
}).optional().describe("Who can open the backups that the backup action makes, and for how long they are kept.");

// src/cluster/schema.ts
var text2 = string().min(1);
var port = int().min(1).max(65535);
var version = string().regex(/^v?\d+\.\d+\.\d+$/, `a version is written as ${defaultVersions.kubernetes}`).overwrite((value) => value.replace(/^v/, ""));
var dnsLabel = string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a name has up to 63 lower-case letters, digits and inner hyphens");
var dnsName = string().max(253).regex(
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  "a DNS name has lower-case letters, digits, hyphens and dots"
);
var domain = dnsName.regex(/^(?!.*[^.]{64})/, "each name of a domain has up to 63 characters");
var absolutePath = string().regex(/^\/[\w@%+=:,./-]+$/, "write an absolute path without spaces");
var reachable = string().regex(/^[A-Za-z0-9:][\w.:-]*$/, "write a DNS name or an address, without user, port and scheme");
var userName = string().max(104).regex(/^[A-Za-z_][\w.-]*(\\[A-Za-z_][\w.-]*)?(@[\w.-]+)?\$?$/, "write the name of a user, as root or ops");
var device = string().regex(/^[A-Za-z0-9_][\w.:@-]{0,14}$/, "write the name of an interface, as eth0");
var noProxy = string().regex(/^[\w.:/*[\]-]+$/, "write one name, domain or subnet, as .example.com");
var fragment = record(string(), unknown());
var extraArgs = array(
  strictObject({
    name: text2.describe("The flag, without its hyphens."),
    value: string().describe("The value, in quotes if it is a number, true or false.")
  })
).default([]).describe("Flags to add or to override, in the format of kubeadm v1beta4: a list of name and value.");
var component = strictObject({ extraArgs });
var jumpHost = strictObject({
  address: reachable.describe("Address or DNS name of the bastion."),
  port: port.default(22).describe("Its SSH port."),
  user: userName.default("root").describe("The user on it; it only needs TCP forwarding.")
}).optional().describe("The bastion through which hosts on a private network are reached.");
var loginSeconds = int().min(5).max(600);
var ssh = strictObject({
  user: userName.default("root").describe("root, or an ordinary user with passwordless sudo."),
  port: port.default(22).describe("SSH port of the hosts."),
  loginSeconds: loginSeconds.default(60).describe("How long a login may take; more for hosts that ask a slow directory service or DNS at each login."),
  jumpHost
});
var hostSsh = strictObject({
  address: reachable.optional().describe("The address at which the runner reaches the host, if it differs."),
  user: userName.optional().describe("Instead of ssh.user."),
  port: port.optional().describe("Instead of ssh.port."),
  loginSeconds: loginSeconds.optional().describe("Instead of ssh.loginSeconds."),
  jumpHost
}).prefault({}).describe("How the runner reaches this host, if it differs from the other hosts.");
var taint = strictObject({
  key: text2.describe("Like dedicated or example.com/dedicated."),
  value: string().optional().describe("The value that a toleration must match."),
  effect: _enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).describe("The effect on pods that don\u2019t tolerate it.")
});
var host = strictObject({
  name: dnsName.describe("The host\u2019s name in this file, in logs and in the cluster."),
  address: text2.describe("The IPv4 address by which the other hosts reach it."),
  roles: array(_enum(roles)).min(1).describe("etcd: a member of etcd. master: API server, controller-manager, scheduler. node: runs pods."),
  hostname: dnsName.optional().describe("The host name to set on the host. Default: the host keeps its name."),
  interface: device.optional().describe("The network interface for pod traffic. Default: the interface with the address."),
  ssh: hostSsh,
  state: _enum(["present", "removed"]).default("present").describe(
    "removed: the next run drains the host, takes it out of the cluster and removes from it what the project placed there. Then delete the line."
  ),
  labels: record(string(), string()).default({}).describe("Labels of the node."),
  taints: array(taint).default([]).describe("Taints that the node gets when it registers.")
});
var versions = strictObject({
  etcd: version.default(defaultVersions.etcd).describe(`etcd, ${kubernetesMinors[34].oldestEtcd} or later.`),
  containerd: version.default(defaultVersions.containerd).describe("containerd, 2.0 or later."),
  runc: version.default(defaultVersions.runc).describe("runc."),
  cniPlugins: version.default(defaultVersions.cniPlugins).describe("The CNI plugins."),
  flannel: version.default(defaultVersions.flannel).describe("flannel."),
  pause: string().regex(/^\d+\.\d+(\.\d+)?$/, 'a version of pause is written as "3.10.2", in quotes when it has two parts').default(defaultVersions.pause).describe("The pause image, which holds a pod\u2019s namespaces."),
  coredns: version.default(defaultVersions.coredns).describe("CoreDNS."),
  metricsServer: version.default(defaultVersions.metricsServer).describe("metrics-server.")
}).describe("Versions of the other software on the hosts.");
var network = strictObject({
  serviceSubnet: text2.default("10.96.0.0/12").describe("Subnet of the Services. The API gets its first address, DNS the second one. Can\u2019t be changed later."),
  podSubnet: text2.default("10.244.0.0/16").describe("Subnet of the pods. Can\u2019t be changed later."),
  nodeCidrMaskSize: int().min(16).max(30).default(24).describe("Prefix length of the subnet that each node gets from podSubnet."),
  serviceNodePortRange: string().regex(/^\d+-\d+$/, "a range of ports is written as 30000-32767").default("30000-32767").describe("Ports of Services of type NodePort."),
  dnsDomain: domain.default("cluster.local").describe("Domain of the cluster\u2019s own names, as in SERVICE.NAMESPACE.svc.cluster.local. Can\u2019t be changed later."),
  plugin: _enum(["flannel", "none"]).default("flannel").describe(
    "The pod network. none: install your own with addons.manifests, which are then applied before the first node joins."
  )
});
var seconds = (most) => number().min(0.1).max(most);
var election = union(
  [
    _enum(["default", "fast"]),
    strictObject({
      leaseDuration: int().min(1).max(300).describe("Whole seconds until the lease of a leader that does not renew it expires."),
      renewDeadline: seconds(300).describe("Seconds until a leader that can\u2019t renew its lease gives up."),
      retryPeriod: seconds(60).describe("Seconds between two renewals, and between two attempts of the others.")
    })
  ],
  { error: "write default, fast, or { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 } in seconds" }
);
var registry = strictObject({
  mirrors: array(url()).min(1).describe("Mirrors to try, in this order, before the registry itself."),
  skipVerify: boolean().default(false).describe("Accept any certificate of the mirrors. Use it only in a lab.")
});
var clusterSchema = strictObject({
  name: dnsLabel.describe("The cluster\u2019s name, used for its artifacts and its kubeconfig context."),
  kubernetesVersion: version.default(defaultVersions.kubernetes).describe(`A version of ${alternatives(supportedMinors.map((minor) => `1.${minor}`))}.`),
  versions: versions.prefault({}),
  binDir: absolutePath.default("/usr/local/bin").describe("The directory for binaries on the hosts."),
  mirror: url().optional().describe("Serves the official files as MIRROR/<official host>/<path>. By http only with a lock file."),
  proxy: strictObject({
    http: url().optional().describe("For http, without user and password."),
    https: url().optional().describe("For https, without user and password."),
    noProxy: array(noProxy).default([]).describe("More names, domains and subnets to reach without the proxy; the cluster\u2019s own are always included.")
  }).optional().describe(
    "The proxy for downloads and package managers on the hosts, and for containerd. No other component uses it, and a proxy configured on the host is ignored."
  ),
  ssh: ssh.prefault({}).describe("How the runner reaches the hosts."),
  network: network.prefault({}).describe("Addresses of Services and pods, and what connects them."),
  api: strictObject({
    port: port.default(components.apiServer.ports.api.usual).describe("Port of the API servers on the masters."),
    localPort: port.default(components.apiBalancer.ports.api.usual).describe("Port of each node\u2019s local load balancer on 127.0.0.1."),
    certSANs: array(text2).default([]).describe("More names of the API server\u2019s certificate: see access.md.")
  }).prefault({}).describe("The API, as seen by clients."),
  etcd: component.extend({
    dataDir: absolutePath.default("/var/lib/etcd").describe("The data directory of the members; only etcd may use it. A separate fast disk is best.")
  }).prefault({}).describe("Members of etcd."),
  apiServer: component.extend({ authentication }).prefault({}).describe("kube-apiserver, on the masters."),
  election: election.default("default").describe(
    "How soon another master leads after the leader\u2019s host is lost: default (15/10/2 s: about 17 s), fast (4/3/0.5 s: about 5 s), or custom times in seconds like { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 }, each longer than the next. With fast, the election writes to etcd four times a second instead of once, and both leaders restart if etcd stalls for 3 s."
  ),
  controllerManager: component.prefault({}).describe("kube-controller-manager, on the masters."),
  scheduler: component.prefault({}).describe("kube-scheduler, on the masters."),
  kubelet: component.extend({ config: fragment.default({}).describe("Merged into the KubeletConfiguration.") }).prefault({}).describe("kubelet, on the nodes."),
  kubeProxy: component.extend({
    mode: _enum(["iptables", "nftables"]).default("iptables").describe("How Services are implemented on the nodes."),
    config: fragment.default({}).describe("Merged into the KubeProxyConfiguration.")
  }).prefault({}).describe("kube-proxy, on the nodes."),
  flannel: component.extend({
    backend: _enum(["vxlan", "host-gw"]).default("vxlan").describe("host-gw is faster, but all nodes must be in one network without a router between them.")
  }).prefault({}).describe("flannel, on the nodes; unused when network.plugin is none."),
  containerd: strictObject({
    config: fragment.default({}).describe(
      "Merged into containerd\u2019s config.toml (version 3). Write tables as nested maps. With plugins for the transfer service or image verifiers, image_pull_with_sync_fs stays off, because it would turn them off."
    ),
    registries: record(string(), registry).default({}).describe("Mirrors per registry: docker.io, registry.k8s.io \u2026")
  }).prefault({}).describe("The container runtime, on the nodes."),
  upgrade: strictObject({
    nodes: strictObject({
      atOnce: int().min(1).max(50).default(1).describe("How many nodes are drained and upgraded at a time."),
      drainSeconds: int().min(1).max(86400).default(300).describe(
        "Seconds for the eviction of a node\u2019s pods, within their disruption budgets, before an upgrade or a removal. An upgrade that cannot drain a node in time stops there, and the node keeps its version."
      )
    }).prefault({}).describe("A change of kubernetesVersion or versions.containerd."),
    gate: text2.max(4e3).optional().describe(
      "A command for sh -c that runs on the runner after each upgraded master and node, before the next host begins. With any exit status but 0 the upgrade stops there, until it ends with 0 in a later run. It gets UPGRADE_HOST, UPGRADE_NODE, UPGRADE_ROLE and UPGRADE_VERSION in its environment, and no secret. Default: no command."
    ),
    gateSeconds: int().min(1).max(3600).default(300).describe("Seconds until upgrade.gate is ended, which counts as a failure.")
  }).prefault({}).describe("How a new version reaches the hosts."),
  backup,
  addons: strictObject({
    coredns: boolean().default(true).describe("The cluster\u2019s DNS."),
    metricsServer: boolean().default(true).describe("Metrics for kubectl top and for autoscaling."),
    manifests: array(text2).default([]).describe("Your own manifest files, relative to cluster.yaml. Objects of a removed file are pruned.")
  }).prefault({}).describe("Objects that the addons action applies to the running cluster."),
  hosts: array(host).min(1).describe("The machines, in the order in which logs and plans list them.")
});

export {
  clusterSchema
};
