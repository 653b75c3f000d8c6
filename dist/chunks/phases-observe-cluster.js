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
  observeNodes,
  servedVersions,
  servingAddresses,
  stepInWords
} from "./observe-api.js";
import {
  placedVersions,
  planVersions,
  withVersions
} from "./components-addons-object.js";
import {
  deleteNode,
  withApi
} from "./kubernetes.js";
import {
  inspectionOf,
  sessionOf
} from "./host.js";
import {
  Problem,
  hostsWith
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
  const answered = await orUndefined(() => etcdVersions(sessionOf(run, host), run.cluster));
  return [...answered ?? []].map(([name, version]) => ({ host: name, component: "etcd", version }));
}
var wantedEtcd = ({ versions }) => versions.etcd;
async function askApi(run) {
  if (hasRole(run, "master").length === 0) return void 0;
  return await orUndefined(
    () => withApi(run, async (api) => {
      const addons = addonVersions(api, run.cluster);
      const [nodes, apiServers2] = await Promise.all([observeNodes(api), servingAddresses(api), addons]);
      return { nodes, apiServers: apiServers2, addons: await addons };
    })
  );
}
async function orUndefined(ask) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Problem) return void 0;
    throw error;
  }
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
    return { cluster: withVersions(run.cluster, versions), nodes: api?.nodes, forgotten: lines.forgotten };
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
