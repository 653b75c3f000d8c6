import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  lockedSum,
  pinnedImage,
  taggedImage
} from "./lockfile-images.js";
import {
  certainlyNot,
  hostState,
  leavings,
  mergeStates,
  mustNotRestart
} from "./host.js";
import {
  asApiserver,
  asMember,
  etcdctl,
  failedRestart,
  hasNoSpace,
  promptMs,
  promptWrites,
  quorumOf,
  readOfQuorum,
  restartLock,
  restartQueue,
  shellCommand,
  shellQuoted,
  statusOf
} from "./etcd-etcdctl.js";
import {
  secretPathsOf
} from "./pki.js";
import {
  administratorsGroup
} from "./layout-groups.js";
import {
  contains,
  electionTimes,
  goSeconds,
  parseAddress,
  parseSubnet
} from "./cluster-addresses.js";
import {
  kubernetesMinor
} from "./cluster-versions.js";
import {
  strongCipherSuites
} from "./cluster-cel-check.js";
import {
  isOlder
} from "./cluster-version-order.js";
import {
  byAddress,
  etcdEndpoints,
  hostsWith
} from "./cluster-cluster.js";
import {
  apiServerUrl,
  components,
  etcdClientUrl,
  etcdPeerUrl,
  etcdPkiDir,
  hostPort,
  loopback,
  paths,
  pkiDir,
  places,
  withoutSuffix
} from "./layout-addresses.js";
import {
  roles
} from "./entry-bytes.js";

// src/components/downloads.ts
var executable = "755";
function download(cluster, file, sumFile, place) {
  const url = placeOf(cluster, file);
  const sha256 = lockedSum(cluster, `https://${file}`) ?? cluster.sums?.get(url);
  return {
    url,
    sumUrl: placeOf(cluster, sumFile),
    ...sha256 !== void 0 && { sha256 },
    mode: executable,
    place
  };
}
function placeOf({ mirror }, location) {
  return `${mirror === void 0 ? "https:/" : mirror.replace(/\/+$/, "")}/${location}`;
}
function kubernetesBinary(cluster, architecture, name2) {
  const file = `dl.k8s.io/v${cluster.kubernetesVersion}/bin/linux/${architecture}/${name2}`;
  return download(cluster, file, `${file}.sha256`, `${cluster.binDir}/${name2}`);
}
function etcdBinaries(cluster, architecture, names) {
  const version = cluster.versions.etcd;
  const top = `etcd-v${version}-linux-${architecture}`;
  const folder = `github.com/etcd-io/etcd/releases/download/v${version}`;
  const place = members(names, (name2) => `${top}/${name2}`, cluster.binDir);
  return download(cluster, `${folder}/${top}.tar.gz`, `${folder}/SHA256SUMS`, place);
}
function containerdBinaries(cluster, architecture) {
  const version = cluster.versions.containerd;
  const file = `github.com/containerd/containerd/releases/download/v${version}/containerd-${version}-linux-${architecture}.tar.gz`;
  const place = members(["containerd", "containerd-shim-runc-v2", "ctr"], (name2) => `bin/${name2}`, cluster.binDir);
  return download(cluster, file, `${file}.sha256sum`, place);
}
function runcBinary(cluster, architecture) {
  const folder = `github.com/opencontainers/runc/releases/download/v${cluster.versions.runc}`;
  return download(cluster, `${folder}/runc.${architecture}`, `${folder}/runc.sha256sum`, `${cluster.binDir}/runc`);
}
function cniPlugins(cluster, architecture, names, folder) {
  const version = cluster.versions.cniPlugins;
  const file = `github.com/containernetworking/plugins/releases/download/v${version}/cni-plugins-linux-${architecture}-v${version}.tgz`;
  const place = members(names, (name2) => `./${name2}`, folder);
  return download(cluster, file, `${file}.sha256`, place);
}
function flanneldBinary(cluster, architecture) {
  const tag = `v${cluster.versions.flannel}`;
  const file = `github.com/flannel-io/flannel/releases/download/${tag}/flanneld-${architecture}`;
  const sumFile = `api.github.com/repos/flannel-io/flannel/releases/tags/${tag}`;
  return download(cluster, file, sumFile, `${cluster.binDir}/flanneld`);
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
  `ExecStartPre=/bin/sh -c 'until [ -e ${places.kubeletClientCert} ]; do sleep 0.1; done'`,
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
  const backend3 = cluster.kubeProxy.mode === "nftables" ? ', "backend": "nftables"' : "";
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
    { "type": "portmap", "capabilities": { "portMappings": true }${backend3} }
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
  // A kernel with the feature built in shows no sign of it.
  modules: (cluster) => usesVxlan(cluster) ? [{ name: "vxlan", check: "untellable" }] : [],
  replacesKubeProxy: false
};
var usesVxlan = (cluster) => cluster.flannel.backend === "vxlan";
function flannelState(cluster, host, architecture) {
  const program2 = `${cluster.binDir}/flanneld`;
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
          command: [program2, ...flagList(flanneldFlags(host), cluster.flannel.extraArgs)],
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
          hint: `flannel waits for its node\u2019s subnet from the controller manager, or its UDP port ${components.flannel.ports.vxlan.port} is taken. See its journal.`
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
  modules: () => [],
  replacesKubeProxy: false
};

// src/components/networks/index.ts
var networks = { flannel, none };
function podNetwork({ network }) {
  return networks[network.plugin];
}

// src/components/secret-files.ts
var secretPaths = {
  etcd: secretPathsOf("etcd"),
  master: secretPathsOf("master"),
  node: [...secretPathsOf("node"), paths.bootstrapKubeletConf]
};
var directories = {
  etcd: ["/etc/etcd", etcdPkiDir],
  master: [places.kubernetesDir, pkiDir, `${pkiDir}/etcd`],
  node: [places.kubernetesDir, pkiDir]
};
function secretFiles(role, secrets) {
  return hostState({
    directories: directories[role].map((path) => rootDirectory(path)),
    files: secretsFor(role, secrets)
  });
}
function secretsFor(role, secrets) {
  return secrets.files.filter(({ path }) => secretPaths[role].includes(path));
}
function rootKubeconfig(secrets) {
  const admin = secrets.files.find(({ path }) => path === paths.adminConf);
  if (admin === void 0) return hostState({});
  return hostState({
    directories: [rootDirectory("/root/.kube", "700")],
    files: [{ ...admin, path: places.rootKubeconfig }],
    // What kubectl learned of the API.
    leaves: leavings("tree", "/root/.kube/cache")
  });
}

// src/components/apiserver-flags.ts
import { dirname } from "node:path/posix";

// src/etcd/restart-lock.ts
var lockSeconds = 30;
var slotSeconds = 30;
var beginSeconds = 8;
function underRestartLock(cluster, host, role, identity, ready) {
  const all = etcdEndpoints(cluster);
  const hosts = hostsWith(cluster, role);
  const place = hosts.findIndex(({ name: name2 }) => name2 === host.name);
  const lock = shellCommand(etcdctl(cluster, identity, all, "lock", `--ttl=${lockSeconds}`, "--", restartLock));
  return [
    `full() { ${hasNoSpace(cluster, identity)}; }`,
    `full || exec ${lock} "$@"`,
    `echo "etcd's space is used up, so that it takes no lock: restarts take turns by the clock"`,
    `ours() { now=$(date +%s); [ $((now / ${slotSeconds} % ${hosts.length})) = ${place} ] && [ $((now % ${slotSeconds})) -lt ${beginSeconds} ]; }`,
    `others() { ${restartQueue(cluster, identity)} 2>/dev/null | grep -q .; }`,
    `until ours && ! others && { ${ready}; } && ours; do sleep 0.5; done`,
    'exec "$@"'
  ].join("\n");
}

// src/components/apiserver-rolling.ts
var apiserverUnitName = components.apiServer.unit;
var unreadySeconds = 10;
var joinTries = 8;
function rollingApiserver(cluster, host, newMasters = []) {
  const others = hostsWith(cluster, "master").filter((master) => master.name !== host.name);
  const joining2 = others.filter(({ name: name2 }) => newMasters.includes(name2));
  const allowed = allReady(
    cluster,
    host,
    others.filter((master) => !joining2.includes(master))
  );
  return {
    live: servesSomebody(cluster, host),
    lock: `${allowed}
${underRestartLock(cluster, host, "master", asApiserver, "allReady")}`,
    ...others.length > 0 && {
      allow: [
        ...joining2.length > 0 ? [untilJoined(cluster, joining2)] : [],
        allowed,
        orRefuse("allReady", "not ready:$missing. While another API server is away, this one is not restarted")
      ].join("\n")
    },
    // The next one may restart as soon as this one is ready: the next one serves on for its shutdown delay, which is longer than
    // the 1.6 s in which the load balancers add this one again.
    healthy: {
      command: answersReady(cluster, host),
      timeoutSeconds: 120,
      hint: "The restarted API server does not become ready again, so the API servers of the other masters are not restarted."
    }
  };
}
function untilJoined(cluster, joining2) {
  const ready = joining2.map((master) => readyz(cluster, master)).join(" && ");
  return `tries=0
until ${ready} || [ "$tries" -ge ${joinTries} ]; do tries=$((tries + 1)); sleep 1; done`;
}
function apiserverWayBack(cluster, { name: name2 }) {
  const words = (...command) => shellCommand(etcdctl(cluster, asApiserver, etcdEndpoints(cluster), ...command));
  return {
    failed: [
      `last=$(${words("get", "--print-value-only", failedRestart)}) || exit 2`,
      'case $last in "$ATTEMPT on "*) echo "${last##* on }" ;; *) exit 1 ;; esac'
    ].join("\n"),
    record: `${words("put", failedRestart)} "$ATTEMPT on ${name2}"`
  };
}
function answersReady(cluster, host) {
  return `${isActive(apiserverUnitName)} && ${readyz(cluster, host)}`;
}
function servesSomebody(cluster, host) {
  return [
    `quorum() { ${readOfQuorum(cluster, asApiserver, etcdEndpoints(cluster))} >/dev/null 2>"$TMPDIR/quorum"; }`,
    stateOf(cluster, host),
    secondsSinceBoot,
    "seconds; began=$now",
    "until quorum; do",
    "state; seconds",
    `[ "$state" = 'not ready' ] || { echo "etcd answers no read of a quorum ($(tail -n 1 "$TMPDIR/quorum")), and this API server is $state"; exit 1; }`,
    `[ $((now - began)) -lt ${unreadySeconds} ] || { echo 'this API server has not been ready for ${unreadySeconds} s'; exit ${certainlyNot}; }`,
    "sleep 1",
    "done"
  ].join("\n");
}
function allReady(cluster, host, others) {
  const checks = others.map((other) => `${readyz(cluster, other)} || missing="$missing ${other.name}"`);
  return [
    stateOf(cluster, host),
    "allReady() {",
    "missing=",
    ...checks,
    `[ -z "$missing" ] || { state; [ "$state" = 'not ready' ]; }; }`
  ].join("\n");
}
function readyz(cluster, master) {
  const { byCurl, byKubectl } = clientsOf(cluster, master);
  return `{ if command -v curl >/dev/null; then ${byCurl} --fail; else ${byKubectl}; fi >/dev/null 2>&1; }`;
}
function stateOf(cluster, host) {
  const { byCurl, byKubectl } = clientsOf(cluster, host);
  return [
    "state() {",
    "if command -v curl >/dev/null; then",
    `code=$(${byCurl} --output /dev/null --write-out '%{http_code}' 2>/dev/null)`,
    // 7: nothing listens there. Source: curl(1), exit codes
    `status=$?`,
    `case $status:$code in 0:200) state=ready ;; 0:* | 7:*) state='not ready' ;; *) state="unknown (curl: status $status)" ;; esac`,
    "else",
    `answer=$(${byKubectl} 2>&1)`,
    `case $?:$answer in 0:*) state=ready ;; *'Error from server'* | *'connection refused'*) state='not ready' ;; *) state='unknown (kubectl)' ;; esac`,
    "fi; }"
  ].join("\n");
}
function clientsOf(cluster, { address }) {
  const server = apiServerUrl(address, cluster.api.port);
  const curl = ["curl", "-q", "--silent", "--noproxy", "*", "--max-time", "2", "--cacert", paths.ca.crt];
  const kubectl = [`${cluster.binDir}/kubectl`, `--kubeconfig=${paths.adminConf}`, `--server=${server}`];
  return {
    byCurl: shellCommand([...curl, `${server}/readyz`]),
    byKubectl: shellCommand([...kubectl, "--request-timeout=2s", "get", "--raw=/readyz"])
  };
}

// src/components/balancer-script.ts
var slowSeconds = { members: 1, masters: 5 };
var ticksASecond = 10;
var slowTicks = Object.entries(slowSeconds).map(([name2, seconds]) => `${name2} = ${seconds * ticksASecond}`);
var successors = "abns@k8s-ha-action-balancer-";
var successorOf = (backend3) => `${successors}${backend3}`;
var leftSeconds = 60;
var blindSeconds = 5;
var asksASecond = 2;
var askSuccessor = `local ticks, replaced, known, blind, left = 0, false, nil, 0, 0

local function ask(backend)
  local socket = core.tcp()
  socket:settimeout(1)
  local text = nil
  if socket:connect("${successors}" .. backend.name) then
    socket:send("show stat " .. backend.name .. " 4 -1\\n")
    text = socket:receive("*a")
  end
  socket:close()
  if not text or not text:find("check_status", 1, true) then return nil end
  local names, servers = nil, {}
  for line in text:gmatch("[^\\n]+") do
    local values, row = {}, {}
    for value in (line .. ","):gmatch("([^,]*),") do values[#values + 1] = value end
    if not names then
      names = values
    else
      for i, name in ipairs(names) do row[name] = values[i] end
      servers[row["svname"]] = row
    end
  end
  return servers
end

local function close(backend, name, why)
  backend.servers[name]:shut_sess()
  core.log(core.notice, "Connections to " .. backend.name .. "/" .. name .. " are closed: " .. why)
end

local function successor(backend)
  ticks = ticks + 1
  if not replaced and ticks % ${ticksASecond} == 0 then replaced = tostring(core.get_info()["Stopping"]) == "1" end
  if not replaced or ticks % ${ticksASecond / asksASecond} ~= 0 then return known end
  local servers = ask(backend)
  blind = servers and 0 or blind + 1
  left = left + 1
  known = servers or known
  for name in pairs(backend.servers) do
    if blind == ${blindSeconds * asksASecond} then close(backend, name, "unknown whether it answers") end
    if servers and not servers[name] and left % ${leftSeconds * asksASecond} == 0 then close(backend, name, "it has left") end
  end
  return known
end
`;
var closeSilentSessions = `${askSuccessor}
local silent, replaceable, closed = {}, {}, {}
local slow = { ${slowTicks.join(", ")} }

local function look(backend, known)
  local up = 0
  local function says(name, server) return known and known[name] or server:get_stats() end
  for name, server in pairs(backend.servers) do
    if says(name, server)["status"]:find("^UP") then up = up + 1 end
  end
  for name, server in pairs(backend.servers) do
    local stats = says(name, server)
    local check = stats["check_status"] or ""
    local gone = stats["status"]:find("^DOWN") and (check:find("TOUT") or check == "HANA")
    local place = backend.name .. "/" .. name
    if not gone then
      silent[place], replaceable[place], closed[place] = nil, nil, nil
    elseif not closed[place] then
      silent[place] = (silent[place] or 0) + 1
      replaceable[place] = up > 0 and (replaceable[place] or 0) + 1 or 0
      local away = silent[place] >= 30 and check:find("L4TOUT")
      local stuck = silent[place] >= 5 and not check:find("L7TOUT")
      if away or (up > 0 and (stuck or replaceable[place] >= slow[backend.name])) then
        closed[place] = true
        server:shut_sess()
        local twin = backend.servers[name .. "-unchecked"]
        if twin then twin:shut_sess() end
        core.log(core.notice, "Connections to the silent server " .. place .. " are closed")
      end
    end
  end
end

core.register_task(function()
  while true do
    core.msleep(${1e3 / ticksASecond})
    for _, backend in pairs(core.backends) do
      if slow[backend.name] then look(backend, successor(backend)) end
    end
  end
end)
`;

// src/components/packages.ts
var haproxyPackage = {
  command: "haproxy",
  apt: "haproxy",
  dnf: "haproxy",
  zypper: "haproxy",
  disableUnit: "haproxy.service"
};
var downloadTools = [
  { command: "curl", instead: ["wget"], ...everywhere("curl"), forDownloads: true },
  {
    command: "update-ca-certificates",
    instead: ["update-ca-trust"],
    ...everywhere("ca-certificates"),
    forDownloads: true
  },
  { command: "tar", ...everywhere("tar"), forDownloads: true },
  { command: "gzip", ...everywhere("gzip"), forDownloads: true }
];
var moduleTool = { command: "modprobe", ...everywhere("kmod") };
function everywhere(name2) {
  return { apt: name2, dnf: name2, zypper: name2 };
}
function firewallTool(cluster) {
  return hostState({ packages: [packageByMode[cluster.kubeProxy.mode]] });
}
var packageByMode = {
  iptables: { command: "iptables", apt: "iptables", dnf: "iptables-nft", zypper: "iptables" },
  nftables: { command: "nft", apt: "nftables", dnf: "nftables", zypper: "nftables" }
};

// src/components/balancer.ts
var program = "/usr/sbin/haproxy";
function balancerState({
  name: name2,
  description,
  port,
  socket,
  identity,
  config,
  authority,
  rolling,
  seLinux
}) {
  return hostState({
    packages: [haproxyPackage],
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(places.balancerRoot)],
    leaves: leavings("tree", socket, `/run/${name2}.pid`, ...identity ? [identity.both] : []),
    files: [rootFile(config.path, config.content), rootFile(places.balancerScript, closeSilentSessions)],
    units: [
      unit({
        name: `${name2}.service`,
        content: serviceText({
          description,
          documentation: "https://docs.haproxy.org/",
          command: [program, "-Ws", "-f", config.path, "-p", `/run/${name2}.pid`],
          service: [
            "Type=notify",
            ...identity ? [`ExecStartPre=+${joining(identity)}`] : [],
            `ExecStartPre=${program} -f ${config.path} -c -q`,
            `ExecReload=${program} -f ${config.path} -c -q`,
            'ExecReload=/bin/sh -c "kill -USR2 ${MAINPID}"',
            // Both processes must stop at once: the connections of a stopped load balancer cannot drain to another one.
            "KillMode=mixed",
            "TimeoutStopSec=5",
            "LimitNOFILE=65536",
            "OOMScoreAdjust=-998",
            // With it, SELinux leaves haproxy in systemd's own domain, which may connect to no port; in haproxy's domain the
            // boolean haproxy_connect_any lets it bind and connect to all (selinux-policy, rhcs.te and init.te).
            ...seLinux ? [] : ["NoNewPrivileges=yes"],
            "ProtectSystem=full",
            "ProtectHome=yes",
            "PrivateTmp=yes",
            ...memoryStays
          ]
        }),
        reads: [program],
        rereads: [config.path, places.balancerScript, ...authority === void 0 ? [] : [authority]],
        ...rolling && { rolling },
        ready: {
          command: listens(port),
          timeoutSeconds: 30,
          hint: `The load balancer can't listen on 127.0.0.1:${port}: does another program use that port?`
        }
      })
    ]
  });
}
function joining({ crt, key, both }) {
  return `/bin/sh -c 'umask 077; cat ${crt} ${key} >${both}'`;
}
function balancerHead(socket, backend3) {
  return [
    "global",
    `  lua-load ${places.balancerScript}`,
    "  log stdout format raw daemon notice",
    `  stats socket ${socket} mode 600 level admin expose-fd listeners`,
    `  stats socket ${successorOf(backend3)} level user`,
    "  mworker-max-reloads 3",
    "  ssl-default-server-options ssl-min-ver TLSv1.2",
    "  user haproxy",
    "  group haproxy",
    `  chroot ${places.balancerRoot}`,
    "",
    "defaults",
    "  mode tcp",
    "  log global",
    // In TCP mode this option retries on another server; `retry-on` is for HTTP only.
    "  option redispatch 1",
    "  retries 5",
    "  timeout connect 300ms",
    "  timeout client 1h",
    "  timeout server 1h",
    "  timeout check 600ms",
    "  timeout queue 5s",
    ""
  ];
}
var checkTimes = "  default-server inter 1s fastinter 250ms downinter 1s fall 2 rise 2 observe layer4 error-limit 3 on-error mark-down";

// src/components/etcd-balancer.ts
var { clients, http } = components.etcd.ports;
var etcdBalancerPort = components.etcdBalancer.ports.etcd.port;
var backend = "members";
var etcdBalancerUnit = withoutSuffix(components.etcdBalancer.unit);
function etcdServers(cluster, host) {
  if (isBalanced(cluster)) return [`https://${hostPort(loopback(host.address), etcdBalancerPort)}`];
  return host.roles.includes("etcd") ? [etcdClientUrl(loopback(host.address))] : etcdEndpoints(cluster);
}
function etcdBalancerState(cluster, host, {
  newMasters,
  seLinux
}) {
  if (!isBalanced(cluster)) return hostState({});
  return balancerState({
    name: etcdBalancerUnit,
    description: "Local balancer of etcd\u2019s members",
    port: etcdBalancerPort,
    socket: places.etcdBalancerSocket,
    identity: { ...paths.apiserverEtcdClient, both: places.etcdBalancerIdentity },
    config: { path: places.etcdBalancerConfig, content: etcdBalancerConfig(cluster, host) },
    // While it restarts, its API server has no etcd: the same as a restart of the API server itself.
    rolling: rollingApiserver(cluster, host, newMasters),
    seLinux
  });
}
var readinessLimit = "1s";
function etcdBalancerConfig(cluster, host) {
  const members2 = inOrder(cluster, host).map((member) => ({
    name: member.name,
    address: hostPort(member.name === host.name ? loopback(host.address) : member.address, clients.port)
  }));
  const identity = `ca-file ${paths.etcdCa.crt} crt ${places.etcdBalancerIdentity}`;
  const check = `check check-ssl verify required ${identity} verifyhost localhost downinter 250ms`;
  return [
    ...balancerHead(places.etcdBalancerSocket, backend),
    "frontend etcd",
    `  bind ${hostPort(loopback(host.address), etcdBalancerPort)}`,
    `  default_backend ${backend}`,
    "",
    `backend ${backend}`,
    `  balance ${host.roles.includes("etcd") ? "first" : "leastconn"}`,
    "  option allbackups",
    "  retries 66",
    "  option tcp-check",
    `  tcp-check connect default port ${clients.port}`,
    `  tcp-check connect default port ${http.port}`,
    String.raw`  tcp-check send GET\ /readyz\ HTTP/1.1\r\nHost:\ localhost\r\nConnection:\ close\r\n\r\n`,
    String.raw`  tcp-check expect string HTTP/1.1\ 200\ `,
    `  timeout check ${readinessLimit}`,
    checkTimes,
    ...members2.map(({ name: name2, address }) => `  server ${name2} ${address} ${check} tcp-ut 1000`),
    ...members2.map(({ name: name2, address }) => `  server ${name2}-unchecked ${address} backup tcp-ut 1000`),
    ""
  ].join("\n");
}
function isBalanced(cluster) {
  return hostsWith(cluster, "etcd").length > 1;
}
function inOrder(cluster, host) {
  const members2 = byAddress(hostsWith(cluster, "etcd"));
  const own = Math.max(
    0,
    members2.findIndex(({ name: name2 }) => name2 === host.name)
  );
  return [...members2.slice(own), ...members2.slice(0, own)];
}

// src/components/apiserver-flags.ts
var shutdownDelay = "3s";
function apiserverFlags(cluster, host) {
  return { ...kubeadmFlags(cluster, host), ...hardening, ...serving, ...instead(cluster) };
}
function kubeadmFlags(cluster, host) {
  const { network } = cluster;
  return {
    "advertise-address": host.address,
    "secure-port": String(cluster.api.port),
    "allow-privileged": "true",
    "authorization-mode": "Node,RBAC",
    "enable-admission-plugins": "NodeRestriction",
    "enable-bootstrap-token-auth": "true",
    "client-ca-file": paths.ca.crt,
    "tls-cert-file": paths.apiserver.crt,
    "tls-private-key-file": paths.apiserver.key,
    "kubelet-client-certificate": paths.apiserverKubeletClient.crt,
    "kubelet-client-key": paths.apiserverKubeletClient.key,
    "kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
    "service-cluster-ip-range": network.serviceSubnet,
    "service-node-port-range": network.serviceNodePortRange,
    "service-account-issuer": `https://kubernetes.default.svc.${network.dnsDomain}`,
    "service-account-key-file": paths.serviceAccount.pub,
    "service-account-signing-key-file": paths.serviceAccount.key,
    "etcd-servers": etcdServers(cluster, host).join(","),
    "etcd-cafile": paths.etcdCa.crt,
    "etcd-certfile": paths.apiserverEtcdClient.crt,
    "etcd-keyfile": paths.apiserverEtcdClient.key,
    "requestheader-client-ca-file": paths.frontProxyCa.crt,
    "requestheader-allowed-names": components.apiServer.certificates.frontProxyClient.user,
    "requestheader-username-headers": "X-Remote-User",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
    "proxy-client-cert-file": paths.frontProxyClient.crt,
    "proxy-client-key-file": paths.frontProxyClient.key
  };
}
var hardening = {
  "authentication-config": places.authenticationConfig,
  "kubelet-certificate-authority": paths.ca.crt,
  "encryption-provider-config": paths.encryptionConfig,
  "audit-policy-file": places.auditPolicy,
  "audit-log-path": places.auditLog,
  "audit-log-maxage": "30",
  "audit-log-maxbackup": "10",
  "audit-log-maxsize": "100",
  profiling: "false",
  "service-account-extend-token-expiration": "false",
  "tls-min-version": "VersionTLS12",
  "tls-cipher-suites": strongCipherSuites.join(",")
};
var serving = {
  "event-ttl": "1h",
  "shutdown-delay-duration": shutdownDelay,
  // By default an API server with open watches takes the whole minute of --request-timeout to exit.
  "shutdown-send-retry-after": "true",
  // One request in a thousand moves its connection to another master, so that a returned master gets its share again.
  "goaway-chance": "0.001",
  // A master may have no kube-proxy, so it uses the pods' addresses of metrics-server and webhooks.
  "enable-aggregator-routing": "true"
};
function instead({ apiServer }) {
  const replaced = apiServer.extraArgs.some(({ name: name2 }) => name2 === "authorization-config");
  return replaced ? { "authorization-mode": void 0 } : {};
}
function auditLogPath({ apiServer }) {
  return flagValue("audit-log-path", places.auditLog, apiServer.extraArgs);
}
function auditLogDirectory(cluster) {
  return dirname(auditLogPath(cluster));
}

// src/components/audit-policy.ts
var renewing = ["get", "update", "patch", "list", "watch"];
var telling = ["create", "update", "patch", "get", "list", "watch"];
var leases = [{ group: "coordination.k8s.io", resources: ["leases"] }];
var events = [{ group: "", resources: ["events"] }, { group: "events.k8s.io" }];
var [controllerManager, scheduler, kubeProxy] = [
  components.controllerManager.kubeconfig.user,
  components.scheduler.kubeconfig.user,
  components.kubeProxy.kubeconfig.user
];
var repeating = [
  { users: ["system:apiserver", controllerManager, scheduler, kubeProxy] },
  { userGroups: ["system:nodes"] },
  { userGroups: ["system:serviceaccounts:kube-system"] }
];
var noise = [
  { level: "None", users: [kubeProxy], verbs: ["watch"] },
  ...repeating.flatMap((who) => [
    { level: "None", ...who, verbs: renewing, resources: leases },
    { level: "None", ...who, verbs: telling, resources: events }
  ]),
  { level: "None", userGroups: ["system:nodes"], verbs: ["get", "list", "watch"], resources: [{ group: "" }] },
  { level: "None", nonResourceURLs: ["/livez*", "/readyz*", "/healthz*", "/version", "/openapi/*"] }
];
var rights = {
  level: "Request",
  omitManagedFields: true,
  verbs: ["create", "update", "patch", "delete", "deletecollection"],
  resources: [{ group: "rbac.authorization.k8s.io" }]
};
var auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    {
      level: "Metadata",
      resources: [
        { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
        { group: "authentication.k8s.io", resources: ["tokenreviews"] },
        {
          group: "",
          resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy"]
        }
      ]
    },
    rights,
    ...noise,
    { level: "Metadata" }
  ]
};

// src/components/authentication-config.ts
function authenticationConfig({ apiServer }) {
  const { jwt } = apiServer.authentication;
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    anonymous: { enabled: true, conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }] },
    ...jwt.length > 0 && { jwt: jwt.map(withOwnRules) }
  };
}
function withOwnRules(entry) {
  const given = entry.userValidationRules.map(({ expression }) => expression);
  const added = ownRules.filter(({ expression }) => !given.includes(expression));
  return { ...entry, userValidationRules: [...entry.userValidationRules, ...added] };
}
var [productPrefix] = administratorsGroup.split(":");
var kubeletClient = components.apiServer.certificates.kubeletClient.user;
var ownRules = [
  { expression: "!user.username.startsWith('system:')", message: "names with system: belong to Kubernetes" },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: "groups with system: belong to Kubernetes"
  },
  {
    expression: `!user.username.startsWith('${productPrefix}:') && user.username != '${kubeletClient}'`,
    message: `names with ${productPrefix}: and ${kubeletClient} belong to the product`
  },
  {
    expression: `user.groups.all(group, !group.startsWith('${productPrefix}:'))`,
    message: `groups with ${productPrefix}: belong to the product`
  }
];

// src/components/apiserver.ts
function apiserverState(cluster, host, architecture, newMasters) {
  const auditLog = auditLogPath(cluster);
  return hostState({
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(auditLogDirectory(cluster), "700")],
    files: [
      rootFile(places.authenticationConfig, json(authenticationConfig(cluster))),
      rootFile(places.auditPolicy, json(auditPolicy))
    ],
    downloads: [
      kubernetesBinary(cluster, architecture, "kube-apiserver"),
      etcdBinaries(cluster, architecture, ["etcd", "etcdctl", "etcdutl"])
    ],
    units: [apiserverUnit(cluster, host, newMasters)],
    // Rotated as NAME-TIME.SUFFIX. Not the directory: it may be one that others use as well.
    leaves: leavings("tree", auditLog, auditLog.replace(/(\.[^./]*)?$/, "-*$1"))
  });
}
function apiserverUnit(cluster, host, newMasters) {
  const program2 = `${cluster.binDir}/kube-apiserver`;
  return unit({
    name: apiserverUnitName,
    content: serviceText({
      description: "Kubernetes API server",
      documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
      unit: [`After=${components.etcd.unit} ${components.etcdBalancer.unit}`],
      command: [program2, ...flagList(apiserverFlags(cluster, host), cluster.apiServer.extraArgs)],
      service: [
        // It sends READY when it listens (genericapiserver.go, NonBlockingRunWithContext).
        "Type=notify",
        "TimeoutStartSec=infinity",
        // After the shutdown delay, requests in flight may take their whole minute (--request-timeout).
        "TimeoutStopSec=75",
        "LimitNOFILE=1048576",
        "OOMScoreAdjust=-997",
        ...sandbox,
        ...memoryStays
      ]
    }),
    ready: {
      command: answersReady(cluster, host),
      timeoutSeconds: 120,
      hint: "The API server does not become ready: it may not reach etcd, or not accept one of its flags. See its journal."
    },
    rolling: { ...rollingApiserver(cluster, host, newMasters), wayBack: apiserverWayBack(cluster, host) }
  });
}

// src/components/cni.ts
var plugins = [
  "bandwidth",
  "bridge",
  "dummy",
  "firewall",
  "host-device",
  "host-local",
  "ipvlan",
  "loopback",
  "macvlan",
  "portmap",
  "ptp",
  "sbr",
  "static",
  "tuning",
  "vlan"
];
function cniState(cluster, architecture) {
  return hostState({
    directories: [
      rootDirectory("/opt/cni"),
      rootDirectory(places.cniPlugins),
      rootDirectory("/etc/cni"),
      rootDirectory(places.cniConfig, "700")
    ],
    leaves: [
      // Addresses (host-local) and results (libcni) of pods.
      ...leavings("tree", "/var/lib/cni"),
      // Of the plugins bridge, portmap (both kinds) and firewall.
      ...leavings("interface", "cni0"),
      ...leavings("chain", "CNI-"),
      ...leavings("table", "inet cni_hostport"),
      ...leavings("tuned", "net.ipv4.ip_forward")
    ],
    downloads: [cniPlugins(cluster, architecture, plugins, places.cniPlugins)]
  });
}

// node_modules/smol-toml/dist/stringify.js
var BARE_KEY = /^[a-z0-9-_]+$/i;
var HAS_WELLFORMED = !!"".isWellFormed;
function extendedTypeOf(obj) {
  let type = typeof obj;
  if (type === "object") {
    if (Array.isArray(obj))
      return "array";
    if (typeof obj.getUTCDate === "function" && obj instanceof Date)
      return "date";
    if (globalThis.Temporal) {
      if (obj.until) {
        if (obj instanceof Temporal.ZonedDateTime)
          return "temporal/tz+uc";
        if (obj instanceof Temporal.PlainDateTime || obj instanceof Temporal.PlainDate)
          return "temporal/uc";
        if (obj instanceof Temporal.PlainTime || obj instanceof Temporal.Instant)
          return "temporal";
        if (obj instanceof Temporal.PlainYearMonth)
          return "temporal/x";
      } else if (obj.toPlainDate && obj instanceof Temporal.PlainMonthDay || obj.negated && obj instanceof Temporal.Duration) {
        return "temporal/x";
      }
    }
  }
  return type;
}
function isArrayOfTables(obj) {
  for (let i = 0; i < obj.length; i++) {
    if (extendedTypeOf(obj[i]) !== "object")
      return false;
  }
  return obj.length != 0;
}
function formatWellFormedStringUnchecked(s) {
  return JSON.stringify(s).replaceAll("\x7F", "\\u007f");
}
function formatString(s) {
  return formatWellFormedStringUnchecked(HAS_WELLFORMED ? s.toWellFormed() : s);
}
function formatKey(s) {
  if (BARE_KEY.test(s))
    return s;
  if (HAS_WELLFORMED && !s.isWellFormed())
    throw new RangeError("key contains illegal lone surrogates");
  return formatWellFormedStringUnchecked(s);
}
function stringifyValue(val, type, depth, numberAsFloat, strictTemporal) {
  if (depth === 0) {
    throw new Error("Could not stringify the object: maximum object depth exceeded");
  }
  switch (type) {
    // @ts-expect-error -- intentional fallthrough case
    case "number":
      if (isNaN(val))
        return "nan";
      if (val === Infinity)
        return "inf";
      if (val === -Infinity)
        return "-inf";
      if (Number.isInteger(val) && (numberAsFloat || !Number.isSafeInteger(val)))
        return val.toFixed(1);
    case "bigint":
    case "boolean":
    case "temporal":
      return val.toString();
    case "string":
      return formatString(val);
    case "date":
      if (isNaN(val.getTime()))
        throw new TypeError("cannot serialize invalid date");
      return val.toISOString();
    case "object":
      return stringifyInlineTable(val, depth, numberAsFloat, strictTemporal);
    case "array":
      return stringifyArray(val, depth, numberAsFloat, strictTemporal);
    // @ts-expect-error -- intentional fallthrough case
    case "temporal/tz+uc":
      if (strictTemporal) {
        let tz = val.timeZoneId;
        let tzc = tz.charCodeAt(0);
        if (
          // Classic offset
          tzc !== 43 && tzc !== 45 && // Fast pre-check pass; see below for the actually accepted values
          (tzc !== 85 && tzc !== 71 && tzc !== 90 && tzc !== 69 || // UTC and its aliases; Temporal implementations don't all canonicalise unfortunately
          tz !== "UTC" && tz !== "UCT" && tz !== "Universal" && tz !== "Zulu" && // GMT is a TZ but it's for all intents and purposes equivalent to UTC. Safe to downgrade.
          !tz.startsWith("GMT") && tz !== "Greenwich" && // Etc/* are all safe to downgrade to offset (either UTC, GMT, or offset)
          !tz.startsWith("Etc/"))
        ) {
          throw new TypeError("Temporal objects with an IANA timezone are not allowed in Temporal strict mode");
        }
      }
    case "temporal/uc":
      if (strictTemporal && val.calendarId !== "iso8601")
        throw new TypeError("Temporal objects with a non-default calendar are not allowed in Temporal strict mode");
      return val.toString({
        calendarName: "never",
        timeZoneName: "never"
      });
    case "temporal/x":
      throw new TypeError("Unsupported " + val[Symbol.toStringTag]);
  }
}
function stringifyInlineTable(obj, depth, numberAsFloat, strictTemporal) {
  let keys = Object.keys(obj);
  if (keys.length === 0)
    return "{}";
  let res = "{ ";
  for (let i = 0; i < keys.length; i++) {
    let k = keys[i];
    if (i)
      res += ", ";
    res += formatKey(k) + " = " + stringifyValue(obj[k], extendedTypeOf(obj[k]), depth - 1, numberAsFloat, strictTemporal);
  }
  return res + " }";
}
function stringifyArray(array, depth, numberAsFloat, strictTemporal) {
  if (array.length === 0)
    return "[]";
  let res = "[ ";
  for (let i = 0; i < array.length; i++) {
    if (i)
      res += ", ";
    if (array[i] === null || array[i] === void 0) {
      throw new TypeError("arrays cannot contain null or undefined values");
    }
    res += stringifyValue(array[i], extendedTypeOf(array[i]), depth - 1, numberAsFloat, strictTemporal);
  }
  return res + " ]";
}
function stringifyArrayTable(array, key, depth, numberAsFloat, strictTemporal) {
  if (depth === 0) {
    throw new Error("Could not stringify the object: maximum object depth exceeded");
  }
  let res = "";
  for (let i = 0; i < array.length; i++) {
    res += `${res && "\n"}[[${key}]]
`;
    res += stringifyTable(0, array[i], key, depth, numberAsFloat, strictTemporal);
  }
  return res;
}
function stringifyTable(tableKey, obj, prefix, depth, numberAsFloat, strictTemporal) {
  if (depth === 0) {
    throw new Error("Could not stringify the object: maximum object depth exceeded");
  }
  let preamble = "";
  let tables = "";
  let keys = Object.keys(obj);
  for (let i = 0; i < keys.length; i++) {
    let k = keys[i];
    if (obj[k] !== null && obj[k] !== void 0) {
      let type = extendedTypeOf(obj[k]);
      if (type === "symbol" || type === "function") {
        throw new TypeError(`cannot serialize values of type '${type}'`);
      }
      let key = formatKey(k);
      if (type === "array" && isArrayOfTables(obj[k])) {
        tables += (tables && "\n") + stringifyArrayTable(obj[k], prefix ? `${prefix}.${key}` : key, depth - 1, numberAsFloat, strictTemporal);
      } else if (type === "object") {
        let tblKey = prefix ? `${prefix}.${key}` : key;
        tables += (tables && "\n") + stringifyTable(tblKey, obj[k], tblKey, depth - 1, numberAsFloat, strictTemporal);
      } else {
        preamble += key;
        preamble += " = ";
        preamble += stringifyValue(obj[k], type, depth, numberAsFloat, strictTemporal);
        preamble += "\n";
      }
    }
  }
  if (tableKey && (preamble || !tables))
    preamble = preamble ? `[${tableKey}]
${preamble}` : `[${tableKey}]`;
  return preamble && tables ? `${preamble}
${tables}` : preamble || tables;
}
function stringify(obj, { maxDepth = 1e3, numbersAsFloat = false, strictTemporal = false } = {}) {
  if (extendedTypeOf(obj) !== "object") {
    throw new TypeError("stringify can only be called with an object");
  }
  let str = stringifyTable(0, obj, "", maxDepth, numbersAsFloat, strictTemporal);
  if (str[str.length - 1] !== "\n")
    return str + "\n";
  return str;
}

// src/components/merge.ts
function merged(ours, theirs) {
  const entries = Object.entries(theirs).map(([key, value]) => {
    const own = ours[key];
    return [key, isFragment(own) && isFragment(value) ? merged(own, value) : value];
  });
  return { ...ours, ...Object.fromEntries(entries) };
}
function isFragment(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/components/proxy.ts
function proxyOf(cluster) {
  const { proxy, network, hosts, removed, api: api2 } = cluster;
  if (proxy === void 0) return void 0;
  const users = proxy.noProxy.map((entry) => entry.replace(/^\*\./, "."));
  const { serviceSubnet, podSubnet, dnsDomain } = network;
  const names = [...hosts, ...removed].flatMap(({ address, name: name2, nodeName }) => [address, name2, nodeName]);
  const inside = ["localhost", "127.0.0.1", "127.0.0.0/8", ".svc", `.${dnsDomain}`, serviceSubnet, podSubnet];
  const all = [...users, ...mirrorIn(users, cluster), ...inside, ...names, ...api2.certSANs.filter(isPlain)];
  return { http: proxy.http, https: proxy.https, noProxy: [...new Set(all)].join(",") };
}
function mirrorIn(noProxy, { mirror }) {
  const host = mirror === void 0 ? "" : new URL(mirror).hostname;
  const address = parseAddress(host);
  const subnets = noProxy.map(parseSubnet);
  const isInside = address !== void 0 && subnets.some((subnet) => subnet && contains(subnet, address));
  return isInside ? [host] : [];
}
function isPlain(name2) {
  return !name2.includes("*");
}

// src/components/containerd.ts
function containerdState(cluster, architecture) {
  const program2 = `${cluster.binDir}/containerd`;
  const proxy = proxyOf(cluster);
  return hostState({
    directories: [
      rootDirectory("/etc/containerd"),
      rootDirectory(places.registries),
      ...Object.keys(cluster.containerd.registries).map((name2) => rootDirectory(`${places.registries}/${name2}`))
    ],
    files: [publicFile(places.containerdConfig, containerdConfig(cluster)), ...registryFiles(cluster)],
    downloads: [containerdBinaries(cluster, architecture), runcBinary(cluster, architecture)],
    leaves: [
      // Data, state with the mounts of containers, plugins of others (plugins/opt), network namespaces of pods.
      ...leavings(
        "tree",
        places.containerdRoot,
        "/run/containerd",
        "/run/nri",
        "/opt/containerd",
        "/run/netns/cni-*",
        "/run/runc"
      ),
      ...leavings("program", `${cluster.binDir}/containerd-shim-runc-v2`)
    ],
    units: [
      unit({
        name: components.containerd.unit,
        content: serviceText({
          description: "containerd, the container runtime",
          documentation: "https://containerd.io",
          command: [program2, "--config", places.containerdConfig],
          service: [
            "Type=notify",
            ...environment({
              // It looks for its shim in PATH.
              PATH: `${cluster.binDir}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
              HTTP_PROXY: proxy?.http,
              HTTPS_PROXY: proxy?.https,
              NO_PROXY: proxy?.noProxy
            }),
            // Containers keep running when it restarts, in cgroups of their own.
            "Delegate=yes",
            "KillMode=process",
            "LimitNPROC=infinity",
            "LimitCORE=infinity",
            "TasksMax=infinity",
            "OOMScoreAdjust=-999"
          ]
        }),
        ready: {
          command: `[ -S ${places.containerdSocket} ] && ${cluster.binDir}/ctr --address ${places.containerdSocket} version >/dev/null 2>&1`,
          timeoutSeconds: 60,
          hint: "containerd exits at once if its configuration has an error: see its journal and containerd.config in cluster.yaml."
        }
      })
    ]
  });
}
function containerdConfig(cluster) {
  const systemdCgroup = cluster.kubelet.config.cgroupDriver !== "cgroupfs";
  const ours = {
    version: configVersion(cluster.versions.containerd),
    plugins: {
      "io.containerd.cri.v1.images": {
        ...!usesTransfer(cluster) && { image_pull_with_sync_fs: true },
        pinned_images: { sandbox: pinnedImage(cluster, "pause") },
        registry: { config_path: places.registries }
      },
      "io.containerd.cri.v1.runtime": {
        containerd: {
          default_runtime_name: "runc",
          runtimes: {
            runc: {
              runtime_type: "io.containerd.runc.v2",
              options: { BinaryName: `${cluster.binDir}/runc`, SystemdCgroup: systemdCgroup }
            }
          }
        }
      }
    }
  };
  const text = stringify(merged(ours, cluster.containerd.config));
  const version = cluster.lock === void 0 ? "" : `# sandbox: ${taggedImage(cluster, "pause")}
`;
  return `${version}${text}
`;
}
function usesTransfer({ containerd }) {
  const plugins2 = containerd.config.plugins;
  const names = typeof plugins2 === "object" && plugins2 !== null ? Object.keys(plugins2) : [];
  return names.some((name2) => /^io\.containerd\.(transfer|image-verifier)\./.test(name2));
}
function configVersion(version) {
  return isOlder(version, "2.3.0") ? 3 : 4;
}
function registryFiles(cluster) {
  return Object.entries(cluster.containerd.registries).map(([name2, { mirrors, skipVerify }]) => {
    const host = { capabilities: ["pull", "resolve"], ...skipVerify && { skip_verify: true } };
    const hosts = {
      server: name2 === "docker.io" ? "https://registry-1.docker.io" : `https://${name2}`,
      host: Object.fromEntries(mirrors.map((mirror) => [mirror, host]))
    };
    return publicFile(`${places.registries}/${name2}/hosts.toml`, `${stringify(hosts)}
`);
  });
}

// src/components/release-lease.ts
var requestSeconds = 2;
function releaseLeaseScript(cluster) {
  const text = `#!/bin/sh
# release-lease NAME KUBECONFIG [SERVER...]
name=$1 kubeconfig=$2
shift 2
read -r host </proc/sys/kernel/hostname
case $host in localhost*) exit 0 ;; esac
lease=/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/$name

ask() {
  ${cluster.binDir}/kubectl --kubeconfig="$kubeconfig" --request-timeout=${requestSeconds}s \${server:+"--server=$server"} "$@"
}

# The own API server first, by the kubeconfig; it may have ended together with the leader.
for server in '' "$@"; do
  object=$(ask get --raw "$lease" 2>/dev/null) || continue
  case $object in
    *'"holderIdentity":"'"$host"_*) ;;
    *) exit 0 ;;
  esac
  printf '%s' "$object" |
    sed 's/"holderIdentity":"[^"]*"/"holderIdentity":""/; s/"leaseDurationSeconds":[0-9]*/"leaseDurationSeconds":1/' |
    ask replace --raw "$lease" -f - >/dev/null && echo "the lease $name is given up" && exit 0
done
exit 0
`;
  return { ...publicFile(places.releaseLease, text), mode: "755" };
}
function releasesLease(cluster, host, lease, kubeconfig) {
  const others = byAddress(hostsWith(cluster, "master")).filter(({ name: name2 }) => name2 !== host.name);
  const servers = others.map(({ address }) => apiServerUrl(address, cluster.api.port));
  return `ExecStopPost=-/bin/sh ${[places.releaseLease, lease, kubeconfig, ...servers].join(" ")}`;
}

// src/components/controller-manager.ts
var volumePlugins = "/var/lib/kube-controller-manager";
function controllerManagerState(cluster, host, architecture, secrets) {
  const program2 = `${cluster.binDir}/kube-controller-manager`;
  return hostState({
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(volumePlugins)],
    files: [releaseLeaseScript(cluster)],
    downloads: [kubernetesBinary(cluster, architecture, "kube-controller-manager")],
    units: [
      unit({
        name: components.controllerManager.unit,
        content: serviceText({
          description: "Kubernetes controller manager",
          documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
          // The order is reversed at a shutdown: it stops and releases its lease while the API server still answers.
          unit: [`After=${components.apiServer.unit}`],
          command: [
            program2,
            ...flagList(controllerManagerFlags(cluster, secrets), cluster.controllerManager.extraArgs)
          ],
          service: [
            "LimitNOFILE=1048576",
            releasesLease(cluster, host, "kube-controller-manager", paths.controllerManagerConf),
            ...sandbox,
            ...memoryStays
          ]
        }),
        ready: {
          command: listens(components.controllerManager.ports.health.port),
          timeoutSeconds: 60,
          hint: "The controller manager exits at once if it does not accept a flag or a kubeconfig: see its journal."
        }
      })
    ]
  });
}
function controllerManagerFlags(cluster, { files }) {
  const { network } = cluster;
  const gates = kubernetesMinor(cluster.minor).controllerManagerGates;
  return {
    "bind-address": "127.0.0.1",
    "leader-elect": "true",
    ...electionFlags(cluster),
    ...requestFlags,
    kubeconfig: paths.controllerManagerConf,
    "authentication-kubeconfig": paths.controllerManagerConf,
    "authorization-kubeconfig": paths.controllerManagerConf,
    "client-ca-file": paths.ca.crt,
    "requestheader-client-ca-file": paths.frontProxyCa.crt,
    "root-ca-file": paths.ca.crt,
    "service-account-private-key-file": paths.serviceAccount.key,
    "cluster-signing-cert-file": files.some(({ path }) => path === paths.signingCa) ? paths.signingCa : paths.ca.crt,
    "cluster-signing-key-file": paths.ca.key,
    // Of a kubelet's client certificate, which can't be revoked. It renews it with 3 to 9 days left; after a
    // longer time without an API server it joins again by a run.
    "cluster-signing-duration": "720h",
    "use-service-account-credentials": "true",
    // tokencleaner deletes expired bootstrap tokens; each run creates one per joining node.
    controllers: "*,bootstrapsigner,tokencleaner",
    "cluster-name": cluster.name,
    "allocate-node-cidrs": "true",
    "cluster-cidr": network.podSubnet,
    "service-cluster-ip-range": network.serviceSubnet,
    ...nodeMaskFlags(network.podSubnet, network.nodeCidrMaskSize),
    "flex-volume-plugin-dir": volumePlugins,
    "terminated-pod-gc-threshold": "12500",
    profiling: "false",
    "tls-min-version": "VersionTLS12",
    "tls-cipher-suites": strongCipherSuites.join(","),
    "feature-gates": gates.length === 0 ? void 0 : gates.join(",")
  };
}
var requestFlags = { "kube-api-qps": "100", "kube-api-burst": "200" };
function electionFlags({ election }) {
  const { leaseDuration, renewDeadline, retryPeriod } = electionTimes(election);
  return {
    "leader-elect-lease-duration": goSeconds(leaseDuration),
    "leader-elect-renew-deadline": goSeconds(renewDeadline),
    "leader-elect-retry-period": goSeconds(retryPeriod)
  };
}
function nodeMaskFlags(podSubnet, size) {
  return podSubnet.includes(",") ? { "node-cidr-mask-size-ipv4": String(size) } : { "node-cidr-mask-size": String(size) };
}

// src/components/etcd-hold.ts
var heldKeys = "k8s-ha-action/held/";
var holdUnit = "k8s-ha-action-hold";
var holdLimit = 150;
var allLimit = 50;
var moveLimit = 80;
var firstLimit = 800;
var clock = 'clock() { IFS=". " read -r now hundredths _ </proc/uptime; now=$((now * 100 + 1$hundredths - 100)); }';
function holdOnMaster(cluster, master) {
  const ask = (...command) => shellCommand(etcdctl(cluster, asApiserver, etcdEndpoints(cluster), ...command));
  const key = `${heldKeys}${master.name}`;
  const signal = (name2) => `systemctl kill --signal=${name2} ${etcdBalancerUnit}.service`;
  const script = [
    clock,
    'cd "$RUNTIME_DIRECTORY" || exit 1',
    `${ask("watch", key)} >seen 2>/dev/null &`,
    signal("STOP"),
    "clock; began=$now",
    `${ask("put", key, "held")} >/dev/null 2>&1 &`,
    `until grep -q '^DELETE' seen || [ $((now - began)) -ge ${holdLimit} ]; do sleep 0.02; clock; done`,
    signal("CONT")
  ].join("\n");
  const unit2 = shellCommand([
    "systemd-run",
    "--quiet",
    "--collect",
    `--unit=${holdUnit}`,
    "--property=RuntimeMaxSec=3",
    // As etcd: on a busy host the hold must not end before the leader has moved.
    "--property=Nice=-5",
    `--property=RuntimeDirectory=${holdUnit}`,
    `--property=ExecStopPost=/bin/sh -c "${signal("CONT")}"`,
    "/bin/sh",
    "-c",
    // systemd replaces variables in a unit's command line; `$$` is a dollar sign (systemd.service(5)).
    script.replaceAll("$", "$$$$")
  ]);
  return `systemctl stop ${holdUnit}.service 2>/dev/null; ${unit2}`;
}
function holdOfLeader(cluster, host, words) {
  const own = etcdClientUrl(loopback(host.address));
  const ask = (...command) => shellCommand(etcdctl(cluster, asMember, [own], ...command));
  const release = `${ask("del", "--prefix", heldKeys)} >/dev/null 2>&1`;
  const both = words.simple([own, "URL"]).replace("URL", '"$url"');
  const masters = hostsWith(cluster, "master").length;
  const indexes = String.raw`sed -n 's/.*, [a-z]*, [a-z]*, [0-9]*, \([0-9]*\), \([0-9]*\),.*/\1 \2/p' | tr ' ' '\n' | sort -u`;
  return {
    // From its revision on, no key is missed, however late the watch begins.
    needed: `${words.leads} && ${ask("--write-out=json", "del", "--prefix", heldKeys)} >"$TMPDIR/held" 2>/dev/null`,
    work: [
      "renice -n -5 $$ >/dev/null 2>&1",
      clock,
      'late() { clock; [ $((now - began)) -ge "$1" ]; }',
      quickestOther(cluster, host, words),
      "seen=$(mktemp)",
      // One watch for all: while all hosts are busy, each start of etcdctl takes its time.
      `rev=$(sed -n 's/.*"revision":\\([0-9]*\\).*/\\1/p' "$TMPDIR/held" 2>/dev/null)`,
      `${ask("watch", "--prefix", heldKeys)} \${rev:+--rev=$((rev + 1))} >"$seen" 2>/dev/null &`,
      `trap ${shellQuoted(`kill $!; ${release}; rm -f "$seen"`)} EXIT`,
      'next=$(quickest); [ -n "$next" ] || exit 2',
      "url=${next%%,*} id=${next#*, }",
      `held() { count=$(grep -c '^PUT' "$seen"); [ "$count" -ge "$1" ]; }`,
      "clock; began=$now",
      `until held 1; do ! late ${firstLimit} || exit 2; sleep 0.02; done`,
      "clock; began=$now",
      // The first tries need every master and every member; the last one makes do with those that there are.
      'strict() { [ "$HOLD_TRY" -lt 3 ]; }',
      `until held ${masters} || late ${allLimit}; do sleep 0.02; done`,
      `held ${masters} || ! strict || exit 1`,
      // They have written and applied the same entries: nothing is on its way any more, and the move waits for none.
      "at=",
      `until case $at in '' | *[!0-9]*) false ;; esac; do`,
      `! late ${moveLimit} || exit 1`,
      `at=$({ if strict; then ${words.simple(etcdEndpoints(cluster))}; else ${both}; fi; } | ${indexes})`,
      "done",
      `! late ${moveLimit} || exit 1`,
      `${ask("move-leader")} "\${id%%,*}" || exit 1`
    ].join("\n")
  };
}
function quickestOther(cluster, host, { simple }) {
  const others = hostsWith(cluster, "etcd").filter(({ name: name2 }) => name2 !== host.name);
  const asked = others.map(({ address }) => {
    const url = etcdClientUrl(address);
    return `{ ${promptWrites(cluster, asMember, url)} && ${simple([url])}; } &`;
  });
  return `quickest() { { ${asked.join(" ")} wait; } | head -n 1; }`;
}

// src/components/etcd-rolling.ts
var askSeconds = 8;
var promptTries = 5;
var leaderlessSeconds = 15;
function rollingMember(cluster, host, voters = []) {
  const inFile = hostsWith(cluster, "etcd");
  const voting = inFile.filter(({ name: name2 }) => voters.includes(name2) || name2 === host.name);
  const members2 = voters.length > 0 ? voting : inFile;
  if (members2.length < 2) return void 0;
  const others = members2.filter((member) => member.name !== host.name);
  const own = [etcdClientUrl(loopback(host.address))];
  const simple = (endpoints) => `${shellCommand(etcdctl(cluster, asMember, endpoints, "endpoint", "status"))} 2>/dev/null`;
  const leads = `${simple(own)} | grep -q ', true, false, [0-9]'`;
  const words = { leads, simple };
  const reads = (url) => `${readOfQuorum(cluster, asMember, [url])} >/dev/null 2>&1`;
  const writes = (url) => promptWrites(cluster, asMember, url);
  const notEnough = `no answer from$absent, and ${quorumOf(members2.length)} of the other ${others.length} etcd members are needed for a quorum without ${host.name}`;
  return {
    live: [
      isMemberOfLiving(cluster, own),
      allPrompt(cluster, host),
      enoughOthers(others, reads),
      // Known without the lock when no restart is going on: then it need not be waited for, one host after the other.
      `idle() { queue=$(${restartQueue(cluster, asMember)} 2>/dev/null) && [ -z "$queue" ] && ! ${hasNoSpace(cluster, asMember)}; }`,
      "calm() { enough || ! idle; }",
      orRefuse("calm", notEnough, 2, mustNotRestart)
    ].join("\n"),
    // Members of one run ask for the lock at about the same time. In jobs that begin one after the other the leader can't
    // know of those to come: then leadership moves more than once.
    turn: [
      `leads() { ${leads}; }`,
      `queued() { ${restartQueue(cluster, asMember)} 2>/dev/null | grep -q .; }`,
      "! leads || sleep 2",
      "while leads && queued; do sleep 1; done"
    ].join("\n"),
    lock: `${enoughOthers(others, writes)}
${underRestartLock(cluster, host, "etcd", asMember, "enough")}`,
    allow: [enoughOthers(others, writes), orRefuse("enough", notEnough, promptTries)].join("\n"),
    hold: holdOfLeader(cluster, host, words),
    // Where the masters could not hold.
    before: [
      quickestOther(cluster, host, words),
      `if ${leads}; then`,
      `next=$(quickest | cut -d , -f 2 | tr -d ' ')`,
      `[ -z "$next" ] || ${shellCommand(etcdctl(cluster, asMember, own, "move-leader"))} "$next" || :`,
      "fi"
    ].join("\n"),
    healthy: {
      command: `${readOfQuorum(cluster, asMember, own)} >/dev/null 2>&1`,
      timeoutSeconds: 90,
      hint: "The member runs but takes no part in the cluster: look at its journal for its peers and its certificates."
    },
    after: [
      `! ${hasNoSpace(cluster, asMember, own)} ||`,
      `echo "etcd takes no writes (alarm NOSPACE) until its space is freed, or its quota is larger on every member, and the alarm is disarmed: ${shellCommand(etcdctl(cluster, asMember, etcdEndpoints(cluster), "alarm", "disarm"))}"`
    ].join(" ")
  };
}
function isMemberOfLiving(cluster, own) {
  return [
    `quorum() { ${readOfQuorum(cluster, asMember, etcdEndpoints(cluster))} >/dev/null 2>"$TMPDIR/quorum"; }`,
    `status() { ${statusOf(cluster, asMember, own)} 2>&1; }`,
    secondsSinceBoot,
    "seconds; began=$now leaderless=",
    "until quorum; do",
    `seconds; says=$(status)`,
    `case $says in *'no leader'*) leaderless=\${leaderless:-$now} ;; *) leaderless= ;; esac`,
    `[ -z "$leaderless" ] || [ $((now - leaderless)) -lt ${leaderlessSeconds} ] || { echo 'this member has had no leader for ${leaderlessSeconds} s'; exit ${certainlyNot}; }`,
    // As long as it has no leader, it may be an election that takes its time.
    `[ -n "$leaderless" ] || [ $((now - began)) -lt ${askSeconds} ] || {`,
    `case $says in *'"leader":'*) says='it follows a leader' ;; esac`,
    `echo "etcd answers no read of a quorum ($(tail -n 1 "$TMPDIR/quorum")), and of this member: $(echo "$says" | tail -n 1)"; exit 1; }`,
    "sleep 1",
    "done"
  ].join("\n");
}
function allPrompt(cluster, host) {
  const members2 = hostsWith(cluster, "etcd").map(({ name: name2, address }) => {
    const url = etcdClientUrl(address);
    const answers = `${statusOf(cluster, asMember, [url])} >/dev/null 2>&1`;
    return { name: name2, url, runs: name2 === host.name ? `{ ${isActive(components.etcd.unit)} || ${answers}; }` : answers };
  });
  const asked = members2.map(
    ({ name: name2, url, runs }) => `{ ${promptWrites(cluster, asMember, url)} || { ! ${runs} || echo " ${name2}"; }; } &`
  );
  return [
    "tries=0",
    `until late=$({ ${asked.join(" ")} wait; } | sort | tr -d '\\n') && [ -z "$late" ]; do`,
    "tries=$((tries + 1))",
    `[ $tries -lt ${promptTries} ] || { echo "a write takes more than ${promptMs / 1e3} s on$late; look at its disk. A member that is stopped (systemctl stop etcd) is started with what changed"; exit ${mustNotRestart}; }`,
    "sleep 1",
    "done"
  ].join("\n");
}
function enoughOthers(others, asked) {
  const spare = others.length - quorumOf(others.length + 1);
  const all = others.map(({ name: name2, address }) => `{ ${asked(etcdClientUrl(address))} || echo " ${name2}"; } &`);
  return [
    "enough() {",
    `absent=$({ ${all.join(" ")} wait; } | sort | tr -d '\\n')`,
    `set -- $absent; [ $# -le ${spare} ]; }`
  ].join("\n");
}

// src/components/etcd.ts
var user2 = "etcd";
var { peers, http: http2, metrics, clients: clients2 } = components.etcd.ports;
function etcdState(cluster, host, { architecture, etcdBootstrap, etcdVoters }) {
  const { dataDir } = cluster.etcd;
  return hostState({
    users: [{ name: user2, home: dataDir }],
    directories: [
      rootDirectory("/etc/etcd"),
      rootDirectory(etcdPkiDir),
      // CIS 1.1.11 and 1.1.12.
      { path: dataDir, mode: "700", owner: `${user2}:${user2}` }
    ],
    files: etcdBootstrap === void 0 ? [] : [rootFile(places.etcdBootstrap, etcdBootstrap)],
    downloads: [etcdBinaries(cluster, architecture, ["etcd", "etcdctl", "etcdutl"])],
    units: [etcdUnit(cluster, host, etcdVoters ?? [])],
    leaves: leavings("tree", dataDir)
  });
}
function etcdUnit(cluster, host, voters) {
  const program2 = `${cluster.binDir}/etcd`;
  const rolling = rollingMember(cluster, host, voters);
  return unit({
    name: components.etcd.unit,
    content: serviceText({
      description: "etcd, the store of Kubernetes",
      documentation: "https://etcd.io/docs/",
      command: [program2, ...flagList(etcdFlags(cluster, host), cluster.etcd.extraArgs)],
      service: [
        "Type=notify",
        // READY comes with quorum only, and the hosts that make it may be set up hours later.
        "TimeoutStartSec=infinity",
        `User=${user2}`,
        `EnvironmentFile=${places.etcdBootstrap}`,
        "LimitNOFILE=65536",
        // The last process to be killed for memory, and ahead of others at the disk: a late heartbeat is an election.
        "OOMScoreAdjust=-999",
        "Nice=-5",
        "IOSchedulingClass=best-effort",
        "IOSchedulingPriority=0",
        ...sandbox,
        ...memoryStays
      ]
    }),
    ready: {
      // Not "active", which takes a quorum, but "its peers can reach it".
      command: listens(peers.port),
      timeoutSeconds: 30,
      hint: "etcd ends at once when its data directory, its certificates or its address are not right: see its journal."
    },
    ...rolling && { rolling }
  });
}
function etcdFlags(cluster, host) {
  const { server, peer, ca } = paths.etcd;
  const local = loopback(host.address);
  return {
    name: host.name,
    "data-dir": cluster.etcd.dataDir,
    "listen-client-urls": `https://${hostPort(local, clients2.port)},${etcdClientUrl(host.address)}`,
    // Apart from gRPC, whose watches can starve on a port that they share with HTTP over TLS (etcd-io/etcd#15402).
    // Masters' balancers ask there whether the member is ready.
    "listen-client-http-urls": [local, host.address].map((each) => `https://${hostPort(each, http2.port)}`).join(","),
    "advertise-client-urls": etcdClientUrl(host.address),
    "listen-peer-urls": etcdPeerUrl(host.address),
    "initial-advertise-peer-urls": etcdPeerUrl(host.address),
    "listen-metrics-urls": `http://${hostPort(local, metrics.port)}`,
    "cert-file": server.crt,
    "key-file": server.key,
    "trusted-ca-file": ca,
    "client-cert-auth": "true",
    "peer-cert-file": peer.crt,
    "peer-key-file": peer.key,
    "peer-trusted-ca-file": ca,
    "peer-client-cert-auth": "true",
    "tls-min-version": "TLS1.2",
    "cipher-suites": strongCipherSuites.join(","),
    ...versionFlags(cluster.versions.etcd)
  };
}
function versionFlags(version) {
  if (isOlder(version, "3.6.0")) {
    return { "experimental-initial-corrupt-check": "true", "experimental-watch-progress-notify-interval": "5s" };
  }
  return { "feature-gates": "InitialCorruptCheck=true", "watch-progress-notify-interval": "5s" };
}

// src/components/haproxy.ts
var backend2 = "masters";
function haproxyState(cluster, seLinux) {
  return balancerState({
    name: withoutSuffix(components.apiBalancer.unit),
    description: "Local balancer of the Kubernetes API servers",
    port: cluster.api.localPort,
    socket: places.balancerSocket,
    config: { path: places.balancerConfig, content: haproxyConfig(cluster) },
    authority: paths.ca.crt,
    seLinux
  });
}
function haproxyConfig(cluster) {
  const masters = byAddress(hostsWith(cluster, "master")).map(({ name: name2, address }) => ({
    name: name2,
    address: hostPort(address, cluster.api.port)
  }));
  const check = `check check-ssl verify required ca-file ${paths.ca.crt} verifyhost kubernetes`;
  return [
    ...balancerHead(places.balancerSocket, backend2),
    "frontend kubernetes",
    `  bind 127.0.0.1:${cluster.api.localPort}`,
    `  default_backend ${backend2}`,
    "",
    `backend ${backend2}`,
    "  balance roundrobin",
    "  option allbackups",
    "  option httpchk",
    "  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes",
    "  http-check expect status 200",
    checkTimes,
    ...masters.map(({ name: name2, address }) => `  server ${name2} ${address} ${check} tcp-ut 1500`),
    ...masters.map(({ name: name2, address }) => `  server ${name2}-unchecked ${address} backup tcp-ut 1500`),
    ""
  ].join("\n");
}

// src/components/host-preparation.ts
function hostPreparation(cluster, host, role) {
  const isNode = role === "node";
  const proxy = proxyOf(cluster);
  return hostState({
    ...proxy && { proxy },
    ...host.hostname !== void 0 && { hostname: host.hostname },
    packages: isNode ? [...downloadTools, moduleTool] : downloadTools,
    hostEntries: byAddress(cluster.hosts).map(({ address, name: name2, nodeName }) => ({
      address,
      names: [.../* @__PURE__ */ new Set([nodeName, name2])]
    })),
    swapOff: isNode,
    modules: isNode ? nodeModules(cluster) : [],
    sysctls: isNode ? { ...limits, ...forwarding, ...kubeletKernel } : limits
  });
}
function nodeModules(cluster) {
  return [
    { name: "overlay", check: "filesystem:overlay" },
    { name: "br_netfilter", check: "/proc/sys/net/bridge/bridge-nf-call-iptables" },
    { name: "nf_conntrack", check: "/proc/sys/net/netfilter/nf_conntrack_max" },
    ...podNetwork(cluster).modules(cluster)
  ];
}
function kernelFeatures(cluster) {
  const rules = cluster.kubeProxy.mode === "nftables" ? ["nf_tables"] : ["xt_comment", "xt_conntrack", "xt_statistic"];
  const proxied = podNetwork(cluster).replacesKubeProxy ? [] : rules;
  return [...nodeModules(cluster), ...proxied.map((name2) => ({ name: name2 }))];
}
var limits = {
  "fs.inotify.max_user_instances": "8192",
  "fs.inotify.max_user_watches": "524288"
};
var sysctlAliases = {
  "net.ipv4.ip_forward": "net.ipv4.conf.all.forwarding"
};
var forwarding = {
  "net.ipv4.ip_forward": "1",
  "net.bridge.bridge-nf-call-iptables": "1",
  "net.bridge.bridge-nf-call-ip6tables": "1"
};
var kubeletKernel = {
  "vm.overcommit_memory": "1",
  "vm.panic_on_oom": "0",
  "kernel.panic": "10",
  "kernel.panic_on_oops": "1",
  "kernel.keys.root_maxkeys": "1000000",
  "kernel.keys.root_maxbytes": "25000000"
};

// src/components/kube-proxy.ts
function kubeProxyState(cluster, host, architecture) {
  const program2 = `${cluster.binDir}/kube-proxy`;
  return hostState({
    directories: [rootDirectory("/var/lib/kube-proxy")],
    files: [rootFile(places.kubeProxyConfig, json(kubeProxyConfig(cluster, host)))],
    downloads: [kubernetesBinary(cluster, architecture, "kube-proxy")],
    leaves: [
      ...leavings("chain", "KUBE-"),
      ...leavings("table", "ip kube-proxy", "ip6 kube-proxy"),
      // Of the mode ipvs, which kubeProxy.config could set.
      ...leavings("interface", "kube-ipvs0"),
      // By its conntrack settings, and for NodePorts at 127.0.0.1.
      ...leavings("tuned", ...tunedSettings)
    ],
    units: [
      unit({
        name: components.kubeProxy.unit,
        content: serviceText({
          description: "kube-proxy, Services on a Kubernetes node",
          documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/",
          unit: [`After=${components.apiBalancer.unit} ${components.kubelet.unit}`],
          command: [program2, ...flagList({ config: places.kubeProxyConfig }, cluster.kubeProxy.extraArgs)],
          // It looks up its node's addresses for 30 s, and then continues with wrong ones.
          service: [...waitsForJoin, "LimitNOFILE=1048576", "OOMScoreAdjust=-998", ...quickPings, ...memoryStays]
        }),
        ready: {
          command: onceJoined(listens(components.kubeProxy.ports.health.port)),
          timeoutSeconds: 90,
          hint: "kube-proxy does not reach the API through the local balancer, or lacks the tool of its mode: see its journal."
        }
      })
    ]
  });
}
var tunedSettings = [
  "net.netfilter.nf_conntrack_max",
  "net.netfilter.nf_conntrack_tcp_timeout_established",
  "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
  "net.netfilter.nf_conntrack_tcp_be_liberal",
  "net.netfilter.nf_conntrack_udp_timeout",
  "net.netfilter.nf_conntrack_udp_timeout_stream",
  "net.ipv4.conf.all.route_localnet"
];
function kubeProxyConfig(cluster, host) {
  const ours = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: paths.proxyConf },
    hostnameOverride: host.nodeName,
    clusterCIDR: cluster.network.podSubnet,
    // Explicit, because the default will change.
    mode: cluster.kubeProxy.mode,
    // Only on the node's own address; if this is unset, kube-proxy reports its configuration as incomplete.
    nodePortAddresses: ["primary"],
    // CIS 4.3.1.
    metricsBindAddress: `127.0.0.1:${components.kubeProxy.ports.metrics.port}`,
    healthzBindAddress: `0.0.0.0:${components.kubeProxy.ports.health.port}`
  };
  return merged(ours, cluster.kubeProxy.config);
}

// src/components/kubelet-config.ts
function kubeletConfig(cluster, host, resolvConf) {
  const ours = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: paths.ca.crt }
    },
    authorization: { mode: "Webhook" },
    cgroupDriver: "systemd",
    clusterDNS: [cluster.dnsAddress],
    clusterDomain: cluster.network.dnsDomain,
    containerRuntimeEndpoint: `unix://${places.containerdSocket}`,
    // These are on by default, and no part of a cluster uses them.
    enableDebugFlagsHandler: false,
    enableProfilingHandler: false,
    eventRecordQPS: 50,
    failSwapOn: true,
    healthzBindAddress: "127.0.0.1",
    healthzPort: components.kubelet.ports.health.port,
    makeIPTablesUtilChains: true,
    podPidsLimit: 4096,
    protectKernelDefaults: true,
    readOnlyPort: 0,
    ...resolvConf !== void 0 && { resolvConf },
    rotateCertificates: true,
    seccompDefault: true,
    streamingConnectionIdleTimeout: "4h0m0s",
    // Our certificate instead of serverTLSBootstrap: no controller in the cluster approves serving certificates, and the hosts are known.
    tlsCertFile: paths.kubeletServing.crt,
    tlsPrivateKeyFile: paths.kubeletServing.key,
    tlsMinVersion: "VersionTLS12",
    tlsCipherSuites: [...strongCipherSuites],
    ...host.taints.length > 0 && { registerWithTaints: host.taints }
  };
  return merged(ours, cluster.kubelet.config);
}

// src/components/node-labels.ts
var allowedNames = /* @__PURE__ */ new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region"
]);
var allowedDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];
var ownDomains = ["kubernetes.io", "k8s.io"];
function ownLabels(labels) {
  return Object.fromEntries(Object.entries(labels).filter(([name2]) => mayLabelItself(name2)));
}
function mayLabelItself(name2) {
  const domain = name2.includes("/") ? name2.slice(0, name2.indexOf("/")) : "";
  if (!ownDomains.some((own) => isBelow(domain, own))) return true;
  return allowedNames.has(name2) || allowedDomains.some((allowed) => isBelow(domain, allowed));
}
function isBelow(domain, parent) {
  return domain === parent || domain.endsWith(`.${parent}`);
}

// src/components/kubelet.ts
function kubeletState(cluster, host, facts) {
  const program2 = `${cluster.binDir}/kubelet`;
  const needed = `${components.containerd.unit} ${components.apiBalancer.unit}`;
  return hostState({
    directories: [rootDirectory(places.kubeletRoot, "700")],
    // CIS 4.1.9 and 4.1.10.
    files: [rootFile(places.kubeletConfig, json(kubeletConfig(cluster, host, facts.resolvConf)))],
    downloads: [kubernetesBinary(cluster, facts.architecture, "kubelet")],
    leaves: [
      ...leavings("tree", places.kubeletRoot, paths.kubeletConf, "/usr/libexec/kubernetes"),
      ...leavings("tree", "/var/log/pods", "/var/log/containers", "/run/kubernetes"),
      ...leavings("cgroup", "kubepods"),
      // Marks of the kubelet in iptables, and its rule for packets that claim to be of the loopback.
      ...leavings("chain", "KUBE-")
    ],
    units: [
      unit({
        name: components.kubelet.unit,
        content: serviceText({
          description: "kubelet, the agent of a Kubernetes node",
          documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/",
          unit: [`Wants=${needed}`, `After=${needed}`],
          command: [program2, ...flagList(kubeletFlags(host), cluster.kubelet.extraArgs)],
          // Pods' processes belong to containerd; the kubelet's own (mounts, probes) may end with it.
          service: ["LimitNOFILE=1048576", "OOMScoreAdjust=-999", ...quickPings, ...memoryStays]
        }),
        ready: {
          // Also ready before its certificate is approved: with rotation on, it joins in the background.
          command: listens(components.kubelet.ports.health.port),
          timeoutSeconds: 60,
          hint: `The kubelet exits at once without ${paths.kubeletConf} or ${paths.bootstrapKubeletConf}, or if a key of kubelet.config is wrong: see its journal.`
        }
      })
    ]
  });
}
function kubeletFlags(host) {
  const labels = Object.entries(ownLabels(host.labels)).map(([name2, value]) => `${name2}=${value}`);
  return {
    config: places.kubeletConfig,
    kubeconfig: paths.kubeletConf,
    "bootstrap-kubeconfig": paths.bootstrapKubeletConf,
    "node-ip": host.address,
    // CIS 4.2.7: only if the host keeps a name that is not its node's.
    "hostname-override": host.hostname === void 0 ? host.nodeName : void 0,
    "node-labels": labels.length === 0 ? void 0 : labels.join(",")
  };
}

// src/components/scheduler.ts
function schedulerState(cluster, host, architecture) {
  const program2 = `${cluster.binDir}/kube-scheduler`;
  return hostState({
    files: [rootFile(places.schedulerConfig, json(schedulerConfig(cluster))), releaseLeaseScript(cluster)],
    downloads: [kubernetesBinary(cluster, architecture, "kube-scheduler")],
    units: [
      unit({
        name: components.scheduler.unit,
        content: serviceText({
          description: "Kubernetes scheduler",
          documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/",
          // The order is reversed at a shutdown: it stops and releases its lease while the API server still answers.
          unit: [`After=${components.apiServer.unit}`],
          command: [program2, ...flagList(schedulerFlags, cluster.scheduler.extraArgs)],
          service: [
            "LimitNOFILE=1048576",
            releasesLease(cluster, host, "kube-scheduler", paths.schedulerConf),
            ...sandbox,
            ...memoryStays
          ]
        }),
        ready: {
          command: listens(components.scheduler.ports.health.port),
          timeoutSeconds: 60,
          hint: "The scheduler exits at once if it does not accept a flag or a kubeconfig: see its journal."
        }
      })
    ]
  });
}
function schedulerConfig({ election }) {
  const { leaseDuration, renewDeadline, retryPeriod } = electionTimes(election);
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    clientConnection: { kubeconfig: paths.schedulerConf },
    leaderElection: {
      leaderElect: true,
      leaseDuration: goSeconds(leaseDuration),
      renewDeadline: goSeconds(renewDeadline),
      retryPeriod: goSeconds(retryPeriod)
    },
    enableProfiling: false
  };
}
var schedulerFlags = {
  config: places.schedulerConfig,
  "bind-address": "127.0.0.1",
  "authentication-kubeconfig": paths.schedulerConf,
  "authorization-kubeconfig": paths.schedulerConf,
  "client-ca-file": paths.ca.crt,
  "requestheader-client-ca-file": paths.frontProxyCa.crt,
  // Repeats a value of the file for kube-bench: its check of CIS 1.4.1 reads only command lines.
  profiling: "false",
  "tls-min-version": "VersionTLS12",
  "tls-cipher-suites": strongCipherSuites.join(",")
};

// src/components/roles.ts
function stateFor(cluster, host, role, secrets, facts) {
  const parts = components2[role](cluster, host, secrets, facts);
  return withReads(mergeStates([hostPreparation(cluster, host, role), secretFiles(role, secrets), ...parts]));
}
var components2 = {
  etcd: (cluster, host, _secrets, facts) => [etcdState(cluster, host, facts)],
  master: (cluster, host, secrets, { architecture, newMasters, seLinux }) => [
    hostState({ downloads: [kubernetesBinary(cluster, architecture, "kubectl")] }),
    rootKubeconfig(secrets),
    etcdBalancerState(cluster, host, { newMasters, seLinux }),
    apiserverState(cluster, host, architecture, newMasters),
    controllerManagerState(cluster, host, architecture, secrets),
    schedulerState(cluster, host, architecture)
  ],
  node: (cluster, host, _secrets, facts) => [
    firewallTool(cluster),
    containerdState(cluster, facts.architecture),
    cniState(cluster, facts.architecture),
    haproxyState(cluster, facts.seLinux),
    kubeletState(cluster, host, facts),
    podNetwork(cluster).state(cluster, host, facts.architecture),
    ...podNetwork(cluster).replacesKubeProxy ? [] : [kubeProxyState(cluster, host, facts.architecture)]
  ]
};
function downloadsOnly(role, state) {
  const { packages, downloads, proxy } = state;
  return hostState({ packages, downloads, stagedFor: role, ...proxy && { proxy } });
}

export {
  rootFile,
  flagValue,
  object,
  group,
  user,
  serviceAccount,
  clusterRole,
  clusterRoleBinding,
  systemRoleBinding,
  podNetwork,
  isBalanced,
  auditLogDirectory,
  holdOnMaster,
  hostPreparation,
  kernelFeatures,
  sysctlAliases,
  secretFiles,
  stateFor,
  downloadsOnly
};
