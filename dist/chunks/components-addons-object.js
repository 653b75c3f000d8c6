import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  hostState,
  leavings
} from "./host.js";
import {
  secretPathsOf
} from "./pki.js";
import {
  parseJson
} from "./entry-json.js";
import {
  components,
  paths,
  places,
  vxlanPort
} from "./layout-addresses.js";
import {
  roles
} from "./entry-bytes.js";
import {
  array,
  boolean,
  looseObject,
  string
} from "./errors.js";

// src/components/downloads.ts
var executable = "755";
function official(cluster, location) {
  return `${cluster.mirror === void 0 ? "https:/" : cluster.mirror.replace(/\/+$/, "")}/${location}`;
}
function kubernetesBinary(cluster, architecture, name2) {
  const file = `dl.k8s.io/v${cluster.kubernetesVersion}/bin/linux/${architecture}/${name2}`;
  return {
    url: official(cluster, file),
    sumUrl: official(cluster, `${file}.sha256`),
    mode: executable,
    place: `${cluster.binDir}/${name2}`
  };
}
function etcdBinaries(cluster, architecture, names) {
  const version = cluster.versions.etcd;
  const top = `etcd-v${version}-linux-${architecture}`;
  const folder = `github.com/etcd-io/etcd/releases/download/v${version}`;
  return {
    url: official(cluster, `${folder}/${top}.tar.gz`),
    sumUrl: official(cluster, `${folder}/SHA256SUMS`),
    mode: executable,
    place: members(names, (name2) => `${top}/${name2}`, cluster.binDir)
  };
}
function containerdBinaries(cluster, architecture) {
  const version = cluster.versions.containerd;
  const file = `github.com/containerd/containerd/releases/download/v${version}/containerd-${version}-linux-${architecture}.tar.gz`;
  return {
    url: official(cluster, file),
    sumUrl: official(cluster, `${file}.sha256sum`),
    mode: executable,
    place: members(["containerd", "containerd-shim-runc-v2", "ctr"], (name2) => `bin/${name2}`, cluster.binDir)
  };
}
function runcBinary(cluster, architecture) {
  const folder = `github.com/opencontainers/runc/releases/download/v${cluster.versions.runc}`;
  return {
    url: official(cluster, `${folder}/runc.${architecture}`),
    sumUrl: official(cluster, `${folder}/runc.sha256sum`),
    mode: executable,
    place: `${cluster.binDir}/runc`
  };
}
function cniPlugins(cluster, architecture, names, folder) {
  const version = cluster.versions.cniPlugins;
  const file = `github.com/containernetworking/plugins/releases/download/v${version}/cni-plugins-linux-${architecture}-v${version}.tgz`;
  return {
    url: official(cluster, file),
    sumUrl: official(cluster, `${file}.sha256`),
    mode: executable,
    place: members(names, (name2) => `./${name2}`, folder)
  };
}
function flanneldBinary(cluster, architecture) {
  const tag = `v${cluster.versions.flannel}`;
  return {
    url: official(cluster, `github.com/flannel-io/flannel/releases/download/${tag}/flanneld-${architecture}`),
    // flannel publishes no checksum files; GitHub has a digest of each asset.
    sumUrl: official(cluster, `api.github.com/repos/flannel-io/flannel/releases/tags/${tag}`),
    mode: executable,
    place: `${cluster.binDir}/flanneld`
  };
}
function members(names, inArchive, folder) {
  return Object.fromEntries(names.map((name2) => [inArchive(name2), `${folder}/${name2}`]));
}

// src/components/files.ts
function rootFile(path, content) {
  return { path, content, mode: "600", owner: "root:root", secret: false };
}
function publicFile(path, content) {
  return { path, content, mode: "644", owner: "root:root", secret: false };
}
function rootDirectory(path, mode = "755") {
  return { path, mode, owner: "root:root" };
}
function json(value) {
  return `${JSON.stringify(value, null, 2)}
`;
}

// src/components/flags.ts
function flagList(ours, extraArgs) {
  const replaced = new Set(extraArgs.map(({ name: name2 }) => name2));
  const gates = mergeGates(ours[gateFlag], extraArgs);
  const kept = Object.entries(ours).flatMap(
    ([name2, value]) => value === void 0 || replaced.has(name2) || name2 === gateFlag ? [] : [`--${name2}=${value}`]
  );
  const extra = extraArgs.flatMap(({ name: name2, value }) => name2 === gateFlag ? [] : [`--${name2}=${value}`]);
  return [...kept, ...extra, ...gates === "" ? [] : [`--${gateFlag}=${gates}`]];
}
var gateFlag = "feature-gates";
function mergeGates(ours, extraArgs) {
  const lists = [ours ?? "", ...extraArgs.filter(({ name: name2 }) => name2 === gateFlag).map(({ value }) => value)];
  const pairs = lists.flatMap((list) => list.split(",")).filter((pair) => pair !== "");
  return [...new Map(pairs.map((pair) => [pair.split("=")[0], pair])).values()].join(",");
}
function flagValue(name2, ours, extraArgs) {
  return extraArgs.findLast((arg) => arg.name === name2)?.value ?? ours;
}

// src/components/join.ts
var waitsForJoin = [
  `ExecStartPre=/bin/sh -c 'until [ -e ${places.kubeletClientCert} ]; do sleep 0.2; done'`,
  "TimeoutStartSec=infinity"
];
function onceJoined(check) {
  return `[ ! -e ${places.kubeletClientCert} ] || { ${check}; }`;
}

// src/components/readiness.ts
function listens(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':${hex} [0-9A-F]*:0000 0A '`;
}
function isActive(unit2) {
  return `systemctl --quiet is-active ${unit2}`;
}
function orRefuse(check, reason, tries = 8, status = 1) {
  return [
    "tries=0",
    `until ${check}; do`,
    "tries=$((tries + 1))",
    `[ "$tries" -lt ${tries} ] || { echo "${reason}"; exit ${status}; }`,
    "sleep 1",
    "done"
  ].join("\n");
}
var secondsSinceBoot = "seconds() { IFS=. read -r now _ </proc/uptime; }";

// src/components/reads.ts
var namedButNotRead = {
  // Used only while the data directory is empty: a host added to cluster.yaml must not restart the running members.
  [components.etcd.unit]: [places.etcdBootstrap],
  // For one join only; the phase of the join adds it.
  [components.kubelet.unit]: [paths.bootstrapKubeletConf],
  // Started for each container.
  [components.containerd.unit]: ["runc"],
  // Runs when the unit has stopped.
  [components.controllerManager.unit]: [places.releaseLease],
  [components.scheduler.unit]: [places.releaseLease]
};
function withReads(state) {
  const placed = placedBy(state);
  return { ...state, units: state.units.map((each) => ({ ...each, reads: readsOf(each, placed) })) };
}
function unit(parts) {
  return { reads: [], ...parts };
}
function placedBy({ downloads, files }) {
  const programs = downloads.flatMap(({ place }) => typeof place === "string" ? [place] : Object.values(place));
  const secrets = roles.flatMap(secretPathsOf);
  const rank = ({ path }) => secrets.indexOf(path);
  return [
    ...programs.map((path) => ({ path, text: "", named: namedIn(path) })),
    ...files.toSorted((a, b) => rank(a) - rank(b)).map((file) => ({ ...file, text: textOf(file), named: namedIn(file.path) }))
  ];
}
function textOf({ secret, content }) {
  return secret ? "" : content;
}
function namedIn(path) {
  return new RegExp(`(?<![\\w./])${path.replaceAll(/[^\w/]/g, "\\$&")}(?![\\w/-]|\\.\\w)`);
}
function readsOf({ name: name2, content, reads }, placed) {
  const found = /* @__PURE__ */ new Set();
  const look = (text) => {
    for (const each of placed.filter(({ named }) => named.test(text))) {
      if (found.has(each) || isExcepted(name2, each.path)) continue;
      found.add(each);
      look(each.text);
    }
  };
  look(content);
  const listed = new Set(reads);
  const ours = placed.filter((each) => found.has(each) || listed.has(each.path)).map(({ path }) => path);
  return [...ours, ...reads.filter((path) => !ours.includes(path))];
}
function isExcepted(unitName2, path) {
  return (namedButNotRead[unitName2] ?? []).some((each) => path === each || path.endsWith(`/${each}`));
}

// src/components/unit-text.ts
var always = ["Restart=always", "RestartSec=1"];
var sandbox = [
  "NoNewPrivileges=yes",
  "ProtectSystem=full",
  "ProtectHome=read-only",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectControlGroups=yes",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "LockPersonality=yes",
  "MemoryDenyWriteExecute=yes",
  "SystemCallArchitectures=native"
];
var memoryStays = ["LimitCORE=0", "MemorySwapMax=0"];
function serviceText(sections) {
  const unit2 = [
    `Description=${sections.description}`,
    `Documentation=${sections.documentation}`,
    "Wants=network-online.target",
    "After=network-online.target",
    // Otherwise systemd gives up after five quick failures, and a host that waits for another one stays down permanently.
    "StartLimitIntervalSec=0",
    ...sections.unit ?? []
  ];
  const service = [...sections.service, `ExecStart=${commandLine(sections.command)}`, ...always];
  return [section("Unit", unit2), section("Service", service), section("Install", ["WantedBy=multi-user.target"])].join(
    "\n"
  );
}
function section(name2, lines) {
  return `[${name2}]
${lines.map((line) => `${line}
`).join("")}`;
}
function commandLine(argv) {
  return argv.map(quoted).join(" \\\n  ");
}
function quoted(argument) {
  const literal = argument.replaceAll("%", "%%").replaceAll("$", "$$$$");
  if (/^[\w@%+=:,./$*[\]-]+$/.test(literal)) return literal;
  return `"${literal.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
function environment(variables) {
  return Object.entries(variables).flatMap(
    ([name2, value]) => value === void 0 ? [] : [`Environment=${quoted(`${name2}=${value}`)}`]
  );
}
var quickPings = environment({ HTTP2_READ_IDLE_TIMEOUT_SECONDS: "5", HTTP2_PING_TIMEOUT_SECONDS: "3" });

// src/components/addons/object.ts
function object(apiVersion2, kind, metadata, fields = {}) {
  const labels = { "app.kubernetes.io/managed-by": "k8s-ha-action", ...metadata.labels };
  return { apiVersion: apiVersion2, kind, metadata: { ...metadata, labels }, ...fields };
}

// src/components/addons/rbac.ts
var api = "rbac.authorization.k8s.io";
var apiVersion = `${api}/v1`;
function group(name2) {
  return { kind: "Group", name: name2, apiGroup: api };
}
function user(name2) {
  return { kind: "User", name: name2, apiGroup: api };
}
function serviceAccount(name2) {
  return { kind: "ServiceAccount", name: name2, namespace: "kube-system" };
}
function clusterRole(name2, rules, labels) {
  return object(apiVersion, "ClusterRole", { name: name2, ...labels && { labels } }, { rules });
}
function clusterRoleBinding(name2, role, subject) {
  return object(
    apiVersion,
    "ClusterRoleBinding",
    { name: name2 },
    { roleRef: { apiGroup: api, kind: "ClusterRole", name: role }, subjects: [subject] }
  );
}
function systemRoleBinding(name2, role, subject) {
  return object(
    apiVersion,
    "RoleBinding",
    { name: name2, namespace: "kube-system" },
    { roleRef: { apiGroup: api, kind: "Role", name: role }, subjects: [subject] }
  );
}

// src/components/networks/flannel-access.ts
var name = "k8s-ha-action:flannel";
function flannelAccess() {
  return [
    clusterRole(name, [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }]),
    clusterRoleBinding(name, name, group("system:nodes"))
  ];
}

// src/components/networks/flannel-conflist.ts
function flannelConflistScript(cluster) {
  const backend = cluster.kubeProxy.mode === "nftables" ? ', "backend": "nftables"' : "";
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

// src/components/networks/flannel.ts
var unitName = components.flannel.unit;
var flannel = {
  state: flannelState,
  manifests: flannelAccess,
  inUserManifests: false,
  udpPorts: (cluster) => usesVxlan(cluster) ? [vxlanPort] : [],
  // A kernel with the feature built in shows no sign of it.
  modules: (cluster) => usesVxlan(cluster) ? [{ name: "vxlan", check: "untellable" }] : [],
  replacesKubeProxy: false
};
var usesVxlan = (cluster) => cluster.flannel.backend === "vxlan";
function flannelState(cluster, host, architecture) {
  const program = `${cluster.binDir}/flanneld`;
  return hostState({
    directories: [rootDirectory("/etc/kube-flannel")],
    files: [
      publicFile(places.flannelConfig, json(netConf(cluster))),
      { ...publicFile(places.flannelScript, flannelConflistScript(cluster)), mode: "755" }
    ],
    downloads: [flanneldBinary(cluster, architecture)],
    leaves: [
      ...leavings("tree", "/run/flannel", places.flannelConflist, `${places.flannelConflist}.new`),
      ...leavings("interface", "flannel.1", "flannel-v6.1", "flannel-wg", "flannel-wg-v6"),
      // Of the backend host-gw.
      ...leavings("route", ...cluster.network.podSubnet.split(",").map((subnet) => subnet.trim())),
      ...leavings("chain", "FLANNEL-"),
      ...leavings("table", "ip flannel-ipv4", "ip6 flannel-ipv6")
    ],
    units: [
      unit({
        name: unitName,
        content: serviceText({
          description: "flannel, the pod network",
          documentation: "https://github.com/flannel-io/flannel",
          unit: [`After=${components.kubelet.unit} ${components.apiBalancer.unit}`],
          command: [program, ...flagList(flanneldFlags(host), cluster.flannel.extraArgs)],
          service: [
            "Type=notify",
            ...waitsForJoin,
            // READY comes after the subnet file is written (flannel's main.go).
            `ExecStartPost=/bin/sh ${places.flannelScript}`,
            ...environment({ NODE_NAME: host.nodeName }),
            ...quickPings,
            ...memoryStays
          ]
        }),
        ready: {
          command: onceJoined(isActive(unitName)),
          timeoutSeconds: 120,
          hint: `flannel waits for its node\u2019s subnet from the controller manager, or its UDP port ${vxlanPort} is taken. See its journal.`
        }
      })
    ]
  });
}
function flanneldFlags(host) {
  return {
    "kube-subnet-mgr": "true",
    "kubeconfig-file": paths.kubeletConf,
    "net-config-path": places.flannelConfig,
    "subnet-file": places.flannelSubnet,
    // flannel accepts an address instead of an interface's name, and this is the address that the other hosts reach.
    iface: host.interface ?? host.address,
    "ip-masq": "true"
  };
}
function netConf(cluster) {
  const subnets = cluster.network.podSubnet.split(",").map((subnet) => subnet.trim());
  const ipv4 = subnets.find((subnet) => !subnet.includes(":"));
  const ipv6 = subnets.find((subnet) => subnet.includes(":"));
  return {
    ...ipv4 === void 0 ? { EnableIPv4: false } : { Network: ipv4 },
    ...ipv6 !== void 0 && { EnableIPv6: true, IPv6Network: ipv6 },
    EnableNFTables: cluster.kubeProxy.mode === "nftables",
    Backend: { Type: cluster.flannel.backend }
  };
}

// src/components/networks/none.ts
var none = {
  // Only the file that our own flannel wrote while it was in use: flannel's upstream manifest, applied by a user, writes a file of the same name.
  state: () => hostState({
    absent: [places.flannelConflist],
    writers: { [places.flannelConflist]: places.flannelScript }
  }),
  manifests: () => [],
  inUserManifests: true,
  udpPorts: () => "unknown",
  modules: () => [],
  replacesKubeProxy: false
};

// src/components/networks/index.ts
var networks = { flannel, none };
function podNetwork({ network }) {
  return networks[network.plugin];
}

// src/etcd/members.ts
var mostMembers = 50;
var id = string().regex(/^[0-9a-f]{1,16}$/);
var urls = array(string().max(300)).max(20).default([]);
var listShape = looseObject({
  header: looseObject({ cluster_id: id }),
  members: array(
    looseObject({
      ID: id,
      name: string().max(300).default(""),
      peerURLs: urls,
      clientURLs: urls,
      isLearner: boolean().default(false)
    })
  ).min(1).max(mostMembers)
});
function readMemberList(text) {
  try {
    const { header, members: members2 } = listShape.parse(parseJson(text, Error));
    return {
      cluster: header.cluster_id,
      members: members2.map(({ ID, name: name2, peerURLs, clientURLs, isLearner }) => ({
        id: ID,
        name: name2,
        peerUrls: peerURLs,
        clientUrls: clientURLs,
        learner: isLearner
      }))
    };
  } catch {
    return void 0;
  }
}
function hasStarted({ clientUrls }) {
  return clientUrls.length > 0;
}

export {
  kubernetesBinary,
  etcdBinaries,
  containerdBinaries,
  runcBinary,
  cniPlugins,
  rootFile,
  publicFile,
  rootDirectory,
  json,
  flagList,
  flagValue,
  waitsForJoin,
  onceJoined,
  listens,
  isActive,
  orRefuse,
  secondsSinceBoot,
  withReads,
  unit,
  sandbox,
  memoryStays,
  serviceText,
  environment,
  quickPings,
  object,
  group,
  user,
  serviceAccount,
  clusterRole,
  clusterRoleBinding,
  systemRoleBinding,
  podNetwork,
  readMemberList,
  hasStarted
};
