import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  addMask,
  addSummary,
  debug,
  error,
  escaped,
  folded,
  getInput,
  group,
  info,
  list,
  markFailed,
  setOutput,
  shortestHidden,
  table,
  warning
} from "./github-hidden-values.js";
import {
  Problem,
  _enum,
  array,
  boolean,
  bytesOf,
  components,
  defaultVersions,
  describeProblem,
  hostsWith,
  int,
  isOlder,
  kubernetesMinor,
  kubernetesMinors,
  minorOf,
  number,
  places,
  problemsOf,
  record,
  require_dist,
  require_ipaddr,
  roles,
  strictObject,
  string,
  supportedMinors,
  toJSONSchema,
  union,
  unknown,
  url,
  versionNames,
  withoutSuffix
} from "./layout-addresses.js";
import {
  redact
} from "./host-redact-keys.js";
import {
  __toESM
} from "./runtime.js";

// src/github/cancellation.ts
var signals = ["SIGINT", "SIGTERM"];
var sameMs = 1e3;
var taken;
function endWhenCancelled(end) {
  let first;
  const cancel = () => {
    first ??= performance.now();
    if (taken === void 0) return end(cancelled(goesOn));
    const { controller, why, untilKilled } = taken;
    if (!controller.signal.aborted) controller.abort(why);
    else if (!untilKilled && performance.now() - first > sameMs) end(why);
  };
  for (const signal of signals) process.on(signal, cancel);
}
var goesOn = "Run it again: it continues where this one stopped.";
function cancellation({ hint = goesOn, untilKilled = false } = {}) {
  taken ??= { controller: new AbortController(), why: cancelled(hint), untilKilled };
  return taken.controller.signal;
}
function cancelled(hint) {
  return new Problem("the run was cancelled", { code: "RUN_CANCELLED", hint });
}

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

// src/cluster/finding.ts
function formatPath(path) {
  return path.map(formatStep).join("").replace(/^\./, "");
}
function formatStep(step) {
  if (typeof step === "number") return `[${step}]`;
  return /^[A-Za-z][\w-]*$/.test(step) ? `.${step}` : `[${quote(step)}]`;
}
function quote(value) {
  const text3 = String(value);
  return JSON.stringify(text3.length > 60 ? `${text3.slice(0, 57)}\u2026` : text3);
}
function alternatives(values) {
  const words2 = values.map(String);
  return words2.length < 2 ? words2.join("") : `${words2.slice(0, -1).join(", ")} or ${words2.at(-1)}`;
}

// src/cluster/schema.ts
var text2 = string().min(1);
var port = int().min(1).max(65535);
var version = string().regex(/^v?\d+\.\d+\.\d+$/, `a version is written as ${defaultVersions.kubernetes}`).overwrite((value) => value.replace(/^v/, ""));
var dnsLabel = string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a name has up to 63 lower-case letters, digits and inner hyphens");
var dnsName = string().max(253).regex(
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  "a DNS name has lower-case letters, digits, hyphens and dots"
);
var absolutePath = string().regex(/^\/[\w@%+=:,./-]+$/, "write an absolute path without spaces");
var reachable = string().regex(/^[A-Za-z0-9:][\w.:-]*$/, "write a DNS name or an address, without user, port and scheme");
var userName = string().regex(/^[A-Za-z_][\w.-]{0,31}$/, "write the name of a user, as root or ops");
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
var ssh = strictObject({
  user: userName.default("root").describe("root, or an ordinary user with passwordless sudo."),
  port: port.default(22).describe("SSH port of the hosts."),
  jumpHost
});
var hostSsh = strictObject({
  address: reachable.optional().describe("The address at which the runner reaches the host, if it differs."),
  user: userName.optional().describe("Instead of ssh.user."),
  port: port.optional().describe("Instead of ssh.port."),
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
  roles: array(_enum(roles)).min(1).describe(
    "etcd: a member of etcd. master: API server, controller-manager and scheduler. node: runs pods. Any combination."
  ),
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
  dnsDomain: dnsName.default("cluster.local").describe("Domain of the cluster\u2019s own names, as in SERVICE.NAMESPACE.svc.cluster.local. Can\u2019t be changed later."),
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
      retryPeriod: seconds(60).describe(
        "Seconds between two renewals, and between two attempts of the others to acquire the lease."
      )
    })
  ],
  { error: "write default, fast, or { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 } in seconds" }
);
var registry = strictObject({
  mirrors: array(url()).min(1).describe("Mirrors to try, in this order, before the registry itself."),
  skipVerify: boolean().default(false).describe("Accept any certificate of the mirrors. Use it only in a lab.")
});
var clusterSchema = strictObject({
  name: dnsLabel.describe(
    "The cluster\u2019s name, used for its artifacts, its concurrency group and its kubeconfig context."
  ),
  kubernetesVersion: version.default(defaultVersions.kubernetes).describe(`A version of ${alternatives(supportedMinors.map((minor) => `1.${minor}`))}.`),
  versions: versions.prefault({}),
  binDir: absolutePath.default("/usr/local/bin").describe("The directory for binaries on the hosts."),
  mirror: url().optional().describe(
    "Serves the official files under MIRROR/<official host>/<path> instead of https://<official host>/<path>."
  ),
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
    certSANs: array(text2).default([]).describe("More names and addresses for the API server\u2019s certificate.")
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
    config: fragment.default({}).describe("Merged into containerd\u2019s config.toml (version 3). Write tables as nested maps."),
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
  addons: strictObject({
    coredns: boolean().default(true).describe("The cluster\u2019s DNS."),
    metricsServer: boolean().default(true).describe("Metrics for kubectl top and for autoscaling."),
    manifests: array(text2).default([]).describe("Your own manifest files, relative to cluster.yaml. Objects of a removed file are pruned.")
  }).prefault({}).describe("Objects that the addons action applies to the running cluster."),
  hosts: array(host).min(1).describe("The machines, in the order in which logs and plans list them.")
});

// src/github/masks.ts
var lineEnd = /\r\n?|\n/;
var writtenEnd = /(?:\\r)?\\n/;
function mask(values) {
  const lines = [...values].flatMap((value) => [value, ...value.split(lineEnd)]);
  const parts = lines.flatMap((line) => [line, ...line.split(writtenEnd)]);
  const secrets = new Set(
    parts.map((line) => line.trim()).filter((line) => line.length >= shortestHidden && !line.startsWith("-----"))
  );
  for (const secret2 of secrets) {
    addMask(secret2);
    addMask(Buffer.from(secret2).toString("base64"));
  }
}

// src/github/run-name.ts
import { hostname } from "node:os";
function runName(env = process.env) {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return id ? `${repository} run ${id}` : `a run by hand on ${hostname()}`;
}
function attemptName(env = process.env) {
  return `${runName(env)} attempt ${env.GITHUB_RUN_ATTEMPT ?? "1"}`;
}
function soleAttemptName(env = process.env) {
  return `${attemptName(env)} ${process.pid} ${Math.round(performance.timeOrigin)}`;
}

// src/cluster/checks/addons.ts
function addonFindings({ addons }) {
  return addons.manifests.flatMap((file, index) => {
    const problem = manifestProblem(file) ?? (addons.manifests.indexOf(file) === index ? void 0 : "is listed twice");
    if (problem === void 0) return [];
    const message = `The manifest ${quote(file)} ${problem}.`;
    const hint = "Write each file once, relative to cluster.yaml and below its directory: manifests/dashboard.yaml.";
    return [{ code: "CLUSTER_MANIFEST", path: ["addons", "manifests", index], message, hint }];
  });
}
function manifestProblem(file) {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return "is a URL, whose content could change from run to run";
  if (file.startsWith("/") || /^[A-Za-z]:/.test(file)) return "is an absolute path";
  if (file.includes("\\")) return "has a backslash in it";
  return file.split("/").includes("..") ? "leads out of the directory of cluster.yaml" : void 0;
}

// src/cluster/cel/nodes.ts
function childrenOf(node) {
  switch (node.kind) {
    case "select":
      return [node.of];
    case "index":
      return [node.of, node.index];
    case "call":
      return node.of === void 0 ? node.args : [node.of, ...node.args];
    case "operator":
      return node.operands;
    case "list":
    case "map":
      return node.items;
    default:
      return [];
  }
}
function allNodes(node) {
  return [node, ...childrenOf(node).flatMap(allNodes)];
}

// src/cluster/cel/tokens.ts
var CelProblem = class extends Error {
  at;
  constructor(message, at2) {
    super(message);
    this.name = "CelProblem";
    this.at = at2;
  }
};
var escaped2 = String.raw`\\(?:[\\'"\`?abfnrtv]|[xX][0-9a-fA-F]{2}|[0-3][0-7]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`;
var strings = [
  String.raw`[bB]?[rR][bB]?(?:'''(?:(?!''')[\s\S])*'''|"""(?:(?!""")[\s\S])*"""|'[^'\r\n]*'|"[^"\r\n]*")`,
  String.raw`[bB]?(?:'''(?:(?!''')[^\\]|${escaped2})*'''|"""(?:(?!""")[^\\]|${escaped2})*""")`,
  String.raw`[bB]?(?:'(?!'')(?:[^'\\\r\n]|${escaped2})*'|"(?!"")(?:[^"\\\r\n]|${escaped2})*")`
];
var kinds = [
  ["blank", /(?:[ \t\r\n\f]|\/\/[^\n]*)+/y],
  ["string", new RegExp(strings.join("|"), "y")],
  ["number", /0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?/y],
  ["name", /[A-Za-z_]\w*|`[\w./ -]+`/y],
  ["punctuation", /&&|\|\||[<>=!]=|\[\?|\.\?|[-+*/%<>!?:.,()[\]{}]/y]
];
function tokensOf(expression) {
  const tokens = [];
  let at2 = 0;
  while (at2 < expression.length) {
    const [kind, text3] = tokenAt(expression, at2);
    if (kind !== "blank") tokens.push({ kind, text: text3, at: at2 });
    at2 += text3.length;
  }
  return [...tokens, { kind: "end", text: "", at: at2 }];
}
function tokenAt(expression, at2) {
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = at2;
    const [text3] = pattern.exec(expression) ?? [];
    if (text3 !== void 0) return [kind, text3];
  }
  const character = expression.slice(at2, at2 + 1);
  if (character === "'" || character === '"')
    throw new CelProblem("a text in quotes is not closed, or has a wrong escape", at2);
  if (character === "=") throw new CelProblem("\u201C=\u201D is no operator: write \u201C==\u201D", at2);
  if (character === "&" || character === "|") throw new CelProblem(`\u201C${character}\u201D is no operator: write it twice`, at2);
  throw new CelProblem(`the character ${JSON.stringify(character)} has no meaning here`, at2);
}

// src/cluster/cel/parse.ts
var maxDepth = 100;
var levels = [
  ["||"],
  ["&&"],
  ["<", "<=", ">", ">=", "==", "!=", "in"],
  ["+", "-"],
  ["*", "/", "%"]
];
function parseCel(expression) {
  return new Parser(tokensOf(expression)).whole();
}
var Parser = class {
  #tokens;
  #next = 0;
  #depth = 0;
  constructor(tokens) {
    this.#tokens = tokens;
  }
  whole() {
    const node = this.#expression();
    if (this.#token.kind !== "end") this.#unexpected();
    return node;
  }
  get #token() {
    const token = this.#tokens[this.#next];
    if (token === void 0) throw new CelProblem("the expression ends here", this.#tokens.at(-1)?.at ?? 0);
    return token;
  }
  #unexpected() {
    const { kind, text: text3, at: at2 } = this.#token;
    const what = kind === "end" ? "the expression ends too early" : `${JSON.stringify(text3)} is not expected here`;
    throw new CelProblem(what, at2);
  }
  /** Takes the next token if it is one of these. */
  #take(...texts) {
    const { kind, text: text3 } = this.#token;
    if (kind === "string" || kind === "end" || !texts.includes(text3)) return void 0;
    this.#next += 1;
    return text3;
  }
  #must(text3) {
    if (this.#take(text3) === void 0) this.#unexpected();
  }
  #expression() {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new CelProblem("the expression is nested too deep", this.#token.at);
    const node = this.#conditional(this.#binary(0));
    this.#depth -= 1;
    return node;
  }
  #conditional(condition) {
    if (this.#take("?") === void 0) return condition;
    const then = this.#binary(0);
    this.#must(":");
    return { kind: "operator", operator: "?:", operands: [condition, then, this.#expression()] };
  }
  /** All operands of one precedence level in one list, for any number of operators, with the first operator. */
  #binary(level) {
    const operators = levels[level];
    if (operators === void 0) return this.#unary();
    const operands = [this.#binary(level + 1)];
    const first = this.#take(...operators);
    for (let operator = first; operator !== void 0; operator = this.#take(...operators)) {
      operands.push(this.#binary(level + 1));
    }
    const [only] = operands;
    return first === void 0 && only !== void 0 ? only : { kind: "operator", operator: first ?? "", operands };
  }
  #unary() {
    const operator = this.#take("!", "-");
    if (operator === void 0) return this.#member();
    while (this.#take(operator) !== void 0) ;
    return { kind: "operator", operator, operands: [this.#member()] };
  }
  #member() {
    let node = this.#primary();
    for (let length = 0; ; length += 1) {
      const { at: at2 } = this.#token;
      const opened = this.#take(".", ".?", "[", "[?");
      if (opened === void 0) return node;
      if (length > maxDepth) throw new CelProblem("the expression is nested too deep", at2);
      if (opened.startsWith("[")) {
        node = { kind: "index", of: node, index: this.#expression() };
        this.#must("]");
      } else {
        const field = this.#name();
        const called = opened === "." && this.#take("(") !== void 0;
        node = called ? { kind: "call", name: field, of: node, args: this.#items(")") } : { kind: "select", of: node, field, at: at2 };
      }
    }
  }
  #name() {
    const { kind, text: text3 } = this.#token;
    if (kind !== "name") this.#unexpected();
    this.#next += 1;
    return text3.replaceAll("`", "");
  }
  #primary() {
    const { kind, text: text3, at: at2 } = this.#token;
    if (this.#take("(") !== void 0) {
      const node = this.#expression();
      this.#must(")");
      return node;
    }
    if (this.#take("[") !== void 0) return { kind: "list", items: this.#items("]") };
    if (this.#take("{") !== void 0) return { kind: "map", items: this.#items("}") };
    if (kind === "name" && !text3.startsWith("`") && text3 !== "in") return this.#named(at2);
    if (kind !== "string" && kind !== "number") this.#unexpected();
    this.#next += 1;
    return kind === "string" ? { kind: "text", source: text3 } : { kind };
  }
  #named(at2) {
    const name = this.#name();
    if (name === "true" || name === "false") return { kind: "boolean" };
    if (name === "null") return { kind: "null" };
    if (this.#take("(") !== void 0) return { kind: "call", name, args: this.#items(")") };
    return { kind: "name", name, at: at2 };
  }
  /** The items between commas up to the closing bracket; in braces, keys and values. */
  #items(closing) {
    const items = [];
    while (this.#take(closing) === void 0) {
      if (items.length > 0) {
        this.#must(",");
        if (closing !== ")" && this.#take(closing) !== void 0) break;
      }
      this.#take("?");
      items.push(this.#expression());
      if (closing !== "}") continue;
      this.#must(":");
      items.push(this.#expression());
    }
    return items;
  }
};

// src/cluster/cel/check.ts
var userFields = ["username", "uid", "groups", "extra"];
var macros = /* @__PURE__ */ new Set([
  "all",
  "exists",
  "exists_one",
  "existsOne",
  "map",
  "filter",
  "transformList",
  "transformMap",
  "bind"
]);
var maxLength = 1e4;
var comparing = /* @__PURE__ */ new Set(["||", "&&", "<", "<=", ">", ">=", "==", "!=", "in", "!"]);
function checkCel(expression, { variable, result }) {
  if (expression.length > maxLength) throw new CelProblem(`it has more than ${maxLength} characters`, 0);
  const root2 = parseCel(expression);
  const nodes = allNodes(root2);
  const declared = new Set(nodes.flatMap(declaredBy));
  for (const node of valuesIn(root2)) {
    if (node.kind !== "name" || node.name === variable || declared.has(node.name)) continue;
    throw new CelProblem(`there is no variable ${node.name}: write ${variable}`, node.at);
  }
  for (const node of nodes) if (variable === "user") checkField(node);
  for (const node of nodes) checkRange(node);
  if (result === "boolean" && neverBoolean(root2)) throw new CelProblem("it is neither true nor false", 0);
  return root2;
}
function declaredBy(node) {
  if (node.kind !== "call" || node.of === void 0 || !macros.has(node.name)) return [];
  return node.args.slice(0, 2).flatMap((arg) => arg.kind === "name" ? [arg.name] : []);
}
function valuesIn(node) {
  const isNamespaced = node.kind === "call" && node.of?.kind === "name";
  return [node, ...(isNamespaced ? node.args : childrenOf(node)).flatMap(valuesIn)];
}
function checkField(node) {
  if (node.kind !== "select" || node.of.kind !== "name" || node.of.name !== "user") return;
  if (userFields.includes(node.field)) return;
  throw new CelProblem(`user has no field ${node.field}: it has ${userFields.join(", ")}`, node.at);
}
function checkRange(node) {
  if (node.kind !== "call" || !macros.has(node.name) || node.of?.kind !== "select" || !isClaims(node.of.of)) return;
  const claim = `claims.${node.of.field}`;
  throw new CelProblem(`${claim} is of no known type: write dyn(${claim}).${node.name}(\u2026)`, node.of.at);
}
function neverBoolean(node) {
  if (node.kind === "operator") {
    if (node.operator === "?:") return node.operands.slice(1).every(neverBoolean);
    return !comparing.has(node.operator);
  }
  return node.kind !== "boolean" && node.kind !== "call";
}
function readsClaim(root2, claim) {
  return allNodes(root2).some((node) => {
    if (node.kind === "select") return isClaims(node.of) && node.field === claim;
    return node.kind === "index" && isClaims(node.of) && node.index.kind === "text" && textIn(node.index) === claim;
  });
}
function isClaims(node) {
  return node.kind === "name" && node.name === "claims";
}
function textIn({ source }) {
  return source.replace(/^[bBrR]*('''|"""|'|")([\s\S]*)\1$/, "$2");
}

// src/cluster/checks/wrong-token.ts
function wrongToken(path, message, hint) {
  return { code: "CLUSTER_AUTHENTICATION", path, message, hint };
}

// src/cluster/checks/github-issuer.ts
var github = "https://token.actions.githubusercontent.com";
var lasting = ["repository_id", "repository_owner_id", "enterprise_id"];
var names = ["sub", "repository", "repository_owner", "enterprise", "job_workflow_ref", "workflow_ref"];
function githubFindings(entry, path) {
  if (entry.issuer.url.replace(/\/+$/, "") !== github || reads(entry, [...lasting, ...names])) return [];
  const message = `The issuer ${quote(entry.issuer.url)} makes tokens for every repository of GitHub, and no rule names yours.`;
  const hint = "Add the rule claims.repository_id in ['123456789'] to claimValidationRules; see docs/github-oidc.md.";
  return [wrongToken([...path, "claimValidationRules"], message, hint)];
}
function knowsNamesOnly(entry) {
  return entry.issuer.url.replace(/\/+$/, "") === github && !reads(entry, lasting);
}
function reads({ claimValidationRules }, claims) {
  return claimValidationRules.some(({ claim, expression }) => {
    if (claim !== void 0) return claims.includes(claim);
    return expression !== void 0 && comparisonsIn(expression).some((parts) => comparesAny(parts, claims));
  });
}
function comparisonsIn(expression) {
  return parsed(expression).flatMap((node) => {
    if (node.kind === "operator" && ["==", "in"].includes(node.operator)) return [node.operands];
    return node.kind === "call" && node.of !== void 0 ? [[node.of, ...node.args]] : [];
  });
}
function comparesAny(parts, claims) {
  const reading = parts.filter((part) => claims.some((claim) => readsClaim(part, claim)));
  const others = parts.filter((part) => !reading.includes(part));
  const texts = others.flatMap(allNodes).filter((node) => node.kind === "text" && textIn(node) !== "");
  return reading.length > 0 && texts.length > 0;
}
function parsed(expression) {
  try {
    return allNodes(checkCel(expression, { variable: "claims", result: "boolean" }));
  } catch {
    return [];
  }
}

// src/cluster/pem.ts
var block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----/g;
function certificateProblem(text3) {
  const blocks = Array.from(text3.matchAll(block), ([, label = "", body = ""]) => ({ label, body }));
  const rest = text3.replaceAll(block, "").trim();
  if (rest !== "") return blocks.length === 0 ? "is no certificate in PEM" : "has text outside of its certificates";
  const [first] = blocks.filter(({ label }) => label !== "CERTIFICATE");
  if (first) return `has a block ${JSON.stringify(first.label)} in it`;
  if (blocks.length === 0) return "has no certificate in it";
  return blocks.every(({ body }) => isWhole(Buffer.from(body, "base64"))) ? void 0 : "has a certificate that is cut off";
}
function isWhole(der) {
  return der.length > 4 && der[0] === 48 && der[1] === 130 && der.readUInt16BE(2) === der.length - 4;
}

// src/cluster/checks/issuer.ts
function issuerFindings({ issuer: issuer2 }, path, around) {
  const at2 = (...steps) => [...path, "issuer", ...steps];
  const { url: url2, discoveryURL, audiences, certificateAuthority: ca, egressSelectorType } = issuer2;
  return [
    ...urlFindings(at2("url"), url2),
    ...ownFindings(at2("url"), url2, around.own),
    ...discoveryURL === void 0 ? [] : discoveryFindings(at2("discoveryURL"), discoveryURL, url2),
    ...audienceFindings(at2("audiences"), issuer2),
    ...audiences.flatMap(
      (audience, index) => audiences.indexOf(audience) === index ? [] : [
        wrongToken(
          at2("audiences", index),
          `The audience ${quote(audience)} is in the list twice.`,
          "Keep one of the two."
        )
      ]
    ),
    ...ca === void 0 ? [] : certificateFindings(at2("certificateAuthority"), ca),
    ...egressSelectorType !== void 0 && !around.hasEgress ? [noEgress(at2("egressSelectorType"))] : []
  ];
}
function urlFindings(path, text3) {
  const url2 = URL.parse(text3);
  const is = (problem, hint) => [
    wrongToken(path, `${formatPath(path)} ${quote(text3)} ${problem}.`, hint)
  ];
  if (url2 === null || url2.hostname === "") return is("is not a URL", "Write it as https://issuer.example.com.");
  if (url2.protocol !== "https:") return is("is not https", "The API server trusts keys that come by https only.");
  if (url2.username || url2.password) return is("has a user in it", "Write it without user and password.");
  if (text3.includes("?") || text3.includes("#"))
    return is("has a query or a fragment", "Remove what follows \u201C?\u201D or \u201C#\u201D.");
  if (/\s/.test(text3)) return is("has spaces in it", "Write it without spaces.");
  return [];
}
function ownFindings(path, url2, own) {
  if (URL.parse(url2)?.host !== URL.parse(own)?.host && !/^https:\/\/kubernetes\.default\.svc(\/|$)/i.test(url2))
    return [];
  const message = `${formatPath(path)} ${quote(url2)} is the issuer of the cluster\u2019s own service accounts.`;
  return [wrongToken(path, message, "Remove the entry: their tokens are accepted already.")];
}
function discoveryFindings(path, discovery, url2) {
  const bare = (text3) => text3.replace(/\/+$/, "");
  if (bare(discovery) !== bare(url2)) return urlFindings(path, discovery);
  const hint = "Remove it, or write the whole URL of the document, with /.well-known/openid-configuration.";
  return [wrongToken(path, `${formatPath(path)} ${quote(discovery)} is the issuer\u2019s URL too.`, hint)];
}
function audienceFindings(path, { audiences, audienceMatchPolicy }) {
  if (audiences.length < 2 || audienceMatchPolicy !== void 0) return [];
  const message = `${formatPath(path)} has ${audiences.length} values, and no audienceMatchPolicy.`;
  return [wrongToken(path, message, "Add audienceMatchPolicy: MatchAny beside it.")];
}
function certificateFindings(path, text3) {
  const problem = certificateProblem(text3);
  if (problem === void 0) return [];
  const hint = "Write the CA\u2019s certificate as text after \u201C|\u201D, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
  return [wrongToken(path, `${formatPath(path)} ${problem}.`, hint)];
}
function noEgress(path) {
  const hint = "Remove it, or name the file by apiServer.extraArgs.";
  return wrongToken(path, `${formatPath(path)} needs the flag egress-selector-config-file.`, hint);
}

// src/cluster/checks/token-rules.ts
function ruleFindings({ claimValidationRules, userValidationRules }, path) {
  const claims = claimValidationRules.flatMap(
    (rule2, index) => claimRuleFindings(rule2, [...path, "claimValidationRules", index])
  );
  const users = userValidationRules.flatMap(
    ({ expression }, index) => expressionFindings([...path, "userValidationRules", index, "expression"], expression, {
      variable: "user",
      result: "boolean"
    })
  );
  return [
    ...claims,
    ...users,
    ...repeated(claimValidationRules, "claim", [...path, "claimValidationRules"]),
    ...repeated(claimValidationRules, "expression", [...path, "claimValidationRules"]),
    ...repeated(userValidationRules, "expression", [...path, "userValidationRules"])
  ];
}
function claimRuleFindings({ claim, requiredValue, expression, message }, path) {
  const name = formatPath(path);
  if (claim === void 0 === (expression === void 0)) {
    const problem = claim === void 0 ? "has neither claim nor expression" : "has both claim and expression";
    return [wrongToken(path, `${name} ${problem}.`, "Write claim and requiredValue, or expression and message.")];
  }
  if (expression === void 0) {
    return message === void 0 ? [] : [wrongToken(path, `${name} has a message beside claim.`, "Remove it, or use expression.")];
  }
  const own = expressionFindings([...path, "expression"], expression, { variable: "claims", result: "boolean" });
  if (requiredValue === void 0) return own;
  return [wrongToken(path, `${name} has a requiredValue beside expression.`, "Remove it, or use claim."), ...own];
}
function expressionFindings(path, text3, use) {
  const read = readExpression(path, text3, use);
  return "finding" in read ? [read.finding] : [];
}
function readExpression(path, text3, use) {
  try {
    return { node: checkCel(text3, use) };
  } catch (error2) {
    if (!(error2 instanceof CelProblem)) throw error2;
    const { line, column } = placeIn(text3, error2.at);
    const message = `${formatPath(path)} is no expression: ${error2.message} (character ${column} of its line ${line}).`;
    const hint = "See https://kubernetes.io/docs/reference/using-api/cel/: texts in quotes, lists in [ ], == to compare.";
    return { finding: wrongToken(path, message, hint) };
  }
}
function placeIn(text3, at2) {
  const before = text3.slice(0, at2).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
function repeated(rules, key2, path) {
  return rules.flatMap((rule2, index) => {
    const value = rule2[key2];
    if (value === void 0 || rules.findIndex((other) => other[key2] === value) === index) return [];
    return [
      wrongToken([...path, index, key2], `The ${key2} ${quote(value)} has a rule before.`, "Keep one of the two rules.")
    ];
  });
}

// src/cluster/checks/token-mappings.ts
var overClaims = { variable: "claims", result: "any" };
var reserved = ["system:", "k8s-ha-action:"];
function mappingFindings(entry, path) {
  const { username, groups, uid, extra } = entry.claimMappings;
  const at2 = (...steps) => [...path, "claimMappings", ...steps];
  return [
    ...nameFindings(username, at2("username")),
    ...groups === void 0 ? [] : nameFindings(groups, at2("groups")),
    ...uid === void 0 ? [] : sourceFindings(uid, at2("uid")),
    ...extraFindings(extra, at2("extra")),
    ...emailFindings(entry, at2("username", "expression"))
  ];
}
function sourceFindings({ claim, expression }, path) {
  if (claim === void 0 === (expression === void 0)) {
    const problem = claim === void 0 ? "has neither claim nor expression" : "has both claim and expression";
    return [wrongToken(path, `${formatPath(path)} ${problem}.`, "Write one of the two.")];
  }
  const read = expression === void 0 ? void 0 : readExpression([...path, "expression"], expression, overClaims);
  return read !== void 0 && "finding" in read ? [read.finding] : [];
}
function nameFindings(mapping2, path) {
  const { claim, prefix, expression } = mapping2;
  const wrong = sourceFindings(mapping2, path);
  const name = formatPath(path);
  if (wrong.length > 0) return wrong;
  if (claim !== void 0 && prefix === void 0) {
    const hint2 = 'Write one that tells these users from others, such as prefix: "github:".';
    return [wrongToken(path, `${name} has no prefix, which is required with claim.`, hint2)];
  }
  if (expression !== void 0 && prefix !== void 0)
    return [
      wrongToken(
        [...path, "prefix"],
        `${name} has a prefix beside expression.`,
        `Write it into the expression: "'github:' + claims.sub".`
      )
    ];
  const begin = beginningOf(mapping2);
  const own = reserved.find((each) => begin?.startsWith(each));
  if (own === void 0) return [];
  const hint = `Names that begin with ${own} belong to components. Write another prefix, such as github:.`;
  return [wrongToken(path, `${name} makes names that begin with ${quote(begin)}.`, hint)];
}
function beginningOf({ prefix, expression }) {
  if (expression === void 0) return prefix;
  const read = readExpression([], expression, overClaims);
  return "node" in read ? firstText(read.node) : void 0;
}
function firstText(node) {
  if (node === void 0) return void 0;
  if (node.kind === "text") return textIn(node);
  if (node.kind === "list") {
    const texts = node.items.map(firstText);
    return texts.find((text3) => reserved.some((each) => text3?.startsWith(each))) ?? (texts.includes(void 0) ? void 0 : texts[0]);
  }
  return node.kind === "operator" && node.operator === "+" ? firstText(node.operands[0]) : void 0;
}
function extraFindings(extra, path) {
  return extra.flatMap(({ key: key2, valueExpression }, index) => {
    const problem = keyProblem(key2) ?? (extra.findIndex((other) => other.key === key2) < index ? "is there twice" : void 0);
    const hint = "Write a domain of your own and a word, in lower case: example.com/run.";
    const keys = problem === void 0 ? [] : [wrongToken([...path, index, "key"], `The key ${quote(key2)} ${problem}.`, hint)];
    const read = readExpression([...path, index, "valueExpression"], valueExpression, overClaims);
    return "finding" in read ? [...keys, read.finding] : keys;
  });
}
function keyProblem(key2) {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[\w.~!$&'()*+,;=:@%/-]+$/i.test(key2)) return "has no domain before \u201C/\u201D";
  if (key2 !== key2.toLowerCase()) return "has capitals in it";
  return /^([^/]*\.)?(kubernetes|k8s)\.io\//.test(key2) ? "has a domain of Kubernetes\u2019 own" : void 0;
}
function emailFindings({ claimMappings, claimValidationRules }, path) {
  const reads2 = (text3, claim) => {
    const read = text3 === void 0 ? void 0 : readExpression(path, text3, overClaims);
    return read !== void 0 && "node" in read && readsClaim(read.node, claim);
  };
  const { username, extra } = claimMappings;
  if (!reads2(username.expression, "email")) return [];
  const places2 = [
    username.expression,
    ...extra.map((each) => each.valueExpression),
    ...claimValidationRules.map((rule2) => rule2.expression)
  ];
  if (places2.some((text3) => reads2(text3, "email_verified"))) return [];
  const hint = "Add the rule claims.?email_verified.orValue(true) == true to claimValidationRules.";
  return [wrongToken(path, `${formatPath(path)} reads claims.email, and no rule reads claims.email_verified.`, hint)];
}

// src/cluster/checks/authentication.ts
function authenticationFindings({ apiServer, network: network2 }) {
  const { jwt: jwt2 } = apiServer.authentication;
  const own = `https://kubernetes.default.svc.${network2.dnsDomain}`;
  const hasEgress = apiServer.extraArgs.some(({ name }) => name === "egress-selector-config-file");
  return [
    ...jwt2.flatMap((entry, index) => {
      const path = ["apiServer", "authentication", "jwt", index];
      return [
        ...issuerFindings(entry, path, { own, hasEgress }),
        ...ruleFindings(entry, path),
        ...mappingFindings(entry, path),
        ...githubFindings(entry, path)
      ];
    }),
    ...repeated2(jwt2, "url"),
    ...repeated2(jwt2, "discoveryURL")
  ];
}
function repeated2(jwt2, key2) {
  return jwt2.flatMap(({ issuer: issuer2 }, index) => {
    const value = issuer2[key2];
    if (value === void 0 || jwt2.findIndex((other) => other.issuer[key2] === value) === index) return [];
    const path = ["apiServer", "authentication", "jwt", index, "issuer", key2];
    const message = `The ${key2} ${quote(value)} is that of an earlier issuer too.`;
    const hint = "Join the two entries: audiences take several values, and rules may be joined by ||.";
    return [wrongToken(path, message, hint)];
  });
}

// src/cluster/addresses.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
function parseAddress(text3) {
  if (!import_ipaddr.default.IPv4.isValidFourPartDecimal(text3)) return void 0;
  return import_ipaddr.default.IPv4.parse(text3).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
function formatAddress(address) {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
function isIPv6(text3) {
  return import_ipaddr.default.IPv6.isValid(text3);
}
function parseSubnet(text3) {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,2})$/.exec(text3) ?? [];
  const written = parseAddress(address);
  const prefix = Number(bits);
  if (written === void 0 || prefix > 32) return void 0;
  const size = 2 ** (32 - prefix);
  const first = written - written % size;
  return { text: text3, first, last: first + size - 1, prefix, aligned: first === written };
}
function overlap(a, b) {
  return a.first <= b.last && b.first <= a.last;
}
function contains(subnet, address) {
  return subnet.first <= address && address <= subnet.last;
}
function addressAt(subnet, index) {
  const parsed2 = parseSubnet(subnet);
  if (parsed2 === void 0 || parsed2.first + index > parsed2.last)
    throw new RangeError(`no address ${index} in ${subnet}`);
  return formatAddress(parsed2.first + index);
}

// src/cluster/checks/paths.ts
var dnsPattern = /^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
var shared = /^\/(|bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(bin|sbin|lib|local|local\/bin|log|tmp|run|cache|spool))?$/;
var volatile = /^\/(dev|proc|run|sys|tmp|var\/run|var\/tmp)(\/|$)/;
function pathFindings(file) {
  return [
    ...directoryFindings(file),
    ...urlFindings2(["mirror"], file.mirror),
    ...urlFindings2(["proxy", "http"], file.proxy?.http),
    ...urlFindings2(["proxy", "https"], file.proxy?.https),
    ...sanFindings(file.api.certSANs)
  ];
}
function directoryFindings({ binDir, etcd }) {
  const found = (path, value, problem, hint) => ({
    code: "CLUSTER_PATH",
    path,
    message: `The directory ${quote(value)} ${problem}.`,
    hint
  });
  const findings = [];
  if (isIndirect(binDir))
    findings.push(found(["binDir"], binDir, "has steps as \u201C..\u201D or \u201C//\u201D in it", "Write it without detours."));
  else if (volatile.test(binDir))
    findings.push(
      found(["binDir"], binDir, "is empty after a restart of the host", "Write a lasting one, such as /usr/local/bin.")
    );
  const { dataDir } = etcd;
  const data = ["etcd", "dataDir"];
  if (isIndirect(dataDir))
    findings.push(found(data, dataDir, "has steps as \u201C..\u201D or \u201C//\u201D in it", "Write it without detours."));
  else if (volatile.test(dataDir))
    findings.push(
      found(data, dataDir, "is empty after a restart of the host", "Write a lasting one, such as /var/lib/etcd.")
    );
  else if (shared.test(dataDir))
    findings.push(
      found(
        data,
        dataDir,
        "belongs to more than etcd, which closes it to others",
        "Write one of its own, such as /var/lib/etcd."
      )
    );
  return findings;
}
function isIndirect(directory) {
  return directory.split("/").some((step, index) => index > 0 && (step === "" || step === "." || step === ".."));
}
function urlFindings2(path, url2) {
  if (url2 === void 0) return [];
  const { protocol, hostname: hostname2, search, hash } = new URL(url2);
  const found = (problem, hint) => [
    { code: "CLUSTER_URL", path, message: `The URL ${quote(url2)} ${problem}.`, hint }
  ];
  if (protocol !== "http:" && protocol !== "https:" || hostname2 === "") {
    return found("is not one of http or https", "Write it as https://host/path.");
  }
  if (/[\s"'`$\\]/.test(url2)) {
    return found("has spaces or quotes in it", "Write them as %20, %22 or %27.");
  }
  return search || hash ? found("has a query or a fragment, to which no path can be added", "Remove what follows \u201C?\u201D or \u201C#\u201D.") : [];
}
function sanFindings(names2) {
  return names2.flatMap((name, index) => {
    if (parseAddress(name) !== void 0 || isIPv6(name)) return [];
    if (name.length <= 253 && dnsPattern.test(name) && !/^[\d.]+$/.test(name)) return [];
    const message = `The name ${quote(name)} is neither a DNS name nor an address.`;
    const hint = "Write it without scheme, port and path: api.example.com or 192.168.1.100.";
    return [{ code: "CLUSTER_SAN", path: ["api", "certSANs", index], message, hint }];
  });
}

// src/cluster/checks/containerd.ts
function containerdFindings({ containerd }) {
  return Object.entries(containerd.registries).flatMap(([name, { mirrors }]) => [
    ...nameFinding(name),
    ...mirrors.flatMap((url2, index) => urlFindings2(["containerd", "registries", name, "mirrors", index], url2))
  ]);
}
function nameFinding(name) {
  if (name === "_default" || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(name)) return [];
  return [
    {
      code: "CLUSTER_REGISTRY",
      path: ["containerd", "registries", name],
      atKey: true,
      message: `The registry ${quote(name)} is not a registry name of an image.`,
      hint: "Write its host, with a port if it has one: docker.io or registry.example.com:5000; _default for all others."
    }
  ];
}

// src/cluster/election.ts
var electionProfiles = {
  default: { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 },
  fast: { leaseDuration: 4, renewDeadline: 3, retryPeriod: 0.5 }
};
function electionTimes(election2) {
  return typeof election2 === "string" ? electionProfiles[election2] : election2;
}
var jitter = 1.2;
function electionProblem({ leaseDuration, renewDeadline, retryPeriod }) {
  if (leaseDuration > renewDeadline && renewDeadline > jitter * retryPeriod && retryPeriod > 0) return void 0;
  return `A lease of ${leaseDuration}s with a renew deadline of ${renewDeadline}s and a retry period of ${retryPeriod}s can\u2019t hold.`;
}
function goSeconds(seconds3) {
  return `${seconds3}s`;
}

// src/cluster/checks/election.ts
var units = { ms: 1e-3, s: 1, m: 60, h: 3600 };
var flags = {
  "leader-elect-lease-duration": "leaseDuration",
  "leader-elect-renew-deadline": "renewDeadline",
  "leader-elect-retry-period": "retryPeriod"
};
var rule = "The lease is to be longer than the deadline, and that longer than 1.2 retry periods: 15s, 10s and 2s.";
function electionFindings({ election: election2, controllerManager, scheduler }) {
  const times = electionTimes(election2);
  const problem = electionProblem(times);
  if (problem !== void 0) return [{ code: "CLUSTER_ELECTION", path: ["election"], message: problem, hint: rule }];
  return [
    ...flagFindings(["controllerManager", "extraArgs"], controllerManager.extraArgs, times),
    ...flagFindings(["scheduler", "extraArgs"], scheduler.extraArgs, times)
  ];
}
function flagFindings(path, args, times) {
  const given = args.flatMap((arg, index) => {
    const key2 = Object.hasOwn(flags, arg.name) ? flags[arg.name] : void 0;
    return key2 === void 0 ? [] : [{ ...arg, index, key: key2, time: seconds2(arg.value) }];
  });
  const found = (index, message, hint) => [
    { code: "CLUSTER_ELECTION", path: [...path, index, "value"], message, hint }
  ];
  const unreadable = given.find(({ time }) => time === void 0);
  if (unreadable) {
    const { index, name, value } = unreadable;
    return found(index, `The time ${quote(value)} of ${name} is not one.`, "Write it as 15s.");
  }
  const last = given.at(-1);
  const own = Object.fromEntries(given.map(({ key: key2, time }) => [key2, time]));
  const problem = electionProblem({ ...times, ...own });
  return last === void 0 || problem === void 0 ? [] : found(last.index, problem, rule);
}
function seconds2(text3) {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text3)) return void 0;
  return Array.from(text3.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0
  );
}

// src/cluster/settings/oidc-flags.ts
function jwtHint(args) {
  return `Remove all oidc-* flags and write ${JSON.stringify({ apiServer: { authentication: { jwt: [jwtOf(args)] } } })}.`;
}
function jwtOf(args) {
  const given = (name) => args.findLast((arg) => arg.name === `oidc-${name}`)?.value;
  const url2 = given("issuer-url") ?? "https://issuer.example.com";
  const caFile = given("ca-file");
  const groups = given("groups-claim");
  const required = args.filter(({ name }) => name === "oidc-required-claim").map(({ value }) => value);
  return {
    issuer: {
      url: url2,
      audiences: [given("client-id") ?? "your client id"],
      ...caFile && { certificateAuthority: `the text of ${caFile}` }
    },
    ...required.length > 0 && { claimValidationRules: required.map(ruleOf) },
    claimMappings: {
      username: usernameOf(given("username-claim") || "sub", given("username-prefix") ?? "", url2),
      ...groups && { groups: { claim: groups, prefix: given("groups-prefix") ?? "" } }
    }
  };
}
function usernameOf(claim, prefix, url2) {
  if (prefix === "-") return { claim, prefix: "" };
  return { claim, prefix: prefix === "" && claim !== "email" ? `${url2}#` : prefix };
}
function ruleOf(required) {
  const [claim = "", ...value] = required.split("=");
  return { claim, requiredValue: value.join("=") };
}

// src/cluster/settings/rule.ts
function refuse(message, details = {}) {
  return { verdict: "refused", message, hint: "Remove it.", ...details };
}
function opens(message, details = {}) {
  return { verdict: "opens", message, hint: "Remove it, or accept it in review.", ...details };
}
function flag(name, ...rules) {
  return { flag: name, rules };
}
function key(path, ...rules) {
  return { key: path, rules };
}
function both(name, path, ...rules) {
  return { flag: name, key: path, rules };
}
function gate(name, ...rules) {
  return { gate: name, rules };
}
function gone(flags2) {
  const message = "no longer exists in the supported versions of Kubernetes";
  return Object.entries(flags2).map(([name, hint]) => flag(name, refuse(message, { hint })));
}
function madeFrom(flags2) {
  const message = "is made from another key of this file";
  return Object.entries(flags2).map(([name, source]) => flag(name, refuse(message, { hint: `Use ${source} instead.` })));
}
function placed(...names2) {
  return names2.map((name) => flag(name, placedRule));
}
var placedRule = refuse("is set by the product, which places what it names");

// src/cluster/settings/values.ts
var import_ipaddr2 = __toESM(require_ipaddr(), 1);
var isTrue = (value) => /^(|1|t|true)$/i.test(value.trim());
var isFalse = (value) => /^(0|f|false)$/i.test(value.trim());
var whenTrue = { words: "true", include: isTrue, type: "boolean" };
var whenFalse = { words: "false", include: isFalse, type: "boolean" };
var whenEmpty = { words: "empty", include: (value) => value.trim() === "" };
var whenGiven = { words: "not empty", include: (value) => !whenEmpty.include(value) };
var isInteger = (value) => /^\s*[+-]?\d+\s*$/.test(value);
function partsOf(value) {
  return value.split(",").map((part) => part.replaceAll('"', "").trim()).filter((part) => part !== "");
}
function otherThan(...known) {
  const words2 = `other than ${known.join(", ")}`;
  const include = (value) => !known.includes(value.trim());
  return known.every(isInteger) ? { words: words2, include, type: "number" } : { words: words2, include };
}
function withAny(...names2) {
  return { words: `with ${names2.join(", ")}`, include: (value) => partsOf(value).some((part) => names2.includes(part)) };
}
function withoutAll(...names2) {
  return {
    words: `without ${names2.join(", ")}`,
    include: (value) => !names2.every((name) => partsOf(value).includes(name))
  };
}
function like(words2, pattern) {
  return { words: words2, include: (value) => pattern.test(value.trim()) };
}
function anyOf(...all) {
  return {
    words: all.map(({ words: words2 }) => words2).join(", or "),
    include: (value) => all.some(({ include }) => include(value))
  };
}
function below(limit2, { zero = false } = {}) {
  return {
    words: zero ? `below ${limit2}, but for 0` : `below ${limit2}`,
    include: (value) => isInteger(value) && Number(value) < limit2 && !(zero && Number(value) === 0),
    type: "number"
  };
}
function atLeast(limit2) {
  const include = (value) => isInteger(value) && Number(value) >= limit2;
  return { words: `${limit2} and more`, include, type: "number" };
}
var noTime = {
  words: "0 and less",
  include: (value) => /^\s*-/.test(value) || /0/.test(value) && !/[1-9]/.test(value)
};
function moreHoursThan(limit2) {
  return { words: `more than ${limit2}h`, include: (value) => hoursOf(value.trim()) > limit2 };
}
var hoursIn = { h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 36e5 };
function hoursOf(duration2) {
  const parts = Array.from(duration2.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g));
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (hoursIn[unit] ?? 0), 0);
}
function isLoopback(address) {
  const host3 = hostOf(address.trim()).toLowerCase();
  return host3 === "localhost" || import_ipaddr2.default.isValid(host3) && import_ipaddr2.default.parse(host3).range() === "loopback";
}
function hostOf(address) {
  const [, bracketed] = /^\[([^\]]*)\](:\d*)?$/.exec(address) ?? [];
  if (bracketed !== void 0) return bracketed;
  return address.split(":").length === 2 ? address.replace(/:.*$/, "") : address;
}
var beyondLoopback = {
  words: "other than 127.0.0.0/8 and ::1",
  include: (value) => !isLoopback(value)
};
var reachedByOthers = {
  words: beyondLoopback.words,
  include: (value) => whenGiven.include(value) && !isLoopback(value)
};
var plainBeyondLoopback = {
  words: "http beyond 127.0.0.0/8 and ::1",
  include: (value) => partsOf(value).some((url2) => !/^(https|unixs?):/i.test(url2) && !isLoopback(authorityOf(url2)))
};
var urlBeyondLoopback = {
  words: "beyond 127.0.0.0/8 and ::1",
  include: (value) => partsOf(value).some((url2) => !/^unixs?:/i.test(url2) && !isLoopback(authorityOf(url2)))
};
function authorityOf(url2) {
  return url2.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[/?#].*$/, "").replace(/^.*@/, "");
}

// src/cluster/settings/api-server-access.ts
var oidc = ["issuer-url", "client-id", "ca-file", "username-claim", "username-prefix", "groups-claim"];
var moreOidc = ["groups-prefix", "signing-algs", "required-claim"];
var authentication2 = [
  flag(
    "anonymous-auth",
    refuse(
      "can\u2019t be combined with the authentication configuration, which lets anonymous users see /livez, /readyz and /healthz only",
      { hint: "Remove it: no other path is open to anonymous users.", cis: "1.2.1" }
    )
  ),
  ...[...oidc, ...moreOidc].map(
    (name) => flag(
      `oidc-${name}`,
      refuse(
        "can\u2019t be combined with the authentication configuration, and without that anonymous users reach all paths",
        {
          hint: "Use apiServer.authentication.jwt instead.",
          hintFor: jwtHint,
          cis: "1.2.1"
        }
      )
    )
  ),
  flag(
    "token-auth-file",
    refuse("would keep tokens that never expire in a file on each master", {
      hint: "Nodes join by a bootstrap token made for one run; users come by client certificates or apiServer.authentication.jwt.",
      cis: "1.2.2"
    })
  ),
  flag(
    "authentication-token-webhook-config-file",
    opens("lets a webhook of a file that no run sees say who a client is")
  ),
  flag("api-audiences", opens("takes tokens of service accounts that were made for others")),
  flag(
    "service-account-lookup",
    refuse("would let deleted tokens go on working", { values: whenFalse, cis: "1.2.21" })
  ),
  flag(
    "service-account-extend-token-expiration",
    opens("lets tokens of service accounts last for a year", { values: whenTrue, cis: "1.2.30" })
  ),
  flag("enable-bootstrap-token-auth", refuse("would keep new nodes from joining", { values: whenFalse })),
  ...placed("authentication-config", "requestheader-client-ca-file", "requestheader-allowed-names"),
  ...placed("requestheader-username-headers", "requestheader-group-headers", "requestheader-extra-headers-prefix"),
  ...placed("requestheader-uid-headers")
];
var authorization = [
  flag(
    "authorization-mode",
    refuse("would lack Node or RBAC, or let everyone do everything", {
      hint: "Keep Node and RBAC, and add to them: Node,RBAC,Webhook.",
      values: {
        words: "without Node or RBAC, or with AlwaysAllow",
        include: (value) => withoutAll("Node", "RBAC").include(value) || withAny("AlwaysAllow").include(value)
      },
      cis: "1.2.6 to 1.2.8"
    }),
    opens("lets more than roles say what a client may do", {
      values: { words: "with more than Node and RBAC", include: (value) => partsOf(value).some(isFurther) }
    })
  ),
  flag(
    "authorization-config",
    opens("takes the place of Node,RBAC by a file that no run sees", { cis: "1.2.6 to 1.2.8" })
  )
];
var isFurther = (mode) => mode !== "Node" && mode !== "RBAC";
var kept = ["NodeRestriction", "ServiceAccount", "NamespaceLifecycle"];
var keptForCertificates = ["CertificateApproval", "CertificateSigning", "CertificateSubjectRestriction"];
var policies = ["PodSecurity", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook", "MutatingAdmissionWebhook"];
var admission = [
  flag(
    "admission-control",
    refuse("is deprecated", { hint: "Use enable-admission-plugins, with NodeRestriction among them." })
  ),
  flag(
    "enable-admission-plugins",
    refuse("would lack NodeRestriction, by which a node can\u2019t act as another, or admit everything", {
      hint: "Start the list by NodeRestriction, and leave AlwaysAdmit out.",
      values: {
        words: "without NodeRestriction, or with AlwaysAdmit",
        include: (value) => withoutAll("NodeRestriction").include(value) || withAny("AlwaysAdmit").include(value)
      },
      cis: "1.2.10 and 1.2.14"
    })
  ),
  flag(
    "disable-admission-plugins",
    refuse("would switch off a plugin that keeps nodes, service accounts or certificates in their bounds", {
      hint: `Leave ${[...kept, ...keptForCertificates].join(", ")} out.`,
      values: withAny(...kept, ...keptForCertificates),
      cis: "1.2.12 to 1.2.14"
    }),
    opens("switches off plugins that enforce policies", { values: withAny(...policies) })
  )
];
var accessSettings = [...authentication2, ...authorization, ...admission];

// src/cluster/settings/api-server-audit.ts
var noAudit = "would leave no word of who did what";
var auditSettings = [
  flag(
    "audit-policy-file",
    refuse(noAudit, { values: whenEmpty, cis: "3.2.1" }),
    opens("logs by a policy that no run places or checks", { cis: "3.2.1" })
  ),
  flag(
    "audit-log-path",
    refuse(noAudit, { values: whenEmpty, cis: "1.2.16" }),
    refuse(noAudit, { values: like("below /dev, /proc and /sys", /^\/+(dev|proc|sys)(\/|$)/), cis: "1.2.16" }),
    refuse("is no path for a file", {
      hint: "Write an absolute path without detours, such as /var/log/kubernetes/audit/audit.log.",
      values: like("relative, or with \u201C..\u201D, \u201C//\u201D or \u201C/\u201D at its end", /^[^/-]|^-.|\/\/|(^|\/)\.{1,2}(\/|$)|\/$/),
      cis: "1.2.16"
    }),
    opens("keeps the log where a restart of the host loses it", {
      values: like("below /run and /tmp", /^\/+(run|tmp|var\/run|var\/tmp)(\/|$)/),
      cis: "1.2.16"
    }),
    opens("writes the log to the journal, which has other readers and keeps it for another time", {
      values: like("-", /^-$/),
      cis: "1.2.16"
    })
  ),
  // 0 means no limit.
  flag(
    "audit-log-maxage",
    opens("keeps the log for less than 30 days", { values: below(30, { zero: true }), cis: "1.2.17" })
  ),
  flag(
    "audit-log-maxbackup",
    opens("keeps fewer than 10 files of the log", { values: below(10, { zero: true }), cis: "1.2.18" })
  ),
  flag(
    "audit-log-maxsize",
    opens("keeps less than 100 MB in a file of the log", { values: below(100, { zero: true }), cis: "1.2.19" })
  ),
  flag("audit-webhook-config-file", opens("sends the log to a place of a file that no run sees"))
];

// src/cluster/settings/transport.ts
var strongCipherSuites = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
];
var asStrong = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"
];
var accepted = /* @__PURE__ */ new Set([...strongCipherSuites, ...asStrong]);
var isMiddling = (suite) => /^TLS_ECDHE_(RSA|ECDSA)_WITH_AES_(128|256)_CBC_SHA$/.test(suite);
function cipherRules(cis) {
  const number2 = cis === void 0 ? {} : { cis };
  return [
    refuse("would encrypt by suites that are broken or that Go does not know", {
      hint: `Use some of ${strongCipherSuites.join(",")}.`,
      values: {
        words: "with RC4, 3DES, static RSA or CBC with SHA-256, or with unknown names",
        include: (value) => partsOf(value).some((suite) => !accepted.has(suite) && !isMiddling(suite))
      },
      ...number2
    }),
    opens("lets clients choose TLS 1.2 suites without authenticated encryption", {
      values: {
        words: "empty, or with ECDHE and CBC",
        include: (value) => partsOf(value).length === 0 || partsOf(value).some(isMiddling)
      },
      ...number2
    })
  ];
}
function tlsVersionRule(...known) {
  return refuse("would speak TLS older than 1.2, or a version that the component does not know", {
    hint: `Write ${known.join(" or ")}, or remove it.`,
    values: otherThan(...known)
  });
}
var kubernetesTls = tlsVersionRule("VersionTLS12", "VersionTLS13");
var allAlpha = opens("turns on every alpha feature, none of which is declared safe", {
  values: anyOf(whenTrue, whenEmpty)
});
var allBeta = opens("turns off every beta feature, protections among them", { values: whenFalse });
var bodiesLogged = "writes the contents of requests to the journal, and so may write Secrets";
var verbose = opens(bodiesLogged, { values: atLeast(8) });
var verboseFiles = opens(bodiesLogged, {
  values: like("with 8 and more for a file", /(=|"verbosity":)\s*"?0*([89]|[1-9]\d)/)
});
var sharedPort = opens("lets another process of the host listen at the same port", { values: whenTrue });
var blockingProfiles = opens("records what blocks, for those who may read profiles", { values: whenTrue });
function profiles(cis) {
  return opens("serves profiles of the process", { values: whenTrue, ...cis === void 0 ? {} : { cis } });
}
var olderBehaviour = opens("makes the component behave as an older version, without the later protections");

// src/cluster/settings/logging.ts
function loggingSettings({ unit }) {
  const journal = `Logs go to the journal: journalctl -u ${withoutSuffix(unit)} on the host.`;
  return [
    flag("v", verbose),
    flag("vmodule", verboseFiles),
    ...gone({ logtostderr: journal, "log-dir": journal, "log-file": journal, alsologtostderr: journal })
  ];
}

// src/cluster/settings/api-server.ts
var plainStore = {
  words: "with http",
  include: (value) => /(^|[#;,\s])http:/i.test(value)
};
var serving = [
  flag("tls-min-version", kubernetesTls),
  flag("tls-cipher-suites", ...cipherRules("1.2.29")),
  flag("tls-sni-cert-key", opens("serves a certificate for some names that no run renews")),
  flag("profiling", profiles("1.2.15")),
  flag("contention-profiling", blockingProfiles),
  flag("debug-socket-path", opens("serves profiles on a socket, without asking who reads them")),
  flag("enable-logs-handler", opens("serves files of /var/log of the master", { values: whenTrue })),
  flag("cors-allowed-origins", opens("answers pages of other web sites")),
  flag("permit-port-sharing", sharedPort),
  flag("permit-address-sharing", sharedPort),
  flag("enable-priority-and-fairness", opens("lets one client take all requests", { values: whenFalse })),
  flag(
    "aggregator-reject-forwarding-redirect",
    opens("lets an aggregated API server send clients elsewhere (CVE-2022-3172)", { values: whenFalse })
  ),
  flag("egress-selector-config-file", opens("connects to nodes and webhooks by a proxy of a file that no run sees")),
  flag(
    "etcd-servers-overrides",
    refuse("would keep objects in a store without TLS", { values: plainStore }),
    opens("keeps objects in a store that no run looks after")
  ),
  flag("service-account-jwks-uri", opens("tells others to take the keys of service accounts from there")),
  flag(
    "runtime-config",
    opens("serves APIs that are not declared stable", {
      values: like("with api/all=true or api/alpha=true", /(^|,)\s*"?api\/(all|alpha)(\s*=\s*(1|t|true))?"?\s*(,|$)/i)
    })
  ),
  ...["emulated-version", "min-compatibility-version", "emulation-forward-compatible"].map(
    (name) => flag(name, olderBehaviour)
  ),
  flag("runtime-config-emulation-forward-compatible", olderBehaviour),
  flag(
    "endpoint-reconciler-type",
    refuse("would keep dead masters in the kubernetes Service", {
      hint: "Remove it: lease is the default.",
      values: otherThan("lease")
    })
  ),
  flag(
    "bind-address",
    refuse("would hide the API from other hosts", {
      values: { words: "127.0.0.0/8 and ::1", include: isLoopback }
    })
  )
];
var protections = [
  "AuthorizeNodeWithSelectors",
  "AuthorizeWithSelectors",
  "AuthorizePodWebsocketUpgradeCreatePermission",
  "ServiceAccountNodeAudienceRestriction",
  "ServiceAccountTokenNodeBindingValidation",
  "TokenRequestServiceAccountUIDValidation",
  "UnauthenticatedHTTP2DOSMitigation"
];
var gates = [
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  // Both are locked to true in the versions that have them: if they were off, anonymous users could not be limited to the three health paths.
  ...["AnonymousAuthConfigurableEndpoints", "StructuredAuthenticationConfiguration"].map(
    (name) => gate(name, refuse("would keep the API server from starting, or open paths to anonymous users"))
  ),
  ...protections.map((name) => gate(name, opens("turns off a protection", { values: whenFalse }))),
  gate("KMSv1", opens("turns on an encryption provider that is deprecated", { values: whenTrue }))
];
var removed = gone({
  "insecure-port": "All clients use https and certificates: api.port, and the kubeconfigs that the master action writes.",
  "insecure-bind-address": "All clients use https: --bind-address and api.port.",
  address: "All clients use https: --bind-address and api.port.",
  port: "All clients use https: api.port.",
  "basic-auth-file": "Use client certificates, or apiServer.authentication.jwt.",
  "enable-swagger-ui": "The API describes itself under /openapi/v2 and /openapi/v3.",
  "kubelet-https": "Kubelets are always asked by https: remove it.",
  "kubelet-read-only-port": "Kubelets are always asked by https: remove it.",
  "etcd-quorum-read": "Reads always have a quorum: remove it.",
  "storage-versions": "Remove it: versions are chosen by the API server.",
  "experimental-encryption-provider-config": "Encryption at rest is on from the start: remove it."
});
var apiServerSettings = [
  ...accessSettings,
  ...auditSettings,
  ...serving,
  ...gates,
  ...loggingSettings(components.apiServer),
  ...removed,
  flag("apiserver-count", refuse("is deprecated and counts for nothing", { hint: "API servers count by leases." })),
  ...madeFrom({
    "secure-port": "api.port",
    "advertise-address": "the host\u2019s address",
    "service-cluster-ip-range": "network.serviceSubnet",
    "service-node-port-range": "network.serviceNodePortRange",
    "etcd-servers": "the role etcd of hosts",
    "service-account-issuer": "network.dnsDomain"
  }),
  ...placed("etcd-cafile", "etcd-certfile", "etcd-keyfile", "client-ca-file", "tls-cert-file", "tls-private-key-file"),
  ...placed("kubelet-client-certificate", "kubelet-client-key", "kubelet-certificate-authority", "cert-dir"),
  ...placed("service-account-key-file", "service-account-signing-key-file", "service-account-signing-endpoint"),
  ...placed("proxy-client-cert-file", "proxy-client-key-file", "encryption-provider-config")
];

// src/cluster/settings/containerd.ts
var secret = refuse("would keep a password in this file", {
  hint: "Use imagePullSecrets, or a credential provider of the kubelet."
});
var containerdSettings = [
  key("grpc.address", { ...placedRule, values: otherThan(places.containerdSocket) }),
  key("grpc.tcp_address", refuse("would let everyone who reaches it run containers as root", { values: whenGiven })),
  ...["uid", "gid"].map(
    (id) => key(`grpc.${id}`, opens("lets more than root run containers as root", { values: like("other than 0", /^(?!0$)/) }))
  ),
  key("metrics.address", opens("shows metrics, without asking who reads them", { values: reachedByOthers })),
  key("imports", opens("merges files that no run sees")),
  key("*.disable_apparmor", opens("runs containers without AppArmor", { values: whenTrue })),
  key(
    "*.unset_seccomp_profile",
    opens("lets containers make every system call", { values: like("unconfined", /^unconfined$/i) })
  ),
  key("*.disable_cgroup", opens("runs containers without limits of their own", { values: whenTrue })),
  key(
    "*.privileged_without_host_devices_all_devices_allowed",
    opens("lets privileged containers use every device", { values: whenTrue })
  ),
  key("*.disable_tcp_service", opens("streams exec and attach over TCP", { values: whenFalse })),
  key("*.stream_server_address", opens("streams exec and attach to other hosts", { values: reachedByOthers })),
  key("*.base_runtime_spec", opens("starts containers by a file that no run sees", { values: whenGiven })),
  key("*.registry.config_path", opens("takes registries from files that no run sees")),
  key("*.insecure_skip_verify", opens("takes images from anyone who answers for the registry", { values: whenTrue })),
  ...["auth", "password", "identitytoken"].map((name) => key(`*.auth.${name}`, secret))
];

// src/cluster/settings/controllers.ts
var health = ["/healthz", "/readyz", "/livez"];
function controllerSettings(cis) {
  return [
    flag("bind-address", opens("is reached by other hosts", { values: beyondLoopback, cis: cis.bind })),
    flag("profiling", profiles(cis.profiling)),
    flag("contention-profiling", blockingProfiles),
    flag(
      "authorization-always-allow-paths",
      refuse("would answer everyone who reaches it", {
        hint: `Name single paths beside ${health.join(",")}.`,
        values: { words: "with \u201C*\u201D, or with paths of profiles", include: (value) => partsOf(value).some(isWide) }
      }),
      opens("answers without asking who asks", {
        values: { words: "with more than the health paths", include: (value) => partsOf(value).some(isFurther2) }
      })
    ),
    flag("authentication-skip-lookup", opens("does not look up who may speak for others", { values: whenTrue })),
    flag("permit-port-sharing", sharedPort),
    flag("permit-address-sharing", sharedPort),
    flag("tls-min-version", kubernetesTls),
    flag("tls-cipher-suites", ...cipherRules()),
    flag("emulated-version", olderBehaviour),
    flag("min-compatibility-version", olderBehaviour),
    flag("master", refuse("is not used: each master\u2019s components talk to its own API server by a kubeconfig")),
    flag(
      "leader-elect",
      refuse("would let several masters act at once", {
        hint: "Remove it: leader election is always on.",
        values: whenFalse
      })
    ),
    ...placed("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig", "client-ca-file", "secure-port"),
    ...placed("requestheader-client-ca-file", "requestheader-allowed-names", "requestheader-username-headers"),
    ...placed("requestheader-group-headers", "requestheader-extra-headers-prefix", "requestheader-uid-headers")
  ];
}
var isWide = (path) => path.includes("*") || /^\/?(debug|$)/.test(path);
var isFurther2 = (path) => !health.includes(path.replace(/^\/?/, "/"));

// src/cluster/settings/controller-manager.ts
var signers = ["kube-apiserver-client", "kubelet-client", "kubelet-serving", "legacy-unknown"];
var controllerManagerSettings = [
  ...controllerSettings({ profiling: "1.3.2", bind: "1.3.7" }),
  flag(
    "use-service-account-credentials",
    refuse("would give every controller all rights", { values: whenFalse, cis: "1.3.3" })
  ),
  flag("terminated-pod-gc-threshold", opens("keeps ended pods for ever", { values: below(1), cis: "1.3.1" })),
  flag(
    "cluster-signing-duration",
    opens("signs client certificates, which can\u2019t be revoked, for more than a year", { values: moreHoursThan(8760) })
  ),
  flag(
    "controllers",
    opens("leaves expired bootstrap tokens in the cluster", {
      values: { words: "without tokencleaner", include: (value) => !partsOf(value).includes("tokencleaner") }
    })
  ),
  flag("enable-hostpath-provisioner", opens("makes volumes of directories of the hosts", { values: whenTrue })),
  flag("allocate-node-cidrs", refuse("would leave nodes without a subnet for pods", { values: whenFalse })),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  gate(
    "RotateKubeletServerCertificate",
    opens("lets serving certificates of kubelets run out", { values: whenFalse, cis: "1.3.6" })
  ),
  ...loggingSettings(components.controllerManager),
  ...gone({
    address: "Use bind-address.",
    port: `It serves https on ${components.controllerManager.ports.health.port} only: remove it.`,
    "pod-eviction-timeout": "Pods say themselves how long they stay, by tolerationSeconds.",
    "experimental-cluster-signing-duration": "Use cluster-signing-duration."
  }),
  ...madeFrom({
    "cluster-cidr": "network.podSubnet",
    "node-cidr-mask-size": "network.nodeCidrMaskSize",
    "service-cluster-ip-range": "network.serviceSubnet",
    "cluster-name": "name"
  }),
  ...placed(
    "root-ca-file",
    "service-account-private-key-file",
    "cluster-signing-cert-file",
    "cluster-signing-key-file"
  ),
  ...placed(...signers.flatMap((signer) => ["cert", "key"].map((part) => `cluster-signing-${signer}-${part}-file`)))
];

// src/cluster/settings/etcd.ts
var unsigned = (cis) => refuse("would take certificates that no CA signed", {
  hint: "Remove it: the pki action makes them.",
  values: whenTrue,
  cis
});
var anyMachine = "would let any machine join etcd";
var watched = `http://127.0.0.1:${components.etcd.ports.metrics.port}`;
var anySite = opens("answers pages of any web site", { values: withAny("*") });
var etcdSettings = [
  flag(
    "client-cert-auth",
    refuse("would open etcd, and with it all secrets, to everyone who reaches it", { values: whenFalse, cis: "2.2" })
  ),
  flag("peer-client-cert-auth", refuse(anyMachine, { values: whenFalse, cis: "2.5" })),
  flag("peer-skip-client-san-verification", refuse(anyMachine, { values: whenTrue })),
  flag("experimental-peer-skip-client-san-verification", refuse(anyMachine, { values: whenTrue })),
  flag("auto-tls", unsigned("2.3")),
  flag("peer-auto-tls", unsigned("2.6")),
  // etcd's gRPC gateway is on this port: it can read and write the complete cluster.
  flag("listen-client-http-urls", refuse("would open etcd\u2019s HTTP interface beyond this host, or without TLS")),
  flag(
    "listen-metrics-urls",
    refuse("would show etcd\u2019s metrics and health to everyone who reaches it", {
      hint: `Write ${watched}, and after it https URLs if others are to read them.`,
      values: plainBeyondLoopback
    }),
    refuse(`would remove ${watched}, which verify-failover watches`, {
      hint: `Keep ${watched} in the list.`,
      values: withoutAll(watched)
    }),
    opens("shows etcd\u2019s metrics to other hosts", { values: urlBeyondLoopback })
  ),
  flag("tls-min-version", tlsVersionRule("TLS1.2", "TLS1.3")),
  flag("cipher-suites", ...cipherRules()),
  flag("enable-pprof", profiles()),
  flag("cors", anySite),
  flag("host-whitelist", anySite),
  flag("socket-reuse-port", sharedPort),
  flag("socket-reuse-address", sharedPort),
  flag("enable-v2", opens("serves the API of version 2, which Kubernetes does not use", { values: whenTrue })),
  flag("distributed-tracing-address", opens("sends what clients ask to a collector")),
  flag("experimental-distributed-tracing-address", opens("sends what clients ask to a collector")),
  flag("force-new-cluster", refuse("would throw the other members out at each start", { values: whenTrue })),
  flag("unsafe-no-fsync", refuse("would lose what was written when a host loses power", { values: whenTrue })),
  flag("pre-vote", refuse("would let a member that comes back unseat the leader", { values: whenFalse })),
  flag("strict-reconfig-check", refuse("would allow changes of members that break the quorum", { values: whenFalse })),
  gate("AllAlpha", allAlpha),
  ...madeFrom({ "data-dir": "etcd.dataDir", name: "the host\u2019s name", "initial-cluster-token": "name" }),
  ...placed("listen-client-urls", "advertise-client-urls", "listen-peer-urls", "initial-advertise-peer-urls"),
  ...placed("initial-cluster", "initial-cluster-state", "cert-file", "key-file", "trusted-ca-file"),
  ...placed("peer-cert-file", "peer-key-file", "peer-trusted-ca-file", "config-file", "discovery-fallback"),
  ...placed("discovery", "discovery-srv", "discovery-srv-name", "discovery-token", "discovery-endpoints"),
  ...placed("discovery-insecure-transport", "discovery-insecure-skip-tls-verify", "discovery-proxy"),
  ...placed("discovery-cert", "discovery-key", "discovery-cacert", "discovery-user", "discovery-password")
];

// src/cluster/settings/flannel.ts
var flannelSettings = [
  flag("kube-api-url", refuse("would lead past the local balancer")),
  flag(
    "healthz-port",
    opens("answers everyone who reaches it, unless healthz-ip is 127.0.0.1", { values: otherThan("0") })
  ),
  flag("v", verbose),
  ...madeFrom({
    iface: "interface of the host",
    "public-ip": "the host\u2019s address",
    "net-config-path": "network.podSubnet and flannel.backend"
  }),
  ...placed("kubeconfig-file", "kube-subnet-mgr", "subnet-file"),
  ...gone({
    "etcd-endpoints": "Remove it: flannel asks the API for subnets, not etcd.",
    "etcd-prefix": "Remove it: flannel asks the API for subnets, not etcd."
  })
];

// src/cluster/settings/kube-proxy.ts
var kubeProxySettings = [
  both(
    "metrics-bind-address",
    "metricsBindAddress",
    opens("shows metrics and settings, without asking who reads them", { values: reachedByOthers, cis: "4.3.1" })
  ),
  both("profiling", "enableProfiling", profiles()),
  both(
    "nodeport-addresses",
    "nodePortAddresses",
    opens("serves NodePorts at more addresses than the node\u2019s own", {
      values: { words: "other than primary", include: (value) => partsOf(value).some((part) => part !== "primary") }
    })
  ),
  key("apiVersion", { ...placedRule, values: otherThan("kubeproxy.config.k8s.io/v1alpha1") }),
  key("kind", { ...placedRule, values: otherThan("KubeProxyConfiguration") }),
  key("clientConnection.kubeconfig", placedRule),
  key("logging.verbosity", verbose),
  key("logging.vmodule", verboseFiles),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  flag("master", refuse("would lead past the local balancer")),
  ...loggingSettings(components.kubeProxy),
  ...madeFrom({
    "proxy-mode": "kubeProxy.mode",
    "cluster-cidr": "network.podSubnet",
    "hostname-override": "hostname of the host",
    config: "kubeProxy.config"
  }),
  ...placed("kubeconfig")
];

// src/cluster/settings/kubelet.ts
var runtime = "Remove it: containerd is reached by CRI; see containerd.config.";
var access = [
  both(
    "anonymous-auth",
    "authentication.anonymous.enabled",
    refuse("would open the node\u2019s pods to everyone who reaches it", { values: whenTrue, cis: "4.2.1" })
  ),
  both(
    "authentication-token-webhook",
    "authentication.webhook.enabled",
    refuse("would refuse tokens of service accounts, so that metrics-server stops", { values: whenFalse })
  ),
  both("client-ca-file", "authentication.x509.clientCAFile", { ...placedRule, cis: "4.2.3" }),
  both(
    "authorization-mode",
    "authorization.mode",
    refuse("would open the node\u2019s pods to every user", {
      hint: "Remove it: Webhook is used.",
      values: otherThan("Webhook"),
      cis: "4.2.2"
    })
  ),
  both(
    "read-only-port",
    "readOnlyPort",
    refuse("would show the node\u2019s pods to everyone who reaches it", { values: otherThan("0"), cis: "4.2.4" })
  ),
  both("healthz-bind-address", "healthzBindAddress", opens("is reached by other hosts", { values: beyondLoopback })),
  both("healthz-port", "healthzPort", {
    ...placedRule,
    values: otherThan(String(components.kubelet.ports.health.port))
  }),
  both(
    "streaming-connection-idle-timeout",
    "streamingConnectionIdleTimeout",
    opens("lets an idle exec or port-forward last for ever", { values: noTime, cis: "4.2.5" })
  )
];
var certificates = [
  both(
    "rotate-certificates",
    "rotateCertificates",
    refuse("would let the node\u2019s certificate run out", { values: whenFalse, cis: "4.2.10" })
  ),
  both(
    "rotate-server-certificates",
    "serverTLSBootstrap",
    refuse("would ask for a serving certificate, which no run approves", { values: whenTrue })
  ),
  both("tls-cert-file", "tlsCertFile", { ...placedRule, cis: "4.2.9" }),
  both("tls-private-key-file", "tlsPrivateKeyFile", { ...placedRule, cis: "4.2.9" }),
  both("tls-min-version", "tlsMinVersion", kubernetesTls),
  both("tls-cipher-suites", "tlsCipherSuites", ...cipherRules("4.2.12")),
  gate(
    "RotateKubeletServerCertificate",
    opens("lets serving certificates of kubelets run out", { values: whenFalse, cis: "4.2.11" })
  )
];
var host2 = [
  both(
    "pod-manifest-path",
    "staticPodPath",
    opens("runs pods of files, past the API\u2019s admission", { values: whenGiven })
  ),
  both(
    "manifest-url",
    "staticPodURL",
    refuse("would run pods that anyone on the way can replace", { values: plainBeyondLoopback }),
    opens("runs pods of a URL, past the API\u2019s admission", { values: whenGiven })
  ),
  both(
    "protect-kernel-defaults",
    "protectKernelDefaults",
    opens("lets the kubelet change the kernel\u2019s settings", { values: whenFalse })
  ),
  both(
    "make-iptables-util-chains",
    "makeIPTablesUtilChains",
    opens("leaves out the rules that keep others from 127.0.0.0/8", { values: whenFalse, cis: "4.2.6" })
  ),
  both(
    "seccomp-default",
    "seccompDefault",
    opens("lets pods make every system call", { values: whenFalse, cis: "4.2.14" })
  ),
  both("pod-max-pids", "podPidsLimit", opens("lets one pod take all processes", { values: below(1), cis: "4.2.13" })),
  both(
    "allowed-unsafe-sysctls",
    "allowedUnsafeSysctls",
    opens("lets pods change settings of the kernel that others share", { values: whenGiven })
  ),
  both("fail-swap-on", "failSwapOn", opens("lets Secrets of pods reach the disk by swap", { values: whenFalse })),
  key("memorySwap.swapBehavior", opens("lets pods use swap", { values: like("LimitedSwap", /^LimitedSwap$/i) })),
  key(
    "imagePullCredentialsVerificationPolicy",
    opens("lets a pod run private images that another pod pulled", { values: like("NeverVerify", /^NeverVerify$/i) })
  ),
  gate(
    "KubeletEnsureSecretPulledImages",
    opens("lets a pod run private images that another pod pulled", { values: whenFalse })
  )
];
var diagnosis = [
  key("enableProfilingHandler", profiles()),
  both("contention-profiling", "enableContentionProfiling", blockingProfiles),
  key("enableDebugFlagsHandler", opens("lets its flags be changed while it runs", { values: whenTrue })),
  key("enableSystemLogQuery", opens("serves logs of the host\u2019s services", { values: whenTrue })),
  key("logging.verbosity", verbose),
  key("logging.vmodule", verboseFiles),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta)
];
var kubeletSettings = [
  ...access,
  ...certificates,
  ...host2,
  ...diagnosis,
  ...loggingSettings(components.kubelet),
  both("register-node", "registerNode", refuse("would keep the node out of the cluster", { values: whenFalse })),
  key("apiVersion", { ...placedRule, values: otherThan("kubelet.config.k8s.io/v1beta1") }),
  key("kind", { ...placedRule, values: otherThan("KubeletConfiguration") }),
  key("containerRuntimeEndpoint", { ...placedRule, values: otherThan(`unix://${places.containerdSocket}`) }),
  key(
    "registerWithTaints",
    refuse("is made from another key of this file", { hint: "Use taints of the host instead." })
  ),
  flag("config-dir", refuse("would let files that no run sees override kubelet.config")),
  ...gone({
    "api-servers": "The kubelet finds the API through its kubeconfig and the local balancer: api.localPort.",
    "require-kubeconfig": "Remove it: a kubeconfig is always used.",
    "experimental-bootstrap-kubeconfig": "Remove it: the node action writes the bootstrap kubeconfig.",
    "network-plugin": "Use network.plugin.",
    "cni-conf-dir": runtime,
    "cni-bin-dir": runtime,
    "cni-cache-dir": runtime,
    "container-runtime": runtime,
    "pod-infra-container-image": "Use versions.pause.",
    "cadvisor-port": "Remove it.",
    "register-schedulable": "Use taints of the host.",
    "allow-privileged": "Remove it: Pod Security decides."
  }),
  ...madeFrom({
    "node-labels": "labels of the host",
    "register-with-taints": "taints of the host",
    "node-ip": "the host\u2019s address",
    "hostname-override": "hostname of the host",
    "cluster-dns": "network.serviceSubnet, of which it is the second address",
    "cluster-domain": "network.dnsDomain",
    config: "kubelet.config",
    "hairpin-mode": "hairpinMode in kubelet.config",
    "serialize-image-pulls": "serializeImagePulls in kubelet.config",
    "cgroup-driver": "cgroupDriver in kubelet.config",
    "max-pods": "maxPods in kubelet.config"
  }),
  ...placed("kubeconfig", "bootstrap-kubeconfig", "container-runtime-endpoint", "cert-dir")
];

// src/cluster/settings/scheduler.ts
var schedulerSettings = [
  ...controllerSettings({ profiling: "1.4.1", bind: "1.4.2" }),
  flag("config", opens("takes all settings from a file that no run sees", { cis: "1.4.1" })),
  flag("write-config-to", refuse("would write a file and end")),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  ...loggingSettings(components.scheduler),
  ...gone({
    address: "Use bind-address.",
    port: `It serves https on ${components.scheduler.ports.health.port} only: remove it.`,
    "algorithm-provider": "Use profiles of a KubeSchedulerConfiguration.",
    "policy-config-file": "Use profiles of a KubeSchedulerConfiguration."
  })
];

// src/cluster/settings/table.ts
var settings = {
  etcd: etcdSettings,
  apiServer: apiServerSettings,
  controllerManager: controllerManagerSettings,
  scheduler: schedulerSettings,
  kubelet: kubeletSettings,
  kubeProxy: kubeProxySettings,
  flannel: flannelSettings,
  containerd: containerdSettings
};

// src/cluster/settings/given.ts
function givenSettings(file) {
  return Object.keys(settings).flatMap((component2) => {
    const section = file[component2];
    const args = "extraArgs" in section ? section.extraArgs : [];
    const config = "config" in section ? section.config : {};
    return [
      ...args.flatMap((arg, index) => givenFlag(component2, arg, [component2, "extraArgs", index, "name"])),
      ...givenKeys(component2, config, [component2, "config"], [])
    ];
  });
}
function givenFlag(component2, { name, value }, path) {
  const base = { component: component2, raw: value, path };
  const own = { ...base, kind: "flag", name: flagName(name), value, words: `${name}=${value}` };
  if (own.name !== "feature-gates") return [own];
  const gates2 = value.split(",").map((pair) => {
    const [gate2 = "", set = ""] = pair.split("=").map((part) => part.trim());
    return { ...base, kind: "gate", name: gate2.replace(/^.*:/, ""), value: set, words: `${name}=${pair.trim()}` };
  });
  return [own, ...gates2];
}
function givenKeys(component2, raw, path, steps) {
  if (isMap(raw)) {
    return Object.entries(raw).flatMap(
      ([step, below2]) => givenKeys(component2, below2, [...path, step], [...steps, step])
    );
  }
  const value = textOf(raw);
  const base = { component: component2, value, raw, path, words: `${formatPath(path)} ${quote(value)}` };
  const [first = "", ...rest] = steps;
  if (plainName(first) === "featuregates" && rest.length > 0) return [{ ...base, kind: "gate", name: rest.join(".") }];
  return [{ ...base, kind: "key", name: steps.join(".") }];
}
function textOf(value) {
  if (value === null || value === void 0) return "";
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return isMap(value) ? JSON.stringify(value) : String(value);
}
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function flagName(name) {
  return name.toLowerCase().replaceAll("_", "-");
}
function plainName(name) {
  return name.toLowerCase().replace(/[-_.]/g, "");
}

// src/cluster/checks/extra-args.ts
var components2 = ["etcd", "apiServer", "controllerManager", "scheduler", "kubelet", "kubeProxy", "flannel"];
function extraArgFindings(file) {
  return components2.flatMap(
    (component2) => file[component2].extraArgs.flatMap((arg, index) => argFindings(arg, component2, [component2, "extraArgs", index]))
  );
}
function argFindings({ name, value }, component2, path) {
  const found = (at2, message, hint) => [
    { code: "CLUSTER_FLAG", path: [...path, at2], message, hint }
  ];
  if (!/^[a-z][a-z0-9._-]*$/i.test(name)) {
    const bare = name.replace(/^-+/, "").replace(/=.*$/, "");
    const hint = `Write the name without hyphens and value: ${quote(bare)}.`;
    return found("name", `The flag ${quote(name)} is not a name only.`, hint);
  }
  const usual2 = component2 === "flannel" ? name.toLowerCase() : flagName(name);
  if (name !== usual2) {
    return found("name", `The flag ${quote(name)} is not written as the component has it.`, `Write ${quote(usual2)}.`);
  }
  if (/[\0\r\n]/.test(value)) {
    return found("value", `The value of the flag ${quote(name)} has more than one line.`, "Write it on one line.");
  }
  return [];
}

// src/cluster/resolve.ts
function resolveCluster(file) {
  const { hosts, ssh: ssh2, mirror, containerd, ...rest } = file;
  const inState = (state) => hosts.filter((entry) => entry.state === state).map((entry) => resolveHost(entry, ssh2));
  return {
    ...rest,
    ...mirror !== void 0 && { mirror: withoutSlash(mirror) },
    containerd: { ...containerd, registries: mapRegistries(containerd.registries) },
    hosts: inState("present"),
    removed: inState("removed"),
    minor: minorOf(file.kubernetesVersion),
    serviceAddress: addressAt(file.network.serviceSubnet, 1),
    dnsAddress: addressAt(file.network.serviceSubnet, 2)
  };
}
function mapRegistries(registries) {
  const entries = Object.entries(registries);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, { ...each, mirrors: each.mirrors.map(withoutSlash) }])
  );
}
function withoutSlash(url2) {
  return url2.replace(/\/+$/, "");
}
function nodeNameOf(entry) {
  return entry.hostname ?? entry.name;
}
function resolveHost(entry, defaults) {
  const { hostname: hostname2, interface: device2, ssh: ssh2, name, address, roles: roles2, labels, taints } = entry;
  const jumpHost2 = ssh2.jumpHost ?? defaults.jumpHost;
  return {
    name,
    address,
    roles: roles2,
    nodeName: nodeNameOf(entry),
    // Absent, not undefined: a value that is compared with a host's state must not depend on whether a key was left out.
    ...hostname2 !== void 0 && { hostname: hostname2 },
    ...device2 !== void 0 && { interface: device2 },
    ssh: {
      address: ssh2.address ?? address,
      user: ssh2.user ?? defaults.user,
      port: ssh2.port ?? defaults.port,
      ...jumpHost2 !== void 0 && { jumpHost: jumpHost2 }
    },
    labels,
    taints
  };
}

// src/cluster/checks/hosts.ts
var unreachable = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map((text3) => parseSubnet(text3));
var longestNodeName = 63;
function hostFindings(file) {
  const { hosts } = file;
  return [
    ...hosts.flatMap((host3, index) => [...addressFindings(host3, index), ...nodeNameFindings(host3, index)]),
    ...duplicates(hosts, "name", ({ name }) => name),
    ...duplicates(hosts, "hostname", ({ hostname: hostname2 }) => hostname2),
    ...nodeNameClashes(hosts),
    ...duplicates(hosts, "address", ({ address }) => address),
    ...sshClashes(file),
    ...jumpHostFindings(file)
  ];
}
function addressFindings({ address }, index) {
  const path = ["hosts", index, "address"];
  if (isIPv6(address)) {
    const message2 = `The address ${quote(address)} is of IPv6, which is not built yet.`;
    return [{ code: "CLUSTER_IPV6", path, message: message2, hint: "Write the host\u2019s IPv4 address." }];
  }
  const number2 = parseAddress(address);
  if (number2 === void 0) {
    const hint = "Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.";
    return [{ code: "CLUSTER_ADDRESS", path, message: `The address ${quote(address)} is not an IPv4 address.`, hint }];
  }
  if (!unreachable.some((subnet) => subnet && contains(subnet, number2))) return [];
  const message = `The address ${quote(address)} can\u2019t be reached from other hosts.`;
  return [
    { code: "CLUSTER_ADDRESS", path, message, hint: "Write the address of the host in the network of the cluster." }
  ];
}
function nodeNameFindings(host3, index) {
  const name = nodeNameOf(host3);
  if (name.length <= longestNodeName) return [];
  const key2 = host3.hostname === void 0 ? "name" : "hostname";
  const message = `The name ${quote(name)} has ${name.length} characters; a node\u2019s may have up to ${longestNodeName}.`;
  return [{ code: "CLUSTER_NAME", path: ["hosts", index, key2], message, hint: "Write a shorter name." }];
}
function duplicates(hosts, key2, keyOf) {
  const first = /* @__PURE__ */ new Map();
  return hosts.flatMap((host3, index) => {
    const value = keyOf(host3);
    if (value === void 0) return [];
    const other = first.get(value);
    if (other === void 0) {
      first.set(value, host3);
      return [];
    }
    const owner = key2 === "name" ? "an earlier host" : other.name;
    const message = `The ${key2} ${quote(value)} is that of ${owner} too.`;
    return [
      {
        code: "CLUSTER_DUPLICATE",
        path: ["hosts", index, key2],
        message,
        hint: wayOut(key2, [host3, other])
      }
    ];
  });
}
function wayOut(key2, hosts) {
  const leaving = hosts.find(({ state }) => state === "removed");
  if (leaving === void 0) return `Give each host ${an(key2)} of its own.`;
  return `Let ${leaving.name} leave first. Then delete its line, and add the other host in a later change.`;
}
function nodeNameClashes(hosts) {
  return hosts.flatMap(({ hostname: hostname2, name }, index) => {
    const other = hosts.find((host3) => host3.hostname === void 0 && host3.name === hostname2 && host3.name !== name);
    if (other === void 0) return [];
    const message = `The hostname ${quote(hostname2)} is the name of another host, and both would be one node.`;
    return [
      {
        code: "CLUSTER_DUPLICATE",
        path: ["hosts", index, "hostname"],
        message,
        hint: "Write another hostname, or rename the other host."
      }
    ];
  });
}
function sshClashes({ hosts, ssh: ssh2 }) {
  const first = /* @__PURE__ */ new Map();
  return hosts.flatMap((host3, index) => {
    const jump = host3.ssh.jumpHost ?? ssh2.jumpHost;
    const way = `${host3.ssh.address ?? host3.address}:${host3.ssh.port ?? ssh2.port} ${jump ? `${jump.address}:${jump.port}` : ""}`;
    const other = first.get(way);
    if (other === void 0) first.set(way, host3.name);
    if (other === void 0 || host3.ssh.address === void 0) return [];
    const message = `The SSH address ${quote(host3.ssh.address)} leads to the same machine as that of ${other}.`;
    const hint = "Give each host an ssh.address or an ssh.port of its own.";
    return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", index, "ssh", "address"], message, hint }];
  });
}
function jumpHostFindings({ hosts, ssh: ssh2 }) {
  const findings = hosts.map(
    ({ ssh: own }, index) => jumpHostFinding(own.jumpHost, ["hosts", index, "ssh", "jumpHost", "address"], hosts)
  );
  return [jumpHostFinding(ssh2.jumpHost, ["ssh", "jumpHost", "address"], hosts), ...findings].filter(
    (finding) => finding !== void 0
  );
}
function jumpHostFinding(jump, path, hosts) {
  const through = hosts.find(
    (host3) => jump !== void 0 && [host3.address, host3.ssh.address, host3.hostname].includes(jump.address)
  );
  if (jump === void 0 || through === void 0) return void 0;
  const message = `The jump host ${quote(jump.address)} is ${through.name}, a host of the cluster: while it is down or restarts, others can\u2019t be reached.`;
  return {
    code: "CLUSTER_JUMP_HOST",
    path,
    message,
    hint: "Use a machine outside of the cluster, or a runner in its network."
  };
}
function an(noun) {
  return noun === "address" ? "an address" : `a ${noun}`;
}

// src/cluster/checks/labels.ts
var namePattern = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)$/;
var prefixPattern = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
var allowed = /* @__PURE__ */ new Set([
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "node.kubernetes.io/instance-type",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch"
]);
var owned = /* @__PURE__ */ new Set(["kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch"]);
function labelFindings({ hosts }) {
  return hosts.flatMap((host3, index) => [
    ...Object.entries(host3.labels).flatMap(([key2, value]) => labelFinding(key2, value, ["hosts", index, "labels", key2])),
    ...host3.taints.flatMap((taint2, at2) => taintFindings(taint2, ["hosts", index, "taints", at2])),
    ...repeatedTaints(host3, index),
    ...withoutNode(host3, index)
  ]);
}
function labelFinding(key2, value, path) {
  const found = (atKey, message, hint) => [
    { code: "CLUSTER_LABEL", path, atKey, message, hint }
  ];
  if (!isKey(key2)) return found(true, `The label\u2019s key ${quote(key2)} is not valid.`, keyHint);
  if (!isValue(value)) return found(false, `The value ${quote(value)} of the label ${key2} is not valid.`, valueHint);
  if (owned.has(key2)) return found(true, `The label ${quote(key2)} is set by the kubelet itself.`, "Remove it.");
  if (isForbidden(key2)) {
    const hint = "Use a prefix of your own, or one below node.kubernetes.io; others are set with kubectl once the node is Ready.";
    return found(true, `The label ${quote(key2)} is one that a kubelet may not give itself.`, hint);
  }
  return [];
}
function taintFindings({ key: key2, value }, path) {
  const found = (part, message, hint) => ({
    code: "CLUSTER_TAINT",
    path: [...path, part],
    message,
    hint
  });
  return [
    ...isKey(key2) ? [] : [found("key", `The taint\u2019s key ${quote(key2)} is not valid.`, keyHint)],
    ...isValue(value ?? "") ? [] : [found("value", `The value ${quote(value)} of the taint ${key2} is not valid.`, valueHint)]
  ];
}
function repeatedTaints({ taints }, host3) {
  return taints.flatMap(({ key: key2, effect }, index) => {
    if (taints.findIndex((other) => other.key === key2 && other.effect === effect) === index) return [];
    const message = `The taint ${quote(key2)} with the effect ${effect} is listed twice.`;
    return [
      { code: "CLUSTER_DUPLICATE", path: ["hosts", host3, "taints", index], message, hint: "Keep one of the two." }
    ];
  });
}
function withoutNode({ roles: roles2, labels, taints }, index) {
  if (roles2.includes("node")) return [];
  const keys = [...Object.keys(labels).length > 0 ? ["labels"] : [], ...taints.length > 0 ? ["taints"] : []];
  return keys.map((key2) => ({
    code: "CLUSTER_NOT_A_NODE",
    path: ["hosts", index, key2],
    atKey: true,
    message: `The host has ${key2}, but not the role node, so that nothing can carry them.`,
    hint: `Add node to its roles, or remove its ${key2}.`
  }));
}
var keyHint = "Write up to 63 letters, digits, \u201C-\u201D, \u201C_\u201D and \u201C.\u201D, with a letter or digit at both ends; before it may stand a DNS name and \u201C/\u201D.";
var valueHint = 'Write up to 63 letters, digits, \u201C-\u201D, \u201C_\u201D and \u201C.\u201D, with a letter or digit at both ends, or "".';
function isKey(key2) {
  const parts = key2.split("/");
  const [prefix, name] = parts.length === 1 ? [void 0, key2] : parts;
  return parts.length <= 2 && namePattern.test(name ?? "") && (prefix === void 0 || prefixPattern.test(prefix));
}
function isValue(value) {
  return value === "" || namePattern.test(value);
}
function isForbidden(key2) {
  const prefix = key2.includes("/") ? key2.slice(0, key2.indexOf("/")) : "";
  const below2 = (domain) => prefix === domain || prefix.endsWith(`.${domain}`);
  if (!below2("kubernetes.io") && !below2("k8s.io")) return false;
  return !allowed.has(key2) && !below2("kubelet.kubernetes.io") && !below2("node.kubernetes.io");
}

// src/cluster/checks/names.ts
var import_ipaddr3 = __toESM(require_ipaddr(), 1);
function nameFindings2(file) {
  const { hosts, api, network: network2 } = file;
  return [
    ...hosts.flatMap((host3, index) => hostFindings2(host3, ["hosts", index], network2.dnsDomain)),
    ...hosts.flatMap((host3, index) => otherHostFindings(host3, index, hosts)),
    ...api.certSANs.flatMap((name, index) => sanFindings2(name, ["api", "certSANs", index], hosts))
  ];
}
function hostFindings2({ name, hostname: hostname2 }, path, domain) {
  const named = [
    ["name", name],
    ["hostname", hostname2]
  ];
  return named.flatMap(([key2, value]) => {
    if (value === void 0) return [];
    const found = (code, message) => ({
      code,
      path: [...path, key2],
      message,
      hint: "Write another name, such as node-1."
    });
    if (isAddressLike(value)) return [found("CLUSTER_NAME", `The ${key2} ${quote(value)} can be read as an address.`)];
    const taken3 = takenBy(value, domain);
    return taken3 === void 0 ? [] : [found("CLUSTER_RESERVED_NAME", `The ${key2} ${quote(value)} ${taken3}.`)];
  });
}
function takenBy(name, domain) {
  if (/^(ip6-)?(localhost|loopback)/.test(name) || name.endsWith(".localhost")) return "means each host itself";
  if (name === "kubernetes" || name.startsWith("kubernetes.")) return "is a name of the API server";
  if (name === domain || name.endsWith(`.${domain}`))
    return `is in network.dnsDomain ${quote(domain)}, the Services\u2019 own domain`;
  return name === "svc" || name.endsWith(".svc") ? "has the form of a Service\u2019s name" : void 0;
}
function isAddressLike(name) {
  return import_ipaddr3.default.isValid(name) || name.split(".").every((part) => /^(\d+|0x[0-9a-f]*)$/.test(part));
}
function otherHostFindings({ name, hostname: hostname2 }, index, hosts) {
  if (hostname2 === void 0 || hostname2 === name) return [];
  const other = hosts.find((host3) => host3.name === hostname2 && host3.hostname !== void 0);
  if (other === void 0) return [];
  const message = `The hostname ${quote(hostname2)} is the name of another host, whose certificates carry it too.`;
  const hint = "Write another hostname, or rename the other host.";
  return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", index, "hostname"], message, hint }];
}
function sanFindings2(san, path, hosts) {
  const others = hosts.filter(({ roles: roles2 }) => !roles2.includes("master"));
  for (const host3 of others) {
    const names2 = [host3.name, host3.hostname, host3.address];
    if (!names2.some((name) => name !== void 0 && covers(san, name))) continue;
    const message = `The name ${quote(san)} leads to ${host3.name}, which is no master and has a certificate of its own for it: it could pass for the API server.`;
    const hint = "Write a name or an address that leads to masters, or to a load balancer outside of the cluster.";
    return [{ code: "CLUSTER_SAN", path, message, hint }];
  }
  return [];
}
function covers(san, name) {
  const [one2, other] = [san.toLowerCase(), name.toLowerCase()];
  if (one2 === other || import_ipaddr3.default.isValid(one2) && import_ipaddr3.default.isValid(other) && spelt(one2) === spelt(other)) return true;
  return one2.startsWith("*.") && other.includes(".") && !import_ipaddr3.default.isValid(other) && other.replace(/^[^.]+/, "*") === one2;
}
function spelt(address) {
  return import_ipaddr3.default.process(address).toNormalizedString();
}

// src/cluster/checks/network.ts
var serviceBits = { widest: 12, narrowest: 29 };
var widestSpan = 16;
var reserved2 = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map((text3) => parseSubnet(text3));
function networkFindings(file) {
  const service = parseSubnet(file.network.serviceSubnet);
  const pods = parseSubnet(file.network.podSubnet);
  return [
    ...subnetFindings("serviceSubnet", file.network.serviceSubnet, service),
    ...service ? serviceSizeFindings(service) : [],
    ...subnetFindings("podSubnet", file.network.podSubnet, pods),
    ...pods ? podSizeFindings(file, pods) : [],
    ...service && pods && overlap(service, pods) ? [eachOther(service, pods)] : [],
    ...service ? hostOverlaps(file, "serviceSubnet", service) : [],
    ...pods ? hostOverlaps(file, "podSubnet", pods) : []
  ];
}
function subnetFindings(key2, text3, subnet) {
  const found = (code, problem, hint) => [
    { code, path: ["network", key2], message: `network.${key2} ${quote(text3)} ${problem}.`, hint }
  ];
  if (text3.includes(",")) {
    return found("CLUSTER_DUAL_STACK", "has two subnets; dual stack is not built yet", "Write one IPv4 subnet.");
  }
  if (isIPv6(text3.replace(/\/.*$/, ""))) {
    return found("CLUSTER_IPV6", "is of IPv6, which is not built yet", "Write an IPv4 subnet.");
  }
  if (subnet === void 0) {
    return found("CLUSTER_SUBNET", "is not a subnet", "Write an address and the bits of its prefix: 10.244.0.0/16.");
  }
  if (!subnet.aligned) {
    const right = `${formatAddress(subnet.first)}/${subnet.prefix}`;
    return found("CLUSTER_SUBNET", "has bits set behind its prefix", `Write ${right}.`);
  }
  if (reserved2.some((other) => other && overlap(other, subnet))) {
    return found(
      "CLUSTER_SUBNET",
      "overlaps addresses with a meaning of their own",
      "Use a private subnet, such as one within 10.0.0.0/8."
    );
  }
  return [];
}
function serviceSizeFindings({ text: text3, prefix }) {
  const { widest, narrowest } = serviceBits;
  if (prefix >= widest && prefix <= narrowest) return [];
  const problem = prefix < widest ? "larger than an apiserver takes" : "too small for the cluster\u2019s own Services";
  const hint = `Write a prefix from /${widest} to /${narrowest}.`;
  return [
    {
      code: "CLUSTER_SUBNET_SIZE",
      path: ["network", "serviceSubnet"],
      message: `network.serviceSubnet ${quote(text3)} is ${problem}.`,
      hint
    }
  ];
}
function podSizeFindings({ network: network2, hosts }, pods) {
  const mask2 = network2.nodeCidrMaskSize;
  const found = (key2, message2, hint) => [
    { code: "CLUSTER_SUBNET_SIZE", path: ["network", key2], message: message2, hint }
  ];
  if (mask2 < pods.prefix) {
    const message2 = `A node\u2019s subnet of /${mask2} is larger than network.podSubnet ${quote(pods.text)}, of which it is a part.`;
    return found("nodeCidrMaskSize", message2, `Write a nodeCidrMaskSize above ${pods.prefix}, or a larger podSubnet.`);
  }
  if (mask2 - pods.prefix > widestSpan) {
    const message2 = `Node subnets of /${mask2} are too small a part of network.podSubnet ${quote(pods.text)} for the controller-manager.`;
    return found("nodeCidrMaskSize", message2, `Write a nodeCidrMaskSize up to ${pods.prefix + widestSpan}.`);
  }
  const nodes = hosts.filter(({ roles: roles2 }) => roles2.includes("node")).length;
  const room = 2 ** (mask2 - pods.prefix);
  if (nodes <= room) return [];
  const message = `network.podSubnet ${quote(pods.text)} has room for ${room} nodes with /${mask2} each; the file lists ${nodes}.`;
  const bits = Math.ceil(Math.log2(nodes));
  return found(
    "podSubnet",
    message,
    `Write a podSubnet of /${Math.max(8, mask2 - bits)} or larger, or a nodeCidrMaskSize above ${mask2}.`
  );
}
function eachOther(service, pods) {
  return {
    code: "CLUSTER_SUBNET_OVERLAP",
    path: ["network", "podSubnet"],
    message: `network.podSubnet ${quote(pods.text)} overlaps network.serviceSubnet ${quote(service.text)}.`,
    hint: "Write two subnets that share no address."
  };
}
function hostOverlaps({ hosts }, key2, subnet) {
  const inside = hosts.filter((host3) => {
    const address = parseAddress(host3.address);
    return address !== void 0 && contains(subnet, address);
  });
  const [first] = inside;
  if (first === void 0) return [];
  const others = inside.length > 1 ? ` and of ${inside.length - 1} more` : "";
  return [
    {
      code: "CLUSTER_SUBNET_OVERLAP",
      path: ["network", key2],
      message: `network.${key2} ${quote(subnet.text)} holds the address ${first.address} of ${first.name}${others}.`,
      hint: "Write a subnet outside of the network that the hosts are in."
    }
  ];
}

// src/layout/ports.ts
function recordsFor({ addons }) {
  const { metricsServer, ...others } = components;
  return [...Object.values(others), ...addons.metricsServer ? [metricsServer] : []];
}
function fixedOf(records) {
  const all = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port2) => "port" in port2 ? [port2] : []);
  return all.toSorted((a, b) => a.port - b.port);
}
function fixedPorts(settings2) {
  return fixedOf(recordsFor(settings2));
}
function portsOfRole(settings2, role) {
  const records = recordsFor(settings2).filter(({ roles: roles2 }) => roles2.includes(role));
  const derived = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port2) => "key" in port2 ? [settings2.api[port2.key]] : []);
  return [...derived, ...fixedOf(records).map(({ port: port2 }) => port2)];
}

// src/cluster/checks/ports.ts
var usual = { port: components.apiServer.ports.api.usual, localPort: components.apiBalancer.ports.api.usual };
function takenIn(file) {
  return Object.fromEntries(fixedPorts(file).map(({ port: port2, use }) => [port2, use]));
}
function portFindings(file) {
  const { port: port2, localPort } = file.api;
  return [
    ...takenFindings("port", port2, file),
    ...takenFindings("localPort", localPort, file),
    ...port2 === localPort ? [samePort(port2)] : [],
    ...rangeFindings(file)
  ];
}
function takenFindings(key2, port2, file) {
  const { ssh: ssh2, hosts } = file;
  const sshPorts = hosts.map((host3) => host3.ssh.port ?? ssh2.port);
  const owner = takenIn(file)[port2] ?? (sshPorts.includes(port2) ? "SSH" : void 0);
  if (owner === void 0) return [];
  return [
    {
      code: "CLUSTER_PORT",
      path: ["api", key2],
      message: `api.${key2} ${quote(port2)} is the port of ${owner}.`,
      hint: `Write another port, such as ${usual[key2]}.`
    }
  ];
}
function samePort(port2) {
  return {
    code: "CLUSTER_PORT",
    path: ["api", "localPort"],
    message: `api.localPort ${quote(port2)} is api.port too; a master that is a node needs both.`,
    hint: `Write two different ports, such as ${usual.port} for port and ${usual.localPort} for localPort.`
  };
}
function rangeFindings(file) {
  const { network: network2, api } = file;
  const taken3 = takenIn(file);
  const range = network2.serviceNodePortRange;
  const [first = 0, last = 0] = range.split("-").map(Number);
  const found = (problem, hint) => [
    {
      code: "CLUSTER_PORT_RANGE",
      path: ["network", "serviceNodePortRange"],
      message: `network.serviceNodePortRange ${quote(range)} ${problem}.`,
      hint
    }
  ];
  if (first > last) return found("is the wrong way round", `Write ${last}-${first}.`);
  if (first < 1 || last > 65535)
    return found("has ports that do not exist", "Write ports from 1 to 65535: 30000-32767.");
  const within = (port2) => first <= port2 && port2 <= last;
  const clash = [api.port, api.localPort, ...Object.keys(taken3).map(Number)].find(within);
  if (clash === void 0) return [];
  const owner = clash === api.port ? "api.port" : clash === api.localPort ? "api.localPort" : taken3[clash];
  return found(`holds ${clash}, the port of ${owner}`, "Write a range without it, such as 30000-32767.");
}

// src/cluster/checks/roles.ts
function roleFindings({ hosts, addons }) {
  const count = (role, wanted = "present") => hosts.filter(({ roles: roles2, state }) => state === wanted && roles2.includes(role)).length;
  const found = (code, message, hint) => ({
    code,
    path: ["hosts"],
    atKey: true,
    message,
    hint
  });
  const members = count("etcd");
  const findings = [];
  if (members === 0) {
    findings.push(
      found(
        "CLUSTER_NO_ETCD",
        "No host has the role etcd.",
        "Give it to one, three or five hosts; the masters may have it too."
      )
    );
  } else if (members % 2 === 0) {
    const message = `${members} hosts have the role etcd; an even number survives no more losses than ${members - 1} would.`;
    findings.push(found("CLUSTER_EVEN_ETCD", message, `Give the role to ${members - 1} or to ${members + 1} hosts.`));
  } else if (members > 7) {
    findings.push(
      found(
        "CLUSTER_MANY_ETCD",
        `${members} hosts have the role etcd; each write waits for most of them.`,
        "Give the role to three, five or seven hosts."
      )
    );
  }
  if (count("master") === 0) {
    findings.push(
      found(
        "CLUSTER_NO_MASTER",
        "No host has the role master.",
        "Give it to three hosts, or to one where the loss of it may be the loss of the API."
      )
    );
  }
  if (count("node") === 0 && count("node", "removed") > 0) {
    const hint = "Add another node first, and remove this one in a later change.";
    findings.push(found("CLUSTER_NO_NODE", "The last host with the role node has state: removed.", hint));
  } else if (count("node") === 0 && (addons.coredns || addons.metricsServer)) {
    const hint = "Give it to a host (a master may have it), or set addons.coredns and addons.metricsServer to false.";
    findings.push(
      found(
        "CLUSTER_NO_NODE",
        "No host has the role node, so that CoreDNS and metrics-server could run nowhere.",
        hint
      )
    );
  }
  return [...findings, ...repeatedRoles(hosts)];
}
function repeatedRoles(hosts) {
  return hosts.flatMap(
    ({ roles: roles2 }, host3) => roles2.flatMap((role, index) => {
      if (roles2.indexOf(role) === index) return [];
      const message = `The role "${role}" is listed twice.`;
      return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", host3, "roles", index], message, hint: "Write it once." }];
    })
  );
}

// src/cluster/checks/versions.ts
function versionFindings(file) {
  return [
    ...kubernetesFindings(file.kubernetesVersion),
    ...etcdFindings(file),
    ...tooOld(file.versions, "containerd", "2.0.0", "its configuration is written as version 3"),
    ...tooOld(file.versions, "cniPlugins", "1.0.0", "flannel\u2019s network configuration asks for it")
  ];
}
function kubernetesFindings(version2) {
  const [major, minor] = version2.split(".").map(Number);
  if (major === 1 && supportedMinors.some((supported) => supported === minor)) return [];
  const known = alternatives(supportedMinors.map((supported) => `1.${supported}`));
  return [
    {
      code: "CLUSTER_VERSION",
      path: ["kubernetesVersion"],
      message: `Kubernetes ${quote(version2)} is not a version that this release can build.`,
      hint: `Write a version of ${known}, such as ${defaultVersions.kubernetes}.`
    }
  ];
}
function etcdFindings({ kubernetesVersion, versions: versions2 }) {
  const minor = minorOf(kubernetesVersion);
  const known = supportedMinors.find((supported) => supported === minor) ?? supportedMinors[0] ?? 0;
  const { oldestEtcd } = kubernetesMinor(known);
  const since = supportedMinors.find((each) => kubernetesMinor(each).oldestEtcd === oldestEtcd);
  return tooOld(versions2, "etcd", oldestEtcd, `apiservers of Kubernetes 1.${since} and later ask for it`);
}
function tooOld(versions2, name, least, reason) {
  if (!isOlder(versions2[name], least)) return [];
  const message = `${name} ${quote(versions2[name])} is too old: ${reason}.`;
  const hint = `Write ${least} or later, or remove the key to get ${defaultVersions[name]}.`;
  return [{ code: "CLUSTER_VERSION", path: ["versions", name], message, hint }];
}

// src/cluster/settings/misplaced.ts
function replacedFindings(given, settingsOf2) {
  const replacing = given.filter((each) => each.kind === "key" && (hasKeysBelow(each) || isEmpty(each, settingsOf2)));
  return replacing.map(({ path, words: words2, raw }) => ({
    code: "CLUSTER_CONFIG",
    path,
    message: `${raw === null ? `${formatPath(path)} has no value, and` : words2} removes what the product sets there.`,
    hint: "Write a value, or remove the key."
  }));
}
function isEmpty(given, settingsOf2) {
  return given.raw === null && settingsOf2(given).length > 0;
}
function hasKeysBelow({ component: component2, name }) {
  return settings[component2].some(({ key: key2 = "" }) => {
    const steps = key2.split(".");
    return steps.slice(1).some((_, index) => plainName(steps.slice(0, index + 1).join("")) === plainName(name));
  });
}
var words = { boolean: "true or false", number: "a number" };
function typeFindings(given, settingsOf2) {
  return given.flatMap((each) => {
    if (each.path[1] !== "config" || each.raw === null) return [];
    const expected = settingsOf2(each).flatMap(({ rules }) => rules.flatMap(({ values }) => values?.type ?? []))[0];
    if (expected === void 0 || typeof each.raw === expected) return [];
    const message = `${each.words} is not ${words[expected]}.`;
    return [
      {
        code: "CLUSTER_CONFIG",
        path: each.path,
        message,
        hint: `Write ${words[expected]}, without quotes, or remove it.`
      }
    ];
  });
}

// src/cluster/settings/judge.ts
function judgeSettings(file, verdict) {
  return givenSettings(file).flatMap((given) => {
    const met = settingsOf(given).flatMap(({ rules }) => rules).filter(({ values }) => values === void 0 || values.include(given.value));
    const refused = met.filter((rule2) => rule2.verdict === "refused").slice(0, 1);
    const said = refused.length > 0 ? refused : met;
    return said.filter((rule2) => rule2.verdict === verdict).map((rule2) => ({ given, rule: rule2 }));
  });
}
function settingsOf(given) {
  return settings[given.component].filter((setting) => isAbout(setting, given));
}
function isAbout(setting, { kind, name }) {
  const own = setting[kind];
  if (own === void 0 || kind !== "key") return own === name;
  return own.startsWith("*.") ? plainName(name).endsWith(plainName(own.slice(2))) : plainName(own) === plainName(name);
}
function settingFindings(file) {
  const given = givenSettings(file);
  return [
    ...replacedFindings(given, settingsOf),
    ...typeFindings(given, settingsOf),
    ...judgeSettings(file, "refused").map((judged) => findingOf(judged, file))
  ];
}
function findingOf({ given, rule: rule2 }, file) {
  const { component: component2, kind, path, name, words: words2 } = given;
  const section = file[component2];
  const hint = rule2.hintFor?.("extraArgs" in section ? section.extraArgs : []) ?? rule2.hint;
  if (path[1] === "config") return { code: "CLUSTER_CONFIG", path, message: `${words2} ${rule2.message}.`, hint };
  const isNamed = kind === "flag" && rule2.values === void 0 && rule2.hintFor === void 0;
  const shown2 = isNamed ? name : words2;
  return { code: "CLUSTER_FLAG", path, message: `The flag ${JSON.stringify(shown2)} ${rule2.message}.`, hint };
}

// src/cluster/checks.ts
var checks = [
  versionFindings,
  networkFindings,
  portFindings,
  pathFindings,
  extraArgFindings,
  settingFindings,
  authenticationFindings,
  electionFindings,
  containerdFindings,
  addonFindings,
  roleFindings,
  hostFindings,
  nameFindings2,
  labelFindings
];
function checkCluster(file) {
  return checks.flatMap((check) => check(file));
}

// src/cluster/document.ts
var import_yaml = __toESM(require_dist(), 1);
var SourceDocument = class {
  yaml;
  data;
  constructor(text3) {
    this.yaml = (0, import_yaml.parseDocument)(text3, {
      schema: "core",
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      // Not 'silent', which would hide the error of a second document.
      logLevel: "error"
    });
  }
  /** The data. Use it only after inspect.ts has found no problem: aliases are expanded without a limit. */
  get root() {
    this.data ??= { root: this.yaml.toJS({ maxAliasCount: -1 }) };
    return this.data.root;
  }
  /** The position of a value or its key; for a missing key, the beginning of its map. */
  offset(path, atKey = false) {
    let node = this.yaml.contents;
    let found = startOf(node) ?? 0;
    for (const [index, step] of path.entries()) {
      const pair = this.step(node, step);
      if (pair === void 0) return found;
      const wantsKey = atKey && index === path.length - 1;
      const value = isEmpty2(pair.value) ? void 0 : startOf(pair.value);
      found = (wantsKey ? startOf(pair.key) : void 0) ?? value ?? startOf(pair.key) ?? found;
      node = pair.value;
    }
    return found;
  }
  /** A scalar in the file's own spelling, without its quotes: `3.10`, not 3.1. */
  source(path) {
    let node = this.yaml.contents;
    for (const step of path) node = this.step(node, step)?.value;
    const target = this.target(node);
    return (0, import_yaml.isScalar)(target) && target.value !== null ? target.source ?? String(target.value) : void 0;
  }
  /** The value at a path; undefined if there is none. */
  value(path) {
    let value = this.root;
    for (const step of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return void 0;
      value = Reflect.get(value, step);
    }
    return value;
  }
  step(node, step) {
    const target = this.target(node);
    if ((0, import_yaml.isSeq)(target))
      return typeof step === "number" && step < target.items.length ? { value: target.items[step] } : void 0;
    if (!(0, import_yaml.isMap)(target)) return void 0;
    return target.items.find((pair) => (0, import_yaml.isScalar)(pair.key) && pair.key.value === String(step));
  }
  target(node) {
    return (0, import_yaml.isAlias)(node) ? node.resolve(this.yaml) : node;
  }
};
function startOf(node) {
  return (0, import_yaml.isNode)(node) ? node.range?.[0] : void 0;
}
function isEmpty2(node) {
  return (0, import_yaml.isScalar)(node) && node.value === null && (node.source ?? "") === "";
}

// src/cluster/inspect.ts
var import_yaml2 = __toESM(require_dist(), 1);
var maxDepth2 = 50;
var maxRepeated = 1e5;
function inspectNodes(document) {
  const inspection = new Inspection();
  inspection.visit(document.contents);
  return inspection.findings;
}
var Inspection = class {
  findings = [];
  anchors = /* @__PURE__ */ new Map();
  sizes = /* @__PURE__ */ new Map();
  ancestors = [];
  repeated = 0;
  /** The number of values in a node with its aliases expanded. */
  visit(node) {
    if ((0, import_yaml2.isAlias)(node)) return this.visitAlias(node);
    if ((0, import_yaml2.isNode)(node) && "anchor" in node && node.anchor) this.anchors.set(node.anchor, node);
    if (!(0, import_yaml2.isCollection)(node)) return 1;
    if (this.ancestors.length >= maxDepth2) {
      this.refuse(
        node,
        "CLUSTER_TOO_DEEP",
        `Values are nested more than ${maxDepth2} levels deep here.`,
        "Check the brackets and the indentation."
      );
      return 1;
    }
    if ((0, import_yaml2.isMap)(node)) this.refuseRepeatedKeys(node.items.map(({ key: key2 }) => key2));
    this.ancestors.push(node);
    const size = node.items.reduce((sum, item) => sum + this.visit((0, import_yaml2.isPair)(item) ? item.value : item), 1);
    this.ancestors.pop();
    this.sizes.set(node, size);
    return size;
  }
  visitAlias(alias) {
    const target = this.anchors.get(alias.source);
    const name = quote(`*${alias.source}`);
    if (target === void 0) {
      this.refuse(
        alias,
        "CLUSTER_ALIAS",
        `The alias ${name} has no anchor before it.`,
        `Write &${alias.source} before the value that is meant, above this line.`
      );
      return 1;
    }
    if (this.ancestors.includes(target)) {
      this.refuse(
        alias,
        "CLUSTER_ALIAS",
        `The alias ${name} is inside the value that it repeats.`,
        "Write the values out."
      );
      return 1;
    }
    const size = this.sizes.get(target) ?? 1;
    const before = this.repeated;
    this.repeated += size;
    if (before <= maxRepeated && this.repeated > maxRepeated) {
      this.refuse(
        alias,
        "CLUSTER_ALIAS",
        `The aliases up to ${name} repeat more than ${maxRepeated} values.`,
        "Write the values out."
      );
    }
    return size;
  }
  refuseRepeatedKeys(keys) {
    const seen = /* @__PURE__ */ new Set();
    for (const key2 of keys) {
      const name = (0, import_yaml2.isScalar)(key2) ? String(key2.value) : "";
      if (seen.has(name)) {
        this.refuse(
          key2,
          "CLUSTER_KEY_TWICE",
          `The key ${quote(name)} is here a second time.`,
          "Keep one of the two, or join what they hold."
        );
      }
      seen.add(name);
    }
  }
  refuse(node, code, message, hint) {
    this.findings.push({ code, offset: startOf(node) ?? 0, message, hint });
  }
};

// src/cluster/json-schema.ts
function clusterJsonSchema() {
  const schema = toJSONSchema(clusterSchema, { io: "input", target: "draft-7", override: tidy });
  const { $schema, ...rest } = schema;
  const description = "A highly available Kubernetes cluster on machines of your own.";
  return { $schema, title: "cluster.yaml", description, ...rest };
}
function tidy({ jsonSchema }) {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.type === "object" && jsonSchema.properties) delete jsonSchema.default;
}

// src/cluster/suggest.ts
function suggest(word, candidates) {
  const wanted = plain(word);
  if (wanted.length > 64) return void 0;
  const near = candidates.map((candidate) => ({ candidate, distance: distance(wanted, plain(candidate)) })).filter(({ candidate, distance: distance2 }) => distance2 <= Math.max(1, Math.floor(plain(candidate).length / 3))).sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}
function plain(word) {
  return word.toLowerCase().replace(/[-_]/g, "");
}
function distance(a, b) {
  let beforeLast = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}
function at(row, column) {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

// src/cluster/known-keys.ts
var otherNames = {
  clustername: "name",
  version: "kubernetesVersion",
  k8sversion: "kubernetesVersion",
  kubeversion: "kubernetesVersion",
  servicecidr: "network.serviceSubnet",
  clustercidr: "network.podSubnet",
  podcidr: "network.podSubnet",
  nodeportrange: "network.serviceNodePortRange",
  clusterdomain: "network.dnsDomain",
  cni: "network.plugin",
  controlplaneendpoint: "api.certSANs",
  sans: "api.certSANs",
  ip: "address",
  privateaddress: "address",
  publicaddress: "ssh.address",
  role: "roles",
  username: "user",
  bastion: "ssh.jumpHost",
  kubeapiserver: "apiServer",
  kubecontrollermanager: "controllerManager",
  kubescheduler: "scheduler",
  nodes: "hosts",
  machines: "hosts",
  registrymirrors: "containerd.registries"
};
var otherValues = {
  worker: "node",
  agent: "node",
  controlplane: "master",
  controller: "master",
  server: "master"
};
var root;
function hintForKey(parent, key2) {
  if (key2 === "<<") return "Merge keys are not part of YAML 1.2: write the keys out.";
  root ??= clusterJsonSchema();
  const siblings = Object.keys(parent.reduce(child, root)?.properties ?? {});
  const other = otherNames[plain(key2)];
  const near = siblings.find((name) => name === other) ?? suggest(key2, siblings);
  if (near !== void 0) return `Did you mean ${near}?`;
  const places2 = keyPaths(root, []);
  const elsewhere = places2.find((path) => path.at(-1) === key2) ?? places2.find((path) => formatPath(path) === other);
  if (elsewhere !== void 0) return `Did you mean ${formatPath(elsewhere).replaceAll("[0]", "[]")}?`;
  return `Known keys here: ${siblings.join(", ")}.`;
}
function descriptionOf(path) {
  root ??= clusterJsonSchema();
  return path.reduce(child, root)?.description ?? "";
}
function nearestValue(value, known) {
  const other = otherValues[plain(value)];
  return known.find((name) => name === other) ?? suggest(value, known);
}
function child(node, step) {
  if (typeof step === "number") return node?.items;
  const extra = node?.additionalProperties;
  return node?.properties?.[step] ?? (typeof extra === "object" ? extra : void 0);
}
function keyPaths(node, path) {
  const own = Object.entries(node.properties ?? {});
  return [
    ...own.map(([key2]) => [...path, key2]),
    ...own.flatMap(([key2, value]) => keyPaths(value, [...path, key2])),
    ...node.items ? keyPaths(node.items, [...path, 0]) : []
  ];
}

// src/cluster/wrong-type.ts
function wrongType(kind, path, document) {
  const name = path.length === 0 ? "The file" : formatPath(path);
  const expected = kinds2[kind] ?? kind;
  const value = document.value(path);
  if (value === void 0) {
    const meaning = descriptionOf(path);
    return {
      code: "CLUSTER_MISSING",
      path,
      message: `${name} is missing.`,
      hint: `Add ${path.at(-1)}, ${expected}. ${meaning}`.trim()
    };
  }
  const source = document.source(path);
  const is = source === void 0 ? kindOf(value) : `${quote(source)}, ${kindOf(value)}`;
  const message = `${name} is ${is}, where ${expected} is expected.`;
  return { code: "CLUSTER_INVALID", path, message, hint: versionHint(path, source) ?? typeHint(kind, value, source) };
}
function versionHint([first, second], source) {
  if (source === void 0 || !/^\d+(\.\d+)?$/.test(source)) return void 0;
  if (first === "kubernetesVersion") return `Write all three parts of the version: ${defaultVersions.kubernetes}.`;
  if (first !== "versions" || second === "pause" || typeof second !== "string") return void 0;
  return `Write all three parts of the version: ${Object.entries(defaultVersions).find(([name]) => name === second)?.[1]}.`;
}
function typeHint(expected, value, source) {
  if (value === null) return "Write a value, or remove the key.";
  if (expected === "string" && source !== void 0) return `Put it in quotes: ${JSON.stringify(source)}.`;
  if ((expected === "number" || expected === "int") && /^\d+$/.test(source ?? ""))
    return `Write it without quotes: ${source}.`;
  if (expected === "boolean") return "Write true or false, without quotes.";
  if (expected === "array") return "Write a list: each value on a line of its own after \u201C- \u201D, or all in [ ].";
  if (expected === "object" || expected === "record") return "Write keys with values, indented below it.";
  return `Write ${kinds2[expected] ?? expected}.`;
}
var kinds2 = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
  record: "a map of keys and values"
};
function kindOf(value) {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "number") return "a number";
  return typeof value === "boolean" ? "a boolean" : "a text";
}

// src/cluster/issues.ts
function schemaFindings(issues, document) {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => typeof step === "number" ? step : String(step));
    if (issue.code === "unrecognized_keys") return issue.keys.map((key2) => unknownKey(path, key2));
    return [describeIssue(issue, path, document)];
  });
}
function unknownKey(parent, key2) {
  const place = parent.length === 0 ? "" : ` in ${formatPath(parent)}`;
  return {
    code: "CLUSTER_UNKNOWN_KEY",
    path: [...parent, key2],
    atKey: true,
    message: `There is no key ${quote(key2)}${place}.`,
    hint: hintForKey(parent, key2)
  };
}
function describeIssue(issue, path, document) {
  const name = path.length === 0 ? "The file" : formatPath(path);
  const source = document.source(path);
  const shown2 = source === void 0 ? name : `${name} ${quote(source)}`;
  const invalid = (message, hint) => ({ code: "CLUSTER_INVALID", path, message, hint });
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, path, document);
    case "invalid_value": {
      const near = nearestValue(source ?? "", issue.values.map(String));
      const choice = `Write ${alternatives(issue.values)}.`;
      return invalid(
        `${shown2} is not one of the known values.`,
        near === void 0 ? choice : `Did you mean ${near}? ${choice}`
      );
    }
    case "invalid_key":
      return {
        ...invalid(
          `${formatPath(path)} has a key that is not allowed.`,
          `${issue.issues[0]?.message ?? issue.message}.`
        ),
        atKey: true
      };
    case "too_small":
      if (issue.origin === "array") return invalid(`${name} is an empty list.`, "List at least one.");
      if (issue.origin === "string") return invalid(`${name} is an empty text.`, "Write a value, or remove the key.");
      return invalid(`${shown2} is too small.`, `Write a number from ${issue.minimum} up.`);
    case "too_big":
      if (issue.origin === "string") return invalid(`${shown2} is too long.`, `Use up to ${issue.maximum} characters.`);
      return invalid(`${shown2} is too large.`, `Write a number up to ${issue.maximum}.`);
    case "invalid_format":
      if (issue.format === "url") return invalid(`${shown2} is not a URL.`, "Write it as https://host/path.");
      return invalid(`${shown2} is not valid.`, sentence(issue.message));
    default:
      return invalid(`${shown2} is not valid.`, sentence(issue.message));
  }
}
function sentence(message) {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

// src/cluster/lines.ts
var import_yaml3 = __toESM(require_dist(), 1);
function positionsIn(text3) {
  const lines = new import_yaml3.LineCounter();
  lines.addNewLine(0);
  for (let end = text3.indexOf("\n"); end >= 0; end = text3.indexOf("\n", end + 1)) lines.addNewLine(end + 1);
  const last = Math.max(0, text3.trimEnd().length - 1);
  return (offset) => {
    const { line, col } = lines.linePos(Math.min(Math.max(0, offset), last));
    return { line, column: col };
  };
}

// src/cluster/openings.ts
function openingFindings(file) {
  return [...settingOpenings(file), ...tokenOpenings(file), ...sourceOpenings(file), ...gateOpenings(file)];
}
function describeOpening({ setting, effect, cis, line }) {
  return `opens: ${setting} ${effect} (line ${line}${cis === void 0 ? "" : `, CIS ${cis}`})`;
}
function settingOpenings(file) {
  return judgeSettings(file, "opens").map(({ given, rule: rule2 }) => ({
    path: given.path,
    setting: given.path[1] === "config" ? given.words : `${given.component}.extraArgs ${given.words}`,
    effect: rule2.message,
    ...rule2.cis !== void 0 && { cis: rule2.cis }
  }));
}
function tokenOpenings({ apiServer }) {
  return apiServer.authentication.jwt.flatMap((entry, index) => {
    const { issuer: issuer2, claimMappings, claimValidationRules } = entry;
    const base = ["apiServer", "authentication", "jwt", index];
    const path = [...base, "issuer", "url"];
    const setting = `${formatPath(base)} ${quote(issuer2.url)}`;
    const rules = claimValidationRules.length;
    const audiences = issuer2.audiences.map(quote).join(", ");
    const bare = ["username", "groups"].filter((name) => isBare(claimMappings[name]));
    return [
      {
        path,
        setting,
        effect: `accepts its tokens for ${audiences} that keep ${rules} ${rules === 1 ? "rule" : "rules"}`
      },
      ...knowsNamesOnly(entry) ? [{ path, setting, effect: "knows repositories by names, which others may have later: use repository_id" }] : [],
      ...bare.map((name) => ({
        path: [...base, "claimMappings", name],
        setting: formatPath([...base, "claimMappings", name]),
        effect: "takes names out of tokens as they are, so that they may be those of others"
      }))
    ];
  });
}
function isBare(mapping2) {
  return mapping2 !== void 0 && !beginningOf(mapping2);
}
function gateOpenings({ upgrade: { gate: gate2 } }) {
  if (gate2 === void 0) return [];
  const path = ["upgrade", "gate"];
  return [{ path, setting: `${formatPath(path)} ${quote(gate2)}`, effect: "runs on the runner during an upgrade" }];
}
function sourceOpenings({ mirror, containerd }) {
  const plain2 = (path, url2, effect) => /^http:/i.test(url2) ? [{ path, setting: `${formatPath(path)} ${quote(url2)}`, effect }] : [];
  return [
    ...plain2(["mirror"], mirror ?? "", "lets anyone on the way replace programs that run as root"),
    ...Object.entries(containerd.registries).flatMap(([name, { mirrors, skipVerify }]) => {
      const path = ["containerd", "registries", name];
      const unverified = [...path, "skipVerify"];
      const effect = "takes images from anyone who answers for the mirror";
      return [
        ...mirrors.flatMap(
          (url2, index) => plain2([...path, "mirrors", index], url2, "lets anyone on the way replace images")
        ),
        ...skipVerify ? [{ path: unverified, setting: `${formatPath(unverified)} true`, effect }] : []
      ];
    })
  ];
}

// src/cluster/secrets.ts
var kinds3 = [
  {
    what: "a private key",
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/g,
    hint: "Keys of the cluster are made by the pki action; the SSH key is an input of the actions, from a repository secret."
  },
  {
    what: "an age identity",
    pattern: /AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]*/gi,
    hint: "Give the age identity to the actions as an input, from a repository secret."
  },
  {
    what: "a GitHub token",
    pattern: /\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,})/g,
    hint: "Give tokens to the workflow as repository secrets."
  },
  {
    what: "an access key of AWS",
    pattern: /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
    hint: "Give credentials to the workflow as repository secrets."
  },
  {
    what: "a JSON Web Token",
    pattern: /\beyJ[\w-]{8,512}\.eyJ[\w-]{8,2048}\./g,
    hint: "Tokens of the API are read from the cluster; they have no place in this file."
  },
  {
    // Six and sixteen characters; with a digit in the second part, so that a long DNS name is not taken for a token.
    what: "a bootstrap token",
    pattern: /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]*[0-9])[a-z0-9]{16}(?![\w.-])/g,
    hint: "Bootstrap tokens are created for one run and deleted at its end; this file needs none."
  },
  {
    what: "a URL with a password",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#@:"']{0,200}:[^\s/?#@"']{1,200}@/gi,
    hint: "Write the URL without user and password, and let the proxy or mirror know the hosts by their addresses."
  },
  {
    what: "a workflow expression",
    pattern: /\$\{\{/g,
    hint: "This file is read as it is, without expressions; secrets are inputs of the actions."
  }
];
function findSecrets(text3) {
  return kinds3.flatMap(
    ({ what, pattern, hint }) => Array.from(text3.matchAll(pattern), ({ index }) => ({
      code: "CLUSTER_SECRET",
      offset: index,
      message: `This looks like ${what}; secrets must not be in this file.`,
      hint: `Remove it, and if it was ever pushed, replace it. ${hint}`
    }))
  );
}

// src/cluster/text.ts
var maxBytes = 1024 * 1024;
var maxLine = 32 * 1024;
function inspectText(text3) {
  const bytes = Buffer.byteLength(text3);
  if (bytes > maxBytes) {
    return one(
      "CLUSTER_TOO_LARGE",
      0,
      `The file has ${bytes} bytes; cluster.yaml may have up to ${maxBytes}.`,
      "Check that this is the right file; manifests belong in separate files, under addons.manifests."
    );
  }
  if (text3.split("\n").every((line) => /^\s*(#|$)/.test(line))) {
    return one(
      "CLUSTER_EMPTY",
      0,
      "The file is empty.",
      "Start with examples/small/cluster.yaml: a name and a list of hosts."
    );
  }
  const binary = text3.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]/);
  if (binary >= 0) {
    const character = text3.charCodeAt(binary).toString(16).toUpperCase().padStart(4, "0");
    return one(
      "CLUSTER_NOT_TEXT",
      binary,
      `The character U+${character} is not text in UTF-8.`,
      "Save the file as UTF-8, and check that it is not a binary or UTF-16 file."
    );
  }
  const long = text3.split("\n").find((line) => line.length > maxLine);
  if (long !== void 0) {
    return one(
      "CLUSTER_LINE_TOO_LONG",
      text3.indexOf(long),
      `The line has more than ${maxLine} characters.`,
      "Write one host, or one value of a list, on each line."
    );
  }
  return [];
}
function syntaxFindings(errors) {
  const deep = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (deep) return tooDeep(deep.pos[0]);
  const places2 = new Map(errors.toReversed().map((error2) => [error2.pos[0], error2]));
  return Array.from(places2.values(), ({ code, message, pos: [offset] }) => {
    const known = advice.find(([pattern]) => pattern.test(`${code} ${message}`));
    const [, sentence2, hint] = known ?? [void 0, `${message}.`, lookAround];
    return { code: "CLUSTER_YAML", offset, message: sentence2, hint };
  });
}
var lookAround = "Check the indentation, the quotes and the brackets on and above this line.";
var advice = [
  [/^TAB_AS_INDENT/, "The line is indented by a tab.", "Indent by spaces: YAML knows no tabs."],
  [
    /^BLOCK_AS_IMPLICIT_KEY/,
    "This line has a second \u201C: \u201D.",
    "Put the value in quotes, or what follows on a line of its own."
  ],
  [/^BAD_SCALAR_START/, "A value can\u2019t start with this character.", "Put the value in quotes."],
  [/^MULTIPLE_DOCS/, "A second document starts here.", "Remove the line \u201C---\u201D: a file describes one cluster."],
  [
    /^NON_STRING_KEY/,
    "A key must be a plain word.",
    "Check for a \u201C{\u201D, \u201C[\u201D or \u201C?\u201D before the colon; put templates in quotes."
  ],
  [/^TAG_RESOLVE_FAILED/, "Tags, as \u201C!name\u201D, have no meaning here.", "Remove the tag, or put the value in quotes."],
  [/quote$/, "A text in quotes is not closed up to here.", "Close the quote where the text ends."],
  [
    /must start at the same column/,
    "The line is not indented like the keys beside it.",
    "Indent keys of one map by the same number of spaces."
  ],
  [
    /and end with a \]/,
    "A list in brackets is not closed up to here.",
    "Close it by \u201C]\u201D, or write its values on lines of their own after \u201C- \u201D."
  ],
  [
    /and end with a }/,
    "A map in braces is not closed up to here.",
    "Close it by \u201C}\u201D, or write its keys on lines of their own."
  ]
];
function tooDeep(offset) {
  return one("CLUSTER_TOO_DEEP", offset, "Values are nested too deep here.", "Check the brackets and the indentation.");
}
function one(code, offset, message, hint) {
  return [{ code, offset, message, hint }];
}

// src/cluster/validate-remainder.ts
function remainderFindings(data, issues) {
  const copy = structuredClone(data);
  const places2 = issues.flatMap(
    (issue) => issue.code === "unrecognized_keys" ? issue.keys.map((key2) => [...issue.path, key2]) : [issue.path]
  );
  for (const place of places2) remove(copy, place);
  const rest = clusterSchema.safeParse(copy);
  if (!rest.success) return [];
  return checkCluster(rest.data).filter(({ path }) => !places2.some((place) => isBeside(path, place)));
}
function remove(data, [first, index, key2]) {
  if (!isObject(data) || first === void 0) return;
  const host3 = first === "hosts" && Array.isArray(data.hosts) && index !== void 0 ? data.hosts[Number(index)] : void 0;
  if (isObject(host3) && key2 !== void 0) Reflect.deleteProperty(host3, key2);
  else if (first === "name") data.name = "unnamed";
  else Reflect.deleteProperty(data, first);
}
function isBeside(path, place) {
  return path[0] === place[0] && (path[0] !== "hosts" || path[1] === place[1]);
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}

// src/cluster/load.ts
var maxProblems = 100;
function parseCluster(text3, file) {
  const source = text3.replace(/^\uFEFF/, "");
  refuse2(inspectText(source), source, file);
  refuse2(findSecrets(source), source, file);
  const document = parseYaml(source, file);
  refuse2(syntaxFindings([...document.yaml.errors, ...document.yaml.warnings]), source, file);
  refuse2(inspectNodes(document.yaml), source, file);
  const placed2 = (findings2) => findings2.map((finding) => placeFinding(finding, document));
  const parsed2 = clusterSchema.safeParse(document.root);
  if (parsed2.success) {
    refuse2(placed2(checkCluster(parsed2.data)), source, file);
    const openings = openingsOf(parsed2.data, document, source);
    return { ...resolveCluster(parsed2.data), pinned: pinnedIn(document), openings };
  }
  const issues = parsed2.error.issues.slice(0, maxProblems);
  const findings = [...schemaFindings(issues, document), ...remainderFindings(document.root, issues)];
  throw problemsAt(placed2(findings), source, file);
}
function pinnedIn(document) {
  const pathOf = (name) => name === "kubernetes" ? ["kubernetesVersion"] : ["versions", name];
  return new Set(versionNames.filter((name) => document.value(pathOf(name)) !== void 0));
}
function parseYaml(text3, file) {
  try {
    return new SourceDocument(text3);
  } catch (error2) {
    if (!(error2 instanceof RangeError)) throw error2;
    throw problemsAt(tooDeep(Math.max(0, text3.search(/(?:[-?:] ){50}/))), text3, file);
  }
}
function openingsOf(file, document, text3) {
  const at2 = positionsIn(text3);
  return openingFindings(file).map(({ path, ...opening }) => ({ ...opening, ...at2(document.offset(path)) }));
}
function placeFinding({ path, atKey, ...rest }, document) {
  const name = path[0] === "hosts" && path.length > 1 ? document.source([...path.slice(0, 2), "name"]) : void 0;
  return { ...rest, offset: document.offset(path, atKey), host: name };
}
function refuse2(findings, text3, file) {
  if (findings.length > 0) throw problemsAt(findings, text3, file);
}
function problemsAt(findings, text3, file) {
  const at2 = positionsIn(text3);
  const problems = findings.toSorted((a, b) => a.offset - b.offset).slice(0, maxProblems).map(({ code, message, hint, host: host3, offset }) => new Problem(message, { code, hint, host: host3, file, ...at2(offset) }));
  const count = findings.length === 1 ? "a problem" : `${findings.length} problems`;
  return new AggregateError(problems, `${file} has ${count}.`);
}

// src/github/small-file.ts
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
async function readSmallFile(path, limit2, refuse3) {
  const file = await open(path);
  const bytes = await bytesOf(file.createReadStream(), limit2, refuse3);
  return bytes.view;
}
function readStart(path, bytes) {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(bytes);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes; length += read)
      read = readSync(file, buffer, length, bytes - length, null);
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(file);
  }
}

// src/github/inputs.ts
function commonInputs() {
  const privateKey = secretInput("ssh-key");
  const knownHosts = getInput("known-hosts");
  const { clusterFile, cluster } = clusterInput();
  const access2 = { knownHosts, ...privateKey ? { privateKey } : {} };
  return { clusterFile, cluster, access: access2, dryRun: booleanInput("dry-run"), name: runName(), attempt: attemptName() };
}
function clusterInput() {
  const clusterFile = getInput("cluster") || "cluster.yaml";
  return { clusterFile, cluster: parseCluster(readText(clusterFile), clusterFile) };
}
var secretNames = ["age-key", "power-command", "restore-command", "ssh-key", "token"];
var commands = ["power-command", "restore-command"];
var taken2 = /* @__PURE__ */ new Map();
function takeSecretInputs() {
  for (const name of secretNames) taken2.set(name, secretInput(name));
}
function secretInput(name) {
  const value = getInput(name) || (taken2.get(name) ?? "");
  for (const variable of Object.keys(process.env)) if (isOf(name, variable)) delete process.env[variable];
  if (value && !commands.includes(name)) mask([value]);
  return value;
}
function isOf(name, variable) {
  return variable.toUpperCase().replaceAll("-", "_") === `INPUT_${name.toUpperCase().replaceAll("-", "_")}`;
}
function requiredSecret(name) {
  const value = secretInput(name);
  if (value) return value;
  throw new Problem(`the input ${name} is missing`, {
    code: "INPUT_MISSING",
    hint: `Set it from a secret, as ${name}: \${{ secrets.\u2026 }}.`
  });
}
function booleanInput(name) {
  const value = getInput(name) || "false";
  if (value === "true" || value === "false") return value === "true";
  throw invalidInput(name, value, "Write true or false.");
}
function choiceInput(name, choices) {
  const value = getInput(name) || choices[0];
  const choice = choices.find((each) => each === value);
  if (choice !== void 0) return choice;
  throw invalidInput(name, value, `Write one of ${choices.join(", ")}.`);
}
function parsedInput(name, parse, fix) {
  const value = getInput(name);
  const parsed2 = value ? parse(value) : void 0;
  if (value && parsed2 === void 0) throw invalidInput(name, value, fix);
  return parsed2;
}
function numberInput(name, otherwise) {
  const value = getInput(name);
  if (!value) return otherwise;
  const number2 = Number(value);
  if (Number.isFinite(number2) && number2 >= 0) return number2;
  throw invalidInput(name, value, "Write a number that is not negative.");
}
function hostNames(cluster, role) {
  const able = hostsWith(cluster, role).map((host3) => host3.name);
  const asked = listed(getInput("hosts"));
  const unknown2 = asked.find((name) => !able.includes(name));
  if (unknown2 !== void 0)
    throw invalidInput("hosts", unknown2, `Write names of hosts with the role ${role}: ${able.join(", ")}.`);
  return asked.length > 0 ? asked : able;
}
function rejoinNames(cluster) {
  const able = hostsWith(cluster, "node").map((host3) => host3.name);
  const asked = listed(getInput("rejoin"));
  const unknown2 = asked.find((name) => !able.includes(name));
  if (unknown2 !== void 0)
    throw invalidInput("rejoin", unknown2, `Write names of hosts with the role node: ${able.join(", ")}.`);
  return asked;
}
function confirmedHosts({ name, hosts }) {
  if (getInput("confirm") !== name)
    throw new Problem("the input confirm is not the name of the cluster in the cluster file", {
      code: "RESET_UNCONFIRMED",
      hint: `No host was contacted. A reset destroys the cluster: to confirm it, write confirm: ${name}`
    });
  const asked = listed(getInput("hosts"));
  const unknown2 = asked.find((each) => !hosts.some((host3) => host3.name === each));
  const names2 = hosts.map((host3) => host3.name);
  if (unknown2 !== void 0) throw invalidInput("hosts", unknown2, `Write names of hosts: ${names2.join(", ")}.`);
  const chosen = asked.length > 0 ? asked : names2;
  return new Map(roles.map((role) => [role, chosen]));
}
function forgetNames({ hosts, removed: removed2 }) {
  const asked = listed(getInput("forget"));
  const kept2 = [...hosts, ...removed2].flatMap(({ name, nodeName, address }) => [name, nodeName, address]);
  const known = asked.find((name) => kept2.includes(name));
  const fix = "Name only hosts that cluster.yaml no longer has. To remove a host that it has, write state: removed on its line.";
  if (known !== void 0) throw invalidInput("forget", known, fix);
  return asked;
}
function listed(text3) {
  return text3.split(/[\s,]+/).filter(Boolean);
}
function invalidInput(name, value, fix) {
  return new Problem(`the input ${name} is "${redact(value)}"`, { code: "INPUT_INVALID", hint: fix });
}
var mostClusterBytes = 1024 * 1024;
function readText(path) {
  try {
    return readStart(path, mostClusterBytes + 1);
  } catch (cause) {
    const hint = "Set the input cluster to the path of the file, relative to the workspace, and run actions/checkout before.";
    throw new Problem(`the cluster file can't be read`, { code: "CLUSTER_FILE_MISSING", file: path, hint, cause });
  }
}
function secondsIn(text3) {
  const seconds3 = Number(text3);
  return Number.isFinite(seconds3) && seconds3 >= 0 ? seconds3 * 1e3 : void 0;
}

// src/github/log.ts
function duration(milliseconds) {
  return milliseconds < 1e3 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1e3).toFixed(1)} s`;
}
var githubLog = {
  info,
  warning: (message) => warning(message),
  debug,
  async group(title, work) {
    const begin = performance.now();
    try {
      return await group(title, work);
    } finally {
      info(`${title}: ${duration(performance.now() - begin)}`);
    }
  }
};

// src/github/annotations.ts
var shown = 10;
function failWith(error2) {
  for (const [index, problem] of problemsOf(error2).map(asProblem).entries()) {
    const text3 = describeProblem(problem);
    if (index < shown) error(text3, placeOf(problem));
    else info(text3);
    for (const line of problem.fields.detail ?? []) info(indented(line));
  }
  markFailed();
}
function asProblem(error2) {
  if (error2 instanceof Problem) return error2;
  const { message, stack = "" } = error2 instanceof Error ? error2 : { message: String(error2) };
  return new Problem(message || "an error without a message", {
    code: "ACTION_DEFECT",
    hint: "This is a defect of the action itself. Report it as an issue of k8s-ha-action, with the lines that follow.",
    detail: stack.slice(0, 8e3).split("\n").filter(Boolean),
    cause: error2
  });
}
var indented = (text3) => text3.split("\n").map((line) => `    ${line}`).join("\n");
function placeOf({ fields: { code, phase, host: host3, file, line, column } }) {
  return {
    title: [code, phase].filter(Boolean).join(" in "),
    // A path on a host is not in the repository; an annotation on it would be lost.
    ...file && !host3 ? { file } : {},
    ...line ? { line } : {},
    ...column ? { column } : {}
  };
}

// src/github/summary.ts
var limit = 1e6;
async function writeSummary(markdown) {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  await addSummary(cut(markdown));
}
function cut(markdown) {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const begin = Buffer.from(markdown).subarray(0, limit).toString();
  const lines = begin.slice(0, begin.lastIndexOf("\n") + 1) || begin;
  const open2 = lines.lastIndexOf("<details>") > lines.lastIndexOf("</details>");
  return `${lines}${open2 ? "\n</details>\n" : ""}
\u2026 cut: the log has the rest.
`;
}
function summaryOf(title, run) {
  const total = run.timings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const parts = [
    `## ${title} of ${escaped(run.cluster.name)}: ${verdictOf(run)} in ${duration(total)}`,
    openingTable(run),
    hostTable(run),
    table(
      ["phase", "time:"],
      run.timings.map(({ phase, milliseconds }) => [phase, duration(milliseconds)])
    ),
    changeTable(run),
    folded(`Certificates: ${run.issued.length}`, list(run.issued)),
    folded(`Objects of the cluster: ${run.objects.length}`, list(run.objects))
  ];
  return `${parts.filter(Boolean).join("\n\n")}
`;
}
function verdictOf({ dryRun, results, objects, issued }) {
  const changes = results.reduce((sum, result) => sum + result.changes.length, 0);
  if (changes + objects.length === 0) return dryRun ? "dry run, nothing to change" : "nothing to change";
  const counts = [
    ...changes > 0 ? [counted(changes, "change", "changes", " on hosts")] : [],
    ...objects.length > 0 ? [counted(objects.length, "object", "objects", " of the cluster")] : [],
    ...issued.length > 0 ? [counted(issued.length, "certificate", "certificates")] : []
  ];
  return `${dryRun ? "dry run, " : ""}${counts.join(", ")}`;
}
function counted(count, one2, more, rest = "") {
  return `${count} ${count === 1 ? one2 : more}${rest}`;
}
function hostsOf(run) {
  const names2 = new Set([...run.targets.values()].flat().map(({ name }) => name));
  return run.cluster.hosts.filter(({ name }) => names2.has(name));
}
function hostTable(run) {
  const rows = hostsOf(run).map(({ name, roles: roles2 }) => {
    const own = run.results.filter(({ host: host3 }) => host3 === name);
    const changes = own.flatMap((result) => result.changes);
    const count = String(changes.length);
    if (run.dryRun) return [name, roles2.join(", "), count, unitsIn(changes)];
    const restarted = own.flatMap((result) => result.restarted).join(", ");
    const took = own.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return [name, roles2.join(", "), count, restarted || "\u2013", duration(took)];
  });
  if (rows.length === 0) return "";
  const heads = run.dryRun ? ["would change:", "would restart"] : ["changes:", "restarted", "time:"];
  return table(["host", "roles", ...heads], rows);
}
function openingTable({ dryRun, cluster }) {
  if (!dryRun || cluster.openings.length === 0) return "";
  const rows = cluster.openings.map(({ line, setting, effect, cis }) => [String(line), setting, effect, cis ?? ""]);
  return `### cluster.yaml opens

${table(["line:", "setting", "it \u2026", "CIS"], rows)}`;
}
function unitsIn(changes) {
  return changes.filter(({ kind }) => kind === "restart").map(({ subject }) => subject).join(", ") || "\u2013";
}
function changeTable(run) {
  const rows = run.cluster.hosts.flatMap(
    ({ name }) => run.results.filter(({ host: host3 }) => host3 === name).flatMap(
      ({ changes }) => changes.map(({ kind, subject, reason }) => [name, `${kind} ${subject}`, redact(reason)])
    )
  );
  return folded(`Changes on hosts: ${rows.length}`, rows.length > 0 ? table(["host", "what", "why"], rows) : "");
}

// src/github/action.ts
async function runAction(work) {
  endWhenCancelled(endFailed);
  process.on("uncaughtException", endFailed);
  process.on("unhandledRejection", endFailed);
  try {
    takeSecretInputs();
    await work();
  } catch (error2) {
    failWith(error2);
  }
  process.exit();
}
function endFailed(why) {
  try {
    failWith(why);
  } finally {
    process.exit(1);
  }
}
async function reportRun(title, run) {
  const changes = run.results.flatMap((result) => result.changes);
  const changed = run.results.filter((result) => result.changes.length > 0).map((result) => result.host);
  const restarted = run.results.flatMap((result) => result.restarted.map((unit) => `${result.host}/${unit}`));
  const milliseconds = run.timings.reduce((sum, timing) => sum + timing.milliseconds, 0);
  setOutput("changed", String(changes.length + run.objects.length));
  setOutput("changed-hosts", [...new Set(changed)]);
  setOutput("restarted", restarted);
  setOutput("seconds", (milliseconds / 1e3).toFixed(1));
  info(
    `${title}${run.dryRun ? " (dry run)" : ""}: ${changes.length} changes, ${restarted.length} restarts, ${run.objects.length} objects changed, ${duration(milliseconds)}`
  );
  await writeSummary(summaryOf(title, run));
}
async function reporting(title, run, work, jobs) {
  let failure;
  try {
    await work();
  } catch (error2) {
    failure = error2;
    throw error2;
  } finally {
    await orWarn("the summary of the run could not be written", () => reportRun(title, run));
    await orWarn(
      "the report of this job for the gate could not be written",
      async () => await jobs?.leave(run, failure)
    );
  }
}
async function orWarn(what, tell) {
  await tell().catch((error2) => warning(`${what}: ${describeProblem(error2)}`));
}

// node_modules/p-timeout/index.js
var TimeoutError = class _TimeoutError extends Error {
  name = "TimeoutError";
  constructor(message, options) {
    super(message, options);
    Error.captureStackTrace?.(this, _TimeoutError);
  }
};
var getAbortedReason = (signal) => signal.reason ?? new DOMException("This operation was aborted.", "AbortError");
function pTimeout(promise, options) {
  const {
    milliseconds,
    fallback,
    message,
    customTimers = { setTimeout, clearTimeout },
    signal
  } = options;
  let timer;
  let abortHandler;
  const wrappedPromise = new Promise((resolve, reject) => {
    if (typeof milliseconds !== "number" || Math.sign(milliseconds) !== 1) {
      throw new TypeError(`Expected \`milliseconds\` to be a positive number, got \`${milliseconds}\``);
    }
    if (signal?.aborted) {
      reject(getAbortedReason(signal));
      return;
    }
    if (signal) {
      abortHandler = () => {
        reject(getAbortedReason(signal));
      };
      signal.addEventListener("abort", abortHandler, { once: true });
    }
    promise.then(resolve, reject);
    if (milliseconds === Number.POSITIVE_INFINITY) {
      return;
    }
    const timeoutError = new TimeoutError();
    timer = customTimers.setTimeout.call(void 0, () => {
      if (fallback) {
        try {
          resolve(fallback());
        } catch (error2) {
          reject(error2);
        }
        return;
      }
      if (typeof promise.cancel === "function") {
        promise.cancel();
      }
      if (message === false) {
        resolve();
      } else if (message instanceof Error) {
        reject(message);
      } else {
        timeoutError.message = message ?? `Promise timed out after ${milliseconds} milliseconds`;
        reject(timeoutError);
      }
    }, milliseconds);
  });
  const cancelablePromise = wrappedPromise.finally(() => {
    cancelablePromise.clear();
    if (abortHandler && signal) {
      signal.removeEventListener("abort", abortHandler);
    }
  });
  cancelablePromise.clear = () => {
    customTimers.clearTimeout.call(void 0, timer);
    timer = void 0;
  };
  return cancelablePromise;
}

export {
  cancellation,
  certificateProblem,
  electionTimes,
  goSeconds,
  strongCipherSuites,
  portsOfRole,
  describeOpening,
  mask,
  soleAttemptName,
  readSmallFile,
  commonInputs,
  clusterInput,
  secretInput,
  requiredSecret,
  booleanInput,
  choiceInput,
  parsedInput,
  numberInput,
  hostNames,
  rejoinNames,
  confirmedHosts,
  forgetNames,
  listed,
  invalidInput,
  secondsIn,
  duration,
  githubLog,
  writeSummary,
  runAction,
  reporting,
  pTimeout
};
