import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  etcdVersions,
  quorumOf
} from "./etcd-etcdctl.js";
import {
  changeRecord,
  cordonAnnotation,
  deleteNode,
  hostState,
  ifFound,
  inspectionOf,
  leavings,
  nodeNamed,
  readRecord,
  secretPathsOf,
  servingAddresses,
  sessionOf,
  targetsOf,
  whyNotReady,
  withApi,
  withMaster
} from "./host.js";
import {
  Problem,
  array,
  boolean,
  compareVersions,
  components,
  defaultVersions,
  etcdHopFloors,
  hostsWith,
  kubernetesMinors,
  looseObject,
  minorOf,
  newestOf,
  parseJson,
  paths,
  places,
  roles,
  string,
  supportedMinors,
  unlessProblem,
  versionNames,
  versionParts,
  vxlanPort
} from "./cluster.js";

// src/observe/api.ts
var versionShape = looseObject({ gitVersion: string().max(200) });
async function servedVersion(api2) {
  const { status, text } = await api2.raw("/version", { timeoutMs: 3e3 });
  if (status !== 200) return void 0;
  try {
    const version = versionShape.parse(parseJson(text, Error)).gitVersion.replace(/^v/, "");
    return versionParts(version) && version;
  } catch {
    return void 0;
  }
}
async function observeNodes(api2) {
  const { items } = await api2.list("/api/v1/nodes");
  return items.map(observedNode);
}
async function observeNodesNamed(api2, names) {
  const found = await Promise.all(names.map((name3) => nodeNamed(api2, name3)));
  return found.flatMap((node) => node ? [observedNode(node)] : []);
}
function observedNode(node) {
  const { metadata, spec, status } = node;
  const reason = whyNotReady(node);
  const cordonedBy = metadata.annotations?.[cordonAnnotation];
  return {
    name: metadata.name,
    uid: metadata.uid ?? "",
    ready: reason === void 0,
    ...reason !== void 0 && { reason },
    machineId: status?.nodeInfo?.machineID ?? "",
    addresses: (status?.addresses ?? []).filter(({ type }) => type === "InternalIP").map(({ address }) => address),
    kubeletVersion: status?.nodeInfo?.kubeletVersion ?? "",
    runtimeVersion: status?.nodeInfo?.containerRuntimeVersion ?? "",
    ...spec?.podCIDR && { podSubnet: spec.podCIDR },
    cordoned: spec?.unschedulable === true,
    ...cordonedBy !== void 0 && { cordonedBy }
  };
}
var deployments = { coredns: "coredns", metricsServer: "metrics-server" };
async function addonVersions(api2, { pinned }) {
  const names = Object.entries(deployments).filter(([name3]) => !pinned.has(name3));
  const found = await Promise.all(
    names.map(async ([name3, deployment]) => {
      const version = await imageVersion(api2, deployment);
      return version === void 0 ? [] : [[name3, version]];
    })
  );
  return Object.fromEntries(found.flat());
}
async function imageVersion(api2, name3) {
  const path = `/apis/apps/v1/namespaces/kube-system/deployments/${name3}`;
  const deployment = await ifFound(api2.get(path));
  const image = deployment?.spec?.template?.spec?.containers?.[0]?.image ?? "";
  return /:v?(?<version>\d+\.\d+\.\d+)$/.exec(image)?.groups?.version;
}

// src/plan/lines.ts
var toForget = (name3) => `Write its line back with state: removed, so that the host is drained and cleaned. If the machine no longer exists, run again with forget: ${name3}.`;
function planLines(cluster, found, forget) {
  const listed = new Set([...hostsWith(cluster, "node"), ...cluster.removed].map(({ nodeName }) => nodeName));
  const renamed = found.nodes.flatMap((node) => {
    const host = hostOf(node, cluster, found.machineIds);
    return host && host.nodeName !== node.name ? [{ node, host }] : [];
  });
  const extra = found.nodes.filter(({ name: name3 }) => !listed.has(name3));
  const others = extra.filter((node) => !renamed.some((each) => each.node === node));
  const forgotten = others.filter(({ name: name3 }) => forget.has(name3));
  return {
    forgotten,
    steps: forgotten.map(forgetStep),
    refusals: [
      ...renamed.map(renamedProblem),
      ...others.filter((node) => !forgotten.includes(node)).map((node) => notListed(node, cluster)),
      ...strayServers(cluster, found, forget)
    ]
  };
}
function hostOf({ machineId }, { hosts }, machineIds) {
  return machineId === "" ? void 0 : hosts.find(({ name: name3 }) => machineIds.get(name3) === machineId);
}
function renamedProblem({ node, host }) {
  return new Problem(`the host is the cluster\u2019s node ${node.name}, and cluster.yaml now names it ${host.nodeName}`, {
    code: "NODE_RENAMED",
    host: host.name,
    hint: `Kubernetes can\u2019t rename a node. Set its name or hostname back to ${node.name}; or remove the host first (state: removed) and add it under the new name in a later change.`
  });
}
function notListed({ name: name3, ready }, { hosts }) {
  const state = ready ? "Ready" : "not Ready";
  const host = hosts.find(({ nodeName }) => nodeName === name3);
  if (host)
    return new Problem(`the cluster has the node ${name3} (${state}), but its host does not have the role node`, {
      code: "NODE_NOT_LISTED",
      host: host.name,
      hint: "Give the host its role node back. To take the role from it, remove the host first (state: removed), and add it without the role in a later change."
    });
  return new Problem(`the cluster has the node ${name3} (${state}), but no host in cluster.yaml has that name`, {
    code: "NODE_NOT_LISTED",
    hint: toForget(name3)
  });
}
function forgetStep({ name: name3, ready }) {
  return {
    host: name3,
    do: "delete the node from the cluster; the host itself is not touched or wiped",
    reason: "the input forget names it, and cluster.yaml does not",
    ...ready && { interrupts: "its pods, which are not drained" }
  };
}
function strayServers(cluster, { apiServers: apiServers2 }, forget) {
  const leaving = cluster.removed.filter(({ roles: roles2 }) => roles2.includes("master"));
  const known = new Set([...hostsWith(cluster, "master"), ...leaving].map(({ address }) => address));
  return apiServers2.filter((address) => !known.has(address) && !forget.has(address)).map((address) => {
    const message = `an API server of this cluster serves at ${address}, but no master in cluster.yaml has that address`;
    const host = cluster.hosts.find((each) => each.address === address)?.name;
    return new Problem(message, { code: "MASTER_NOT_LISTED", host, hint: toForget(address) });
  });
}

// src/plan/step.ts
function stepInWords({
  host,
  do: what,
  reason,
  interrupts,
  waitsFor,
  lastSeconds
}, planned) {
  const parts = [
    reason,
    ...interrupts === void 0 ? [] : [`interrupts ${interrupts}`],
    ...waitsFor === void 0 ? [] : [`waits for ${waitsFor}`],
    ...lastSeconds === void 0 ? [] : [`about ${lastSeconds} s last time`]
  ];
  return `${placeOf(host)}${planned ? "would " : ""}${what}: ${parts.join("; ")}`;
}
function blocksInWords({ host, do: what, blockedBy = [] }) {
  return blockedBy.map((block) => `${placeOf(host)}cannot ${what} now: ${block}`);
}
var placeOf = (host) => host === void 0 ? "" : `${host}: `;

// src/plan/node-upgrade.ts
function versionChanges(wanted, node, placed) {
  const on = (program) => placed.find((one) => one.program === program)?.version;
  const change = (program, from, to) => from === void 0 || compareVersions(from, to) === 0 ? [] : [{ program, from, to }];
  return [
    ...change("kubelet", bare(node?.kubeletVersion) ?? on("kubelet"), wanted.kubernetes),
    ...change("containerd", runtimeOf(node) ?? on("containerd"), wanted.containerd)
  ];
}
function bare(version = "") {
  return versionParts(version)?.join(".");
}
function runtimeOf(node) {
  const [, version] = /^containerd:\/\/(.*)$/.exec(node?.runtimeVersion ?? "") ?? [];
  return bare(version);
}
function olderServers(wanted, answers) {
  const lines = [...answers].flatMap(
    ([host, version]) => version !== void 0 && compareVersions(version, wanted) < 0 ? [`${host}: kube-apiserver ${version}`] : []
  );
  if (lines.length === 0) return void 0;
  return new Problem(`kubelets would get ${wanted}, but an API server is older: ${lines.join(", ")}`, {
    code: "VERSION_SKEW",
    detail: lines,
    hint: "Upgrade the masters first: run the master job of each, or look at why its upgrade failed. No node was changed."
  });
}
function kubeletObjection(wanted, answers) {
  const older = olderServers(wanted, answers);
  if (older) return older;
  const unknown = [...answers].flatMap(([host, version]) => version === void 0 ? [host] : []);
  if (unknown.length === 0) return void 0;
  return new Problem(
    `kubelets would get ${wanted}, but it is unknown whether the API server of ${unknown.join(", ")} has it`,
    {
      code: "VERSION_UNKNOWN",
      hint: "Start these masters, or set state: removed on their lines, then run again. No node was changed."
    }
  );
}
function drainPlan(nodeName, nodes) {
  const node = nodes.find(({ name: name3 }) => name3 === nodeName);
  if (!node) return { drains: false, why: "the cluster has no such node yet" };
  if (!node.ready) return { drains: false, why: `it is not Ready: ${node.reason}` };
  if (nodes.some(({ name: name3, ready, cordoned }) => name3 !== nodeName && ready && !cordoned)) return { drains: true };
  return { drains: false, why: "no other node is Ready and schedulable, so its pods would have no place" };
}
function isCordonedByPerson({ cordoned, cordonedBy }) {
  return cordoned && cordonedBy === void 0;
}
function inUpgradeOrder(items, nodeOf) {
  const isBegun = (item) => nodeOf(item)?.cordonedBy !== void 0;
  return [...items.filter(isBegun), ...items.filter((item) => !isBegun(item))];
}
function changesInWords(changes) {
  return changes.map(({ program, from, to }) => `${program} ${from} \u2192 ${to}`).join(" and ");
}
function upgradeStep(host, changes, drain, { atOnce, drainSeconds }) {
  const turn = atOnce === 1 ? "one node at a time" : `at most ${atOnce} nodes at a time`;
  return {
    host,
    do: drain.drains ? "cordon, drain, upgrade and uncordon" : "upgrade without a drain",
    reason: `${changesInWords(changes)}, ${drain.drains ? turn : `${turn}; ${drain.why}`}`,
    ...drain.drains && { interrupts: `each of its pods, within their budgets, for at most ${drainSeconds} s` }
  };
}

// src/plan/version-refusals.ts
var kubeletSkew = 3;
function versionRefusals(wanted, observed) {
  return [
    ...stepRefusals("Kubernetes", "kubernetesVersion", wanted.kubernetes, controlPlane(observed)),
    ...kubeletRefusals(wanted.kubernetes, observed),
    ...stepRefusals("etcd", "versions.etcd", wanted.etcd, runningOf(observed, "etcd")),
    ...etcdFloorRefusals(wanted.etcd, runningOf(observed, "etcd")),
    ...etcdForKubernetes(wanted)
  ];
}
function runningOf({ served, placed }, program) {
  const answers = served.filter(({ component }) => component === program);
  const silent = placed.filter((one) => one.program === program && !answers.some(({ host }) => host === one.host));
  return [
    ...answers.map(({ host, version }) => ({ host, program, version, served: true })),
    ...silent.map(({ host, version }) => ({ host, program, version, served: false }))
  ].filter(({ version }) => versionParts(version) !== void 0);
}
function controlPlane(observed) {
  const servers = runningOf(observed, "kube-apiserver");
  const answering = new Set(servers.filter(({ served }) => served).map(({ host }) => host));
  const others = ["kube-controller-manager", "kube-scheduler"].flatMap((program) => runningOf(observed, program));
  return [...servers, ...others.filter(({ host }) => !answering.has(host))];
}
function refuse(code, message, of, hint) {
  if (of.length === 0) return [];
  const lines = of.map(
    ({ host, program, version, served }) => `${host}: ${program} ${version}${served ? "" : " (on disk)"}`
  );
  const few = lines.slice(0, 5).join(", ") + (lines.length > 5 ? `, and ${lines.length - 5} more` : "");
  return [new Problem(`${message}: ${few}`, { code, detail: lines, hint })];
}
function stepRefusals(what, key, wanted, running) {
  const newer = running.filter(({ version }) => compareVersions(wanted, version) < 0);
  const older = running.filter(({ version }) => isSkip(version, wanted));
  const newest = newer.map(({ version }) => version).toSorted(compareVersions).at(-1) ?? "";
  const oldest = older.map(({ version }) => version).toSorted(compareVersions)[0] ?? "";
  const [major = 0, minor = 0] = versionParts(oldest) ?? [];
  return [
    ...refuse(
      "VERSION_DOWNGRADE",
      `${key} is ${wanted}, but a newer ${what} runs`,
      newer,
      `Set ${key} to ${bare2(newest)} or later: ${what} does not support going back. To return to an older version, restore a backup into a new cluster.`
    ),
    ...refuse(
      "VERSION_SKIPPED",
      `${key} is ${wanted}, which is more than one minor version ahead of what runs`,
      older,
      `Set ${key} to a release of ${major}.${minor + 1} first, run the workflow, and continue from there.`
    )
  ];
}
function isSkip(from, to) {
  const [old, next] = [versionParts(from), versionParts(to)];
  if (!old || !next) return false;
  return next[0] > old[0] || next[0] === old[0] && next[1] > old[1] + 1;
}
function kubeletRefusals(wanted, observed) {
  const kubelets = runningOf(observed, "kubelet").filter(({ served }) => served);
  const newer = kubelets.filter(({ version }) => compareVersions(wanted, version) < 0);
  const minor = versionParts(wanted)?.[1] ?? 0;
  const older = kubelets.filter(({ version }) => (versionParts(version)?.[1] ?? minor) < minor - kubeletSkew);
  return [
    ...refuse(
      "VERSION_SKEW",
      `kubelets would be newer than the API servers, which kubernetesVersion makes ${wanted}`,
      newer,
      "Set kubernetesVersion to the version of the newest kubelet or later: a kubelet must not be newer than an API server."
    ),
    ...refuse(
      "VERSION_SKEW",
      `kubelets would be more than ${kubeletSkew} minor versions older than the API servers, which kubernetesVersion makes ${wanted}`,
      older,
      `Upgrade these nodes to 1.${minor - kubeletSkew} or later first, or remove them from the cluster.`
    )
  ];
}
function etcdFloorRefusals(wanted, members2) {
  const next = versionParts(wanted);
  const floor = next && next[0] === 3 ? etcdHopFloors[next[1]] : void 0;
  if (!next || floor === void 0) return [];
  const below = members2.filter(({ version }) => {
    const old = versionParts(version);
    return old !== void 0 && old[1] === next[1] - 1 && compareVersions(version, floor) < 0;
  });
  return refuse(
    "VERSION_ETCD_HOP",
    `versions.etcd is ${wanted}, to which etcd goes only from ${floor} or later`,
    below,
    `Set versions.etcd to ${floor} first and run the workflow, so that all members have it.`
  );
}
function etcdForKubernetes({ kubernetes, etcd }) {
  const minor = versionParts(kubernetes)?.[1] ?? 0;
  const oldest = Object.entries(kubernetesMinors).find(([known]) => Number(known) === minor)?.[1].oldestEtcd;
  if (oldest === void 0 || compareVersions(etcd, oldest) >= 0) return [];
  return [
    new Problem(`Kubernetes ${kubernetes} needs etcd ${oldest} or later, but the members have ${etcd}`, {
      code: "VERSION_ETCD_HOP",
      hint: `Set versions.etcd to ${oldest} or later and run the workflow before kubernetesVersion is raised.`
    })
  ];
}
var bare2 = (version) => version.replace(/^v/, "");

// src/plan/versions.ts
function planVersions(cluster, observed) {
  const wanted = versionsOf(cluster);
  const running = (name3) => {
    const versions2 = runningVersions(observed, name3);
    return name3 === "kubernetes" || name3 === "etcd" ? newestOf(versions2) : commonest(versions2);
  };
  const kept = versionNames.flatMap((name3) => {
    const version = cluster.pinned.has(name3) ? void 0 : running(name3);
    return version === void 0 ? [] : [[name3, version]];
  });
  const versions = { ...wanted, ...Object.fromEntries(kept) };
  const notes = kept.filter(([name3, version]) => compareVersions(version, defaultVersions[name3]) < 0).map(newerDefault);
  return { versions, notes, refusals: [...unsupported(versions), ...versionRefusals(versions, observed)] };
}
function versionsOf(cluster) {
  return { kubernetes: cluster.kubernetesVersion, ...cluster.versions };
}
function withVersions(cluster, { kubernetes, ...versions }) {
  return { ...cluster, kubernetesVersion: kubernetes, minor: minorOf(kubernetes), versions };
}
function runningVersions({ served, placed, addons }, name3) {
  const program = { kubernetes: "kube-apiserver", etcd: "etcd" }[name3];
  const answers = served.filter(({ component }) => component === program);
  const silent = placed.filter(
    (one) => one.name === name3 && one.program === (program ?? one.program) && !answers.some(({ host }) => host === one.host)
  );
  const addon = addons[name3];
  return [...answers, ...silent].map(({ version }) => version).concat(addon === void 0 ? [] : [addon]);
}
function commonest(versions) {
  const counts = Map.groupBy(versions, (version) => version);
  const most = Math.max(0, ...[...counts.values()].map(({ length }) => length));
  return newestOf([...counts].flatMap(([version, { length }]) => length === most ? [version] : []));
}
function newerDefault([name3, version]) {
  const key = keyOf(name3);
  return `${key} is not in cluster.yaml: the running ${version} stays; the default of this release is ${defaultVersions[name3]}`;
}
function keyOf(name3) {
  return name3 === "kubernetes" ? "kubernetesVersion" : `versions.${name3}`;
}
function unsupported({ kubernetes }) {
  const minor = minorOf(kubernetes);
  if (supportedMinors.some((known) => known === minor)) return [];
  return [
    new Problem(`the cluster runs Kubernetes ${kubernetes}, which this release of the actions does not support`, {
      code: "VERSION_UNSUPPORTED",
      hint: `Use a release of the actions that supports 1.${minor}, or set kubernetesVersion in cluster.yaml to the next minor version that this one supports (${supportedMinors.map((known) => `1.${known}`).join(", ")}).`
    })
  ];
}

// src/plan/upgrade.ts
var nothingKept = { ungated: [], seconds: {} };
function upgradePlan(cluster, observed, nodes, hostsOf = (role) => hostsWith(cluster, role), kept = nothingKept) {
  const facts = { cluster, wanted: versionsOf(cluster), observed, nodes: nodes ?? [], kept };
  const servers = hostsOf("master").flatMap((host) => masterSteps(host, facts));
  const kubelets = hostsOf("node").flatMap((host) => nodeSteps(host, facts));
  const minors = servers.map(({ from }) => minorOf(from));
  return {
    steps: [
      ...hostsOf("etcd").flatMap((host) => memberSteps(host, facts)),
      ...servers.length + kubelets.length > 0 ? leftGateSteps(facts) : [],
      ...servers.flatMap(({ step }) => [step, ...gateSteps(facts, step)]),
      ...kubelets.flatMap(({ step }) => [step, ...gateSteps(facts, step)])
    ],
    ...minors.some((minor) => minor < cluster.minor) && { newMinor: cluster.minor },
    drains: kubelets.some(({ drains }) => drains)
  };
}
function otherVersion(program, host, wanted, { served, placed }) {
  const answer = served.find((one) => one.component === program && one.host === host.name);
  const version = (answer ?? placed.find((one) => one.program === program && one.host === host.name))?.version;
  return version === void 0 || compareVersions(version, wanted) === 0 ? void 0 : version;
}
function silentHosts(program, role, { cluster, observed: { served, placed } }) {
  const answering = new Set(served.filter(({ component }) => component === program).map(({ host }) => host));
  if (answering.size === 0) return [];
  const isPlaced = ({ name: name3 }) => placed.some((one) => one.program === program && one.host === name3);
  const silent = hostsWith(cluster, role).filter((host) => isPlaced(host) && !answering.has(host.name));
  return silent.map(({ name: name3 }) => name3);
}
function memberSteps(host, facts) {
  const { cluster, wanted, observed } = facts;
  const from = otherVersion("etcd", host, wanted.etcd, observed);
  if (from === void 0) return [];
  const step = { host: host.name, do: "upgrade etcd" };
  const members2 = hostsWith(cluster, "etcd").length;
  if (members2 === 1)
    return [
      {
        ...step,
        reason: `etcd ${from} \u2192 ${wanted.etcd}`,
        interrupts: "the API until it serves again: it is the only member"
      }
    ];
  const silent = silentHosts("etcd", "etcd", facts).filter((name3) => name3 !== host.name);
  const blocked = members2 - 1 - silent.length < quorumOf(members2);
  return [
    {
      ...step,
      reason: `etcd ${from} \u2192 ${wanted.etcd}, one member at a time, the leader last`,
      interrupts: "no request: the other members serve",
      waitsFor: "the lock of restarts in etcd, and a quorum of the other members",
      ...blocked && {
        blockedBy: [`etcd gives no answer on ${silent.join(", ")}, and the others are no quorum without this one`]
      }
    }
  ];
}
function masterSteps(host, facts) {
  const { cluster, wanted, observed } = facts;
  const from = otherVersion("kube-apiserver", host, wanted.kubernetes, observed);
  if (from === void 0) return [];
  const alone = hostsWith(cluster, "master").length === 1;
  const silent = silentHosts("kube-apiserver", "master", facts).filter((name3) => name3 !== host.name);
  const step = {
    host: host.name,
    do: "upgrade the API server, and behind it its controller-manager and scheduler",
    reason: `Kubernetes ${from} \u2192 ${wanted.kubernetes}, one master at a time; if it does not become ready, its former files come back and the run ends`,
    ...alone ? { interrupts: "the API until it serves again: it is the only master" } : {
      interrupts: "no new connection: the other masters serve; watches through it reconnect",
      waitsFor: `${cluster.upgrade.gate === void 0 ? "" : "its turn (a Lease), "}the lock of restarts in etcd, and until the API servers of all other masters are ready`
    },
    lastSeconds: facts.kept.seconds.master,
    ...silent.length > 0 && { blockedBy: silent.map(noAnswer) }
  };
  return [{ from, step }];
}
var noAnswer = (master) => `the API server of ${master} does not answer`;
function nodeSteps(host, facts) {
  const { cluster, wanted, observed, nodes } = facts;
  const node = nodes.find(({ name: name3 }) => name3 === host.nodeName);
  const placed = observed.placed.filter((one) => one.host === host.name);
  const changes = versionChanges(wanted, node, placed);
  if (changes.length === 0) return [];
  const drain = drainPlan(host.nodeName, nodes);
  const kubelet = changes.find(({ program }) => program === "kubelet");
  const silent = kubelet ? silentHosts("kube-apiserver", "master", facts) : [];
  const step = {
    ...upgradeStep(host.name, changes, drain, cluster.upgrade.nodes),
    waitsFor: `its turn (a Lease)${kubelet ? `, and until every API server has ${kubelet.to}` : ""}`,
    lastSeconds: facts.kept.seconds.node,
    ...silent.length > 0 && { blockedBy: silent.map(noAnswer) }
  };
  return [{ drains: drain.drains, step }];
}
var runGate = "run upgrade.gate on the runner";
function gateSteps({ cluster: { upgrade } }, { host }) {
  if (upgrade.gate === void 0) return [];
  const reason = `with exit status 0 within ${upgrade.gateSeconds} s the next host begins; otherwise the upgrade stops here`;
  return [{ host, do: runGate, reason }];
}
function leftGateSteps({ cluster: { upgrade }, kept }) {
  if (upgrade.gate === void 0) return [];
  const reason = "it has not let this host pass in an earlier run; only then another host begins";
  return kept.ungated.map(({ host }) => ({ host: host.name, do: runGate, reason }));
}

// src/observe/placed.ts
var official = [
  ["kubernetes", /dl\.k8s\.io\/v(?<version>\d+\.\d+\.\d+)\//],
  ["etcd", /etcd-io\/etcd\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ["containerd", /containerd\/containerd\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ["runc", /opencontainers\/runc\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ["cniPlugins", /containernetworking\/plugins\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ["flannel", /flannel-io\/flannel\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//]
];
var askPauseImage = `grep -o '/pause:[0-9.]*' ${places.containerdConfig}`;
function placedVersions(host, { downloads, answers }) {
  const programs = [...downloads].flatMap(([path, url]) => {
    const program = path.slice(path.lastIndexOf("/") + 1);
    return official.flatMap(([name3, pattern]) => {
      const version = pattern.exec(url)?.groups?.version;
      return version === void 0 ? [] : [{ host, name: name3, program, version }];
    });
  });
  const said = answers.map(({ stdout }) => stdout).join("\n");
  const pause = /^\/pause:(?<version>\d+\.\d+(?:\.\d+)?)$/m.exec(said)?.groups?.version;
  return pause === void 0 ? programs : [...programs, { host, name: "pause", program: "pause", version: pause }];
}

// src/phases/served-versions.ts
async function servedVersions(run, masters) {
  const asked = masters.map(
    async (master) => [master.name, await askedOf(run, master)]
  );
  return new Map(await Promise.all(asked));
}
async function askedOf(run, master) {
  if (!run.sessions.has(master.name)) return void 0;
  return await unlessProblem(() => withMaster(run, master, servedVersion));
}

// src/phases/observe-cluster.ts
async function observeCluster(run) {
  const placed = run.cluster.hosts.filter(({ name: name3 }) => run.inspections.has(name3)).flatMap((host) => placedVersions(host.name, inspectionOf(run, host)));
  const [servers, members2, api2] = await Promise.all([apiServers(run), etcdMembers(run, placed), askApi(run)]);
  const kubelets = (api2?.nodes ?? []).map(
    ({ name: name3, kubeletVersion }) => ({ host: name3, component: "kubelet", version: kubeletVersion })
  );
  return {
    versions: { served: [...servers, ...members2, ...kubelets], placed, addons: api2?.addons ?? {} },
    api: api2
  };
}
var membersOf = (run) => hostsWith(run.cluster, "etcd").filter(({ name: name3 }) => run.inspections.get(name3)?.scopes.includes("etcd"));
var mastersOf = (run) => hostsWith(run.cluster, "master").filter(
  ({ name: name3 }) => run.inspections.get(name3)?.scopes.includes("master") ?? run.sessions.has(name3)
);
async function apiServers(run) {
  const answers = await servedVersions(run, mastersOf(run));
  return [...answers].flatMap(
    ([host, version]) => version === void 0 ? [] : [{ host, component: "kube-apiserver", version }]
  );
}
async function etcdMembers(run, placed) {
  const versions = new Set(placed.filter(({ name: name3 }) => name3 === "etcd").map(({ version }) => version));
  const [host] = membersOf(run);
  if (!host || versions.size === 1 && (!run.cluster.pinned.has("etcd") || versions.has(wantedEtcd(run.cluster))))
    return [];
  const answered = await unlessProblem(() => etcdVersions(sessionOf(run, host), run.cluster));
  return [...answered ?? []].map(([name3, version]) => ({ host: name3, component: "etcd", version }));
}
var wantedEtcd = ({ versions }) => versions.etcd;
async function askApi(run) {
  if (mastersOf(run).length === 0) return void 0;
  return await unlessProblem(
    () => withApi(run, async (api2) => {
      const addons = addonVersions(api2, run.cluster);
      const [nodes, apiServers2] = await Promise.all([observeNodes(api2), servingAddresses(api2), addons]);
      return { nodes, apiServers: apiServers2, addons: await addons };
    })
  );
}

// src/plan/upgrade-record.ts
var gateKey = ({ name: name3 }) => `gate.${name3}`;
var secondsKey = (role) => `seconds.${role}`;
var timedRoles = ["master", "node"];
function upgradeRecord(cluster, kept) {
  const ungated = cluster.hosts.flatMap((host) => {
    const role = host.roles.find((each) => each === kept.get(gateKey(host)));
    return role ? [{ host, role }] : [];
  });
  const seconds = timedRoles.flatMap((role) => {
    const text = kept.get(secondsKey(role)) ?? "";
    return /^[1-9]\d{0,4}$/.test(text) ? [[role, Number(text)]] : [];
  });
  return { ungated, seconds: Object.fromEntries(seconds) };
}

// src/phases/upgrade-record.ts
var name = "k8s-ha-action-upgrade";
async function readUpgrades(run, last) {
  return upgradeRecord(run.cluster, await withApi(run, (api2) => readRecord(api2, name), last));
}
async function recordUpgrade(run, data, last) {
  await withApi(run, (api2) => changeRecord(api2, name, data), last);
}
async function recordSeconds(run, role, milliseconds) {
  const seconds = String(Math.max(1, Math.round(milliseconds / 1e3)));
  await unlessProblem(() => recordUpgrade(run, { [secondsKey(role)]: seconds }));
}

// src/observe/upgrade.ts
var line = /^apiserver_requested_deprecated_apis\{(?<labels>[^}]{1,1000})\}\s+(?<value>\S{1,30})/;
function deprecatedCalls(metrics) {
  return metrics.split("\n").flatMap((text) => {
    const { labels, value } = line.exec(text)?.groups ?? {};
    if (labels === void 0 || Number(value) <= 0) return [];
    const label = new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name3, said]) => [name3, said ?? ""]));
    const [, minor] = /^1\.(\d{1,4})$/.exec(label.get("removed_release") ?? "") ?? [];
    if (minor === void 0) return [];
    const words = [label.get("resource"), label.get("version"), label.get("group")];
    return [{ resource: words.filter(Boolean).join("."), removedIn: Number(minor) }];
  });
}
async function disruptionBudgets(api2) {
  const { items } = await api2.list("/apis/policy/v1/poddisruptionbudgets");
  return items.map(({ metadata, status }) => ({
    name: `${metadata.namespace}/${metadata.name}`,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
    expectedPods: status?.expectedPods ?? 0
  }));
}
var mostMetricsBytes = 64 * 1024 * 1024;
async function deprecatedApiCalls(api2) {
  const { status, text } = await api2.raw("/metrics", { mostBytes: mostMetricsBytes });
  return status === 200 ? deprecatedCalls(text) : [];
}

// src/plan/upgrade-warnings.ts
function budgetWarnings(budgets, drainSeconds) {
  return budgets.filter(({ disruptionsAllowed, expectedPods }) => disruptionsAllowed === 0 && expectedPods > 0).map(
    ({ name: name3, expectedPods }) => `the disruption budget ${name3} allows no eviction of its ${expectedPods} pods now: a drain waits for at most ${drainSeconds} s, and then the upgrade ends. Give it room (more replicas, or maxUnavailable)`
  );
}
function deprecationWarnings(calls, newMinor) {
  const removed = calls.filter(({ removedIn }) => removedIn <= newMinor);
  const lines = removed.map(
    ({ resource, removedIn }) => `a client has requested ${resource}, which Kubernetes 1.${removedIn} no longer serves: change the client before the upgrade`
  );
  return [...new Set(lines)].toSorted();
}

// src/phases/warn-of-upgrade.ts
async function warnOfUpgrade(run, { drains, newMinor }) {
  const budgets = drains ? await unlessProblem(() => withApi(run, disruptionBudgets)) : [];
  const calls = newMinor === void 0 ? [] : await requestedCalls(run);
  const warnings = [
    ...budgetWarnings(budgets ?? [], run.cluster.upgrade.nodes.drainSeconds),
    ...deprecationWarnings(calls, newMinor ?? 0)
  ];
  for (const warning of warnings) run.log.warning(warning);
}
async function requestedCalls(run) {
  const masters = hostsWith(run.cluster, "master").filter(({ name: name3 }) => run.sessions.has(name3));
  const asked = masters.map((master) => unlessProblem(() => withMaster(run, master, deprecatedApiCalls)));
  return (await Promise.all(asked)).flatMap((calls) => calls ?? []);
}

// src/phases/observe.ts
var observe = {
  title: "Observe the cluster",
  async run(run) {
    const { versions: observed, api: api2 } = await observeCluster(run);
    const { versions, notes, refusals } = planVersions(run.cluster, observed);
    const found = { nodes: [], apiServers: [], ...api2, machineIds: machineIdsOf(run) };
    const lines = planLines(run.cluster, found, run.forget);
    const problems = [...refusals, ...lines.refusals];
    for (const note of notes) run.log.info(note);
    for (const step of lines.steps) run.log.info(stepInWords(step, run.dryRun));
    if (problems.length > 0) throw new AggregateError(problems, "the cluster does not allow this change");
    const cluster = withVersions(run.cluster, versions);
    await reportUpgrade({ ...run, cluster }, observed, api2?.nodes);
    return { cluster, nodes: api2?.nodes, forgotten: lines.forgotten };
  }
};
async function reportUpgrade(run, observed, nodes) {
  const planned = (kept) => upgradePlan(run.cluster, observed, nodes, (role) => targetsOf(run, role), kept);
  if (planned().steps.length === 0) return;
  const upgrade = planned(await unlessProblem(() => readUpgrades(run)));
  for (const step of upgrade.steps) run.log.info(stepInWords(step, run.dryRun));
  for (const block of upgrade.steps.flatMap(blocksInWords)) run.log.warning(block);
  await warnOfUpgrade(run, upgrade);
}
var planUpgrade = {
  title: "Plan the upgrade",
  when: ({ dryRun }) => dryRun,
  async run(run) {
    const { versions, api: api2 } = await observeCluster(run);
    await reportUpgrade(run, versions, api2?.nodes);
  }
};
function machineIdsOf({ inspections }) {
  return new Map([...inspections].map(([host, { facts }]) => [host, facts.machineId]));
}
var forgetNodes = {
  title: "Forget nodes",
  when: ({ dryRun, forgotten }) => !dryRun && forgotten.length > 0,
  async run(run) {
    await withApi(run, async (api2) => {
      for (const { name: name3 } of run.forgotten) {
        const deleted = await deleteNode(api2, name3);
        run.log.info(`${name3}: deleted ${deleted.join(", ")}; its host was not wiped`);
        run.objects.push(...deleted.map((object2) => `${object2} deleted`));
      }
    });
  }
};
var observeAddons = {
  title: "Observe the add-ons",
  async run(run) {
    const addons = await withApi(run, (api2) => addonVersions(api2, run.cluster));
    const { versions, notes } = planVersions(run.cluster, { served: [], placed: [], addons });
    for (const note of notes) run.log.info(note);
    return { cluster: withVersions(run.cluster, versions) };
  }
};

// src/components/downloads.ts
var executable = "755";
function official2(cluster, location) {
  return `${cluster.mirror === void 0 ? "https:/" : cluster.mirror.replace(/\/+$/, "")}/${location}`;
}
function kubernetesBinary(cluster, architecture, name3) {
  const file = `dl.k8s.io/v${cluster.kubernetesVersion}/bin/linux/${architecture}/${name3}`;
  return {
    url: official2(cluster, file),
    sumUrl: official2(cluster, `${file}.sha256`),
    mode: executable,
    place: `${cluster.binDir}/${name3}`
  };
}
function etcdBinaries(cluster, architecture, names) {
  const version = cluster.versions.etcd;
  const top = `etcd-v${version}-linux-${architecture}`;
  const folder = `github.com/etcd-io/etcd/releases/download/v${version}`;
  return {
    url: official2(cluster, `${folder}/${top}.tar.gz`),
    sumUrl: official2(cluster, `${folder}/SHA256SUMS`),
    mode: executable,
    place: members(names, (name3) => `${top}/${name3}`, cluster.binDir)
  };
}
function containerdBinaries(cluster, architecture) {
  const version = cluster.versions.containerd;
  const file = `github.com/containerd/containerd/releases/download/v${version}/containerd-${version}-linux-${architecture}.tar.gz`;
  return {
    url: official2(cluster, file),
    sumUrl: official2(cluster, `${file}.sha256sum`),
    mode: executable,
    place: members(["containerd", "containerd-shim-runc-v2", "ctr"], (name3) => `bin/${name3}`, cluster.binDir)
  };
}
function runcBinary(cluster, architecture) {
  const folder = `github.com/opencontainers/runc/releases/download/v${cluster.versions.runc}`;
  return {
    url: official2(cluster, `${folder}/runc.${architecture}`),
    sumUrl: official2(cluster, `${folder}/runc.sha256sum`),
    mode: executable,
    place: `${cluster.binDir}/runc`
  };
}
function cniPlugins(cluster, architecture, names, folder) {
  const version = cluster.versions.cniPlugins;
  const file = `github.com/containernetworking/plugins/releases/download/v${version}/cni-plugins-linux-${architecture}-v${version}.tgz`;
  return {
    url: official2(cluster, file),
    sumUrl: official2(cluster, `${file}.sha256`),
    mode: executable,
    place: members(names, (name3) => `./${name3}`, folder)
  };
}
function flanneldBinary(cluster, architecture) {
  const tag = `v${cluster.versions.flannel}`;
  return {
    url: official2(cluster, `github.com/flannel-io/flannel/releases/download/${tag}/flanneld-${architecture}`),
    // flannel publishes no checksum files; GitHub has a digest of each asset.
    sumUrl: official2(cluster, `api.github.com/repos/flannel-io/flannel/releases/tags/${tag}`),
    mode: executable,
    place: `${cluster.binDir}/flanneld`
  };
}
function members(names, inArchive, folder) {
  return Object.fromEntries(names.map((name3) => [inArchive(name3), `${folder}/${name3}`]));
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
  const replaced = new Set(extraArgs.map(({ name: name3 }) => name3));
  const gates = mergeGates(ours[gateFlag], extraArgs);
  const kept = Object.entries(ours).flatMap(
    ([name3, value]) => value === void 0 || replaced.has(name3) || name3 === gateFlag ? [] : [`--${name3}=${value}`]
  );
  const extra = extraArgs.flatMap(({ name: name3, value }) => name3 === gateFlag ? [] : [`--${name3}=${value}`]);
  return [...kept, ...extra, ...gates === "" ? [] : [`--${gateFlag}=${gates}`]];
}
var gateFlag = "feature-gates";
function mergeGates(ours, extraArgs) {
  const lists = [ours ?? "", ...extraArgs.filter(({ name: name3 }) => name3 === gateFlag).map(({ value }) => value)];
  const pairs = lists.flatMap((list) => list.split(",")).filter((pair) => pair !== "");
  return [...new Map(pairs.map((pair) => [pair.split("=")[0], pair])).values()].join(",");
}
function flagValue(name3, ours, extraArgs) {
  return extraArgs.findLast((arg) => arg.name === name3)?.value ?? ours;
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
function readsOf({ name: name3, content, reads }, placed) {
  const found = /* @__PURE__ */ new Set();
  const look = (text) => {
    for (const each of placed.filter(({ named }) => named.test(text))) {
      if (found.has(each) || isExcepted(name3, each.path)) continue;
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
function section(name3, lines) {
  return `[${name3}]
${lines.map((line2) => `${line2}
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
    ([name3, value]) => value === void 0 ? [] : [`Environment=${quoted(`${name3}=${value}`)}`]
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
function group(name3) {
  return { kind: "Group", name: name3, apiGroup: api };
}
function user(name3) {
  return { kind: "User", name: name3, apiGroup: api };
}
function serviceAccount(name3) {
  return { kind: "ServiceAccount", name: name3, namespace: "kube-system" };
}
function clusterRole(name3, rules, labels) {
  return object(apiVersion, "ClusterRole", { name: name3, ...labels && { labels } }, { rules });
}
function clusterRoleBinding(name3, role, subject) {
  return object(
    apiVersion,
    "ClusterRoleBinding",
    { name: name3 },
    { roleRef: { apiGroup: api, kind: "ClusterRole", name: role }, subjects: [subject] }
  );
}
function systemRoleBinding(name3, role, subject) {
  return object(
    apiVersion,
    "RoleBinding",
    { name: name3, namespace: "kube-system" },
    { roleRef: { apiGroup: api, kind: "Role", name: role }, subjects: [subject] }
  );
}

// src/components/networks/flannel-access.ts
var name2 = "k8s-ha-action:flannel";
function flannelAccess() {
  return [
    clusterRole(name2, [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }]),
    clusterRoleBinding(name2, name2, group("system:nodes"))
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
      members: members2.map(({ ID, name: name3, peerURLs, clientURLs, isLearner }) => ({
        id: ID,
        name: name3,
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
  observeNodes,
  observeNodesNamed,
  observedNode,
  stepInWords,
  versionChanges,
  olderServers,
  kubeletObjection,
  drainPlan,
  isCordonedByPerson,
  inUpgradeOrder,
  changesInWords,
  versionsOf,
  withVersions,
  keyOf,
  askPauseImage,
  placedVersions,
  servedVersions,
  gateKey,
  readUpgrades,
  recordUpgrade,
  recordSeconds,
  observe,
  planUpgrade,
  forgetNodes,
  observeAddons,
  readMemberList,
  hasStarted
};
