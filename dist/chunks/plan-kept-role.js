import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  defaultVersions,
  etcdHopFloors,
  kubernetesMinors,
  supportedMinors,
  versionNames
} from "./cluster-versions.js";
import {
  compareVersions,
  minorOf,
  newestOf,
  versionParts
} from "./cluster-version-order.js";
import {
  places
} from "./layout-addresses.js";
import {
  Problem
} from "./errors.js";

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
      `Set ${key} to ${bare(newest)} or later: ${what} does not support going back. To return to an older version, restore a backup into a new cluster.`
    ),
    ...refuse(
      "VERSION_SKIPPED",
      `${key} is ${wanted}, which is more than one minor version ahead of what runs`,
      older,
      `Set ${key} to a release of ${major}.${minor + 1} first, run the workflow, and continue from there. A host that leaves counts while its process runs.`
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
function etcdFloorRefusals(wanted, members) {
  const next = versionParts(wanted);
  const floor = next && next[0] === 3 ? etcdHopFloors[next[1]] : void 0;
  if (!next || floor === void 0) return [];
  const below = members.filter(({ version }) => {
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
var bare = (version) => version.replace(/^v/, "");

// src/plan/versions.ts
function planVersions(cluster, observed) {
  const wanted = versionsOf(cluster);
  const running = (name) => {
    const versions2 = runningVersions(observed, name);
    return name === "kubernetes" || name === "etcd" ? newestOf(versions2) : commonest(versions2);
  };
  const kept = versionNames.flatMap((name) => {
    const version = cluster.pinned.has(name) ? void 0 : running(name);
    return version === void 0 ? [] : [[name, version]];
  });
  const versions = { ...wanted, ...Object.fromEntries(kept) };
  const notes = kept.filter(([name, version]) => compareVersions(version, defaultVersions[name]) < 0).map(newerDefault);
  return { versions, notes, refusals: [...unsupported(versions), ...versionRefusals(versions, observed)] };
}
function versionsOf(cluster) {
  return { kubernetes: cluster.kubernetesVersion, ...cluster.versions };
}
function withVersions(cluster, { kubernetes, ...versions }) {
  return { ...cluster, kubernetesVersion: kubernetes, minor: minorOf(kubernetes), versions };
}
function runningVersions({ served, placed, addons }, name) {
  const program = { kubernetes: "kube-apiserver", etcd: "etcd" }[name];
  const answers = served.filter(({ component }) => component === program);
  const silent = placed.filter(
    (one) => one.name === name && one.program === (program ?? one.program) && !answers.some(({ host }) => host === one.host)
  );
  const addon = addons[name];
  return [...answers, ...silent].map(({ version }) => version).concat(addon === void 0 ? [] : [addon]);
}
function commonest(versions) {
  const counts = Map.groupBy(versions, (version) => version);
  const most = Math.max(0, ...[...counts.values()].map(({ length }) => length));
  return newestOf([...counts].flatMap(([version, { length }]) => length === most ? [version] : []));
}
function newerDefault([name, version]) {
  const key = keyOf(name);
  return `${key} is not in cluster.yaml: the running ${version} stays; the default of this release is ${defaultVersions[name]}`;
}
function keyOf(name) {
  return name === "kubernetes" ? "kubernetesVersion" : `versions.${name}`;
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

// src/plan/kept-role.ts
var keepsRole = (role) => `Give the host its role ${role} back. To take the role from it, remove the host first (state: removed), and add it without the role in a later change.`;

// src/observe/placed.ts
import { basename } from "node:path/posix";
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
    const program = basename(path);
    return official.flatMap(([name, pattern]) => {
      const version = pattern.exec(url)?.groups?.version;
      return version === void 0 ? [] : [{ host, name, program, version }];
    });
  });
  const said = answers.map(({ stdout }) => stdout).join("\n");
  const pause = /^\/pause:(?<version>\d+\.\d+(?:\.\d+)?)$/m.exec(said)?.groups?.version;
  return pause === void 0 ? programs : [...programs, { host, name: "pause", program: "pause", version: pause }];
}

export {
  keepsRole,
  planVersions,
  versionsOf,
  withVersions,
  keyOf,
  askPauseImage,
  placedVersions
};
