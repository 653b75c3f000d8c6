import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  drainPlan,
  inUpgradeOrder,
  leavingNodes,
  upgradeStep,
  versionChanges
} from "./plan-node-upgrade.js";
import {
  blocksInWords,
  stepInWords
} from "./plan-step.js";
import {
  readUpgrades
} from "./phases-upgrade-record.js";
import {
  keepsRole,
  placedVersions,
  planVersions,
  versionsOf,
  withVersions
} from "./plan-kept-role.js";
import {
  etcdVersions
} from "./etcd-health.js";
import {
  addonVersions,
  observeNodes,
  otherServedVersions,
  servedVersions
} from "./observe-api.js";
import {
  quorumOf
} from "./etcd-etcdctl.js";
import {
  deleteNode,
  servingAddresses,
  withApi,
  withMaster
} from "./kubernetes.js";
import {
  inspectionOf,
  sessionOf,
  targetsOf
} from "./pki.js";
import {
  compareVersions,
  minorOf
} from "./cluster-version-order.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  Problem,
  unlessProblem
} from "./errors.js";

// src/plan/lines.ts
var toForget = (name) => `Write its line back with state: removed, so that the host is drained and cleaned. If the machine no longer exists, run again with forget: ${name}.`;
function planLines(cluster, found, forget) {
  const listed = new Set([...hostsWith(cluster, "node"), ...cluster.removed].map(({ nodeName }) => nodeName));
  const renamed = found.nodes.flatMap((node) => {
    const host = hostOf(node, cluster, found.machineIds);
    return host && host.nodeName !== node.name ? [{ node, host }] : [];
  });
  const extra = found.nodes.filter(({ name }) => !listed.has(name));
  const others = extra.filter((node) => !renamed.some((each) => each.node === node));
  const forgotten = others.filter(({ name }) => forget.has(name));
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
  return machineId === "" ? void 0 : hosts.find(({ name }) => machineIds.get(name) === machineId);
}
function renamedProblem({ node, host }) {
  return new Problem(`the host is the cluster\u2019s node ${node.name}, and cluster.yaml now names it ${host.nodeName}`, {
    code: "NODE_RENAMED",
    host: host.name,
    hint: `Kubernetes can\u2019t rename a node. Set its name or hostname back to ${node.name}; or remove the host first (state: removed) and add it under the new name in a later change.`
  });
}
function notListed({ name, ready }, { hosts }) {
  const state = ready ? "Ready" : "not Ready";
  const host = hosts.find(({ nodeName }) => nodeName === name);
  if (host)
    return new Problem(`the cluster has the node ${name} (${state}), but its host does not have the role node`, {
      code: "NODE_NOT_LISTED",
      host: host.name,
      hint: keepsRole("node")
    });
  return new Problem(`the cluster has the node ${name} (${state}), but no host in cluster.yaml has that name`, {
    code: "NODE_NOT_LISTED",
    hint: toForget(name)
  });
}
function forgetStep({ name, ready }) {
  return {
    host: name,
    do: "delete the node from the cluster; the host itself is not touched or wiped",
    reason: "the input forget names it, and cluster.yaml does not",
    ...ready && { interrupts: "its pods, which are not drained" }
  };
}
function strayAddresses(cluster, apiServers2, forget) {
  const leaving = cluster.removed.filter(({ roles }) => roles.includes("master"));
  const known = new Set([...hostsWith(cluster, "master"), ...leaving].map(({ address }) => address));
  return apiServers2.filter((address) => !known.has(address) && !forget.has(address));
}
function strayServers(cluster, { apiServers: apiServers2 }, forget) {
  return strayAddresses(cluster, apiServers2, forget).map((address) => {
    const message = `an API server of this cluster serves at ${address}, but no master in cluster.yaml has that address`;
    const host = cluster.hosts.find((each) => each.address === address)?.name;
    return new Problem(message, { code: "MASTER_NOT_LISTED", host, hint: toForget(address) });
  });
}

// src/plan/upgrade.ts
var nothingKept = { ungated: [], seconds: {} };
function upgradePlan(cluster, observed, nodes, hostsOf = (role) => hostsWith(cluster, role), kept = nothingKept) {
  const facts = { cluster, wanted: versionsOf(cluster), observed, nodes: nodes ?? [], kept };
  const servers = hostsOf("master").flatMap((host) => masterSteps(host, facts));
  const ordered = inUpgradeOrder(hostsOf("node"), (host) => nodeOf(host, facts));
  const kubelets = ordered.flatMap((host) => nodeSteps(host, facts));
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
  const answers = ({ name }) => served.some((one) => one.component === program && one.host === name);
  const hosts = hostsWith(cluster, role);
  if (!hosts.some(answers)) return [];
  const isPlaced = ({ name }) => placed.some((one) => one.program === program && one.host === name);
  return hosts.filter((host) => isPlaced(host) && !answers(host)).map(({ name }) => name);
}
function memberSteps(host, facts) {
  const { cluster, wanted, observed } = facts;
  const from = otherVersion("etcd", host, wanted.etcd, observed);
  if (from === void 0) return [];
  const step = { host: host.name, do: "upgrade etcd" };
  const members = hostsWith(cluster, "etcd").length;
  if (members === 1)
    return [
      {
        ...step,
        reason: `etcd ${from} \u2192 ${wanted.etcd}`,
        interrupts: "the API until it serves again: it is the only member"
      }
    ];
  const silent = silentHosts("etcd", "etcd", facts).filter((name) => name !== host.name);
  const blocked = members - 1 - silent.length < quorumOf(members);
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
  const silent = silentHosts("kube-apiserver", "master", facts).filter((name) => name !== host.name);
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
var nodeOf = ({ nodeName }, { nodes }) => nodes.find(({ name }) => name === nodeName);
function nodeSteps(host, facts) {
  const { cluster, wanted, observed, nodes } = facts;
  const node = nodeOf(host, facts);
  const placed = observed.placed.filter((one) => one.host === host.name);
  const changes = versionChanges(wanted, node, placed);
  if (changes.length === 0) return [];
  const drain = drainPlan(host.nodeName, nodes.map(withoutOurCordon), leavingNodes(cluster));
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
var withoutOurCordon = (node) => node.cordonedBy === void 0 ? node : { ...node, cordoned: false };
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

// src/phases/observe-cluster.ts
async function observeCluster(run) {
  const placed = run.cluster.hosts.filter(({ name }) => run.inspections.has(name)).flatMap((host) => placedVersions(host.name, inspectionOf(run, host)));
  const [servers, members, api] = await Promise.all([apiServers(run), etcdMembers(run, placed), askApi(run)]);
  const lie = placed.filter(({ program }) => program === "kube-apiserver");
  const others = stays(run, "kubernetes", [...servers, ...lie]) ? [] : await otherServers(run, api);
  const kubelets = (api?.nodes ?? []).map(
    ({ name, kubeletVersion }) => ({ host: name, component: "kubelet", version: kubeletVersion })
  );
  return {
    versions: { served: [...servers, ...others, ...members, ...kubelets], placed, addons: api?.addons ?? {} },
    api
  };
}
var membersOf = (run) => hostsWith(run.cluster, "etcd").filter(({ name }) => run.inspections.get(name)?.scopes.includes("etcd"));
var mastersOf = (run) => hostsWith(run.cluster, "master").filter(
  ({ name }) => run.inspections.get(name)?.scopes.includes("master") ?? run.sessions.has(name)
);
async function apiServers(run) {
  return asServers(await servedVersions(run, mastersOf(run)));
}
async function otherServers(run, api) {
  return asServers(await otherServedVersions(run, api?.apiServers ?? []));
}
function asServers(answers) {
  return [...answers].flatMap(
    ([host, version]) => version === void 0 ? [] : [{ host, component: "kube-apiserver", version }]
  );
}
function stays({ cluster }, name, known) {
  const versions = new Set(known.map(({ version }) => version));
  return versions.size === 1 && (!cluster.pinned.has(name) || versions.has(versionsOf(cluster)[name]));
}
async function etcdMembers(run, placed) {
  const lie = placed.filter(({ name }) => name === "etcd");
  const [host] = membersOf(run);
  if (!host || stays(run, "etcd", lie)) return [];
  const answered = await unlessProblem(() => etcdVersions(sessionOf(run, host), run.cluster));
  return [...answered ?? []].map(([name, version]) => ({ host: name, component: "etcd", version }));
}
async function askApi(run) {
  if (mastersOf(run).length === 0) return void 0;
  return await unlessProblem(
    () => withApi(run, async (api) => {
      const addons = addonVersions(api, run.cluster);
      const [nodes, apiServers2] = await Promise.all([observeNodes(api), servingAddresses(api), addons]);
      return { nodes, apiServers: apiServers2, addons: await addons };
    })
  );
}

// src/phases/stopped-servers.ts
import { setTimeout as delay } from "node:timers/promises";
var looks = 17;
async function withoutStopped(listed, straysOf, look) {
  let now = listed;
  for (let tries = 0; tries < looks; tries += 1) {
    const strays = straysOf(now);
    if (strays.length === 0 || await look.answers(strays)) return now;
    await look.pause();
    now = await look.listed() ?? now;
  }
  return now;
}
async function servingNow(run, listed, signal) {
  return await withoutStopped(listed, (addresses) => strayAddresses(run.cluster, addresses, run.forget), {
    answers: async (addresses) => {
      const answered = await otherServedVersions(run, addresses);
      return addresses.some((address) => answered.has(address));
    },
    listed: async () => await unlessProblem(() => withApi(run, servingAddresses)),
    pause: async () => await delay(1e3, void 0, { signal })
  });
}

// src/observe/upgrade.ts
var line = /^apiserver_requested_deprecated_apis\{(?<labels>[^}]{1,1000})\}\s+(?<value>\S{1,30})/;
function deprecatedCalls(metrics) {
  return metrics.split("\n").flatMap((text) => {
    const { labels, value } = line.exec(text)?.groups ?? {};
    if (labels === void 0 || Number(value) <= 0) return [];
    const label = new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, said]) => [name, said ?? ""]));
    const [, minor] = /^1\.(\d{1,4})$/.exec(label.get("removed_release") ?? "") ?? [];
    if (minor === void 0) return [];
    const words = [label.get("resource"), label.get("version"), label.get("group")];
    return [{ resource: words.filter(Boolean).join("."), removedIn: Number(minor) }];
  });
}
async function disruptionBudgets(api) {
  const { items } = await api.list("/apis/policy/v1/poddisruptionbudgets");
  return items.map(({ metadata, status }) => ({
    name: `${metadata.namespace}/${metadata.name}`,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
    expectedPods: status?.expectedPods ?? 0
  }));
}
var mostMetricsBytes = 64 * 1024 * 1024;
async function deprecatedApiCalls(api) {
  const { status, text } = await api.raw("/metrics", { mostBytes: mostMetricsBytes });
  return status === 200 ? deprecatedCalls(text) : [];
}

// src/plan/upgrade-warnings.ts
function budgetWarnings(budgets, drainSeconds) {
  return budgets.filter(({ disruptionsAllowed, expectedPods }) => disruptionsAllowed === 0 && expectedPods > 0).map(
    ({ name, expectedPods }) => `the disruption budget ${name} allows no eviction of its ${expectedPods} pods now: a drain waits for at most ${drainSeconds} s, and then the upgrade ends. Give it room (more replicas, or maxUnavailable)`
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
  const masters = hostsWith(run.cluster, "master").filter(({ name }) => run.sessions.has(name));
  const asked = masters.map((master) => unlessProblem(() => withMaster(run, master, deprecatedApiCalls)));
  return (await Promise.all(asked)).flatMap((calls) => calls ?? []);
}

// src/phases/observe.ts
var observe = {
  title: "Observe the cluster",
  async run(run, signal) {
    const { versions: observed, api } = await observeCluster(run);
    const apiServers2 = await servingNow(run, api?.apiServers ?? [], signal);
    const { versions, notes, refusals } = planVersions(run.cluster, observed);
    const found = { nodes: api?.nodes ?? [], apiServers: apiServers2, machineIds: machineIdsOf(run) };
    const lines = planLines(run.cluster, found, run.forget);
    const problems = [...refusals, ...lines.refusals];
    for (const note of notes) run.log.info(note);
    for (const step of lines.steps) run.log.info(stepInWords(step, run.dryRun));
    if (problems.length > 0) throw new AggregateError(problems, "the cluster does not allow this change");
    const cluster = withVersions(run.cluster, versions);
    const upgrades = await reportUpgrade({ ...run, cluster }, observed, api?.nodes);
    return { cluster, nodes: api?.nodes, forgotten: lines.forgotten, upgrades };
  }
};
async function reportUpgrade(run, observed, nodes) {
  const planned = (kept) => upgradePlan(run.cluster, observed, nodes, (role) => targetsOf(run, role), kept);
  if (planned().steps.length === 0) return false;
  const upgrade = planned(await unlessProblem(() => readUpgrades(run)));
  for (const step of upgrade.steps) run.log.info(stepInWords(step, run.dryRun));
  for (const block of upgrade.steps.flatMap(blocksInWords)) run.log.warning(block);
  await warnOfUpgrade(run, upgrade);
  return true;
}
async function reportUpgradeOfJob(run) {
  const { versions, api } = await observeCluster(run);
  await reportUpgrade(run, versions, api?.nodes);
}
function machineIdsOf({ inspections }) {
  return new Map([...inspections].map(([host, { facts }]) => [host, facts.machineId]));
}
var forgetNodes = {
  title: "Forget nodes",
  when: ({ dryRun, forgotten }) => !dryRun && forgotten.length > 0,
  async run(run) {
    await withApi(run, async (api) => {
      for (const { name } of run.forgotten) {
        const deleted = await deleteNode(api, name);
        run.log.info(`${name}: deleted ${deleted.join(", ")}; its host was not wiped`);
        run.objects.push(...deleted.map((object) => `${object} deleted`));
      }
    });
  }
};
var observeAddons = {
  title: "Observe the add-ons",
  async run(run) {
    const addons = await withApi(run, (api) => addonVersions(api, run.cluster));
    const { versions, notes } = planVersions(run.cluster, { served: [], placed: [], addons });
    for (const note of notes) run.log.info(note);
    return { cluster: withVersions(run.cluster, versions) };
  }
};

export {
  planLines,
  observeCluster,
  observe,
  reportUpgradeOfJob,
  machineIdsOf,
  forgetNodes,
  observeAddons
};
