import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  cordonAnnotation,
  ifFound,
  nodeNamed,
  whyNotReady,
  withMaster
} from "./kubernetes.js";
import {
  parseJson
} from "./entry-json.js";
import {
  versionParts
} from "./cluster-version-order.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  looseObject,
  string,
  unlessProblem
} from "./errors.js";

// src/observe/api.ts
var versionShape = looseObject({ gitVersion: string().max(200) });
async function servedVersion(api) {
  const { status, text } = await api.raw("/version", { timeoutMs: 3e3 });
  if (status !== 200) return void 0;
  try {
    const version = versionShape.parse(parseJson(text, Error)).gitVersion.replace(/^v/, "");
    return versionParts(version) && version;
  } catch {
    return void 0;
  }
}
async function observeNodes(api) {
  const { items } = await api.list("/api/v1/nodes");
  return items.map(observedNode);
}
async function observeNodesNamed(api, names) {
  const found = await Promise.all(names.map((name) => nodeNamed(api, name)));
  return found.flatMap((node) => node ? [observedNode(node)] : []);
}
function observedNode(node) {
  const { metadata, spec, status } = node;
  const reason = whyNotReady(node);
  const cordonedBy = metadata.annotations?.[cordonAnnotation];
  const pressures = pressuresOf(node);
  return {
    name: metadata.name,
    uid: metadata.uid ?? "",
    ready: reason === void 0,
    ...reason !== void 0 && { reason },
    ...pressures.length > 0 && { pressures },
    machineId: status?.nodeInfo?.machineID ?? "",
    addresses: (status?.addresses ?? []).filter(({ type }) => type === "InternalIP").map(({ address }) => address),
    kubeletVersion: status?.nodeInfo?.kubeletVersion ?? "",
    runtimeVersion: status?.nodeInfo?.containerRuntimeVersion ?? "",
    ...spec?.podCIDR && { podSubnet: spec.podCIDR },
    cordoned: spec?.unschedulable === true,
    ...cordonedBy !== void 0 && { cordonedBy }
  };
}
var ofPressure = ["DiskPressure", "MemoryPressure", "PIDPressure", "NetworkUnavailable"];
function pressuresOf({ status }) {
  return (status?.conditions ?? []).filter((condition) => condition.status === "True" && ofPressure.includes(condition.type)).map(({ type, reason = "", message = "" }) => ({ type, reason: [reason, message].filter(Boolean).join(": ") }));
}
var deployments = { coredns: "coredns", metricsServer: "metrics-server" };
async function addonVersions(api, { pinned }) {
  const names = Object.entries(deployments).filter(([name]) => !pinned.has(name));
  const found = await Promise.all(
    names.map(async ([name, deployment]) => {
      const version = await imageVersion(api, deployment);
      return version === void 0 ? [] : [[name, version]];
    })
  );
  return Object.fromEntries(found.flat());
}
async function imageVersion(api, name) {
  const path = `/apis/apps/v1/namespaces/kube-system/deployments/${name}`;
  const deployment = await ifFound(api.get(path));
  const image = deployment?.spec?.template?.spec?.containers?.[0]?.image ?? "";
  return /:v?(?<version>\d+\.\d+\.\d+)(@sha256:[0-9a-f]{64})?$/.exec(image)?.groups?.version;
}

// src/phases/served-versions.ts
import { isIP } from "node:net";
async function servedVersions(run, masters) {
  const asked = masters.map(
    async (master) => [master.name, await askedOf(run, master)]
  );
  return new Map(await Promise.all(asked));
}
function askMasters(run, ask = servedVersions) {
  let known;
  return async () => {
    if (known === void 0 || [...known.values()].includes(void 0))
      known = await ask(run, hostsWith(run.cluster, "master"));
    return known;
  };
}
async function askedOf(run, master) {
  if (!run.sessions.has(master.name)) return void 0;
  return await unlessProblem(() => withMaster(run, master, servedVersion));
}
async function otherServedVersions(run, serving) {
  const masters = hostsWith(run.cluster, "master");
  const own = new Set(masters.map(({ address }) => address));
  const leaving = run.cluster.removed;
  const forgotten = [...run.forget].filter((name) => isIP(name) !== 0);
  const addresses = /* @__PURE__ */ new Set([...leaving.map(({ address }) => address), ...forgotten, ...serving]);
  const others = [...addresses].filter((address) => !own.has(address));
  const connected = masters.filter(({ name }) => run.sessions.has(name));
  const ask = async (address) => {
    const through = (master) => unlessProblem(() => withMaster(run, master, servedVersion, { address }));
    const version = (await Promise.all(connected.map(through))).find((answer) => answer !== void 0);
    const name = leaving.find((host) => host.address === address)?.name ?? address;
    return version === void 0 ? [] : [[name, version]];
  };
  return new Map((await Promise.all(others.map(ask))).flat());
}

export {
  observeNodes,
  observeNodesNamed,
  observedNode,
  addonVersions,
  servedVersions,
  askMasters,
  otherServedVersions
};
