import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  hostsWith
} from "./cluster-cluster.js";

// src/check/services.ts
function apiServerFinding({ name }, reason) {
  return {
    id: `api-server-not-ready/${name}`,
    severity: "critical",
    subject: name,
    message: `its API server is not ready: ${reason}`,
    fix: "Look at `journalctl -u kube-apiserver` on the host; it needs a quorum of etcd."
  };
}
function nodeFindings(cluster, nodes) {
  return hostsWith(cluster, "node").flatMap((host) => {
    const node = nodes.find(({ name }) => name === host.nodeName);
    return node ? nodeFinding(host, node) : [missingNode(host)];
  });
}
function missingNode({ name, nodeName }) {
  return {
    id: `node-missing/${name}`,
    severity: "critical",
    subject: name,
    message: `the cluster has no node ${nodeName}`,
    fix: "Run a deployment: it registers the node again."
  };
}
function nodeFinding({ name }, node) {
  const unready = {
    id: `node-not-ready/${name}`,
    severity: "critical",
    subject: name,
    message: `its node is not Ready: ${node.reason ?? "no reason given"}`,
    fix: "Look at `journalctl -u kubelet` on the host."
  };
  const ours = node.cordonedBy !== void 0;
  const cordoned = {
    id: `node-cordoned/${name}`,
    severity: ours ? "info" : "warning",
    subject: name,
    message: ours ? `its node is cordoned, by the run ${node.cordonedBy}` : "its node is cordoned: it gets no new pods",
    fix: ours ? "The run, or the next deployment, uncordons it." : `Run \`kubectl uncordon ${node.name}\` if it is to get pods.`
  };
  const pressures = node.ready ? (node.pressures ?? []).map((pressure) => pressureFinding(name, pressure)) : [];
  return [...node.ready ? [] : [unready], ...pressures, ...node.cordoned ? [cordoned] : []];
}
function pressureFinding(name, { type, reason }) {
  return {
    id: `node-pressure/${name}/${type}`,
    severity: "critical",
    subject: name,
    message: `its node has ${type}, so that it gets no new pods: ${reason || "no reason given"}`,
    fix: fixes[type] ?? "Look at `journalctl -u kubelet` on the host."
  };
}
var fixes = {
  DiskPressure: "Free some space on the host for /var/lib/kubelet and /var/lib/containerd, or make the file system larger.",
  MemoryPressure: "See `kubectl top pods --all-namespaces --sort-by=memory`: give pods limits of memory, or the host more memory.",
  PIDPressure: "Find the program with very many processes on the host, and limit its pods by podPidsLimit in kubelet.config.",
  NetworkUnavailable: "Look at `journalctl -u flanneld` on the host, or at the pods of your own pod network."
};
function etcdFindings({ name }, { members, healthy, quorum }) {
  const lost = {
    id: `etcd-quorum/${name}`,
    severity: "critical",
    subject: name,
    message: `etcd has ${healthy} of ${members.length} members and needs ${quorum}: the cluster accepts no writes`,
    fix: "Bring members back: see the findings of their hosts."
  };
  return [...healthy < quorum ? [lost] : [], ...members.flatMap(memberFindings)];
}
function memberFindings(member) {
  const { host, healthy, error, alarm } = member;
  const critical = (kind, message, fix) => ({
    id: `${kind}/${host}`,
    severity: "critical",
    subject: host,
    message,
    fix
  });
  return [
    ...healthy ? [] : [critical("etcd-member", `its etcd member is not healthy: ${error}`, "Look at `journalctl -u etcd` on it.")],
    ...alarm === void 0 ? [] : [
      critical(
        "etcd-alarm",
        `its etcd member has an alarm: ${alarm}`,
        "NOSPACE: a deployment frees space and disarms it. CORRUPT: replace the member."
      )
    ],
    ...spaceFindings(member)
  ];
}
var used = { warning: 0.6, critical: 0.85 };
var fragmented = { bytes: 1e8, part: 0.45 };
function isFragmented({ bytes, inUse }) {
  return bytes >= fragmented.bytes && bytes - inUse >= fragmented.part * bytes;
}
function spaceFindings({ host, space }) {
  if (!space) return [];
  const { bytes, inUse, quota } = space;
  const part = bytes / quota;
  const free = (bytes - inUse) / bytes;
  const percent = (of) => `${Math.round(of * 100)}%`;
  const megabytes = `${Math.round(bytes / 1e6)} MB`;
  const large = {
    id: `etcd-space/${host}`,
    severity: part >= used.critical ? "critical" : "warning",
    subject: host,
    message: `the database of its etcd member has ${megabytes}, ${percent(part)} of its quota`,
    fix: "Delete what fills it (often Events or Secrets of releases), or raise --quota-backend-bytes in etcd.extraArgs."
  };
  const loose = {
    id: `etcd-fragmented/${host}`,
    severity: "warning",
    subject: host,
    message: `${percent(free)} of the ${megabytes} of its etcd member\u2019s database are free but not returned to the disk`,
    fix: "Run a deployment with defragment: true at a quiet time: members do not answer while they are defragmented."
  };
  return [...part >= used.warning ? [large] : [], ...isFragmented(space) ? [loose] : []];
}
function learnerFindings({ name }, { members }) {
  return members.filter(({ learner }) => learner).map((member) => ({
    id: `etcd-learner/${member.name || member.id}`,
    severity: "warning",
    subject: member.name || name,
    message: `the etcd member ${member.name || member.id} is a learner: it does not count for a quorum`,
    fix: "Run a deployment: it makes it a voter when it has caught up."
  }));
}

export {
  apiServerFinding,
  nodeFindings,
  etcdFindings,
  isFragmented,
  learnerFindings
};
