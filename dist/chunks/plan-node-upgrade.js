import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  compareVersions,
  versionParts
} from "./cluster-version-order.js";
import {
  Problem
} from "./errors.js";

// src/plan/removal.ts
function leavingNodes({ removed }) {
  return new Set(removed.map(({ nodeName }) => nodeName));
}
function havePlace(nodeName, nodes, leaving) {
  return nodes.some(({ name, ready, cordoned }) => ready && !cordoned && name !== nodeName && !leaving.has(name));
}
function removalObjection({ host, node, nodeName, machineId = "" }, nodes, leaving) {
  const refused = (message, hint) => new Problem(message, { code: "REMOVAL_REFUSED", host, hint });
  const other = nodes.find((each) => machineId !== "" && each.machineId === machineId && each.name !== nodeName);
  if (other)
    return refused(
      `the host is the cluster\u2019s node ${other.name}, and its line names it ${nodeName}`,
      "Correct the name or the address of the line with state: removed, then run again."
    );
  if (!node?.ready || havePlace(nodeName, nodes, leaving)) return void 0;
  return refused(
    "no node that stays is Ready and schedulable, so the pods of this one would have no place",
    "Bring another node to Ready first (see the errors of its job), or uncordon one, then run again."
  );
}
function removalSteps({ host, node, placed }) {
  const reason = "state: removed";
  if (node === void 0 && placed?.length === 0) return [];
  return [
    ...node?.ready ? [{ host, do: "cordon and drain", reason, interrupts: "each of its pods, within their budgets" }] : [],
    ...node && !node.ready ? [{ host, do: "skip the drain", reason: `its node is not Ready: ${node.reason}` }] : [],
    ...node ? [{ host, do: `delete the node ${node.name} from the cluster`, reason }] : [],
    placed === void 0 ? { host, do: "leave the host as it is: it is NOT wiped", reason: "it does not answer" } : { host, do: "remove from the host what was placed there", reason }
  ];
}

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
function drainPlan(nodeName, nodes, leaving) {
  const node = nodes.find(({ name }) => name === nodeName);
  if (!node) return { drains: false, why: "the cluster has no such node yet" };
  if (!node.ready) return { drains: false, why: `it is not Ready: ${node.reason}` };
  if (havePlace(nodeName, nodes, leaving)) return { drains: true };
  return { drains: false, why: "no other node that stays is Ready and schedulable, so its pods would have no place" };
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

export {
  leavingNodes,
  removalObjection,
  removalSteps,
  versionChanges,
  olderServers,
  kubeletObjection,
  drainPlan,
  isCordonedByPerson,
  inUpgradeOrder,
  changesInWords,
  upgradeStep
};
