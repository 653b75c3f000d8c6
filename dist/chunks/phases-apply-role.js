import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  auditLogDirectory,
  holdOnMaster,
  hostPreparation,
  isBalanced,
  kernelFeatures,
  podNetwork,
  stateFor,
  sysctlAliases
} from "./components.js";
import {
  changeInWords
} from "./phases-change-words.js";
import {
  askPauseImage,
  keepsRole
} from "./plan-kept-role.js";
import {
  hasStarted,
  readMemberList
} from "./etcd-members.js";
import {
  reachHost
} from "./phases-reach-masters.js";
import {
  insecureHint,
  onHosts,
  quote,
  stateDirectory,
  sysctlFilePath,
  sysctlPath
} from "./host.js";
import {
  asMember,
  hasNoSpace,
  memberListOf,
  quorumOf,
  shellCommand,
  shellQuoted
} from "./etcd-etcdctl.js";
import {
  allTargets,
  inspectionOf,
  isPublic,
  roleSecrets,
  secretPathsFor,
  secretsOf,
  sessionOf,
  targetsOf,
  trustPaths
} from "./pki.js";
import {
  openPorts,
  portsOfRole
} from "./layout-ports.js";
import {
  contains,
  overlap,
  parseAddress,
  parseSubnet
} from "./cluster-addresses.js";
import {
  kubernetesMinor
} from "./cluster-versions.js";
import {
  byAddress,
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  etcdClientUrl,
  etcdPeerUrl,
  etcdPkiDir,
  hostPort,
  loopback,
  places,
  unitsOfRole
} from "./layout-addresses.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem
} from "./errors.js";
import {
  redact,
  redactLines
} from "./host-redact-keys.js";

// src/components/resolver.ts
var { hostResolver, resolvedServers, networkManagerServers } = places;
function resolverFiles(cluster) {
  const chosen = cluster.kubelet.config.resolvConf;
  return typeof chosen === "string" ? [chosen] : [resolvedServers, hostResolver, networkManagerServers];
}
function podResolver(cluster, resolvers, resolvedRuns) {
  const [chosen = hostResolver, ...others] = resolverFiles(cluster);
  if (others.length === 0) return { file: chosen, servers: resolvers.get(chosen) };
  const files = [...resolvedRuns ? [resolvedServers] : [], hostResolver, networkManagerServers];
  const fallback = resolvedRuns ? resolvedServers : hostResolver;
  const file = files.find((each) => isUsable(resolvers.get(each))) ?? fallback;
  return { ...file !== hostResolver && { config: file }, file, servers: resolvers.get(file) };
}
function isUsable(servers) {
  return servers !== void 0 && servers.length > 0 && !servers.some(isLoopback);
}
function isLoopback(address) {
  return /^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.|fe[89ab][0-9a-f]:)/i.test(address);
}

// src/phases/hold-writes.ts
var quickly = { retries: 0, connectTimeout: 3e3, loginTimeout: 3e3 };
async function holdWrites(run) {
  const masters = hostsWith(run.cluster, "master");
  const quick = { ...run, access: { ...run.access, ...quickly } };
  const refusals = await Promise.all(masters.map(async (master) => await reachHost(quick, master)));
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

// src/phases/new-cluster.ts
function isNewCluster(run) {
  const isNew = ({ name }) => run.inspections.get(name)?.scopes.length === 0;
  return ["etcd", "master"].every(
    (role) => hostsWith(run.cluster, role).every(
      (host) => targetsOf(run, role).includes(host) && isNew(host) && (role !== "etcd" || run.etcd.bootstrap.has(host.name))
    )
  );
}
function withoutRole(run, hosts, role) {
  if (!isNewCluster(run)) return hosts;
  return hosts.filter(({ name }) => !run.results.some(({ host, phase }) => host === name && phase === role));
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
  const { resolvedRuns, architecture, beside, selinux } = inspectionOf(run, host).facts;
  const { config: resolvConf } = podResolver(run.cluster, beside.resolvers, resolvedRuns);
  const etcdBootstrap = run.etcd.bootstrap.get(host.name);
  const members = { etcdBootstrap, etcdVoters: run.etcd.voters };
  const facts = {
    resolvConf,
    seLinux: selinux !== "disabled",
    architecture,
    ...members,
    newMasters: newMasters(run, host)
  };
  return stateFor(run.cluster, host, role, secretsOf(run, host), facts);
}
async function applyState(run, host, scope, state) {
  recordChange(run, host, scope, await changed(run, host, scope, state));
}
async function applyStates(run, hosts, scope, stateOf, signal) {
  let before;
  const apply = async (host, turn) => {
    const [applied] = await Promise.all([changed(run, host, scope, stateOf(host)), turn]);
    recordChange(run, host, scope, applied);
  };
  const inTurn = (host) => {
    const applied = apply(host, before);
    if (run.dryRun) before = applied.catch(() => void 0);
    return applied;
  };
  await onHosts(hosts, inTurn, signal);
}
async function restartsOneOf(run, host, scope, state, units2) {
  const changes = await sessionOf(run, host).difference(scope, { ...state, owner: run.cluster.name });
  return changes.some(({ kind, subject }) => (kind === "restart" || kind === "start") && units2.includes(subject));
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
  run.results.push({ host: host.name, phase: scope, ...applied, ended: Date.now() });
}
function applyRole(role, title) {
  return {
    title,
    async run(run, signal) {
      const stateOf = (host) => {
        if (role === "etcd" && !run.dryRun && !run.etcd.bootstrap.has(host.name))
          throw new Error(`etcd's members were not planned for ${host.name}`);
        return roleState(run, host, role);
      };
      await applyStates(run, withoutRole(run, targetsOf(run, role), role), role, stateOf, signal);
    }
  };
}

// src/phases/check-boot.ts
import { basename as basename2 } from "node:path/posix";

// src/phases/beside-query.ts
import { dirname } from "node:path/posix";
var leftovers = [
  "/var/lib/kubelet/cpu_manager_state",
  "/var/lib/kubelet/memory_manager_state",
  "/var/lib/cni/networks/*",
  "/var/lib/calico",
  "/var/lib/cilium",
  "/var/lib/weave"
];
var otherServices = {
  /** It lets only programs of packages run, until its rules have others. */
  fapolicyd: "fapolicyd.service",
  /** It changes the routes of a cloud's host, also those of pods. */
  cloudSetup: "nm-cloud-setup.timer",
  /** It uses the host's containerd. */
  docker: "docker.service"
};
function placesOf({ etcd }, role) {
  const { kubernetesDir, cniPlugins, cniConfig, containerdRoot, kubeletRoot } = places;
  if (role === "etcd") return [etcd.dataDir, etcdPkiDir];
  return role === "master" ? [kubernetesDir] : [kubernetesDir, cniPlugins, cniConfig, containerdRoot, kubeletRoot];
}
var modulesDisabled = "kernel.modules_disabled";
function withAlias(key) {
  const alias = sysctlAliases[key];
  return alias === void 0 ? [key] : [key, alias];
}
function besideQuery(cluster, host) {
  const states = host.roles.map((role) => hostPreparation(cluster, host, role));
  const isNode = host.roles.includes("node");
  return {
    sysctls: [...new Set(states.flatMap(({ sysctls }) => Object.keys(sysctls)).flatMap(withAlias)), modulesDisabled],
    units: host.roles.flatMap(unitsOfRole),
    resolvers: isNode ? resolverFiles(cluster) : [],
    left: isNode ? [`${places.cniConfig}/*`, ...leftovers] : [],
    modules: isNode ? kernelFeatures(cluster) : [],
    services: Object.values(otherServices),
    secure: [cluster.binDir, stateDirectory, dirname(cluster.etcd.dataDir), ...isNode ? [places.cniPlugins] : []],
    places: [...new Set(host.roles.flatMap((role) => [cluster.binDir, stateDirectory, ...placesOf(cluster, role)]))]
  };
}

// src/phases/check-confinement.ts
import { basename } from "node:path/posix";
var units = [components.containerd.unit, components.kubelet.unit];
var ownNamespace = /^(Private(Tmp|Devices|Mounts|IPC)|Protect(System|Home|KernelTunables|KernelModules|KernelLogs|ControlGroups|Proc)|ProcSubset|MountFlags|TemporaryFileSystem|Bind(ReadOnly)?Paths|(ReadOnly|ReadWrite|Inaccessible|Exec|NoExec)Paths)$/;
var off = /^(0|no|n|false|f|off|default|all|shared)?$/i;
var openMask = /^(0*22|0*2|0+)?$/;
function confinementProblems({ name }, { facts, scopes }) {
  const found = units.flatMap(
    (unit) => effective(unit, facts.beside.dropIns).filter(isConfining).map((setting) => ({ ...setting, on: unit }))
  );
  return [...Map.groupBy(found, ({ file }) => file)].map(([file, settings]) => {
    const keys = [...new Set(settings.map(({ key }) => key))].join(", ");
    const on = [...new Set(settings.map((setting) => setting.on))];
    const message = `${file} sets ${keys} of ${on.join(" and ")}, with which pods do not work`;
    const isForAll = settings[0]?.unit !== on[0];
    const restart = scopes.includes("node") ? `; systemctl restart ${on.join(" ")}` : "";
    const hint = `On the host, as root: ${isForAll ? exempt(file, on) : `rm ${quote(file)}`}; systemctl daemon-reload${restart}`;
    return new Problem(message, { code: "HOST_DROP_IN", host: name, hint });
  });
}
function isConfining({ key, value = "" }) {
  return key === "UMask" ? !openMask.test(value) : ownNamespace.test(key) && !off.test(value);
}
function exempt(file, on) {
  return on.map((unit) => `/etc/systemd/system/${unit}.d`).map((directory) => `mkdir -p ${directory}; ln -s /dev/null ${quote(`${directory}/${basename(file)}`)}`).join("; ");
}
function effective(unit, dropIns) {
  const ofUnit = dropIns.filter((each) => each.unit === unit || each.unit === "service");
  const byName = [...Map.groupBy(ofUnit, ({ file }) => basename(file))].toSorted(([a], [b]) => a < b ? -1 : 1);
  const settings = byName.flatMap(([, all]) => {
    const own = all.filter((each) => each.unit === unit);
    return own.length > 0 ? own : all;
  });
  return [...new Map(settings.map((setting) => [setting.key, setting])).values()];
}

// src/phases/check-boot.ts
var neededControllers = ["cpu", "cpuset", "memory", "pids"];
var replacing = /^(ExecStart|Type|User|Group|DynamicUser|RootDirectory|RootImage)$/;
function bootProblems(cluster, host, inspection) {
  const { facts } = inspection;
  const isNode = host.roles.includes("node");
  const problem = (code, message, hint) => new Problem(message, { code, host: host.name, hint });
  return [
    ...winningLines(cluster, host, facts).map(
      ({ file, key, value, ours }) => problem(
        "HOST_SYSCTL",
        `${file} sets ${key} to ${value} at boot, after this cluster's file, which needs ${ours}`,
        `On the host, as root: sed -i ${quote(`s|^\\s*-\\?\\s*${key.replaceAll(".", "\\.")}\\s*=|# &|`)} ${quote(file)}`
      )
    ),
    ...isNode ? lockedModules(facts, problem) : [],
    ...byFile(facts.beside.dropIns).map(([file, settings]) => ({ file, unit: settings[0]?.unit ?? "", keys: keysOf(settings, replacing) })).filter(({ keys }) => keys.length > 0).map(
      ({ file, unit, keys }) => problem(
        "HOST_DROP_IN",
        `${file} replaces ${keys.join(", ")} of ${unit === "service" ? "every service" : unit}`,
        `On the host, as root: rm ${quote(file)} && systemctl daemon-reload`
      )
    ),
    ...(isNode && cluster.kubelet.config.failSwapOn !== false ? facts.beside.swap : []).map(
      (source) => problem(
        "HOST_SWAP",
        `${source} turns swap on at each boot, and a kubelet does not start with swap`,
        `On the host, as root: ${withoutSwap(source)}`
      )
    ),
    ...lockedSettings(cluster, host, facts, problem),
    ...placeProblems(cluster, facts, problem),
    ...facts.beside.open === void 0 ? [] : [problem("PLACE_INSECURE", facts.beside.open, insecureHint)],
    ...policyProblems(cluster, isNode, facts, problem),
    ...isNode ? [...kernelProblems(facts, problem), ...confinementProblems(host, inspection)] : []
  ];
}
function withoutSwap(source) {
  return source.startsWith("/") ? `delete the line with swap from ${source}` : `systemctl disable --now ${quote(source)}`;
}
function placeProblems({ binDir }, { beside }, problem) {
  const ofPrograms = [binDir, places.cniPlugins];
  return [
    ...beside.mounts.filter(({ path, how }) => how === "readonly" || how === "noexec" && ofPrograms.includes(path)).map(
      ({ path, mount, how }) => problem(
        "HOST_MOUNT",
        `${mount} is mounted ${how === "noexec" ? `noexec: programs in ${path} cannot run` : `read-only: nothing can be written to ${path}`}`,
        `On the host, as root: mount -o remount,${how === "noexec" ? "exec" : "rw"} ${quote(mount)}, also in /etc/fstab; or choose another path in cluster.yaml (binDir).`
      )
    ),
    ...beside.emptied.map(
      ({ file, path }) => problem(
        "HOST_TMPFILES",
        `${file} removes what is in ${path} at boot or after some time`,
        `Delete that line from ${file}.`
      )
    )
  ];
}
function policyProblems({ binDir }, isNode, { beside }, problem) {
  if (!beside.services.includes(otherServices.fapolicyd)) return [];
  const all = isNode ? [binDir, places.cniPlugins, places.kubeletRoot] : [binDir];
  const closed = all.filter((path) => !beside.allowed.some((allowed) => `${path}/`.startsWith(withSlash(allowed))));
  if (closed.length === 0) return [];
  const paths = all.map((path) => quote(path)).join(" ");
  return [
    problem(
      "HOST_EXEC",
      `fapolicyd keeps programs in ${closed.join(", ")} from running`,
      `On the host, as root: printf 'allow perm=any all : dir=%s/\\n' ${paths} >/etc/fapolicyd/rules.d/80-k8s-ha.rules && fagenrules --load && systemctl restart fapolicyd`
    )
  ];
}
function lockedSettings(cluster, host, { beside: { locked } }, problem) {
  const wanted = Object.assign({}, ...host.roles.map((role) => hostPreparation(cluster, host, role).sysctls));
  return locked.filter(({ key, value }) => wanted[key] !== void 0 && wordsOf(value) !== wordsOf(wanted[key])).map(
    ({ key, value }) => problem(
      "SYSCTL_REFUSED",
      `${key} is ${value} and cannot be changed on this host; it must be ${wanted[key]}`,
      `In a container, set it outside: on the machine that runs it, as root: sysctl -w ${key}=${wanted[key]}`
    )
  );
}
var withSlash = (path) => path.endsWith("/") ? path : `${path}/`;
function lockedModules({ beside }, problem) {
  return beside.sysctls.filter(({ key, value }) => sysctlPath(key) === sysctlPath(modulesDisabled) && value.trim() === "1").map(
    ({ file }) => problem(
      "HOST_SYSCTL",
      `${file} sets ${modulesDisabled} to 1 at boot: then the modules of the pods' network cannot be loaded`,
      `On the host, as root: sed -i ${quote(`s|^\\s*-\\?\\s*${modulesDisabled.replace(".", "[./]")}\\s*=|# &|`)} ${quote(file)}`
    )
  );
}
function kernelProblems({ beside, kernel, loadsNoModules }, problem) {
  const { missingModules, blockedModules, controllers } = beside;
  const off2 = controllers.length === 0 ? [] : neededControllers.filter((name) => !controllers.includes(name));
  return [
    ...missingModules.length > 0 ? [
      problem(
        "HOST_KERNEL",
        loadsNoModules ? `the kernel loads no modules until the next boot (${modulesDisabled} is 1), and ${missingModules.join(", ")} are not loaded` : `the kernel ${kernel} has no ${missingModules.join(", ")}`,
        loadsNoModules ? `Remove ${modulesDisabled} from /etc/sysctl.d and /etc/sysctl.conf, and reboot.` : "Install the rest of its modules (linux-modules-extra on Ubuntu, kernel-modules-extra on RHEL), or another kernel, and reboot."
      )
    ] : [],
    ...blockedModules.map(
      ({ file, name }) => problem(
        "HOST_KERNEL",
        `${file} keeps the kernel module ${name} from being loaded at boot`,
        `On the host, as root: sed -i ${quote(`s|^\\s*\\(install\\|blacklist\\)\\s\\+${name}\\b|# &|`)} ${quote(file)}`
      )
    ),
    ...off2.length > 0 ? [
      problem(
        "HOST_CGROUP",
        `the kernel has these cgroup controllers off: ${off2.join(", ")}`,
        "Turn them on in the kernel\u2019s command line, such as cgroup_enable=memory (on a Raspberry Pi in /boot/firmware/cmdline.txt), and reboot."
      )
    ] : []
  ];
}
function dropInWarnings(host, { beside }) {
  const own = byFile(beside.dropIns.filter(({ unit, key }) => unit !== "service" && key !== ""));
  return own.filter(([, settings]) => keysOf(settings, replacing).length === 0).map(
    ([file, settings]) => `${host.name}: ${file} also sets ${keysOf(settings).join(", ")} of ${settings[0]?.unit}`
  );
}
function unreadWarnings(host, { beside: { unread } }) {
  if (unread === void 0) return [];
  return [
    `${host.name}: the configuration of other programs could not be read (${redact(unread || "awk failed")}): unknown is what it does at boot to kernel settings, swap, mounts and this cluster's units`
  ];
}
function byFile(dropIns) {
  return [...Map.groupBy(dropIns, ({ file }) => file)];
}
function keysOf(settings, which = /^/) {
  return [...new Set(settings.map(({ key }) => key))].filter((key) => which.test(key));
}
function winningLines(cluster, host, facts) {
  const lines = facts.beside.sysctls.filter(
    ({ file }) => !file.startsWith(ufwDirectory) || facts.firewalls.includes("ufw")
  );
  const found = host.roles.flatMap((role) => {
    const last = basename2(sysctlFilePath(role));
    return Object.entries(hostPreparation(cluster, host, role).sysctls).flatMap(([key, ours]) => {
      const line = lines.filter((each) => decides(each.key, key) && orderOf(each.file) > last).toSorted((a, b) => orderOf(a.file) < orderOf(b.file) ? -1 : 1).at(-1);
      return line === void 0 || wordsOf(line.value) === wordsOf(ours) ? [] : [{ ...line, ours }];
    });
  });
  return [...new Map(found.map((line) => [`${line.file} ${line.key}`, line])).values()];
}
function decides(key, ours) {
  const [path, alias] = [sysctlPath(key), sysctlAliases[ours]];
  if (path === sysctlPath(ours)) return true;
  if (alias === void 0 || path.split("*").length > 4) return false;
  const pattern = path.replaceAll(/[^\w/*-]/g, "\\$&").replaceAll("*", "[^/]*");
  return new RegExp(`^${pattern}$`).test(sysctlPath(alias));
}
var ufwDirectory = "/etc/ufw/";
function orderOf(file) {
  return file.startsWith(ufwDirectory) ? `~${file}` : basename2(file);
}
function wordsOf(value) {
  return value.trim().split(/\s+/).join(" ");
}

// src/phases/check-names.ts
function identityProblems(hosts) {
  return [...clones(hosts), ...nameTwins(hosts), ...hosts.flatMap(localNames)];
}
function clones(hosts) {
  return twins(hosts, ([, { machineId }]) => machineId).map(([host, twin]) => {
    const hint = "Run rm /etc/machine-id && systemd-machine-id-setup on the clone, then reboot it.";
    return new Problem(`has the same machine-id as ${twin.name}`, { code: "HOST_CLONE", host: host.name, hint });
  });
}
function nameOf([host, facts]) {
  return (host.hostname ?? facts.hostname).toLowerCase();
}
function nameTwins(hosts) {
  const masters = hosts.filter(([host]) => host.roles.includes("master"));
  return twins(masters, nameOf).map(
    ([host, twin, name]) => hostnameProblem(host, `its host name ${name} is that of ${twin.name} too`)
  );
}
function localNames(seen) {
  const [host] = seen;
  if (!host.roles.includes("master") || !/^(localhost(\..*)?|\(none\))$/.test(nameOf(seen))) return [];
  return [hostnameProblem(host, `its host name is ${nameOf(seen)}, which says nothing in a lease`)];
}
function hostnameProblem(host, message) {
  const hint = `Set hostname: ${host.name} for it in cluster.yaml, or run hostnamectl set-hostname ${host.name} there.`;
  return new Problem(message, { code: "HOST_NAME", host: host.name, hint });
}
function twins(hosts, textOf) {
  return hosts.flatMap((seen, index) => {
    const value = textOf(seen);
    const twin = value === "" ? void 0 : hosts.slice(0, index).find((other) => textOf(other) === value);
    return twin ? [[seen[0], twin[0], value]] : [];
  });
}

// src/phases/check-room.ts
var memoryNeeded = { etcd: 900, master: 1700, node: 900 };
function spaceNeeds(cluster, role) {
  const { binDir, etcd } = cluster;
  const binaries = { etcd: 200, master: 500, node: 600 };
  const placed = [binDir, stateDirectory].map((path) => ({ path, first: binaries[role], change: 250 }));
  switch (role) {
    case "etcd":
      return [...placed, { path: etcd.dataDir, first: 1600, change: 0 }];
    case "master":
      return [...placed, { path: auditLogDirectory(cluster), first: 1e3, change: 0 }];
    case "node":
      return [
        ...placed,
        { path: places.cniPlugins, first: 100, change: 0 },
        { path: places.containerdRoot, first: 2400, change: 0 },
        { path: places.kubeletRoot, first: 300, change: 0 }
      ];
  }
}
function roomPaths(cluster, host) {
  return [...new Set(host.roles.flatMap((role) => spaceNeeds(cluster, role).map(({ path }) => path)))];
}
function roomProblems(cluster, host, { facts, scopes }) {
  const memory = host.roles.reduce((sum, role) => sum + memoryNeeded[role], 0);
  const needs = host.roles.flatMap(
    (role) => spaceNeeds(cluster, role).map(({ path, first, change }) => ({
      path,
      size: scopes.includes(role) ? change : first
    }))
  );
  const known = needs.filter(({ path, size }) => size > 0 && facts.freeMiB[path] !== void 0);
  const disks = [...Map.groupBy(known, ({ path }) => facts.fileSystems[path] ?? path).values()];
  const roles2 = host.roles.join(", ");
  const short = (code, message, hint) => new Problem(message, { code, host: host.name, hint });
  return [
    ...facts.memoryMiB < memory ? [
      short(
        "HOST_MEMORY",
        `${facts.memoryMiB} MiB of memory, ${memory} are needed for ${roles2}`,
        "Add memory, or remove roles."
      )
    ] : [],
    ...disks.flatMap((parts) => {
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const free = freeFor(facts, parts);
      if (free >= size) return [];
      const where = [...new Set(parts.map(({ path }) => path))].join(", ");
      const message = `${free} MiB are free in ${where}, ${size} are needed there for ${roles2}`;
      return [short("HOST_DISK", message, `Free some space in ${where}.`)];
    })
  ];
}
function freeFor({ freeMiB }, parts) {
  return Math.min(...parts.map(({ path }) => freeMiB[path] ?? 0));
}

// src/phases/check-surroundings.ts
function surroundingProblems(cluster, host, inspection) {
  const isNode = host.roles.includes("node");
  const { facts } = inspection;
  return [
    ...isNode ? resolverProblems(cluster, host, facts) : [],
    ...isNode ? otherNetworks(cluster, host, facts) : [],
    ...isNode ? insideSubnets(cluster, host, inspection) : [],
    ...hasBalancer(cluster, host) ? seLinuxProblems(host, facts) : [],
    ...unsuitableMounts(cluster, host, facts)
  ];
}
function unsuitableMounts({ etcd }, host, { beside }) {
  const data = [etcd.dataDir, places.containerdRoot, places.kubeletRoot, places.kubernetesDir];
  const local = [etcd.dataDir, places.containerdRoot];
  return beside.mounts.filter(
    ({ path, how }) => how === "volatile" && data.includes(path) || how === "network" && local.includes(path)
  ).map(({ path, mount, how }) => {
    const message = how === "volatile" ? `${mount} is in memory: the next boot would delete what is in ${path}` : `${mount} is a network file system, on which ${path} does not work`;
    const hint = `Put ${path} on a file system of a local disk.`;
    return new Problem(message, { code: "HOST_MOUNT", host: host.name, hint });
  });
}
function isInPlace({ roles: roles2 }, { scopes }) {
  return scopes.includes(roles2.includes("node") ? "node" : "master");
}
function hasBalancer(cluster, { roles: roles2 }) {
  return roles2.includes("node") || roles2.includes("master") && isBalanced(cluster);
}
function resolverProblems(cluster, host, facts) {
  const { file, servers } = podResolver(cluster, facts.beside.resolvers, facts.resolvedRuns);
  if (servers === void 0 || isUsable(servers) || !cluster.addons.coredns) return [];
  const what = servers.length === 0 ? "names no name server" : `names ${servers.join(", ")}`;
  const hint = file === places.resolvedServers ? "Give systemd-resolved its servers: DNS= in /etc/systemd/resolved.conf, then systemctl restart systemd-resolved." : "Write a file with the real name servers on the host, such as /etc/kubernetes/resolv.conf, and set kubelet.config.resolvConf to its path.";
  return [
    new Problem(`${file} ${what}: CoreDNS would ask itself, or no server`, {
      code: "HOST_RESOLVER",
      host: host.name,
      hint
    })
  ];
}
function otherNetworks(cluster, host, { beside }) {
  if (podNetwork(cluster).inUserManifests) return [];
  return beside.left.filter((path) => path.startsWith(`${places.cniConfig}/`) && /\.(conf|conflist|json)$/.test(path)).filter((path) => path < places.flannelConflist).map(
    (path) => new Problem(`${path} is the configuration of another pod network, which would be used instead of this one`, {
      code: "HOST_LEFTOVER",
      host: host.name,
      hint: `On the host, as root: rm ${quote(path)}`
    })
  );
}
var ownInterface = /^(cni0|flannel[.-].*|veth.*|kube-ipvs0|nodelocaldns)$/;
function insideSubnets(cluster, host, inspection) {
  const inPlace = isInPlace(host, inspection);
  const isOurs = (name) => podNetwork(cluster).inUserManifests || ownInterface.test(name);
  const addresses = inspection.facts.addresses.filter((each) => !inPlace || !isOurs(each.interface));
  const subnets = [
    ["network.podSubnet", cluster.network.podSubnet],
    ["network.serviceSubnet", cluster.network.serviceSubnet]
  ];
  return addresses.flatMap(
    ({ interface: name, address, prefix }) => subnets.flatMap(([key, text]) => {
      const [subnet, number] = [parseSubnet(text), parseAddress(address)];
      if (!subnet || number === void 0 || !contains(subnet, number)) return [];
      const hint = ownInterface.test(name) ? `Another cluster left it. On the host, as root: ip link delete ${name}` : `Write another ${key} in cluster.yaml, or give ${name} another network (docker: default-address-pools and bip in /etc/docker/daemon.json).`;
      return [
        new Problem(`${name} has the address ${address}/${prefix}, which is within ${key} ${text}`, {
          code: "HOST_SUBNET",
          host: host.name,
          hint
        })
      ];
    })
  );
}
function seLinuxProblems(host, { selinux, beside }) {
  if (selinux !== "enforcing" || beside.haproxyMayConnect !== false) return [];
  return [
    new Problem("SELinux is enforcing and keeps haproxy from the ports of API servers and etcd", {
      code: "HOST_SELINUX",
      host: host.name,
      hint: "On the host, as root: setsebool -P haproxy_connect_any 1"
    })
  ];
}
function surroundingWarnings(cluster, host, { facts, scopes }) {
  const isNode = host.roles.includes("node");
  const isNew = isNode && !scopes.includes("node");
  const trees = leftovers.map((path) => path.replace(/\*$/, ""));
  const left = facts.beside.left.filter((path) => trees.some((tree) => path.startsWith(tree)));
  return [
    ...isNew && left.length > 0 ? [
      `${host.name}: another cluster left ${left.join(", ")}; if it is gone, as root: rm -rf ${left.map(quote).join(" ")}`
    ] : [],
    ...isNode ? nearSubnets(cluster, host, facts) : [],
    ...firewallWarnings(cluster, host, facts),
    ...localPortWarnings(cluster, host, facts),
    ...isNode ? serviceWarnings(host, facts, isNew) : []
  ];
}
function localPortWarnings(cluster, host, { localPorts }) {
  if (!localPorts) return [];
  const { first, last, reserved } = localPorts;
  const ports = host.roles.flatMap((role) => portsOfRole(cluster, role)).filter(({ protocol }) => protocol === "tcp");
  const taken = [...new Set(ports.map(({ port }) => port))].filter((port) => port >= first && port <= last).filter((port) => !reserved.some(([from, to]) => port >= from && port <= to)).toSorted((one, other) => one - other);
  if (taken.length === 0) return [];
  return [
    `${host.name}: the host's own connections use the ports from ${first} to ${last} (net.ipv4.ip_local_port_range), so also ${taken.join(", ")} of this cluster; keep these free by net.ipv4.ip_local_reserved_ports`
  ];
}
function serviceWarnings({ name }, { beside: { services } }, isNew) {
  return [
    ...services.includes(otherServices.cloudSetup) ? [
      `${name}: nm-cloud-setup may change the routes of pods; as root: systemctl disable nm-cloud-setup.service nm-cloud-setup.timer, and reboot`
    ] : [],
    ...isNew && services.includes(otherServices.docker) ? [`${name}: Docker uses the containerd of this host, whose unit and configuration a run replaces`] : []
  ];
}
function nearSubnets(cluster, host, { addresses }) {
  const subnets = [cluster.network.podSubnet, cluster.network.serviceSubnet].map(parseSubnet);
  return addresses.filter(({ interface: name, address }) => !ownInterface.test(name) && parseAddress(address) !== void 0).flatMap(({ interface: name, address, prefix }) => {
    const network = parseSubnet(`${address}/${prefix}`);
    const near = subnets.find((subnet) => subnet && network && overlap(subnet, network));
    if (!near || contains(near, parseAddress(address) ?? 0)) return [];
    return [
      `${host.name}: the network of ${name}, ${address}/${prefix}, has addresses of ${near.text}, which this host will look for in the cluster`
    ];
  });
}
function firewallWarnings(cluster, host, facts) {
  const ports = host.roles.flatMap((role) => openPorts(cluster, role));
  const [tcp, udp] = ["tcp", "udp"].map(
    (protocol) => [...new Set(ports.filter((port) => port.protocol === protocol).map(({ port }) => port))].join(", ")
  );
  const unknown2 = host.roles.includes("node") && podNetwork(cluster).inUserManifests ? " and those of your pod network" : "";
  const reach = `let the other hosts reach the TCP ports ${tcp}${udp === "" ? unknown2 : ` and UDP ${udp}`}`;
  if (facts.firewalls.length > 0) return facts.firewalls.map((name) => `${host.name}: ${name} is active; ${reach}`);
  const isAlone = cluster.hosts.length === 1;
  return facts.beside.chains.filter(({ hook, otherwise }) => otherwise !== "accept" && !(isAlone && hook === "input")).flatMap((chain) => chainWarning(cluster, host, chain, reach));
}
function chainWarning(cluster, host, chain, reach) {
  const { name, hook, otherwise } = chain;
  const verb = otherwise === "drop" ? "drops" : "rejects";
  if (hook === "input") {
    const rule = name.startsWith("iptables ") ? "iptables -I INPUT -s ADDRESS -j ACCEPT" : `nft insert rule ${name} ip saddr ADDRESS accept`;
    return [
      `${host.name}: the firewall's chain ${name} ${verb} what no rule accepts; ${reach}, such as by a rule for each: ${rule}`
    ];
  }
  if (!host.roles.includes("node") || /^(ip filter|iptables) FORWARD$/.test(name)) return [];
  const subnet = cluster.network.podSubnet;
  return [
    `${host.name}: the firewall's chain ${name} ${verb} packets that are forwarded, so also those of pods; let those from and to ${subnet} pass`
  ];
}

// src/phases/try-forward.ts
var tryForward = {
  title: "Try the way to the masters\u2019 API",
  when: (run) => newMasters2(run).length > 0,
  async run(run, signal) {
    const tried = async (master) => {
      try {
        const stream = await sessionOf(run, master).forward(master.address, run.cluster.api.port);
        stream.destroy();
      } catch (error) {
        if (error instanceof Problem && error.code === "FORWARD_FORBIDDEN") return [error];
      }
      return [];
    };
    const problems = (await onHosts(newMasters2(run), tried, signal)).flat();
    if (problems.length > 0) throw new AggregateError(problems, "no way to the API of new masters");
  }
};
function newMasters2(run) {
  return targetsOf(run, "master").filter((host) => !inspectionOf(run, host).scopes.includes("master"));
}

// src/phases/try-reach.ts
var seconds = 3;
var mostTargets = 200;
var attempts = `fds=() pids=() wait=${seconds}
while read -r address port; do
  exec {fd}< <(exec 2>&1; exec 3<>"/dev/tcp/$address/$port" && echo open)
  fds+=("$fd") pids+=("$!")
done
for i in "\${!fds[@]}"; do
  said=
  while read -r -t "$wait" -u "\${fds[i]}" line || { late=$?; false; }; do said=$line; done
  # After the first that gives no answer, all have had their time.
  [ "$late" -le 128 ] || { wait=0.1; kill "\${pids[i]}"; }
  echo "$((i + 1)) $said"
done
exit 0`;
var reachCommand = shellCommand(["bash", "-c", attempts]);
var tryReach = {
  title: "Try the ports between the hosts",
  when: (run) => allTargets(run).some((host) => host.roles.some((role) => !inspectionOf(run, host).scopes.includes(role))),
  async run(run, signal) {
    const tried = async (host) => {
      const targets = targetsFrom(run, host);
      if (targets.length === 0) return [];
      const input = inputOf(targets);
      const { status, stdout } = await sessionOf(run, host).run(reachCommand, { input, timeoutSeconds: 60 });
      return status === 0 ? unreached(host, targets, stdout) : [];
    };
    const problems = (await onHosts(allTargets(run), tried, signal)).flat();
    if (problems.length > 0) throw new AggregateError(problems, "hosts do not reach each other");
  }
};
function inputOf(targets) {
  return targets.map(({ address, port }) => `${address} ${port}
`).join("");
}
function targetsFrom(run, host) {
  const known = new Map(allTargets(run).map((each) => [each.name, inspectionOf(run, each)]));
  return reachTargets(run.cluster, host, known);
}
function reachTargets(cluster, host, inspections) {
  const isNew = ({ name }, role) => !inspections.get(name)?.scopes.includes(role);
  const others = cluster.hosts.filter((other) => other.name !== host.name && inspections.has(other.name));
  const portsOf = new Map(roles.map((role) => [role, openPorts(cluster, role)]));
  const targets = others.flatMap((other) => {
    const ports = other.roles.flatMap(
      (role) => (portsOf.get(role) ?? []).filter(
        ({ protocol, clients }) => protocol === "tcp" && clients.some((client) => host.roles.includes(client) && (isNew(host, client) || isNew(other, role)))
      )
    );
    const numbers = [...new Set(ports.map(({ port }) => port))];
    return numbers.map((port) => ({ host: other.name, address: other.address, port }));
  });
  return partOf(
    targets,
    cluster.hosts.findIndex(({ name }) => name === host.name)
  );
}
function partOf(targets, turn) {
  if (targets.length <= mostTargets) return targets;
  const from = turn * mostTargets % targets.length;
  return [...targets, ...targets].slice(from, from + mostTargets);
}
var cutOff = /(no route to host|network is unreachable|timed out|operation not permitted|permission denied)$/i;
function unreached(host, targets, stdout) {
  const said = new Map(
    stdout.split("\n").map((line) => {
      const blank = line.indexOf(" ");
      return [line.slice(0, blank), line.slice(blank + 1)];
    })
  );
  const failed = targets.flatMap((target, index) => {
    const words = said.get(String(index + 1));
    if (words === "") return [{ ...target, reason: `no answer within ${seconds} s` }];
    const reason = words === void 0 ? void 0 : cutOff.exec(words)?.[0];
    return reason === void 0 ? [] : [{ ...target, reason: reason.toLowerCase() }];
  });
  return [...Map.groupBy(failed, ({ host: to }) => to)].map(([to, all]) => {
    const ports = all.map(({ port }) => port).join(", ");
    const reasons = [...new Set(all.map(({ reason }) => reason))].join(", ");
    return new Problem(`does not reach ${to} (${all[0]?.address}) at TCP ${ports}: ${reasons}`, {
      code: "HOST_NOT_REACHED",
      host: host.name,
      hint: `Open these ports on ${to} for ${host.address}: its firewall, security groups of the cloud, and routes between the two.`
    });
  });
}

// src/phases/check-hosts.ts
var clockSkewLimit = 5e3;
var oldestSystemd = 245;
var checkHosts = {
  title: "Check the hosts",
  async run(run) {
    const hosts = allTargets(run);
    const problems = hosts.flatMap((host) => problemsOfHost(run.cluster, host, inspectionOf(run, host)));
    problems.push(...identityProblems(hosts.map((host) => [host, inspectionOf(run, host).facts])));
    if (problems.length > 0) throw new AggregateError(problems, "hosts do not meet the requirements");
    for (const host of hosts)
      for (const line of warningsOf(run.cluster, host, inspectionOf(run, host))) run.log.warning(line);
  }
};
var hostChecks = [checkHosts, tryReach, tryForward];
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
  return [
    ...found,
    ...roomProblems(cluster, host, inspection),
    ...takenPorts(cluster, host, inspection),
    ...bootProblems(cluster, host, inspection),
    ...isInPlace(host, inspection) ? [] : surroundingProblems(cluster, host, inspection)
  ];
}
function takenPorts(cluster, host, inspection) {
  return host.roles.filter((role) => !inspection.scopes.includes(role)).flatMap((role) => portsOfRole(cluster, role)).flatMap(
    ({ port, protocol }) => inspection.facts.listening.filter(
      (listener) => listener.port === port && (listener.protocol ?? "tcp") === protocol
    )
  ).map(
    ({ port, address, unit, protocol }) => new Problem(
      `${protocol === "udp" ? "UDP " : ""}port ${port} is taken${unit ? ` by ${unit}` : ""} (on ${address})`,
      {
        code: "HOST_PORT_TAKEN",
        host: host.name,
        hint: "Stop the program that listens there, or choose another port in cluster.yaml."
      }
    )
  );
}
function warningsOf(cluster, host, inspection) {
  const { facts } = inspection;
  const late = isInPlace(host, inspection) ? surroundingProblems(cluster, host, inspection) : [];
  return [
    ...late.map(({ message, fields }) => `${host.name}: ${message}. ${fields.hint ?? ""}`),
    ...surroundingWarnings(cluster, host, inspection),
    ...dropInWarnings(host, facts),
    ...unreadWarnings(host, facts),
    ...facts.selinux === "enforcing" ? [`${host.name}: SELinux is enforcing; containerd needs container-selinux for that`] : []
  ];
}

// src/etcd/local-http.ts
var { metrics } = components.etcd.ports;
function askMember({ address }, path) {
  const url = shellQuoted(`http://${hostPort(loopback(address), metrics.port)}${path}`);
  const whole = path === "/health" ? " --content-on-error" : "";
  return `(unset http_proxy ALL_PROXY all_proxy
if command -v curl >/dev/null; then curl -q -gs -m 3 ${url}; else
case $(wget --version) in *GNU*) wget -q${whole} -T 3 -t 1 -O - ${url} ;; *) timeout 3 wget -q -O - ${url} ;; esac; fi) 2>/dev/null`;
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
var marks = ["wal", "data", "bootstrap", "unit", "list", "error", "alarm"];
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
    `[ "$status" = 0 ] || printf 'error %s\\n' "$(printf %s "$error" | tail -n 1 | tr -d '\\000-\\037' | head -c ${most.why})"`,
    // The blank: `$((` would begin arithmetic. Without an answer, as by the wget of busybox, etcdctl is asked.
    `[ "$status" != 0 ] || case $( ${askMember(host, "/health")} ) in
*'ALARM NOSPACE'*) echo 'alarm NOSPACE' ;;
'') ! { ${hasNoSpace(cluster, asMember, own)}; } || echo 'alarm NOSPACE' ;;
esac`
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
  const unit = said.get("unit");
  if (wal === void 0 || unit === void 0) return void 0;
  const bootstrap = said.get("bootstrap");
  const list = readMemberList(said.get("list") ?? "");
  const why = list ? void 0 : whyNot(wal, unit, said.get("error"));
  return {
    data: wal === "" ? "none" : readWal(wal, decoded(said.get("data"))) ?? "unreadable",
    active: unit === "active",
    ...bootstrap !== void 0 && { bootstrap: decoded(bootstrap).toString("utf8") },
    ...list && { list },
    ...why !== void 0 && { why },
    ...said.get("alarm") === "NOSPACE" && { noSpace: true }
  };
}
function whyNot(wal, unit, error = "etcdctl gives no answer") {
  if (wal === "") return "it has no data";
  if (unit !== "active") return `its unit is ${/^[a-z-]{1,20}$/.test(unit) ? unit : "unknown"}`;
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
    beside: besideQuery(run.cluster, host),
    disks: roomPaths(run.cluster, host)
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
  return { refusals, steps: inOrder(steps), voters, beginnings: new Map(beginnings) };
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
function inOrder(steps) {
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
  if (doubts.length > 0) {
    const survivors = [...hosts, ...cluster.removed].filter((host) => typeof said(host)?.data === "object");
    return [...unseen, ...keeps, ...empty.map((host) => unknown(host, doubts, survivors))];
  }
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
function unknown(host, doubts, survivors) {
  const names = survivors.map(({ name }) => name).join(" or ");
  const survivor = names ? `survivor: ${names}, or with ` : "";
  return {
    code: "ETCD_MEMBERS_UNKNOWN",
    host: host.name,
    message: `this host has no data of etcd, and no member can be asked whether there is a cluster: ${doubts.join("; ")}`,
    hint: `Start etcd on the hosts named (\`systemctl start etcd\`) until they have a quorum, then run again. If most members have lost their data for good, run the action restore with ${survivor}a backup.`
  };
}
function lost() {
  return {
    code: "ETCD_DATA_LOST",
    message: "no etcd host has data, but a master or a node has been set up: the cluster\u2019s data is gone",
    hint: "Run the action restore with a backup, or reset the other hosts too if the cluster is to begin again."
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
  isNewCluster,
  withoutRole,
  newMasters,
  roleState,
  applyState,
  applyStates,
  restartsOneOf,
  applyRole,
  askMember,
  observeEtcd,
  readEtcdOnHost,
  bootstrapText,
  planMembers,
  startsCluster,
  roomPaths,
  checkHosts,
  hostChecks,
  problemsOfHost,
  gatherFacts,
  queryFor
};
