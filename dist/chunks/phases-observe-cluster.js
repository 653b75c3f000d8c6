import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  etcdVersions
} from "./etcd-health.js";
import {
  addonVersions,
  drainPlan,
  observeNodes,
  servedVersions,
  upgradeStep,
  versionChanges
} from "./observe-api.js";
import {
  stepInWords
} from "./plan-step.js";
import {
  placedVersions,
  planVersions,
  versionsOf,
  withVersions
} from "./components-addons-object.js";
import {
  deleteNode,
  servingAddresses,
  withApi,
  withMaster
} from "./kubernetes.js";
import {
  inspectionOf,
  sessionOf
} from "./host.js";
import {
  Problem,
  compareVersions,
  hostsWith,
  minorOf,
  unlessProblem
} from "./cluster.js";

// src/plan/lines.ts
var toForget = (name) => `Write its line back with state: removed, so that the host is drained and cleaned. If the machine no longer exists, run again with forget: ${name}.`;
function planLines(cluster, found, forget) {
  const listed = new Set([...cluster.hosts, ...cluster.removed].map(({ nodeName }) => nodeName));
  const extra = found.nodes.filter(({ name }) => !listed.has(name));
  const renamed = extra.flatMap((node) => {
    const host = hostOf(node, cluster, found.machineIds);
    return host ? [{ node, host }] : [];
  });
  const others = extra.filter((node) => !renamed.some((each) => each.node === node));
  const forgotten = others.filter(({ name }) => forget.has(name));
  return {
    forgotten,
    steps: forgotten.map(forgetStep),
    refusals: [
      ...renamed.map(renamedProblem),
      ...others.filter((node) => !forgotten.includes(node)).map(notListed),
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
function notListed({ name, ready }) {
  const state = ready ? "Ready" : "not Ready";
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
function strayServers(cluster, { apiServers: apiServers2 }, forget) {
  const leaving = cluster.removed.filter(({ roles }) => roles.includes("master"));
  const known = new Set([...hostsWith(cluster, "master"), ...leaving].map(({ address }) => address));
  return apiServers2.filter((address) => !known.has(address) && !forget.has(address)).map((address) => {
    const message = `an API server of this cluster serves at ${address}, but no master in cluster.yaml has that address`;
    const host = cluster.hosts.find((each) => each.address === address)?.name;
    return new Problem(message, { code: "MASTER_NOT_LISTED", host, hint: toForget(address) });
  });
}

// src/plan/upgrade.ts
function upgradePlan(cluster, observed, nodes) {
  const wanted = versionsOf(cluster);
  const servers = hostsWith(cluster, "master").flatMap((host) => masterSteps(host, wanted, observed));
  const kubelets = hostsWith(cluster, "node").flatMap((host) => nodeSteps(cluster, host, observed, nodes));
  const minors = servers.map(({ from }) => minorOf(from));
  return {
    steps: [
      ...hostsWith(cluster, "etcd").flatMap((host) => memberSteps(host, wanted, observed)),
      ...servers.map(({ step }) => step),
      ...kubelets.map(({ step }) => step)
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
function memberSteps(host, wanted, observed) {
  const from = otherVersion("etcd", host, wanted.etcd, observed);
  if (from === void 0) return [];
  const reason = `etcd ${from} \u2192 ${wanted.etcd}, one member at a time, the leader last`;
  return [{ host: host.name, do: "upgrade etcd", reason, interrupts: "no request: the other members serve" }];
}
function masterSteps(host, wanted, observed) {
  const from = otherVersion("kube-apiserver", host, wanted.kubernetes, observed);
  if (from === void 0) return [];
  const step = {
    host: host.name,
    do: "upgrade the API server, and behind it its controller-manager and scheduler",
    reason: `Kubernetes ${from} \u2192 ${wanted.kubernetes}, one master at a time; if it does not become ready, its former files come back and the run ends`,
    interrupts: "no new connection: the other masters serve; watches through it reconnect"
  };
  return [{ from, step }];
}
function nodeSteps(cluster, host, observed, nodes) {
  const node = nodes?.find(({ name }) => name === host.nodeName);
  const placed = observed.placed.filter((one) => one.host === host.name);
  const changes = versionChanges(versionsOf(cluster), node, placed);
  if (changes.length === 0) return [];
  const drain = drainPlan(host.nodeName, nodes ?? []);
  return [{ drains: drain.drains, step: upgradeStep(host.name, changes, drain, cluster.upgrade.nodes) }];
}

// src/phases/observe-cluster.ts
async function observeCluster(run) {
  const placed = run.cluster.hosts.flatMap((host) => placedVersions(host.name, inspectionOf(run, host)));
  const [servers, members, api] = await Promise.all([apiServers(run), etcdMembers(run, placed), askApi(run)]);
  const kubelets = (api?.nodes ?? []).map(
    ({ name, kubeletVersion }) => ({ host: name, component: "kubelet", version: kubeletVersion })
  );
  return {
    versions: { served: [...servers, ...members, ...kubelets], placed, addons: api?.addons ?? {} },
    api
  };
}
var hasRole = (run, role) => hostsWith(run.cluster, role).filter((host) => inspectionOf(run, host).scopes.includes(role));
async function apiServers(run) {
  const answers = await servedVersions(run, hasRole(run, "master"));
  return [...answers].flatMap(
    ([host, version]) => version === void 0 ? [] : [{ host, component: "kube-apiserver", version }]
  );
}
async function etcdMembers(run, placed) {
  const versions = new Set(placed.filter(({ name }) => name === "etcd").map(({ version }) => version));
  const [host] = hasRole(run, "etcd");
  if (!host || versions.size === 1 && (!run.cluster.pinned.has("etcd") || versions.has(wantedEtcd(run.cluster))))
    return [];
  const answered = await unlessProblem(() => etcdVersions(sessionOf(run, host), run.cluster));
  return [...answered ?? []].map(([name, version]) => ({ host: name, component: "etcd", version }));
}
var wantedEtcd = ({ versions }) => versions.etcd;
async function askApi(run) {
  if (hasRole(run, "master").length === 0) return void 0;
  return await unlessProblem(
    () => withApi(run, async (api) => {
      const addons = addonVersions(api, run.cluster);
      const [nodes, apiServers2] = await Promise.all([observeNodes(api), servingAddresses(api), addons]);
      return { nodes, apiServers: apiServers2, addons: await addons };
    })
  );
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
  async run(run) {
    const { versions: observed, api } = await observeCluster(run);
    const { versions, notes, refusals } = planVersions(run.cluster, observed);
    const found = { nodes: [], apiServers: [], ...api, machineIds: machineIdsOf(run) };
    const lines = planLines(run.cluster, found, run.forget);
    const problems = [...refusals, ...lines.refusals];
    for (const note of notes) run.log.info(note);
    for (const step of lines.steps) run.log.info(stepInWords(step, run.dryRun));
    if (problems.length > 0) throw new AggregateError(problems, "the cluster does not allow this change");
    const cluster = withVersions(run.cluster, versions);
    const upgrade = upgradePlan(cluster, observed, api?.nodes);
    for (const step of upgrade.steps) run.log.info(stepInWords(step, run.dryRun));
    await warnOfUpgrade(run, upgrade);
    return { cluster, nodes: api?.nodes, forgotten: lines.forgotten };
  }
};
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
  observe,
  forgetNodes,
  observeAddons
};
