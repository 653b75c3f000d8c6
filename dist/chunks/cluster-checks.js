import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  lockFileOf
} from "./cluster-lock.js";
import {
  attemptName,
  commitId,
  runName
} from "./github-run-name.js";
import {
  fixedPorts
} from "./layout-ports.js";
import {
  clusterSchema
} from "./cluster-authentication.js";
import {
  addressAt,
  contains,
  electionProblem,
  electionTimes,
  formatAddress,
  howToMake,
  isIPv6,
  overlap,
  parseAddress,
  parseSubnet
} from "./cluster-addresses.js";
import {
  defaultVersions,
  kubernetesMinor,
  supportedMinors,
  versionNames
} from "./cluster-versions.js";
import {
  alternatives,
  flagName,
  formatPath,
  githubFindings,
  mappingFindings,
  openingFindings,
  plainMirror,
  quote,
  ruleFindings,
  settingFindings,
  wrongToken
} from "./cluster-cel-check.js";
import {
  isOlder,
  minorOf
} from "./cluster-version-order.js";
import {
  hostsWith,
  require_ipaddr
} from "./cluster-cluster.js";
import {
  components,
  require_dist
} from "./layout-addresses.js";
import {
  secretInput
} from "./github-secret-inputs.js";
import {
  readStart
} from "./github-small-file.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem,
  record,
  strictObject,
  string,
  toJSONSchema
} from "./errors.js";
import {
  getInput
} from "./github-hidden-values.js";
import {
  redact
} from "./host-redact-keys.js";
import {
  __toESM
} from "./runtime.js";

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

// src/cluster/pem.ts
var block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----/g;
function certificateProblem(text) {
  const blocks = Array.from(text.matchAll(block), ([, label = "", body = ""]) => ({ label, body }));
  const rest = text.replaceAll(block, "").trim();
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
function issuerFindings({ issuer }, path, around) {
  const at2 = (...steps) => [...path, "issuer", ...steps];
  const { url, discoveryURL, audiences, certificateAuthority: ca, egressSelectorType } = issuer;
  return [
    ...urlFindings(at2("url"), url),
    ...ownFindings(at2("url"), url, around.own),
    ...discoveryURL === void 0 ? [] : discoveryFindings(at2("discoveryURL"), discoveryURL, url),
    ...audienceFindings(at2("audiences"), issuer),
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
function urlFindings(path, text) {
  const url = URL.parse(text);
  const is = (problem, hint) => [
    wrongToken(path, `${formatPath(path)} ${quote(text)} ${problem}.`, hint)
  ];
  if (url === null || url.hostname === "") return is("is not a URL", "Write it as https://issuer.example.com.");
  if (url.protocol !== "https:") return is("is not https", "The API server trusts keys that come by https only.");
  if (url.username || url.password) return is("has a user in it", "Write it without user and password.");
  if (text.includes("?") || text.includes("#"))
    return is("has a query or a fragment", "Remove what follows \u201C?\u201D or \u201C#\u201D.");
  if (/\s/.test(text)) return is("has spaces in it", "Write it without spaces.");
  return [];
}
function ownFindings(path, url, own) {
  if (URL.parse(url)?.host !== URL.parse(own)?.host && !/^https:\/\/kubernetes\.default\.svc(\/|$)/i.test(url))
    return [];
  const message = `${formatPath(path)} ${quote(url)} is the issuer of the cluster\u2019s own service accounts.`;
  return [wrongToken(path, message, "Remove the entry: their tokens are accepted already.")];
}
function discoveryFindings(path, discovery, url) {
  const bare = (text) => text.replace(/\/+$/, "");
  if (bare(discovery) !== bare(url)) return urlFindings(path, discovery);
  const hint = "Remove it, or write the whole URL of the document, with /.well-known/openid-configuration.";
  return [wrongToken(path, `${formatPath(path)} ${quote(discovery)} is the issuer\u2019s URL too.`, hint)];
}
function audienceFindings(path, { audiences, audienceMatchPolicy }) {
  if (audiences.length < 2 || audienceMatchPolicy !== void 0) return [];
  const message = `${formatPath(path)} has ${audiences.length} values, and no audienceMatchPolicy.`;
  return [wrongToken(path, message, "Add audienceMatchPolicy: MatchAny beside it.")];
}
function certificateFindings(path, text) {
  const problem = certificateProblem(text);
  if (problem === void 0) return [];
  const hint = "Write the CA\u2019s certificate as text after \u201C|\u201D, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
  return [wrongToken(path, `${formatPath(path)} ${problem}.`, hint)];
}
function noEgress(path) {
  const hint = "Remove it, or name the file by apiServer.extraArgs.";
  return wrongToken(path, `${formatPath(path)} needs the flag egress-selector-config-file.`, hint);
}

// src/cluster/checks/authentication.ts
function authenticationFindings({ apiServer, network }) {
  const { jwt } = apiServer.authentication;
  const own = `https://kubernetes.default.svc.${network.dnsDomain}`;
  const hasEgress = apiServer.extraArgs.some(({ name }) => name === "egress-selector-config-file");
  return [
    ...jwt.flatMap((entry, index) => {
      const path = ["apiServer", "authentication", "jwt", index];
      return [
        ...issuerFindings(entry, path, { own, hasEgress }),
        ...ruleFindings(entry, path),
        ...mappingFindings(entry, path),
        ...githubFindings(entry, path)
      ];
    }),
    ...repeated(jwt, "url"),
    ...repeated(jwt, "discoveryURL")
  ];
}
function repeated(jwt, key) {
  return jwt.flatMap(({ issuer }, index) => {
    const value = issuer[key];
    if (value === void 0 || jwt.findIndex((other) => other.issuer[key] === value) === index) return [];
    const path = ["apiServer", "authentication", "jwt", index, "issuer", key];
    const message = `The ${key} ${quote(value)} is that of an earlier issuer too.`;
    const hint = "Join the two entries: audiences take several values, and rules may be joined by ||.";
    return [wrongToken(path, message, hint)];
  });
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
function urlFindings2(path, url) {
  if (url === void 0) return [];
  const { protocol, hostname, search, hash } = new URL(url);
  const found = (problem, hint) => [
    { code: "CLUSTER_URL", path, message: `The URL ${quote(url)} ${problem}.`, hint }
  ];
  if (protocol !== "http:" && protocol !== "https:" || hostname === "") {
    return found("is not one of http or https", "Write it as https://host/path.");
  }
  if (/[\s"'`$\\]/.test(url)) {
    return found("has spaces or quotes in it", "Write them as %20, %22 or %27.");
  }
  return search || hash ? found("has a query or a fragment, to which no path can be added", "Remove what follows \u201C?\u201D or \u201C#\u201D.") : [];
}
function sanFindings(names) {
  return names.flatMap((name, index) => {
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
    ...mirrors.flatMap((url, index) => urlFindings2(["containerd", "registries", name, "mirrors", index], url))
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

// src/cluster/checks/election.ts
var units = { ms: 1e-3, s: 1, m: 60, h: 3600 };
var flags = {
  "leader-elect-lease-duration": "leaseDuration",
  "leader-elect-renew-deadline": "renewDeadline",
  "leader-elect-retry-period": "retryPeriod"
};
var rule = "The lease is to be longer than the deadline, and that longer than 1.2 retry periods: 15s, 10s and 2s.";
function electionFindings({ election, controllerManager, scheduler }) {
  const times = electionTimes(election);
  const problem = electionProblem(times);
  if (problem !== void 0) return [{ code: "CLUSTER_ELECTION", path: ["election"], message: problem, hint: rule }];
  return [
    ...flagFindings(["controllerManager", "extraArgs"], controllerManager.extraArgs, times),
    ...flagFindings(["scheduler", "extraArgs"], scheduler.extraArgs, times)
  ];
}
function flagFindings(path, args, times) {
  const given = args.flatMap((arg, index) => {
    const key = Object.hasOwn(flags, arg.name) ? flags[arg.name] : void 0;
    return key === void 0 ? [] : [{ ...arg, index, key, time: seconds(arg.value) }];
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
  const own = Object.fromEntries(given.map(({ key, time }) => [key, time]));
  const problem = electionProblem({ ...times, ...own });
  return last === void 0 || problem === void 0 ? [] : found(last.index, problem, rule);
}
function seconds(text) {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return void 0;
  return Array.from(text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0
  );
}

// src/cluster/checks/extra-args.ts
var components2 = ["etcd", "apiServer", "controllerManager", "scheduler", "kubelet", "kubeProxy", "flannel"];
function extraArgFindings(file) {
  return components2.flatMap(
    (component) => file[component].extraArgs.flatMap((arg, index) => argFindings(arg, component, [component, "extraArgs", index]))
  );
}
function argFindings({ name, value }, component, path) {
  const found = (at2, message, hint) => [
    { code: "CLUSTER_FLAG", path: [...path, at2], message, hint }
  ];
  if (!/^[a-z][a-z0-9._-]*$/i.test(name)) {
    const bare = name.replace(/^-+/, "").replace(/=.*$/, "");
    const hint = `Write the name without hyphens and value: ${quote(bare)}.`;
    return found("name", `The flag ${quote(name)} is not a name only.`, hint);
  }
  const usual2 = component === "flannel" ? name.toLowerCase() : flagName(name);
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
  const { hosts, ssh, mirror, containerd, ...rest } = file;
  const inState = (state) => hosts.filter((entry) => entry.state === state).map((entry) => resolveHost(entry, ssh));
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
function withoutSlash(url) {
  return url.replace(/\/+$/, "");
}
function nodeNameOf(entry) {
  return entry.hostname ?? entry.name;
}
function resolveHost(entry, defaults) {
  const { hostname, interface: device, ssh, name, address, roles: roles2, labels, taints } = entry;
  const jumpHost = ssh.jumpHost ?? defaults.jumpHost;
  return {
    name,
    address,
    roles: roles2,
    nodeName: nodeNameOf(entry),
    // Absent, not undefined: a value that is compared with a host's state must not depend on whether a key was left out.
    ...hostname !== void 0 && { hostname },
    ...device !== void 0 && { interface: device },
    ssh: {
      address: ssh.address ?? address,
      user: ssh.user ?? defaults.user,
      port: ssh.port ?? defaults.port,
      loginSeconds: ssh.loginSeconds ?? defaults.loginSeconds,
      ...jumpHost !== void 0 && { jumpHost }
    },
    labels,
    taints
  };
}

// src/cluster/checks/hosts.ts
var unreachable = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map((text) => parseSubnet(text));
var longestNodeName = 63;
function hostFindings(file) {
  const { hosts } = file;
  return [
    ...hosts.flatMap((host, index) => [...addressFindings(host, index), ...nodeNameFindings(host, index)]),
    ...duplicates(hosts, "name", ({ name }) => name),
    ...duplicates(hosts, "hostname", ({ hostname }) => hostname),
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
  const number = parseAddress(address);
  if (number === void 0) {
    const hint = "Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.";
    return [{ code: "CLUSTER_ADDRESS", path, message: `The address ${quote(address)} is not an IPv4 address.`, hint }];
  }
  if (!unreachable.some((subnet) => subnet && contains(subnet, number))) return [];
  const message = `The address ${quote(address)} can\u2019t be reached from other hosts.`;
  return [
    { code: "CLUSTER_ADDRESS", path, message, hint: "Write the address of the host in the network of the cluster." }
  ];
}
function nodeNameFindings(host, index) {
  const name = nodeNameOf(host);
  if (name.length <= longestNodeName) return [];
  const key = host.hostname === void 0 ? "name" : "hostname";
  const message = `The name ${quote(name)} has ${name.length} characters; a node\u2019s may have up to ${longestNodeName}.`;
  return [{ code: "CLUSTER_NAME", path: ["hosts", index, key], message, hint: "Write a shorter name." }];
}
function duplicates(hosts, key, keyOf) {
  const first = /* @__PURE__ */ new Map();
  return hosts.flatMap((host, index) => {
    const value = keyOf(host);
    if (value === void 0) return [];
    const other = first.get(value);
    if (other === void 0) {
      first.set(value, host);
      return [];
    }
    const owner = key === "name" ? "an earlier host" : other.name;
    const message = `The ${key} ${quote(value)} is that of ${owner} too.`;
    return [
      {
        code: "CLUSTER_DUPLICATE",
        path: ["hosts", index, key],
        message,
        hint: wayOut(key, [host, other])
      }
    ];
  });
}
function wayOut(key, hosts) {
  const leaving = hosts.find(({ state }) => state === "removed");
  if (leaving === void 0) return `Give each host ${an(key)} of its own.`;
  return `Let ${leaving.name} leave first. Then delete its line, and add the other host in a later change.`;
}
function nodeNameClashes(hosts) {
  return hosts.flatMap(({ hostname, name }, index) => {
    const other = hosts.find((host) => host.hostname === void 0 && host.name === hostname && host.name !== name);
    if (other === void 0) return [];
    const message = `The hostname ${quote(hostname)} is the name of another host, and both would be one node.`;
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
function sshClashes({ hosts, ssh }) {
  const first = /* @__PURE__ */ new Map();
  return hosts.flatMap((host, index) => {
    const jump = host.ssh.jumpHost ?? ssh.jumpHost;
    const way = `${host.ssh.address ?? host.address}:${host.ssh.port ?? ssh.port} ${jump ? `${jump.address}:${jump.port}` : ""}`;
    const other = first.get(way);
    if (other === void 0) first.set(way, host.name);
    if (other === void 0 || host.ssh.address === void 0) return [];
    const message = `The SSH address ${quote(host.ssh.address)} leads to the same machine as that of ${other}.`;
    const hint = "Give each host an ssh.address or an ssh.port of its own.";
    return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", index, "ssh", "address"], message, hint }];
  });
}
function jumpHostFindings({ hosts, ssh }) {
  const findings = hosts.map(
    ({ ssh: own }, index) => jumpHostFinding(own.jumpHost, ["hosts", index, "ssh", "jumpHost", "address"], hosts)
  );
  return [jumpHostFinding(ssh.jumpHost, ["ssh", "jumpHost", "address"], hosts), ...findings].filter(
    (finding) => finding !== void 0
  );
}
function jumpHostFinding(jump, path, hosts) {
  const through = hosts.find(
    (host) => jump !== void 0 && [host.address, host.ssh.address, host.hostname].includes(jump.address)
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
  return hosts.flatMap((host, index) => [
    ...Object.entries(host.labels).flatMap(([key, value]) => labelFinding(key, value, ["hosts", index, "labels", key])),
    ...host.taints.flatMap((taint, at2) => taintFindings(taint, ["hosts", index, "taints", at2])),
    ...repeatedTaints(host, index),
    ...withoutNode(host, index)
  ]);
}
function labelFinding(key, value, path) {
  const found = (atKey, message, hint) => [
    { code: "CLUSTER_LABEL", path, atKey, message, hint }
  ];
  if (!isKey(key)) return found(true, `The label\u2019s key ${quote(key)} is not valid.`, keyHint);
  if (!isValue(value)) return found(false, `The value ${quote(value)} of the label ${key} is not valid.`, valueHint);
  if (owned.has(key)) return found(true, `The label ${quote(key)} is set by the kubelet itself.`, "Remove it.");
  if (isForbidden(key)) {
    const hint = "Use a prefix of your own, or one below node.kubernetes.io; others are set with kubectl once the node is Ready.";
    return found(true, `The label ${quote(key)} is one that a kubelet may not give itself.`, hint);
  }
  return [];
}
function taintFindings({ key, value }, path) {
  const found = (part, message, hint) => ({
    code: "CLUSTER_TAINT",
    path: [...path, part],
    message,
    hint
  });
  return [
    ...isKey(key) ? [] : [found("key", `The taint\u2019s key ${quote(key)} is not valid.`, keyHint)],
    ...isValue(value ?? "") ? [] : [found("value", `The value ${quote(value)} of the taint ${key} is not valid.`, valueHint)]
  ];
}
function repeatedTaints({ taints }, host) {
  return taints.flatMap(({ key, effect }, index) => {
    if (taints.findIndex((other) => other.key === key && other.effect === effect) === index) return [];
    const message = `The taint ${quote(key)} with the effect ${effect} is listed twice.`;
    return [
      { code: "CLUSTER_DUPLICATE", path: ["hosts", host, "taints", index], message, hint: "Keep one of the two." }
    ];
  });
}
function withoutNode({ roles: roles2, labels, taints }, index) {
  if (roles2.includes("node")) return [];
  const keys = [...Object.keys(labels).length > 0 ? ["labels"] : [], ...taints.length > 0 ? ["taints"] : []];
  return keys.map((key) => ({
    code: "CLUSTER_NOT_A_NODE",
    path: ["hosts", index, key],
    atKey: true,
    message: `The host has ${key}, but not the role node, so that nothing can carry them.`,
    hint: `Add node to its roles, or remove its ${key}.`
  }));
}
var keyHint = "Write up to 63 letters, digits, \u201C-\u201D, \u201C_\u201D and \u201C.\u201D, with a letter or digit at both ends; before it may stand a DNS name and \u201C/\u201D.";
var valueHint = 'Write up to 63 letters, digits, \u201C-\u201D, \u201C_\u201D and \u201C.\u201D, with a letter or digit at both ends, or "".';
function isKey(key) {
  const parts = key.split("/");
  const [prefix, name] = parts.length === 1 ? [void 0, key] : parts;
  return parts.length <= 2 && namePattern.test(name ?? "") && (prefix === void 0 || prefixPattern.test(prefix));
}
function isValue(value) {
  return value === "" || namePattern.test(value);
}
function isForbidden(key) {
  const prefix = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const below = (domain) => prefix === domain || prefix.endsWith(`.${domain}`);
  if (!below("kubernetes.io") && !below("k8s.io")) return false;
  return !allowed.has(key) && !below("kubelet.kubernetes.io") && !below("node.kubernetes.io");
}

// src/cluster/checks/names.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
function nameFindings(file) {
  const { hosts, api, network } = file;
  return [
    ...hosts.flatMap((host, index) => hostFindings2(host, ["hosts", index], network.dnsDomain)),
    ...hosts.flatMap((host, index) => otherHostFindings(host, index, hosts)),
    ...api.certSANs.flatMap((name, index) => sanFindings2(name, ["api", "certSANs", index], hosts))
  ];
}
function hostFindings2({ name, hostname }, path, domain) {
  const named = [
    ["name", name],
    ["hostname", hostname]
  ];
  return named.flatMap(([key, value]) => {
    if (value === void 0) return [];
    const found = (code, message) => ({
      code,
      path: [...path, key],
      message,
      hint: "Write another name, such as node-1."
    });
    if (isAddressLike(value)) return [found("CLUSTER_NAME", `The ${key} ${quote(value)} can be read as an address.`)];
    const taken = takenBy(value, domain);
    return taken === void 0 ? [] : [found("CLUSTER_RESERVED_NAME", `The ${key} ${quote(value)} ${taken}.`)];
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
  return import_ipaddr.default.isValid(name) || name.split(".").every((part) => /^(\d+|0x[0-9a-f]*)$/.test(part));
}
function otherHostFindings({ name, hostname }, index, hosts) {
  if (hostname === void 0 || hostname === name) return [];
  const other = hosts.find((host) => host.name === hostname && host.hostname !== void 0);
  if (other === void 0) return [];
  const message = `The hostname ${quote(hostname)} is the name of another host, whose certificates carry it too.`;
  const hint = "Write another hostname, or rename the other host.";
  return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", index, "hostname"], message, hint }];
}
function sanFindings2(san, path, hosts) {
  const others = hosts.filter(({ roles: roles2 }) => !roles2.includes("master"));
  for (const host of others) {
    const names = [host.name, host.hostname, host.address];
    if (!names.some((name) => name !== void 0 && covers(san, name))) continue;
    const message = `The name ${quote(san)} leads to ${host.name}, which is no master and has a certificate of its own for it: it could pass for the API server.`;
    const hint = "Write a name or an address that leads to masters, or to a load balancer outside of the cluster.";
    return [{ code: "CLUSTER_SAN", path, message, hint }];
  }
  return [];
}
function covers(san, name) {
  const [one2, other] = [san.toLowerCase(), name.toLowerCase()];
  if (one2 === other || import_ipaddr.default.isValid(one2) && import_ipaddr.default.isValid(other) && spelt(one2) === spelt(other)) return true;
  return one2.startsWith("*.") && other.includes(".") && !import_ipaddr.default.isValid(other) && other.replace(/^[^.]+/, "*") === one2;
}
function spelt(address) {
  return import_ipaddr.default.process(address).toNormalizedString();
}

// src/cluster/checks/network.ts
var serviceBits = { widest: 12, narrowest: 29 };
var widestSpan = 16;
var reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map((text) => parseSubnet(text));
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
function subnetFindings(key, text, subnet) {
  const found = (code, problem, hint) => [
    { code, path: ["network", key], message: `network.${key} ${quote(text)} ${problem}.`, hint }
  ];
  if (text.includes(",")) {
    return found("CLUSTER_DUAL_STACK", "has two subnets; dual stack is not built yet", "Write one IPv4 subnet.");
  }
  if (isIPv6(text.replace(/\/.*$/, ""))) {
    return found("CLUSTER_IPV6", "is of IPv6, which is not built yet", "Write an IPv4 subnet.");
  }
  if (subnet === void 0) {
    return found("CLUSTER_SUBNET", "is not a subnet", "Write an address and the bits of its prefix: 10.244.0.0/16.");
  }
  if (!subnet.aligned) {
    const right = `${formatAddress(subnet.first)}/${subnet.prefix}`;
    return found("CLUSTER_SUBNET", "has bits set behind its prefix", `Write ${right}.`);
  }
  if (reserved.some((other) => other && overlap(other, subnet))) {
    return found(
      "CLUSTER_SUBNET",
      "overlaps addresses with a meaning of their own",
      "Use a private subnet, such as one within 10.0.0.0/8."
    );
  }
  return [];
}
function serviceSizeFindings({ text, prefix }) {
  const { widest, narrowest } = serviceBits;
  if (prefix >= widest && prefix <= narrowest) return [];
  const problem = prefix < widest ? "larger than an apiserver takes" : "too small for the cluster\u2019s own Services";
  const hint = `Write a prefix from /${widest} to /${narrowest}.`;
  return [
    {
      code: "CLUSTER_SUBNET_SIZE",
      path: ["network", "serviceSubnet"],
      message: `network.serviceSubnet ${quote(text)} is ${problem}.`,
      hint
    }
  ];
}
function podSizeFindings({ network, hosts }, pods) {
  const mask = network.nodeCidrMaskSize;
  const found = (key, message2, hint) => [
    { code: "CLUSTER_SUBNET_SIZE", path: ["network", key], message: message2, hint }
  ];
  if (mask < pods.prefix) {
    const message2 = `A node\u2019s subnet of /${mask} is larger than network.podSubnet ${quote(pods.text)}, of which it is a part.`;
    return found("nodeCidrMaskSize", message2, `Write a nodeCidrMaskSize above ${pods.prefix}, or a larger podSubnet.`);
  }
  if (mask - pods.prefix > widestSpan) {
    const message2 = `Node subnets of /${mask} are too small a part of network.podSubnet ${quote(pods.text)} for the controller-manager.`;
    return found("nodeCidrMaskSize", message2, `Write a nodeCidrMaskSize up to ${pods.prefix + widestSpan}.`);
  }
  const nodes = hosts.filter(({ roles: roles2 }) => roles2.includes("node")).length;
  const room = 2 ** (mask - pods.prefix);
  if (nodes <= room) return [];
  const message = `network.podSubnet ${quote(pods.text)} has room for ${room} nodes with /${mask} each; the file lists ${nodes}.`;
  const bits = Math.ceil(Math.log2(nodes));
  return found(
    "podSubnet",
    message,
    `Write a podSubnet of /${Math.max(8, mask - bits)} or larger, or a nodeCidrMaskSize above ${mask}.`
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
function hostOverlaps({ hosts }, key, subnet) {
  const inside = hosts.filter((host) => {
    const address = parseAddress(host.address);
    return address !== void 0 && contains(subnet, address);
  });
  const [first] = inside;
  if (first === void 0) return [];
  const others = inside.length > 1 ? ` and of ${inside.length - 1} more` : "";
  return [
    {
      code: "CLUSTER_SUBNET_OVERLAP",
      path: ["network", key],
      message: `network.${key} ${quote(subnet.text)} holds the address ${first.address} of ${first.name}${others}.`,
      hint: "Write a subnet outside of the network that the hosts are in."
    }
  ];
}

// src/cluster/checks/ports.ts
var usual = { port: components.apiServer.ports.api.usual, localPort: components.apiBalancer.ports.api.usual };
function takenIn(file) {
  return Object.fromEntries(fixedPorts(file).map(({ port, use }) => [port, use]));
}
function portFindings(file) {
  const { port, localPort } = file.api;
  return [
    ...takenFindings("port", port, file),
    ...takenFindings("localPort", localPort, file),
    ...port === localPort ? [samePort(port)] : [],
    ...rangeFindings(file)
  ];
}
function takenFindings(key, port, file) {
  const { ssh, hosts } = file;
  const sshPorts = hosts.map((host) => host.ssh.port ?? ssh.port);
  const owner = takenIn(file)[port] ?? (sshPorts.includes(port) ? "SSH" : void 0);
  if (owner === void 0) return [];
  return [
    {
      code: "CLUSTER_PORT",
      path: ["api", key],
      message: `api.${key} ${quote(port)} is the port of ${owner}.`,
      hint: `Write another port, such as ${usual[key]}.`
    }
  ];
}
function samePort(port) {
  return {
    code: "CLUSTER_PORT",
    path: ["api", "localPort"],
    message: `api.localPort ${quote(port)} is api.port too; a master that is a node needs both.`,
    hint: `Write two different ports, such as ${usual.port} for port and ${usual.localPort} for localPort.`
  };
}
function rangeFindings(file) {
  const { network, api } = file;
  const taken = takenIn(file);
  const range = network.serviceNodePortRange;
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
  const within = (port) => first <= port && port <= last;
  const clash = [api.port, api.localPort, ...Object.keys(taken).map(Number)].find(within);
  if (clash === void 0) return [];
  const owner = clash === api.port ? "api.port" : clash === api.localPort ? "api.localPort" : taken[clash];
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
    ({ roles: roles2 }, host) => roles2.flatMap((role, index) => {
      if (roles2.indexOf(role) === index) return [];
      const message = `The role "${role}" is listed twice.`;
      return [{ code: "CLUSTER_DUPLICATE", path: ["hosts", host, "roles", index], message, hint: "Write it once." }];
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
function kubernetesFindings(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major === 1 && supportedMinors.some((supported) => supported === minor)) return [];
  const known = alternatives(supportedMinors.map((supported) => `1.${supported}`));
  return [
    {
      code: "CLUSTER_VERSION",
      path: ["kubernetesVersion"],
      message: `Kubernetes ${quote(version)} is not a version that this release can build.`,
      hint: `Write a version of ${known}, such as ${defaultVersions.kubernetes}.`
    }
  ];
}
function etcdFindings({ kubernetesVersion, versions }) {
  const minor = minorOf(kubernetesVersion);
  const known = supportedMinors.find((supported) => supported === minor) ?? supportedMinors[0] ?? 0;
  const { oldestEtcd } = kubernetesMinor(known);
  const since = supportedMinors.find((each) => kubernetesMinor(each).oldestEtcd === oldestEtcd);
  return tooOld(versions, "etcd", oldestEtcd, `apiservers of Kubernetes 1.${since} and later ask for it`);
}
function tooOld(versions, name, least, reason) {
  if (!isOlder(versions[name], least)) return [];
  const message = `${name} ${quote(versions[name])} is too old: ${reason}.`;
  const hint = `Write ${least} or later, or remove the key to get ${defaultVersions[name]}.`;
  return [{ code: "CLUSTER_VERSION", path: ["versions", name], message, hint }];
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
  nameFindings,
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
  constructor(text) {
    this.yaml = (0, import_yaml.parseDocument)(text, {
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
      const value = isEmpty(pair.value) ? void 0 : startOf(pair.value);
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
function isEmpty(node) {
  return (0, import_yaml.isScalar)(node) && node.value === null && (node.source ?? "") === "";
}

// src/cluster/inspect.ts
var import_yaml2 = __toESM(require_dist(), 1);
var maxDepth = 50;
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
    if (this.ancestors.length >= maxDepth) {
      this.refuse(
        node,
        "CLUSTER_TOO_DEEP",
        `Values are nested more than ${maxDepth} levels deep here.`,
        "Check the brackets and the indentation."
      );
      return 1;
    }
    if ((0, import_yaml2.isMap)(node)) this.refuseRepeatedKeys(node.items.map(({ key }) => key));
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
    for (const key of keys) {
      const name = (0, import_yaml2.isScalar)(key) ? String(key.value) : "";
      if (seen.has(name)) {
        this.refuse(
          key,
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
function hintForKey(parent, key) {
  if (key === "<<") return "Merge keys are not part of YAML 1.2: write the keys out.";
  root ??= clusterJsonSchema();
  const siblings = Object.keys(parent.reduce(child, root)?.properties ?? {});
  const other = otherNames[plain(key)];
  const near = siblings.find((name) => name === other) ?? suggest(key, siblings);
  if (near !== void 0) return `Did you mean ${near}?`;
  const places = keyPaths(root, []);
  const elsewhere = places.find((path) => path.at(-1) === key) ?? places.find((path) => formatPath(path) === other);
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
    ...own.map(([key]) => [...path, key]),
    ...own.flatMap(([key, value]) => keyPaths(value, [...path, key])),
    ...node.items ? keyPaths(node.items, [...path, 0]) : []
  ];
}

// src/cluster/wrong-type.ts
function wrongType(kind, path, document) {
  const name = path.length === 0 ? "The file" : formatPath(path);
  const expected = kinds[kind] ?? kind;
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
  return `Write ${kinds[expected] ?? expected}.`;
}
var kinds = {
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
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key));
    return [describeIssue(issue, path, document)];
  });
}
function unknownKey(parent, key) {
  const place = parent.length === 0 ? "" : ` in ${formatPath(parent)}`;
  return {
    code: "CLUSTER_UNKNOWN_KEY",
    path: [...parent, key],
    atKey: true,
    message: `There is no key ${quote(key)}${place}.`,
    hint: hintForKey(parent, key)
  };
}
function describeIssue(issue, path, document) {
  const name = path.length === 0 ? "The file" : formatPath(path);
  const source = document.source(path);
  const shown = source === void 0 ? name : `${name} ${quote(source)}`;
  const invalid = (message, hint) => ({ code: "CLUSTER_INVALID", path, message, hint });
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, path, document);
    case "invalid_value": {
      const near = nearestValue(source ?? "", issue.values.map(String));
      const choice = `Write ${alternatives(issue.values)}.`;
      return invalid(
        `${shown} is not one of the known values.`,
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
      return invalid(`${shown} is too small.`, `Write a number from ${issue.minimum} up.`);
    case "too_big":
      if (issue.origin === "string") return invalid(`${shown} is too long.`, `Use up to ${issue.maximum} characters.`);
      return invalid(`${shown} is too large.`, `Write a number up to ${issue.maximum}.`);
    case "invalid_format":
      if (issue.format === "url") return invalid(`${shown} is not a URL.`, "Write it as https://host/path.");
      return invalid(`${shown} is not valid.`, sentence(issue.message));
    default:
      return invalid(`${shown} is not valid.`, sentence(issue.message));
  }
}
function sentence(message) {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

// src/cluster/lines.ts
var import_yaml3 = __toESM(require_dist(), 1);
function positionsIn(text) {
  const lines = new import_yaml3.LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) lines.addNewLine(end + 1);
  const last = Math.max(0, text.trimEnd().length - 1);
  return (offset) => {
    const { line, col } = lines.linePos(Math.min(Math.max(0, offset), last));
    return { line, column: col };
  };
}

// src/cluster/secrets.ts
var kinds2 = [
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
function findSecrets(text) {
  return kinds2.flatMap(
    ({ what, pattern, hint }) => Array.from(text.matchAll(pattern), ({ index }) => ({
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
function inspectText(text) {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    return one(
      "CLUSTER_TOO_LARGE",
      0,
      `The file has ${bytes} bytes; cluster.yaml may have up to ${maxBytes}.`,
      "Check that this is the right file; manifests belong in separate files, under addons.manifests."
    );
  }
  if (text.split("\n").every((line) => /^\s*(#|$)/.test(line))) {
    return one(
      "CLUSTER_EMPTY",
      0,
      "The file is empty.",
      "Start with examples/small/cluster.yaml: a name and a list of hosts."
    );
  }
  const binary = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]/);
  if (binary >= 0) {
    const character = text.charCodeAt(binary).toString(16).toUpperCase().padStart(4, "0");
    return one(
      "CLUSTER_NOT_TEXT",
      binary,
      `The character U+${character} is not text in UTF-8.`,
      "Save the file as UTF-8, and check that it is not a binary or UTF-16 file."
    );
  }
  const long = text.split("\n").find((line) => line.length > maxLine);
  if (long !== void 0) {
    return one(
      "CLUSTER_LINE_TOO_LONG",
      text.indexOf(long),
      `The line has more than ${maxLine} characters.`,
      "Write one host, or one value of a list, on each line."
    );
  }
  return [];
}
function syntaxFindings(errors) {
  const deep = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (deep) return tooDeep(deep.pos[0]);
  const places = new Map(errors.toReversed().map((error) => [error.pos[0], error]));
  return Array.from(places.values(), ({ code, message, pos: [offset] }) => {
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
  const places = issues.flatMap(
    (issue) => issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
  );
  for (const place of places) remove(copy, place);
  const rest = clusterSchema.safeParse(copy);
  if (!rest.success) return [];
  return checkCluster(rest.data).filter(({ path }) => !places.some((place) => isBeside(path, place)));
}
function remove(data, [first, index, key]) {
  if (!isObject(data) || first === void 0) return;
  const host = first === "hosts" && Array.isArray(data.hosts) && index !== void 0 ? data.hosts[Number(index)] : void 0;
  if (isObject(host) && key !== void 0) Reflect.deleteProperty(host, key);
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
function parseCluster(text, file) {
  const source = text.replace(/^\uFEFF/, "");
  refuse(inspectText(source), source, file);
  refuse(findSecrets(source), source, file);
  const document = parseYaml(source, file);
  refuse(syntaxFindings([...document.yaml.errors, ...document.yaml.warnings]), source, file);
  refuse(inspectNodes(document.yaml), source, file);
  const placed = (findings2) => findings2.map((finding) => placeFinding(finding, document));
  const parsed = clusterSchema.safeParse(document.root, { jitless: true });
  if (parsed.success) {
    refuse(placed(checkCluster(parsed.data)), source, file);
    const openings = openingsOf(parsed.data, document, source);
    return { ...resolveCluster(parsed.data), pinned: pinnedIn(document), openings };
  }
  const issues = parsed.error.issues.slice(0, maxProblems);
  const findings = [...schemaFindings(issues, document), ...remainderFindings(document.root, issues)];
  throw problemsAt(placed(findings), source, file);
}
function pinnedIn(document) {
  const pathOf = (name) => name === "kubernetes" ? ["kubernetesVersion"] : ["versions", name];
  return new Set(versionNames.filter((name) => document.value(pathOf(name)) !== void 0));
}
function parseYaml(text, file) {
  try {
    return new SourceDocument(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw problemsAt(tooDeep(Math.max(0, text.search(/(?:[-?:] ){50}/))), text, file);
  }
}
function openingsOf(file, document, text) {
  const at2 = positionsIn(text);
  return openingFindings(file).map(({ path, ...opening }) => ({ ...opening, ...at2(document.offset(path)) }));
}
function placeFinding({ path, atKey, ...rest }, document) {
  const name = path[0] === "hosts" && path.length > 1 ? document.source([...path.slice(0, 2), "name"]) : void 0;
  return { ...rest, offset: document.offset(path, atKey), host: name };
}
function refuse(findings, text, file) {
  if (findings.length > 0) throw problemsAt(findings, text, file);
}
function problemsAt(findings, text, file) {
  const at2 = positionsIn(text);
  const problems = findings.toSorted((a, b) => a.offset - b.offset).slice(0, maxProblems).map(({ code, message, hint, host, offset }) => new Problem(message, { code, hint, host, file, ...at2(offset) }));
  const count = findings.length === 1 ? "a problem" : `${findings.length} problems`;
  return new AggregateError(problems, `${file} has ${count}.`);
}

// src/github/known-hosts-input.ts
var limit = 4 * 1024 * 1024;
function knownHostsInput() {
  const given = getInput("known-hosts");
  const text = /^\S+$/.test(given) ? readKeys(given) : given;
  if (text.trim() !== "") return text;
  throw new Problem("the input known-hosts is empty", {
    code: "INPUT_MISSING",
    hint: "Store the output of ssh-keyscan, which you have verified, in the variable KNOWN_HOSTS of this repository, or name a file with it."
  });
}
function readKeys(path) {
  try {
    return readStart(path, limit);
  } catch (error) {
    throw new Problem(`the input known-hosts names a file that can't be read: ${path}`, {
      code: "INPUT_INVALID",
      hint: 'Write lines like "ADDRESS ssh-ed25519 AAAA\u2026", or the path of a file with them; run actions/checkout before.',
      cause: error
    });
  }
}

// src/github/lock-beside.ts
import { lstatSync } from "node:fs";

// src/lockfile/schema.ts
var sha256 = string().regex(/^[0-9a-f]{64}$/, "a SHA-256 is written as 64 hexadecimal digits in lower case");
var digest = string().regex(/^sha256:[0-9a-f]{64}$/, "a digest is written as sha256: with 64 hexadecimal digits in lower case");
var officialUrl = string().regex(/^https:\/\/[\w.-]+\/[\w.+/-]+$/, "a file is written as https://host/path");
var image = string().regex(/^[\w.-]+(\/[\w.-]+)+:[\w.-]+$/, "an image is written as registry/name:tag, as registry.k8s.io/pause:3.10.2");
var lockSchema = strictObject({
  binaries: record(officialUrl, sha256),
  images: record(image, digest)
});

// src/lockfile/read.ts
var maxCharacters = 32 * 1024;
var maxLine2 = 1024;
function parseLock(text, file) {
  const source = text.replace(/^\uFEFF/, "");
  refuse2(sizeFaults(source), source, file);
  const document = parsedYaml(source, file);
  const { errors, warnings } = document.yaml;
  refuse2(
    [...errors, ...warnings].map(({ message, pos: [offset] }) => ({ message: `${message}.`, offset })),
    source,
    file
  );
  refuse2(inspectNodes(document.yaml), source, file);
  const parsed = lockSchema.safeParse(document.root);
  if (!parsed.success)
    throw problemsAt2(
      parsed.error.issues.map((issue) => schemaFault(issue, document)),
      source,
      file
    );
  const { binaries, images } = parsed.data;
  return { file, binaries: new Map(Object.entries(binaries)), images: new Map(Object.entries(images)) };
}
function parsedYaml(text, file) {
  try {
    return new SourceDocument(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw problemsAt2([{ message: "Values are nested too deep.", offset: 0 }], text, file);
  }
}
function sizeFaults(text) {
  if (text.length > maxCharacters)
    return [{ message: `The file has more than ${maxCharacters} characters.`, offset: 0 }];
  const long = text.split("\n").find((line) => line.length > maxLine2);
  return long === void 0 ? [] : [{ message: `The line has more than ${maxLine2} characters.`, offset: text.indexOf(long) }];
}
function schemaFault(issue, document) {
  const path = [...issue.path, ...issue.keys?.slice(0, 1) ?? []].map(
    (step) => typeof step === "number" ? step : String(step)
  );
  const name = path.length === 0 ? "The file" : formatPath(path);
  const offset = document.offset(path, issue.keys !== void 0 || issue.code === "invalid_key");
  if (issue.keys !== void 0) return { message: `There is no key ${name} in a lock file.`, offset };
  const value = document.source(path);
  return {
    message: `${name}${value === void 0 ? "" : ` ${quote(value)}`} is not valid: ${reasonOf(issue)}.`,
    offset
  };
}
function reasonOf(issue) {
  const { message } = issue.issues?.[0] ?? issue;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
function refuse2(faults, text, file) {
  if (faults.length > 0) throw problemsAt2(faults, text, file);
}
var maxProblems2 = 20;
function problemsAt2(faults, text, file) {
  const at2 = positionsIn(text);
  const problems = faults.slice(0, maxProblems2).map(
    ({ message, offset }) => new Problem(message, {
      code: "LOCKFILE_INVALID",
      file,
      ...at2(offset),
      hint: `Restore the file as it was reviewed, or delete it and make it again: ${howToMake}.`
    })
  );
  return new AggregateError(problems, `${file} is not a valid lock file.`);
}

// src/github/lock-beside.ts
var mostBytes = 1024 * 1024;
function lockBeside(clusterFile) {
  const file = lockFileOf(clusterFile);
  if (lstatSync(file, { throwIfNoEntry: false }) === void 0) return void 0;
  try {
    return parseLock(readStart(file, mostBytes), file);
  } catch (cause) {
    if (cause instanceof AggregateError) throw cause;
    const hint = "Check what the path leads to, and its permissions.";
    throw new Problem(`the lock file can't be read`, { code: "LOCKFILE_INVALID", file, hint, cause });
  }
}

// src/github/inputs.ts
function commonInputs() {
  const privateKey = secretInput("ssh-key");
  const { clusterFile, cluster } = clusterInput();
  const knownHosts = knownHostsInput();
  const access = { knownHosts, ...privateKey ? { privateKey } : {} };
  const run = { name: runName(), attempt: attemptName(), commit: commitId() };
  return { clusterFile, cluster, access, dryRun: booleanInput("dry-run"), ...run };
}
function clusterInput() {
  const clusterFile = getInput("cluster") || "cluster.yaml";
  const cluster = clusterAt(clusterFile);
  const lock = lockBeside(clusterFile);
  const closed = lock && plainMirror(cluster.openings);
  const openings = cluster.openings.filter((opening) => opening !== closed);
  return { clusterFile, cluster: { ...cluster, lock, openings } };
}
function clusterAt(file) {
  return parseCluster(readText(file), file);
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
function requiredChoice(name, choices) {
  if (getInput(name)) return choiceInput(name, choices);
  const hint = `Write one of ${choices.join(", ")}. A trigger without inputs, for example push, leaves inputs empty.`;
  throw new Problem(`the input ${name} is missing`, { code: "INPUT_MISSING", hint });
}
function parsedInput(name, parse, fix) {
  const value = getInput(name);
  const parsed = value ? parse(value) : void 0;
  if (value && parsed === void 0) throw invalidInput(name, value, fix);
  return parsed;
}
function numberInput(name, otherwise) {
  const value = getInput(name);
  if (!value) return otherwise;
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw invalidInput(name, value, "Write a number that is not negative.");
}
function hostNames(cluster, role) {
  const able = hostsWith(cluster, role).map((host) => host.name);
  const asked = listed(getInput("hosts"));
  const unknown = asked.find((name) => !able.includes(name));
  if (unknown !== void 0)
    throw invalidInput("hosts", unknown, `Write names of hosts with the role ${role}: ${able.join(", ")}.`);
  return asked.length > 0 ? asked : able;
}
function rejoinNames(cluster) {
  const able = hostsWith(cluster, "node").map((host) => host.name);
  const asked = listed(getInput("rejoin"));
  const unknown = asked.find((name) => !able.includes(name));
  if (unknown !== void 0)
    throw invalidInput("rejoin", unknown, `Write names of hosts with the role node: ${able.join(", ")}.`);
  return asked;
}
function confirmCluster({ name }, code, what) {
  if (getInput("confirm") === name) return;
  const hint = `No host was contacted. ${what}: to confirm it, write confirm: ${name}`;
  throw new Problem("the input confirm is not the name of the cluster in the cluster file", { code, hint });
}
function confirmedHosts(cluster) {
  confirmCluster(cluster, "RESET_UNCONFIRMED", "A reset destroys the cluster");
  const { hosts } = cluster;
  const asked = listed(getInput("hosts"));
  const unknown = asked.find((each) => !hosts.some((host) => host.name === each));
  const names = hosts.map((host) => host.name);
  if (unknown !== void 0) throw invalidInput("hosts", unknown, `Write names of hosts: ${names.join(", ")}.`);
  const chosen = asked.length > 0 ? asked : names;
  return new Map(roles.map((role) => [role, chosen]));
}
function forgetNames({ hosts, removed }) {
  const asked = listed(getInput("forget"));
  const kept = [...hosts, ...removed].flatMap(({ name, nodeName, address }) => [name, nodeName, address]);
  const known = asked.find((name) => kept.includes(name));
  const fix = "Name only hosts that cluster.yaml no longer has. To remove a host that it has, write state: removed on its line.";
  if (known !== void 0) throw invalidInput("forget", known, fix);
  return asked;
}
function listed(text) {
  return text.split(/[\s,]+/).filter(Boolean);
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
function secondsIn(text) {
  const seconds2 = Number(text);
  return Number.isFinite(seconds2) && seconds2 >= 0 ? seconds2 * 1e3 : void 0;
}

export {
  certificateProblem,
  commonInputs,
  clusterInput,
  clusterAt,
  booleanInput,
  choiceInput,
  requiredChoice,
  parsedInput,
  numberInput,
  hostNames,
  rejoinNames,
  confirmCluster,
  confirmedHosts,
  forgetNames,
  listed,
  invalidInput,
  secondsIn
};
