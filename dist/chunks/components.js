import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  cniPlugins,
  containerdBinaries,
  environment,
  etcdBinaries,
  flagList,
  flagValue,
  hasStarted,
  isActive,
  json,
  kubernetesBinary,
  listens,
  memoryStays,
  onceJoined,
  orRefuse,
  podNetwork,
  publicFile,
  quickPings,
  readMemberList,
  rootDirectory,
  rootFile,
  runcBinary,
  sandbox,
  secondsSinceBoot,
  serviceText,
  unit,
  waitsForJoin,
  withReads
} from "./components-addons-object.js";
import {
  changeInWords
} from "./phases-change-words.js";
import {
  reachMaster
} from "./phases-reach-masters.js";
import {
  certainlyNot,
  hostState,
  leavings,
  mergeStates,
  mustNotRestart,
  onHosts,
  unlessDry
} from "./host.js";
import {
  askPauseImage,
  keepsRole
} from "./plan-kept-role.js";
import {
  asApiserver,
  asMember,
  etcdctl,
  failedRestart,
  hasNoSpace,
  memberListOf,
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
  allTargets,
  inspectionOf,
  isPublic,
  roleSecrets,
  secretPathsFor,
  secretPathsOf,
  secretsOf,
  sessionOf,
  targetsOf,
  trustPaths
} from "./pki.js";
import {
  administratorsGroup
} from "./layout-groups.js";
import {
  electionTimes,
  goSeconds,
  portsOfRole
} from "./cluster-election.js";
import {
  strongCipherSuites
} from "./cluster-cel-check.js";
import {
  isOlder
} from "./cluster-version-order.js";
import {
  kubernetesMinor
} from "./cluster-versions.js";
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
  Problem
} from "./errors.js";
import {
  redactLines
} from "./host-redact-keys.js";

// src/etcd/restart-lock.ts
var lockSeconds = 30;
var slotSeconds = 30;
var beginSeconds = 8;
function underRestartLock(cluster, host, role, identity, ready) {
  const all = etcdEndpoints(cluster);
  const hosts = hostsWith(cluster, role);
  const place = hosts.findIndex(({ name }) => name === host.name);
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
function rollingApiserver(cluster, host, newMasters2 = []) {
  const others = hostsWith(cluster, "master").filter((master) => master.name !== host.name);
  const joining = others.filter(({ name }) => newMasters2.includes(name));
  const allowed = allReady(
    cluster,
    host,
    others.filter((master) => !joining.includes(master))
  );
  return {
    live: servesSomebody(cluster, host),
    lock: `${allowed}
${underRestartLock(cluster, host, "master", asApiserver, "allReady")}`,
    ...others.length > 0 && {
      allow: [
        ...joining.length > 0 ? [untilJoined(cluster, joining)] : [],
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
function untilJoined(cluster, joining) {
  const ready = joining.map((master) => readyz(cluster, master)).join(" && ");
  return `tries=0
until ${ready} || [ "$tries" -ge ${joinTries} ]; do tries=$((tries + 1)); sleep 1; done`;
}
function apiserverWayBack(cluster, { name }) {
  const words = (...command) => shellCommand(etcdctl(cluster, asApiserver, etcdEndpoints(cluster), ...command));
  return {
    failed: [
      `last=$(${words("get", "--print-value-only", failedRestart)}) || exit 2`,
      'case $last in "$ATTEMPT on "*) echo "${last##* on }" ;; *) exit 1 ;; esac'
    ].join("\n"),
    record: `${words("put", failedRestart)} "$ATTEMPT on ${name}"`
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

// src/components/packages.ts
var haproxyPackage = {
  command: "haproxy",
  apt: "haproxy",
  dnf: "haproxy",
  zypper: "haproxy",
  disableUnit: "haproxy.service"
};
function firewallTool(cluster) {
  return hostState({ packages: [packageByMode[cluster.kubeProxy.mode]] });
}
var packageByMode = {
  iptables: { command: "iptables", apt: "iptables", dnf: "iptables-nft", zypper: "iptables" },
  nftables: { command: "nft", apt: "nftables", dnf: "nftables", zypper: "nftables" }
};

// src/components/balancer.ts
var program = "/usr/sbin/haproxy";
function balancerState({ name, description, port, socket, config, reads = [], rolling }) {
  return hostState({
    packages: [haproxyPackage],
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(places.balancerRoot)],
    leaves: leavings("tree", socket, `/run/${name}.pid`),
    files: [rootFile(config.path, config.content), rootFile(places.balancerScript, closeSilentSessions)],
    units: [
      unit({
        name: `${name}.service`,
        content: serviceText({
          description,
          documentation: "https://docs.haproxy.org/",
          command: [program, "-Ws", "-f", config.path, "-p", `/run/${name}.pid`],
          service: [
            "Type=notify",
            `ExecStartPre=${program} -f ${config.path} -c -q`,
            // Both processes must stop at once: the connections of a stopped load balancer cannot drain to another one.
            "KillMode=mixed",
            "TimeoutStopSec=5",
            "LimitNOFILE=65536",
            "OOMScoreAdjust=-998",
            "NoNewPrivileges=yes",
            "ProtectSystem=full",
            "ProtectHome=yes",
            "PrivateTmp=yes",
            ...memoryStays
          ]
        }),
        reads: [program, ...reads],
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
function balancerHead(socket, global = []) {
  return [
    "global",
    `  lua-load ${places.balancerScript}`,
    "  log stdout format raw daemon notice",
    `  stats socket ${socket} mode 600 level admin`,
    "  ssl-default-server-options ssl-min-ver TLSv1.2",
    ...global.map((line) => `  ${line}`),
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
var closeSilentSessions = `local silent, replaceable, closed = {}, {}, {}

local function look(backend)
  local up = 0
  for _, server in pairs(backend.servers) do
    if server:get_stats()["status"]:find("^UP") then up = up + 1 end
  end
  for name, server in pairs(backend.servers) do
    local stats = server:get_stats()
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
      if away or (up > 0 and (stuck or replaceable[place] >= 10)) then
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
    core.msleep(100)
    for _, backend in pairs(core.backends) do look(backend) end
  end
end)
`;

// src/components/etcd-balancer.ts
var { clients, http } = components.etcd.ports;
var etcdBalancerPort = components.etcdBalancer.ports.etcd.port;
var etcdBalancerUnit = withoutSuffix(components.etcdBalancer.unit);
function etcdServers(cluster, host) {
  if (isBalanced(cluster)) return [`https://${hostPort(loopback(host.address), etcdBalancerPort)}`];
  return host.roles.includes("etcd") ? [etcdClientUrl(loopback(host.address))] : etcdEndpoints(cluster);
}
function etcdBalancerState(cluster, host, newMasters2) {
  if (!isBalanced(cluster)) return hostState({});
  return balancerState({
    name: etcdBalancerUnit,
    description: "Local balancer of etcd\u2019s members",
    port: etcdBalancerPort,
    socket: places.etcdBalancerSocket,
    config: { path: places.etcdBalancerConfig, content: etcdBalancerConfig(cluster, host) },
    // By the certificate's name, without a word of its own.
    reads: [paths.apiserverEtcdClient.key],
    // While it restarts, its API server has no etcd: the same as a restart of the API server itself.
    rolling: rollingApiserver(cluster, host, newMasters2)
  });
}
var readinessLimit = "1s";
function etcdBalancerConfig(cluster, host) {
  const members = inOrder(cluster, host).map((member) => ({
    name: member.name,
    address: hostPort(member.name === host.name ? loopback(host.address) : member.address, clients.port)
  }));
  const identity = `ca-file ${paths.etcdCa.crt} crt ${paths.apiserverEtcdClient.crt}`;
  const check = `check check-ssl verify required ${identity} verifyhost localhost downinter 250ms`;
  return [
    // The key of NAME.crt is NAME.key.
    ...balancerHead(places.etcdBalancerSocket, ["ssl-load-extra-files key", "ssl-load-extra-del-ext"]),
    "frontend etcd",
    `  bind ${hostPort(loopback(host.address), etcdBalancerPort)}`,
    "  default_backend members",
    "",
    "backend members",
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
    ...members.map(({ name, address }) => `  server ${name} ${address} ${check} tcp-ut 1000`),
    ...members.map(({ name, address }) => `  server ${name}-unchecked ${address} backup tcp-ut 1000`),
    ""
  ].join("\n");
}
var isBalanced = (cluster) => hostsWith(cluster, "etcd").length > 1;
function inOrder(cluster, host) {
  const members = byAddress(hostsWith(cluster, "etcd"));
  const own = Math.max(
    0,
    members.findIndex(({ name }) => name === host.name)
  );
  return [...members.slice(own), ...members.slice(0, own)];
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
  const replaced = apiServer.extraArgs.some(({ name }) => name === "authorization-config");
  return replaced ? { "authorization-mode": void 0 } : {};
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
function withOwnRules(entry2) {
  const given = entry2.userValidationRules.map(({ expression }) => expression);
  const added = ownRules.filter(({ expression }) => !given.includes(expression));
  return { ...entry2, userValidationRules: [...entry2.userValidationRules, ...added] };
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
function apiserverState(cluster, host, architecture, newMasters2) {
  const auditLog = flagValue("audit-log-path", places.auditLog, cluster.apiServer.extraArgs);
  return hostState({
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(auditLog.replace(/\/[^/]*$/, ""), "700")],
    files: [
      rootFile(places.authenticationConfig, json(authenticationConfig(cluster))),
      rootFile(places.auditPolicy, json(auditPolicy))
    ],
    downloads: [
      kubernetesBinary(cluster, architecture, "kube-apiserver"),
      etcdBinaries(cluster, architecture, ["etcdctl"])
    ],
    units: [apiserverUnit(cluster, host, newMasters2)],
    // Rotated as NAME-TIME.SUFFIX. Not the directory: it may be one that others use as well.
    leaves: leavings("tree", auditLog, auditLog.replace(/(\.[^./]*)?$/, "-*$1"))
  });
}
function apiserverUnit(cluster, host, newMasters2) {
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
    rolling: { ...rollingApiserver(cluster, host, newMasters2), wayBack: apiserverWayBack(cluster, host) }
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
function proxyOf({ proxy, network, hosts }) {
  if (proxy === void 0) return void 0;
  const { serviceSubnet, podSubnet, dnsDomain } = network;
  const inside = ["127.0.0.1", "localhost", `.${dnsDomain}`, serviceSubnet, podSubnet];
  const noProxy = [...proxy.noProxy, ...inside, ...hosts.map(({ address }) => address)].join(",");
  return { http: proxy.http, https: proxy.https, noProxy };
}

// src/components/containerd.ts
function containerdState(cluster, architecture) {
  const program2 = `${cluster.binDir}/containerd`;
  const proxy = proxyOf(cluster);
  return hostState({
    directories: [
      rootDirectory("/etc/containerd"),
      rootDirectory(places.registries),
      ...Object.keys(cluster.containerd.registries).map((name) => rootDirectory(`${places.registries}/${name}`))
    ],
    files: [publicFile(places.containerdConfig, containerdConfig(cluster)), ...registryFiles(cluster)],
    downloads: [containerdBinaries(cluster, architecture), runcBinary(cluster, architecture)],
    leaves: [
      // Data, state with the mounts of containers, plugins of others (plugins/opt), network namespaces of pods.
      ...leavings(
        "tree",
        "/var/lib/containerd",
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
        pinned_images: { sandbox: `registry.k8s.io/pause:${cluster.versions.pause}` },
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
  return `${stringify(merged(ours, cluster.containerd.config))}
`;
}
function configVersion(version) {
  return isOlder(version, "2.3.0") ? 3 : 4;
}
function registryFiles(cluster) {
  return Object.entries(cluster.containerd.registries).map(([name, { mirrors, skipVerify }]) => {
    const host = { capabilities: ["pull", "resolve"], ...skipVerify && { skip_verify: true } };
    const hosts = {
      server: name === "docker.io" ? "https://registry-1.docker.io" : `https://${name}`,
      host: Object.fromEntries(mirrors.map((mirror) => [mirror, host]))
    };
    return publicFile(`${places.registries}/${name}/hosts.toml`, `${stringify(hosts)}
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
  const others = byAddress(hostsWith(cluster, "master")).filter(({ name }) => name !== host.name);
  const servers = others.map(({ address }) => apiServerUrl(address, cluster.api.port));
  return `ExecStopPost=-/bin/sh ${[places.releaseLease, lease, kubeconfig, ...servers].join(" ")}`;
}

// src/components/controller-manager.ts
var volumePlugins = "/var/lib/kube-controller-manager";
function controllerManagerState(cluster, host, architecture) {
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
          command: [program2, ...flagList(controllerManagerFlags(cluster), cluster.controllerManager.extraArgs)],
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
function controllerManagerFlags(cluster) {
  const { network } = cluster;
  const gates = kubernetesMinor(cluster.minor).controllerManagerGates;
  return {
    "bind-address": "127.0.0.1",
    "leader-elect": "true",
    ...electionFlags(cluster),
    kubeconfig: paths.controllerManagerConf,
    "authentication-kubeconfig": paths.controllerManagerConf,
    "authorization-kubeconfig": paths.controllerManagerConf,
    "client-ca-file": paths.ca.crt,
    "requestheader-client-ca-file": paths.frontProxyCa.crt,
    "root-ca-file": paths.ca.crt,
    "service-account-private-key-file": paths.serviceAccount.key,
    "cluster-signing-cert-file": paths.ca.crt,
    "cluster-signing-key-file": paths.ca.key,
    "cluster-signing-duration": "8760h",
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
  const signal = (name) => `systemctl kill --signal=${name} ${etcdBalancerUnit}.service`;
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
  const others = hostsWith(cluster, "etcd").filter(({ name }) => name !== host.name);
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
  const voting = inFile.filter(({ name }) => voters.includes(name) || name === host.name);
  const members = voters.length > 0 ? voting : inFile;
  if (members.length < 2) return void 0;
  const others = members.filter((member) => member.name !== host.name);
  const own = [etcdClientUrl(loopback(host.address))];
  const simple = (endpoints) => `${shellCommand(etcdctl(cluster, asMember, endpoints, "endpoint", "status"))} 2>/dev/null`;
  const leads = `${simple(own)} | grep -q ', true, false, [0-9]'`;
  const words = { leads, simple };
  const reads = (url) => `${readOfQuorum(cluster, asMember, [url])} >/dev/null 2>&1`;
  const writes = (url) => promptWrites(cluster, asMember, url);
  const notEnough = `no answer from$absent, and ${quorumOf(members.length)} of the other ${others.length} etcd members are needed for a quorum without ${host.name}`;
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
  const members = hostsWith(cluster, "etcd").map(({ name, address }) => {
    const url = etcdClientUrl(address);
    const answers = `${statusOf(cluster, asMember, [url])} >/dev/null 2>&1`;
    return { name, url, runs: name === host.name ? `{ ${isActive(components.etcd.unit)} || ${answers}; }` : answers };
  });
  const asked = members.map(
    ({ name, url, runs }) => `{ ${promptWrites(cluster, asMember, url)} || { ! ${runs} || echo " ${name}"; }; } &`
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
  const all = others.map(({ name, address }) => `{ ${asked(etcdClientUrl(address))} || echo " ${name}"; } &`);
  return [
    "enough() {",
    `absent=$({ ${all.join(" ")} wait; } | sort | tr -d '\\n')`,
    `set -- $absent; [ $# -le ${spare} ]; }`
  ].join("\n");
}

// src/components/etcd.ts
var user = "etcd";
var { peers, http: http2, metrics, clients: clients2 } = components.etcd.ports;
function etcdState(cluster, host, { architecture, etcdBootstrap, etcdVoters }) {
  const { dataDir } = cluster.etcd;
  return hostState({
    users: [{ name: user, home: dataDir }],
    directories: [
      rootDirectory("/etc/etcd"),
      rootDirectory(etcdPkiDir),
      // CIS 1.1.11 and 1.1.12.
      { path: dataDir, mode: "700", owner: `${user}:${user}` }
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
        `User=${user}`,
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
function haproxyState(cluster) {
  return balancerState({
    name: withoutSuffix(components.apiBalancer.unit),
    description: "Local balancer of the Kubernetes API servers",
    port: cluster.api.localPort,
    socket: places.balancerSocket,
    config: { path: places.balancerConfig, content: haproxyConfig(cluster) }
  });
}
function haproxyConfig(cluster) {
  const masters = byAddress(hostsWith(cluster, "master")).map(({ name, address }) => ({
    name,
    address: hostPort(address, cluster.api.port)
  }));
  const check = `check check-ssl verify required ca-file ${paths.ca.crt} verifyhost kubernetes`;
  return [
    ...balancerHead(places.balancerSocket),
    "frontend kubernetes",
    `  bind 127.0.0.1:${cluster.api.localPort}`,
    "  default_backend masters",
    "",
    "backend masters",
    "  balance roundrobin",
    "  option allbackups",
    "  option httpchk",
    "  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes",
    "  http-check expect status 200",
    checkTimes,
    ...masters.map(({ name, address }) => `  server ${name} ${address} ${check} tcp-ut 1500`),
    ...masters.map(({ name, address }) => `  server ${name}-unchecked ${address} backup tcp-ut 1500`),
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
    hostEntries: byAddress(cluster.hosts).map(({ address, name, nodeName }) => ({
      address,
      names: [.../* @__PURE__ */ new Set([nodeName, name])]
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
var limits = {
  "fs.inotify.max_user_instances": "8192",
  "fs.inotify.max_user_watches": "524288"
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
function kubeletConfig(cluster, host, resolvedRuns) {
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
    // With systemd-resolved, /etc/resolv.conf names 127.0.0.53, which in a pod is the pod itself.
    ...resolvedRuns && { resolvConf: "/run/systemd/resolve/resolv.conf" },
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
  return Object.fromEntries(Object.entries(labels).filter(([name]) => mayLabelItself(name)));
}
function mayLabelItself(name) {
  const domain = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
  if (!ownDomains.some((own) => within(domain, own))) return true;
  return allowedNames.has(name) || allowedDomains.some((allowed) => within(domain, allowed));
}
function within(domain, parent) {
  return domain === parent || domain.endsWith(`.${parent}`);
}

// src/components/kubelet.ts
function kubeletState(cluster, host, facts) {
  const program2 = `${cluster.binDir}/kubelet`;
  const needed2 = `${components.containerd.unit} ${components.apiBalancer.unit}`;
  return hostState({
    directories: [rootDirectory("/var/lib/kubelet", "700")],
    // CIS 4.1.9 and 4.1.10.
    files: [rootFile(places.kubeletConfig, json(kubeletConfig(cluster, host, facts.resolvedRuns)))],
    downloads: [kubernetesBinary(cluster, facts.architecture, "kubelet")],
    leaves: [
      ...leavings("tree", "/var/lib/kubelet", paths.kubeletConf, "/usr/libexec/kubernetes"),
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
          unit: [`Wants=${needed2}`, `After=${needed2}`],
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
  const labels = Object.entries(ownLabels(host.labels)).map(([name, value]) => `${name}=${value}`);
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

// src/components/roles.ts
function stateFor(cluster, host, role, secrets, facts) {
  const parts = components2[role](cluster, host, secrets, facts);
  return withReads(mergeStates([hostPreparation(cluster, host, role), secretFiles(role, secrets), ...parts]));
}
var components2 = {
  etcd: (cluster, host, _secrets, facts) => [etcdState(cluster, host, facts)],
  master: (cluster, host, secrets, { architecture, newMasters: newMasters2 }) => [
    hostState({ downloads: [kubernetesBinary(cluster, architecture, "kubectl")] }),
    rootKubeconfig(secrets),
    etcdBalancerState(cluster, host, newMasters2),
    apiserverState(cluster, host, architecture, newMasters2),
    controllerManagerState(cluster, host, architecture),
    schedulerState(cluster, host, architecture)
  ],
  node: (cluster, host, _secrets, facts) => [
    firewallTool(cluster),
    containerdState(cluster, facts.architecture),
    cniState(cluster, facts.architecture),
    haproxyState(cluster),
    kubeletState(cluster, host, facts),
    podNetwork(cluster).state(cluster, host, facts.architecture),
    ...podNetwork(cluster).replacesKubeProxy ? [] : [kubeProxyState(cluster, host, facts.architecture)]
  ]
};
function downloadsOnly(role, state) {
  const { packages, downloads, proxy } = state;
  return hostState({ packages, downloads, stagedFor: role, ...proxy && { proxy } });
}

// src/phases/hold-writes.ts
var quickly = { retries: 0, connectTimeout: 3e3 };
async function holdWrites(run) {
  const masters = hostsWith(run.cluster, "master");
  const quick = { ...run, access: { ...run.access, ...quickly } };
  const refusals = await Promise.all(masters.map(async (master) => await reachMaster(quick, master)));
  await Promise.all(
    masters.map(async (master, index) => {
      const reason = refusals[index]?.[0]?.message ?? await whyNotHeld(run, master);
      if (reason !== void 0) run.log.info(`${master.name}: requests to etcd are not held: ${reason}`);
    })
  );
}
async function whyNotHeld(run, master) {
  try {
    const session = sessionOf({ sessions: run.connections }, master);
    const { status, stderr } = await session.run(holdOnMaster(run.cluster, master), { timeoutSeconds: 10 });
    return status === 0 ? void 0 : stderr.trim() || `status ${status}`;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

// src/phases/new-masters.ts
function newMasters({ cluster, inspections, secrets }, host) {
  const bundled = host && secrets.get(host.name)?.newMasters;
  if (bundled) return bundled;
  const names = hostsWith(cluster, "master").map(({ name }) => name);
  const found = names.filter((name) => inspections.get(name)?.scopes.includes("master") === false);
  return found.length === names.length ? [] : found;
}

// src/phases/apply-role.ts
function roleState(run, host, role) {
  const { resolvedRuns, architecture } = inspectionOf(run, host).facts;
  const etcdBootstrap = run.etcd.bootstrap.get(host.name);
  const members = { etcdBootstrap, etcdVoters: run.etcd.voters };
  const facts = { resolvedRuns, architecture, ...members, newMasters: newMasters(run, host) };
  return stateFor(run.cluster, host, role, secretsOf(run, host), facts);
}
async function applyState(run, host, scope, state) {
  recordChange(run, host, scope, await changed(run, host, scope, state));
}
async function applyStates(run, hosts, scope, stateOf2, signal) {
  let before;
  const apply = async (host, turn) => {
    const [applied] = await Promise.all([changed(run, host, scope, stateOf2(host)), turn]);
    recordChange(run, host, scope, applied);
  };
  const inTurn = (host) => {
    const applied = apply(host, before);
    if (run.dryRun) before = applied.catch(() => void 0);
    return applied;
  };
  await onHosts(hosts, inTurn, signal);
}
async function restartsOneOf(run, host, scope, state, units) {
  const changes = await sessionOf(run, host).difference(scope, { ...state, owner: run.cluster.name });
  return changes.some(({ kind, subject }) => (kind === "restart" || kind === "start") && units.includes(subject));
}
async function changed(run, host, scope, parts) {
  const session = sessionOf(run, host);
  const state = { ...parts, owner: run.cluster.name };
  if (!run.dryRun) {
    const holds = [];
    const applied = await session.apply(scope, state, run.log, () => holds.push(holdWrites(run)));
    await Promise.all(holds);
    return applied;
  }
  return { changes: await session.difference(scope, state), started: [], restarted: [], milliseconds: 0 };
}
function recordChange(run, host, scope, applied) {
  for (const change of applied.changes) run.log.info(`${host.name}: ${changeInWords(change, run.dryRun)}`);
  run.results.push({ host: host.name, phase: scope, ...applied });
}
var fetchBinaries = {
  title: "Fetch binaries",
  // A dry run would name each of them twice: the roles' own phases list them too.
  when: unlessDry,
  async run(run, signal) {
    const fetch = async (host) => {
      for (const role of rolesOf(run, host)) {
        signal.throwIfAborted();
        await applyState(run, host, `${role}-binaries`, downloadsOnly(role, roleState(run, host, role)));
      }
    };
    await onHosts(allTargets(run), fetch, signal);
  }
};
function applyRole(role, title) {
  return {
    title,
    async run(run, signal) {
      const stateOf2 = (host) => {
        if (role === "etcd" && !run.dryRun && !run.etcd.bootstrap.has(host.name))
          throw new Error(`etcd's members were not planned for ${host.name}`);
        return roleState(run, host, role);
      };
      await applyStates(run, targetsOf(run, role), role, stateOf2, signal);
    }
  };
}
function rolesOf(run, host) {
  return host.roles.filter((role) => targetsOf(run, role).includes(host));
}

// src/phases/check-hosts.ts
var clockSkewLimit = 5e3;
var oldestSystemd = 245;
var diskNeeded = { etcd: 2e3, master: 2e3, node: 4e3 };
var diskToChange = 500;
var memoryNeeded = { etcd: 900, master: 1700, node: 900 };
var checkHosts = {
  title: "Check the hosts",
  async run(run) {
    const hosts = allTargets(run);
    const problems = hosts.flatMap((host) => problemsOfHost(run.cluster, host, inspectionOf(run, host)));
    problems.push(...clones(hosts.map((host) => [host, inspectionOf(run, host).facts])));
    if (problems.length > 0) throw new AggregateError(problems, "hosts do not meet the requirements");
    for (const host of hosts)
      for (const line of warningsOf(run.cluster, host, inspectionOf(run, host).facts)) run.log.warning(line);
  }
};
function problemsOfHost(cluster, host, inspection) {
  const { facts } = inspection;
  const problem = (code, message, hint) => new Problem(message, { code, host: host.name, hint });
  const found = [];
  if (!["amd64", "arm64"].includes(facts.architecture))
    found.push(
      problem("HOST_ARCHITECTURE", `the architecture is ${facts.architecture}`, "Use a host with amd64 or arm64.")
    );
  if (facts.systemdVersion < oldestSystemd)
    found.push(
      problem(
        "HOST_SYSTEMD",
        `systemd is ${facts.systemdVersion}`,
        `Use a distribution with systemd ${oldestSystemd} or newer.`
      )
    );
  if (!facts.addresses.some(({ address }) => address === host.address))
    found.push(
      problem(
        "HOST_ADDRESS",
        `no interface has the address ${host.address}; the host has ${facts.addresses.map(({ address }) => address).join(", ")}`,
        "Correct address in cluster.yaml, or set ssh.address if the runner reaches the host at another one."
      )
    );
  if (Math.abs(facts.clockSkewMs) > clockSkewLimit)
    found.push(
      problem(
        "HOST_CLOCK",
        `the clock differs from the runner's by ${Math.round(facts.clockSkewMs / 1e3)} s`,
        "Start chrony or systemd-timesyncd on it."
      )
    );
  for (const sign of facts.foreign)
    found.push(
      problem(
        "HOST_FOREIGN",
        `there is a Kubernetes here that another tool installed: ${sign}`,
        "Remove it first, or remove the host from cluster.yaml."
      )
    );
  if (host.roles.includes("node") && facts.cgroupVersion === 1 && cluster.kubelet.config.failCgroupV1 !== false && kubernetesMinor(cluster.minor).refusesCgroupV1)
    found.push(
      problem(
        "HOST_CGROUP",
        "the host runs cgroup v1, which the kubelet refuses",
        "Boot with systemd.unified_cgroup_hierarchy=1, or set kubelet.config.failCgroupV1: false."
      )
    );
  return [...found, ...resources(host, inspection), ...takenPorts(cluster, host, inspection)];
}
function resources(host, { facts, scopes }) {
  const memory = host.roles.reduce((sum, role) => sum + memoryNeeded[role], 0);
  const needs = (role) => scopes.includes(role) ? diskToChange : diskNeeded[role];
  const disk = host.roles.reduce((sum, role) => sum + needs(role), 0);
  const short = (code, message, hint) => new Problem(message, { code, host: host.name, hint });
  const low = Object.entries(facts.freeMiB).filter(([, free]) => free < disk);
  return [
    ...facts.memoryMiB < memory ? [
      short(
        "HOST_MEMORY",
        `${facts.memoryMiB} MiB of memory, ${memory} are needed for ${host.roles.join(", ")}`,
        "Add memory, or remove roles."
      )
    ] : [],
    ...low.map(
      ([path, free]) => short(
        "HOST_DISK",
        `${free} MiB are free in ${path}, ${disk} are needed for ${host.roles.join(", ")}`,
        `Free some space in ${path}.`
      )
    )
  ];
}
function takenPorts(cluster, host, inspection) {
  return host.roles.filter((role) => !inspection.scopes.includes(role)).flatMap((role) => portsOfRole(cluster, role)).flatMap((port) => inspection.facts.listening.filter((listener) => listener.port === port)).map(
    ({ port, address, unit: unit2 }) => new Problem(`port ${port} is taken${unit2 ? ` by ${unit2}` : ""} (on ${address})`, {
      code: "HOST_PORT_TAKEN",
      host: host.name,
      hint: "Stop the program that listens there, or choose another port in cluster.yaml."
    })
  );
}
function clones(hosts) {
  return hosts.flatMap(([host, facts], index) => {
    const twin = hosts.slice(0, index).find(([, other]) => other.machineId === facts.machineId && facts.machineId !== "");
    if (!twin) return [];
    const hint = "Run rm /etc/machine-id && systemd-machine-id-setup on the clone, then reboot it.";
    return [new Problem(`has the same machine-id as ${twin[0].name}`, { code: "HOST_CLONE", host: host.name, hint })];
  });
}
function warningsOf(cluster, host, facts) {
  const ports = host.roles.flatMap((role) => portsOfRole(cluster, role)).join(", ");
  return [
    ...facts.firewalls.map(
      (firewall) => `${host.name}: ${firewall} is active; let the other hosts reach the TCP ports ${ports}${networkPorts(cluster)}`
    ),
    ...facts.selinux === "enforcing" ? [`${host.name}: SELinux is enforcing; containerd needs container-selinux for that`] : []
  ];
}
function networkPorts(cluster) {
  const udp = podNetwork(cluster).udpPorts(cluster);
  if (udp === "unknown") return " and those of your pod network";
  return udp.length === 0 ? "" : ` and UDP ${udp.join(", ")}`;
}

// src/etcd/wal.ts
var [metadata, entry, snapshot] = [1, 2, 5];
var confChange = 1;
var firstFile = "0000000000000000-0000000000000000.wal";
function readWal(name, bytes) {
  let origin;
  let history = name !== firstFile;
  for (const record of recordsOf(bytes)) {
    const type = Number(record.get(1) ?? 0);
    const fields = fieldsOf(record.get(3));
    if (type === metadata) origin ??= { member: hexOf(fields.get(1)), cluster: hexOf(fields.get(2)) };
    if (type === snapshot && Number(fields.get(1) ?? 0) > 0) history = true;
    if (type === entry && (Number(fields.get(2) ?? 0) > 1 || Number(fields.get(1) ?? 0) !== confChange)) history = true;
  }
  return origin && { ...origin, history };
}
function* recordsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const frame = view.getBigUint64(at, true);
    if (frame === 0n) return;
    const length = Number(frame & 0xffffffffffffffn);
    const padding = frame >> 63n === 1n ? Number(frame >> 56n & 0x7n) : 0;
    const end = at + 8 + length;
    if (end > bytes.length) return;
    yield fieldsOf(bytes.subarray(at + 8, end));
    at = end + padding;
  }
}
function fieldsOf(bytes) {
  const fields = /* @__PURE__ */ new Map();
  if (!(bytes instanceof Uint8Array)) return fields;
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    const value = tag && varint(bytes, tag.end);
    if (!value) return fields;
    const [number, wire] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    at = value.end;
    if (wire === 2) {
      const end = at + Number(value.value);
      if (end > bytes.length) return fields;
      fields.set(number, bytes.subarray(at, end));
      at = end;
    } else if (wire === 0) fields.set(number, value.value);
    else return fields;
  }
  return fields;
}
function varint(bytes, start) {
  let value = 0n;
  for (let at = start; at < Math.min(bytes.length, start + 10); at += 1) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 127) << BigInt(7 * (at - start));
    if (byte < 128) return { value: BigInt.asUintN(64, value), end: at + 1 };
  }
  return void 0;
}
function hexOf(value) {
  return typeof value === "bigint" ? value.toString(16) : "0";
}

// src/etcd/observe.ts
var walBytes = 16384;
var most = { bootstrap: 16384, why: 300 };
var marks = ["wal", "data", "bootstrap", "unit", "list", "error"];
function observeEtcd(cluster, host, bootstrapFile) {
  const own = [etcdClientUrl(loopback(host.address))];
  const list = memberListOf(cluster, asMember, own);
  const wal = walDirOf(cluster);
  return [
    `wal=; for file in ${shellQuoted(wal)}/*.wal; do [ ! -f "$file" ] || { wal=$file; break; }; done`,
    'echo "wal ${wal##*/}"',
    `[ -z "$wal" ] || { printf 'data '; head -c ${walBytes} "$wal" | base64 | tr -d '\\n'; echo; }`,
    `[ ! -f ${bootstrapFile} ] || { printf 'bootstrap '; head -c ${most.bootstrap} ${bootstrapFile} | base64 | tr -d '\\n'; echo; }`,
    `unit=$(systemctl is-active ${components.etcd.unit} 2>/dev/null)`,
    'echo "unit $unit"',
    // Without a quorum since its start it is not active, and would only let etcdctl wait.
    '[ -n "$wal" ] && [ "$unit" = active ] || exit 0',
    // Without a file for the errors: nothing is written on a host that is only asked.
    "printf 'list '",
    `{ error=$(${list} 2>&1 >&3 3>&-); status=$?; } 3>&1; echo`,
    `[ "$status" = 0 ] || printf 'error %s\\n' "$(printf %s "$error" | tail -n 1 | tr -d '\\000-\\037' | head -c ${most.why})"`
  ].join("\n");
}
function walDirOf({ etcd }) {
  return etcd.extraArgs.find(({ name }) => name === "wal-dir")?.value ?? `${etcd.dataDir}/member/wal`;
}
function readEtcdOnHost(stdout) {
  const said = /* @__PURE__ */ new Map();
  for (const line of stdout.split("\n")) {
    const [mark = ""] = line.split(" ", 1);
    if (marks.some((each) => each === mark)) said.set(mark, line.slice(mark.length + 1));
  }
  const wal = said.get("wal");
  const unit2 = said.get("unit");
  if (wal === void 0 || unit2 === void 0) return void 0;
  const bootstrap = said.get("bootstrap");
  const list = readMemberList(said.get("list") ?? "");
  const why = list ? void 0 : whyNot(wal, unit2, said.get("error"));
  return {
    data: wal === "" ? "none" : readWal(wal, decoded(said.get("data"))) ?? "unreadable",
    active: unit2 === "active",
    ...bootstrap !== void 0 && { bootstrap: decoded(bootstrap).toString("utf8") },
    ...list && { list },
    ...why !== void 0 && { why }
  };
}
function whyNot(wal, unit2, error = "etcdctl gives no answer") {
  if (wal === "") return "it has no data";
  if (unit2 !== "active") return `its unit is ${/^[a-z-]{1,20}$/.test(unit2) ? unit2 : "unknown"}`;
  return redactLines(error.slice(0, most.why))[0]?.replace(/^Error: /, "") ?? "";
}
function decoded(text = "") {
  return Buffer.from(text, "base64");
}

// src/phases/gather-facts.ts
var gatherFacts = {
  title: "Gather facts",
  async run(run, signal) {
    const inspect = async (host) => [
      host.name,
      await sessionOf(run, host).inspect(queryFor(run, host))
    ];
    return { inspections: new Map(await onHosts(allTargets(run), inspect, signal)) };
  }
};
var hasBundles = ({ secrets }) => secrets !== void 0 && secrets.size > 0;
function queryFor(run, host) {
  return {
    claim: !run.dryRun,
    ...secretsQuery(run, host),
    certificates: host.roles.includes("node") ? [places.kubeletClientCert] : [],
    // The answer about etcd is read as the first one.
    ask: [
      ...isEtcdTarget(run, host) ? [observeEtcd(run.cluster, host, places.etcdBootstrap)] : [],
      ...host.roles.includes("node") && !hasBundles(run) ? [askPauseImage] : []
    ],
    disks: ["/var/lib", run.cluster.binDir, ...host.roles.includes("etcd") ? [run.cluster.etcd.dataDir] : []]
  };
}
function isEtcdTarget(run, { name }) {
  return targetsOf(run, "etcd").some((host) => host.name === name);
}
function secretsQuery(run, host) {
  if (hasBundles(run)) return { read: trustPaths };
  const all = [.../* @__PURE__ */ new Set([...roleSecrets("master").trust, ...secretPathsFor(run.cluster, host)])];
  if (!run.dryRun) return { read: all };
  return { read: all.filter(isPublic), withhold: all.filter((path) => !isPublic(path)) };
}

// src/plan/etcd-bootstrap.ts
function namedPeers(cluster, { members }, own) {
  const hosts = hostsWith(cluster, "etcd");
  return members.flatMap(({ id, peerUrls }) => {
    const host = hosts.find(({ address }) => peerUrls.includes(etcdPeerUrl(address)));
    const name = peerUrls.includes(etcdPeerUrl(own.address)) ? own.name : host?.name ?? `member-${id}`;
    return peerUrls.map((peerUrl) => ({ name, peerUrl }));
  });
}
function bootstrapText({ name }, state, members) {
  return [
    `ETCD_INITIAL_CLUSTER=${members.map((member) => `${member.name}=${member.peerUrl}`).join(",")}`,
    `ETCD_INITIAL_CLUSTER_STATE=${state}`,
    `ETCD_INITIAL_CLUSTER_TOKEN=${name}`,
    ""
  ].join("\n");
}

// src/plan/etcd-quorum.ts
function objectionTo(member, { members }, health) {
  if (member.learner) return void 0;
  const rest = votersOf(members).filter(({ id }) => id !== member.id);
  const healthy = rest.filter(({ id }) => health.get(id) === true);
  if (healthy.length >= quorumOf(rest.length) && rest.length > 0) return void 0;
  const others = rest.filter((each) => !healthy.includes(each));
  return tooFew(
    void 0,
    `without ${titleOf(member)} etcd would have ${healthy.length} healthy members of ${rest.length}`,
    others
  );
}
function tooFew(host, message, ill) {
  const named = ill.length > 0 ? ` (not healthy or not asked: ${ill.map(titleOf).join(", ")})` : "";
  return {
    code: "ETCD_QUORUM",
    ...host && { host: host.name },
    message: `${message} and no quorum${named}`,
    hint: "Start the other members first; etcd changes its members only while a quorum is sure."
  };
}
function noRoomFor(host, { members }, health) {
  const voters = votersOf(members);
  const ill = voters.filter(({ id }) => health.get(id) !== true);
  const healthy = voters.length - ill.length + 1;
  if (healthy >= quorumOf(voters.length + 1)) return void 0;
  const size = voters.length + 1;
  return tooFew(host, `with ${host.name} etcd would have ${healthy} healthy members of ${size}`, ill);
}
var votersOf = (members) => members.filter(({ learner }) => !learner);
function titleOf({ name, id }) {
  return name === "" ? id : `${name} (${id})`;
}

// src/plan/etcd-members.ts
function planMembers(cluster, facts) {
  const list = listOf(cluster, facts);
  const all = list ? partsOfLiving(cluster, facts, list) : partsOfSilent(cluster, facts);
  const parts = all.filter((part) => isOwn(part, facts));
  const refusals = parts.flatMap((part) => "code" in part ? [part] : []);
  const steps = refusals.length > 0 ? [] : needed(parts.flatMap((part) => "do" in part ? [part] : []));
  const beginnings = parts.flatMap((part) => "begins" in part ? [[part.begins, part.how]] : []);
  const voters = list ? votersIn(cluster, facts, list) : [];
  return { refusals, steps: inOrder2(steps), voters, beginnings: new Map(beginnings) };
}
function isOwn(part, { own }) {
  const host = "begins" in part ? part.begins : part.host;
  return host === void 0 || own.has(host);
}
function startsCluster(cluster, facts) {
  return [...planMembers(cluster, facts).beginnings.values()].some(({ as }) => as === "new");
}
function listOf(cluster, { observed }) {
  const lists = hostsWith(cluster, "etcd").map(({ name }) => observed.get(name)?.list);
  return lists.find((list) => list !== void 0);
}
function votersIn(cluster, facts, list) {
  const seats = hostsWith(cluster, "etcd").map((host) => seatOf(host, facts, list));
  return seats.flatMap(({ host, member }) => member && !member.learner && hasStarted(member) ? [host.name] : []);
}
function needed(steps) {
  return steps.some((step) => step.do === "add") ? steps : steps.filter((step) => step.do !== "resume");
}
function inOrder2(steps) {
  const order = ["start", "promote", "resume", "remove", "wait", "add", "remove later"];
  const place = (step) => order.indexOf(step.do === "remove" && step.isHealthy ? "remove later" : step.do);
  return steps.toSorted((one, other) => place(one) - place(other));
}
function partsOfSilent(cluster, facts) {
  const hosts = hostsWith(cluster, "etcd");
  const members = byAddress(hosts).map(({ name, address }) => ({ name, peerUrl: etcdPeerUrl(address) }));
  const said = (host) => facts.observed.get(host.name);
  const empty = hosts.filter((host) => said(host)?.data === "none");
  const kept = hosts.filter((host) => said(host) && said(host)?.data !== "none");
  const leaving = cluster.removed.flatMap((host) => dataOf(host, said(host)));
  if (cluster.removed.some((host) => said(host)?.list)) return [departing(leaving)];
  const begins = (host, how) => ({ begins: host.name, how });
  const keeps = kept.map((host) => begins(host, { as: "member" }));
  const unseen = hosts.filter((host) => !said(host)).map(unobserved);
  if (empty.length === 0) return [...keeps, ...unseen];
  const news = empty.map((host) => begins(host, { as: "new", members }));
  if (facts.neverBootstrapped) return [...keeps, ...unseen, ...news];
  const doubts = hosts.flatMap((host) => doubtOf(host, said(host), bootstrapText(cluster, "new", members)));
  if (doubts.length > 0) return [...unseen, ...keeps, ...empty.map((host) => unknown(host, doubts))];
  if (leaving.length > 0 && kept.length === 0) return [departing(leaving)];
  if (facts.hadApiServer && kept.length === 0) return [lost()];
  return [...keeps, ...news];
}
function doubtOf({ name }, said, bootstrap) {
  if (!said) return [`${name} was not asked`];
  if (said.data === "none") return said.active ? [`${name}: etcd runs with data elsewhere`] : [];
  if (said.data === "unreadable") return [`${name} has data that cannot be read`];
  if (said.data.history) return [`${name} has data, and ${said.why ?? "gives no answer"}`];
  return said.bootstrap === bootstrap ? [] : [`${name} has begun a cluster of other members`];
}
function dataOf({ name }, said) {
  if (!said) return [`${name} was not asked`];
  return said.data === "none" && !said.active ? [] : [`${name} has data`];
}
function departing(leaving) {
  return {
    code: "ETCD_QUORUM",
    message: `no member of etcd that stays answers, so the cluster\u2019s data would go with the hosts that are to leave: ${leaving.join("; ")}`,
    hint: "Start etcd on the hosts that stay, or keep most of the etcd hosts in the file and replace the others first. If the hosts that are to leave belong to no cluster, delete their lines."
  };
}
function unobserved({ name }) {
  return {
    code: "ETCD_MEMBERS_UNKNOWN",
    host: name,
    message: "this host gives no answer about its etcd",
    hint: "Run again; if it stays so, look at what the host answers (`systemctl status etcd`, its disk)."
  };
}
function unknown(host, doubts) {
  return {
    code: "ETCD_MEMBERS_UNKNOWN",
    host: host.name,
    message: `this host has no data of etcd, and no member can be asked whether there is a cluster: ${doubts.join("; ")}`,
    hint: "Start etcd on the hosts named (`systemctl start etcd`) until they have a quorum, then run again. Without a majority of them, restore a backup."
  };
}
function lost() {
  return {
    code: "ETCD_DATA_LOST",
    message: "no etcd host has data, but a master or a node has been set up: the cluster\u2019s data is gone",
    hint: "Restore a snapshot of etcd, or reset the other hosts too if the cluster is to begin again."
  };
}
function partsOfLiving(cluster, facts, list) {
  const hosts = hostsWith(cluster, "etcd");
  const seats = hosts.map((host) => seatOf(host, facts, list));
  const taken = new Set(seats.flatMap(({ member }) => member ? [member.id] : []));
  const leaving = cluster.removed.map((host) => seatOf(host, facts, list));
  const health = healthOf([...seats, ...leaving], list);
  const parts = seats.flatMap((seat) => partsOf(cluster, seat, list, health));
  const addresses = hosts.map(({ address }) => etcdPeerUrl(address));
  const strays = list.members.filter(
    ({ id, peerUrls }) => !taken.has(id) && !peerUrls.some((url) => addresses.includes(url))
  );
  return [...parts, ...allStrayParts(cluster, strays, facts, list, health)];
}
function allStrayParts(cluster, strays, facts, list, health) {
  const isHealthy = ({ id }) => health.get(id) === true;
  const left = [...list.members];
  return [...strays.filter((each) => !isHealthy(each)), ...strays.filter(isHealthy)].map((member) => {
    const part = strayPart(cluster, member, facts, { ...list, members: [...left] }, health);
    if ("do" in part) left.splice(left.indexOf(member), 1);
    return part;
  });
}
function seatOf(host, { observed }, { members }) {
  const said = observed.get(host.name);
  const data = said && typeof said.data === "object" ? said.data : void 0;
  const byData = members.find(({ id }) => id === data?.member);
  const byAddress2 = members.find(({ peerUrls }) => peerUrls.includes(etcdPeerUrl(host.address)));
  return { host, said, member: byData ?? byAddress2 };
}
function healthOf(seats, { cluster, members }) {
  const known = seats.flatMap(({ member, said }) => {
    if (!member || !said) return [];
    if (said.list) return said.list.cluster === cluster ? [[member.id, true]] : [];
    return said.data === "none" ? [[member.id, false]] : [];
  });
  const unstarted = members.filter((member) => !hasStarted(member)).map(({ id }) => [id, false]);
  return new Map([...unstarted, ...known]);
}
function partsOf(cluster, seat, list, health) {
  const { host, said, member } = seat;
  if (!said) return [unobserved(host)];
  if (said.data === "unreadable") return [foreign(host, "data that is not etcd\u2019s, or of another version")];
  if (said.data !== "none") return partsWithData(seat, list, health);
  if (said.active) return [foreign(host, "no data in its data directory, but a running etcd")];
  if (member && hasStarted(member)) return [removal(member, list, health, host)];
  if (member) {
    return [{ do: "start", host: host.name, members: namedPeers(cluster, list, host), why: "it is registered" }];
  }
  return [addition(host, list, health)];
}
function partsWithData({ host, said, member }, list, health) {
  if (typeof said?.data !== "object") return [];
  const { data } = said;
  if (data.cluster !== list.cluster || said.list && said.list.cluster !== list.cluster)
    return [foreign(host, `the data of another cluster (${data.cluster}; this one is ${list.cluster})`)];
  if (data.member !== member?.id) return [foreign(host, `the data of a member (${data.member}) that was removed`)];
  if (!member.peerUrls.includes(etcdPeerUrl(host.address)))
    return [foreign(host, `the data of a member with another address (${member.peerUrls.join(", ")})`)];
  const { name } = host;
  const kept = { begins: name, how: { as: "member" } };
  if (member.learner)
    return [
      kept,
      noRoomFor(host, list, health) ?? { do: "promote", host: name, id: member.id, why: "it is a learner" }
    ];
  return said.active ? [kept] : [kept, { do: "resume", host: name, why: "it is stopped, and another one is to be added" }];
}
function foreign(host, what) {
  return {
    code: "ETCD_DATA_FOREIGN",
    host: host.name,
    message: `this host has ${what}`,
    hint: "If the data is not needed, stop etcd there, move the data directory away and run again: the host then joins as a new member."
  };
}
function addition(host, list, health) {
  const learner = list.members.find((member) => member.learner);
  if (learner)
    return { do: "wait", host: host.name, why: `${titleOf(learner)} is a learner, and etcd has one at a time` };
  const why = "it is in the file and no member";
  return noRoomFor(host, list, health) ?? { do: "add", host: host.name, peerUrl: etcdPeerUrl(host.address), why };
}
function removal(member, list, health, host) {
  const refusal = objectionTo(member, list, health);
  if (refusal) return host ? { ...refusal, host: host.name } : refusal;
  const { id, name } = member;
  const why = host ? "the host came back without data" : "its host leaves";
  const isHealthy = health.get(id) === true;
  return {
    do: "remove",
    ...host && { host: host.name },
    id,
    name,
    why,
    ...isHealthy && { isHealthy: true }
  };
}
function strayPart(cluster, member, { forget }, list, health) {
  const isAt = ({ address }) => member.peerUrls.includes(etcdPeerUrl(address));
  const leaves = forget.has(member.name) || cluster.removed.some(isAt);
  if (!hasStarted(member) || leaves) return removal(member, list, health);
  const host = cluster.hosts.find(isAt);
  return {
    // Without the host, which is of no etcd job: it concerns every run.
    code: "ETCD_MEMBER_STRAY",
    message: `etcd has the member ${titleOf(member)} at ${member.peerUrls.join(", ")}, and ${host ? `${host.name}, which is at that address, does not have the role etcd` : "no host of cluster.yaml is at that address"}`,
    hint: wayOut(cluster, member, host)
  };
}
function wayOut({ hosts }, { name }, host) {
  if (host) return keepsRole("etcd");
  const line = "Write a line with that address and state: removed, so that the host is cleaned too.";
  const isKept = hosts.some((each) => each.name === name || each.nodeName === name);
  return isKept ? line : `${line} If the machine no longer exists, run again with forget: ${name}.`;
}

export {
  secretFiles,
  newMasters,
  roleState,
  applyState,
  applyStates,
  restartsOneOf,
  fetchBinaries,
  applyRole,
  bootstrapText,
  observeEtcd,
  readEtcdOnHost,
  planMembers,
  startsCluster,
  checkHosts,
  gatherFacts
};
