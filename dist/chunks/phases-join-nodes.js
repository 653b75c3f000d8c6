import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  authorityOf,
  hasJoined,
  joiningState,
  settled,
  syncJoined,
  untilJoined
} from "./phases-kubelet-certificate.js";
import {
  beginGated,
  passGate,
  passOpenGates,
  upgradeTurns
} from "./phases-pass-gate.js";
import {
  applyState,
  applyStates,
  restartsOneOf
} from "./phases-apply-role.js";
import {
  podNetwork
} from "./components.js";
import {
  changesInWords,
  drainPlan,
  inUpgradeOrder,
  isCordonedByPerson,
  kubeletObjection,
  leavingNodes,
  olderServers,
  versionChanges
} from "./plan-node-upgrade.js";
import {
  stepInWords
} from "./plan-step.js";
import {
  recordSeconds
} from "./phases-upgrade-record.js";
import {
  placedVersions,
  versionsOf
} from "./plan-kept-role.js";
import {
  onHosts,
  orAborted,
  unlessDry
} from "./host.js";
import {
  askMasters,
  observeNodes,
  observeNodesNamed,
  observedNode
} from "./observe-api.js";
import {
  bootstrapUser,
  cordonNode,
  createNode,
  deleteBootstrapToken,
  deleteNode,
  deleteTokensOf,
  drainNode,
  labelNodes,
  labelsOf,
  nodeStatus,
  putBootstrapToken,
  readyNodes,
  uncordonNode,
  waitForNodes,
  whileApproving,
  withApi
} from "./kubernetes.js";
import {
  inspectionOf,
  sessionOf,
  targetsOf,
  tokenValues
} from "./pki.js";
import {
  newBootstrapToken
} from "./pki-bootstrap-token.js";
import {
  pLimit
} from "./p-limit.js";
import {
  require_ipaddr
} from "./cluster-cluster.js";
import {
  components,
  places
} from "./layout-addresses.js";
import {
  Problem,
  problemsOf,
  unlessProblem
} from "./errors.js";
import {
  __toESM
} from "./runtime.js";

// src/phases/join-tokens.ts
var lifetimeMs = 10 * 6e4;
var renewMs = 4 * 6e4;
var JoinTokens = class _JoinTokens {
  #run;
  #api;
  #tokens;
  #live;
  #timer;
  #renewing = Promise.resolve();
  /** Creates a token for each host, and deletes those that earlier runs left for it. @throws ApiProblem */
  static async make(run, api, hosts) {
    await deleteTokensOf(api, new Set(hosts.map(({ nodeName }) => nodeName)));
    const tokens = new _JoinTokens(run, api, hosts);
    try {
      await tokens.#put(hosts);
      return tokens;
    } catch (error) {
      await tokens.endAll();
      throw error;
    }
  }
  constructor(run, api, hosts) {
    this.#run = run;
    this.#api = api;
    this.#tokens = new Map(hosts.map((host) => [host, newBootstrapToken()]));
    this.#live = new Set(hosts);
    for (const token of this.#tokens.values()) run.mask(tokenValues(token));
    this.#timer = setInterval(() => this.#renew(), renewMs);
    this.#timer.unref();
  }
  /** The node that each token's user may become. */
  get expected() {
    const entries = [...this.#tokens].map(([host, token]) => [bootstrapUser(token), host]);
    return new Map(entries.map(([user, { name, nodeName }]) => [user, { host: name, node: nodeName }]));
  }
  of(host) {
    const token = this.#tokens.get(host);
    if (!token) throw new Error(`no token was made for ${host.name}`);
    return token;
  }
  /** Deletes a host's token. If that fails, the token expires by itself, and the failure is logged. */
  async end(host) {
    if (!this.#live.delete(host)) return;
    await this.#renewing;
    await deleteBootstrapToken(this.#api, this.of(host)).catch(() => {
      const minutes = lifetimeMs / 6e4;
      this.#run.log.warning(
        `${host.name}: its bootstrap token could not be deleted; it ends within ${minutes} minutes`
      );
    });
  }
  async endAll() {
    clearInterval(this.#timer);
    await Promise.all([...this.#live].map((host) => this.end(host)));
  }
  async #put(hosts) {
    const expires = new Date(Date.now() + lifetimeMs);
    const puts = [...hosts].map((host) => putBootstrapToken(this.#api, this.of(host), host.nodeName, expires));
    await Promise.all(puts);
  }
  #renew() {
    this.#renewing = this.#put(this.#live).catch(() => void 0);
  }
};

// src/phases/leave-cordon.ts
async function leaveCordon(run, api, hosts) {
  const wereLeft = run.nodes?.filter(isLeft).map(({ name }) => name);
  const asked = hosts.map(({ nodeName }) => nodeName).filter((name) => wereLeft?.includes(name) ?? true);
  const left = (await observeNodesNamed(api, asked)).filter(isLeft);
  await Promise.all(left.map(({ name }) => uncordonNode(api, name)));
  for (const { name, cordonedBy } of left)
    run.log.info(`${name}: uncordoned; an earlier run (${cordonedBy}) had cordoned it`);
  return left.map(({ name }) => `Node ${name} uncordoned`);
}
var isLeft = ({ cordonedBy }) => cordonedBy !== void 0;

// src/plan/nodes.ts
function fateOf({ machineId, joined }, node) {
  if (joined) return node ? "keep" : "register";
  const isOther = node !== void 0 && node.machineId !== "" && machineId !== "" && node.machineId !== machineId;
  return isOther ? "replace" : "join";
}
function otherMachine({ host, nodeName, address, machineId, joined }, node) {
  if (!joined || !node || machineId === "" || node.machineId === "" || node.machineId === machineId) return void 0;
  if (node.addresses.length === 0 || node.addresses.includes(address)) return void 0;
  const [theirs, ours] = [`${node.addresses.join(", ")} (${node.machineId})`, `${address} (${machineId})`];
  return new Problem(`the machine at ${theirs} reports as the node ${nodeName}, which is the host at ${ours}`, {
    code: "NODE_TWO_MACHINES",
    host,
    hint: `Turn off the machine at ${node.addresses[0]}, or run \`systemctl disable --now kubelet\` there. Then restart the kubelet on ${host}, and run again. If you do not know that machine, another person may have a certificate of this node.`
  });
}
function nodeSteps(found, node) {
  const { host, nodeName } = found;
  const left = node?.cordonedBy === void 0 ? [] : [uncordonStep(host, node.cordonedBy)];
  switch (fateOf(found, node)) {
    case "keep":
      return left;
    case "join":
      return [{ host, do: `join as ${nodeName}`, reason: node ? "it has no valid certificate" : "it is new" }];
    case "replace":
      return [
        {
          host,
          do: `replace the node ${nodeName}: delete what is left of the old machine, then join`,
          reason: `it was the machine ${node?.machineId}, and the host is ${found.machineId} and has no certificate of it`
        }
      ];
    case "register":
      return [
        {
          host,
          do: `register ${nodeName} again: restart its kubelet`,
          reason: "its kubelet has a valid certificate, but the cluster has no such node",
          interrupts: "no running pod, if the node was deleted less than 40 s ago"
        }
      ];
  }
}
function uncordonStep(host, run) {
  return { host, do: "uncordon", reason: `an earlier run (${run}) has cordoned it and did not finish` };
}

// src/phases/node-fates.ts
async function nodeFates(run, hosts) {
  const nodes = await nodesOf(run, hosts);
  const others = hosts.flatMap((host) => {
    const node = nodes?.find(({ name }) => name === host.nodeName);
    return otherMachine(foundHost(run, host), node) ?? [];
  });
  if (others.length > 0) throw new AggregateError(others, "two machines report as one node");
  const fates = new Map(
    hosts.map((host) => {
      const found = foundHost(run, host);
      const node = nodes?.find(({ name }) => name === host.nodeName);
      const fate = nodes === void 0 && found.joined ? "keep" : fateOf(found, node);
      const steps = nodes === void 0 ? [] : nodeSteps(found, node);
      if (run.dryRun || fate !== "join") for (const step of steps) run.log.info(stepInWords(step, run.dryRun));
      return [host, fate];
    })
  );
  return { fates, known: nodes };
}
function refuseOtherMachines(run, hosts) {
  if (run.isRestored) return () => void 0;
  return (node) => {
    const host = hosts.find(({ nodeName }) => nodeName === node.metadata.name);
    const problem = host && otherMachine({ ...machineOf(run, host), joined: true }, observedNode(node));
    if (problem) throw problem;
  };
}
function foundHost(run, host) {
  const found = { ...machineOf(run, host), joined: hasJoined(run, host) };
  return run.isRestored ? { ...found, machineId: "" } : found;
}
function machineOf(run, host) {
  const { machineId } = inspectionOf(run, host).facts;
  return { host: host.name, nodeName: host.nodeName, address: host.address, machineId };
}
async function nodesOf(run, hosts) {
  if (run.nodes) return run.nodes;
  const names = hosts.map(({ nodeName }) => nodeName);
  return await unlessProblem(() => withApi(run, (api) => observeNodesNamed(api, names)));
}

// src/plan/subnet.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
function freeSubnet({ network }, seen, nodes) {
  if (seen === void 0 || !import_ipaddr.default.IPv4.isValidCIDR(seen)) return void 0;
  const length = import_ipaddr.default.IPv4.parseCIDR(seen)[1];
  const subnet = `${import_ipaddr.default.IPv4.networkAddressFromCIDR(seen).toString()}/${length}`;
  const isOurs = network.podSubnet.split(",").map((each) => each.trim()).some((each) => import_ipaddr.default.IPv4.isValidCIDR(each) && isWithin(subnet, each));
  if (!isOurs || length !== network.nodeCidrMaskSize) return void 0;
  return nodes.some(({ podSubnet }) => podSubnet === subnet) ? void 0 : subnet;
}
function isWithin(inner, outer) {
  const [address, length] = import_ipaddr.default.IPv4.parseCIDR(inner);
  const [base, most] = import_ipaddr.default.IPv4.parseCIDR(outer);
  return length >= most && address.match(base, most);
}

// src/phases/register-nodes.ts
var restartSeconds = 60;
async function registerNodes(run, api, hosts, signal) {
  if (hosts.length === 0) return;
  const nodes = await observeNodes(api);
  const register = async (host) => {
    const podSubnet = freeSubnet(run.cluster, await subnetOn(run, host), nodes);
    if (podSubnet !== void 0) {
      const start = { name: host.nodeName, labels: labelsOf(host), taints: host.taints, podSubnet };
      if (await createNode(api, start)) run.objects.push(`Node ${host.nodeName} created`);
    } else if (usesFlannel(run.cluster)) run.log.warning(otherSubnet(host));
    const units = [components.kubelet.unit, ...usesFlannel(run.cluster) ? [components.flannel.unit] : []];
    await restart(run, host, units);
  };
  await onHosts(hosts, register, signal);
}
var usesFlannel = ({ network }) => network.plugin === "flannel";
async function subnetOn(run, host) {
  if (podNetwork(run.cluster).inUserManifests) return void 0;
  const { stdout } = await sessionOf(run, host).run(`sed -n 's/^FLANNEL_SUBNET=//p' ${places.flannelSubnet}`);
  return stdout.trim() || void 0;
}
function otherSubnet({ name, nodeName }) {
  return `${name}: the pods of ${nodeName} had a subnet that is not known or not free, so that it gets another one: drain the node, reboot the host, and uncordon the node`;
}
async function restart(run, host, units) {
  const line = `timeout ${restartSeconds} systemctl restart ${units.join(" ")}`;
  const { status, stderr } = await sessionOf(run, host).run(line, { timeoutSeconds: restartSeconds + 10 });
  if (status !== 0) run.log.warning(`${host.name}: ${units.join(", ")} could not be restarted: ${stderr.trim()}`);
  else run.log.info(`${host.name}: restarted ${units.join(" and ")}`);
}

// src/phases/still-ready.ts
import { setTimeout as delay } from "node:timers/promises";
var noticedMs = 75e3;
async function stillReadyNodes(api, nodeNames, { waits, log }) {
  const ready = await readyNodes(api, nodeNames);
  if (!waits) return ready;
  const alive = await Promise.all([...ready].map(async (name) => await isAlive(api, name, log) ? [name] : []));
  return new Set(alive.flat());
}
async function isAlive(api, name, log) {
  const end = performance.now() + noticedMs;
  let first;
  for (; ; ) {
    const status = await nodeStatus(api, name);
    if (!status?.ready) return false;
    const renewed = status.renewed?.getTime();
    if (renewed === void 0 || performance.now() > end) return true;
    if (first === void 0)
      log.info(`${name}: Ready; waiting until its kubelet gives a sign, or the cluster notices that it is lost`);
    first ??= renewed;
    if (renewed !== first) return true;
    await delay(1e3);
  }
}

// src/phases/upgrade-nodes.ts
var readyTimeoutMs = 18e4;
async function upgradeNodes(upgrading, upgrades, kept, signal) {
  if (upgrades.length === 0) return;
  const { run } = upgrading;
  await refuseNewerKubelets(upgrading, upgrades);
  await withApi(run, async (api) => {
    run.objects.push(...await leaveCordon(run, api, kept));
    const nodes = await observeNodes(api);
    const ordered = inUpgradeOrder(upgrades, ({ host }) => nodes.find(({ name }) => name === host.nodeName));
    const { atOnce } = run.cluster.upgrade.nodes;
    const [limit, turns] = [pLimit(atOnce), upgradeTurns(run, "node", atOnce)];
    const problems = [];
    const upgrade = async (one) => {
      if (problems.length > 0 || signal.aborted) return;
      const work = { ...upgrading, api };
      await turns(api, one.host, signal, (turn) => upgradeNode(work, one, turn)).catch(
        (error) => problems.push(...problemsOf(error).map((part) => placed(part, one.host)))
      );
    };
    await Promise.all(ordered.map((one) => limit(() => upgrade(one))));
    if (problems.length > 0) throw new AggregateError(problems, "not all nodes were upgraded");
    signal.throwIfAborted();
  });
}
var placed = (error, { name }) => error instanceof Problem ? error.within({ host: name }) : error;
async function refuseNewerKubelets({ run, servers }, upgrades) {
  if (!upgrades.some(({ changes }) => changes.some(({ program }) => program === "kubelet"))) return;
  const objection = kubeletObjection(run.cluster.kubernetesVersion, await servers());
  if (objection) throw objection;
}
async function upgradeNode(work, { host, changes }, turn) {
  const { run, api } = work;
  const { log } = run;
  await passOpenGates(run, host, "node", turn, await inUpgradeNow(work));
  log.info(`${host.name}: upgrade: ${changesInWords(changes)}`);
  const begin = performance.now();
  const nodes = await observeNodes(api);
  const node = nodes.find(({ name }) => name === host.nodeName);
  const drain = drainPlan(host.nodeName, nodes, leavingNodes(run.cluster));
  if (!drain.drains) log.info(`${host.name}: its pods are not moved away: ${drain.why}`);
  try {
    if (node && drain.drains) await timed(run, host, () => empty(work, node, turn));
    await beginGated(run, host, "node");
    await orAborted(() => applyState(run, host, "node", work.stateOf(host)), turn);
    await untilUpgraded(work, host, turn);
  } finally {
    if (node && !isCordonedByPerson(node) && (drain.drains || node.cordoned)) await uncordon(run, node);
  }
  await recordSeconds(run, "node", performance.now() - begin);
  await passGate(run, host, "node", turn);
}
async function inUpgradeNow({ run, api }) {
  if (!run.gate || run.cluster.upgrade.nodes.atOnce === 1) return /* @__PURE__ */ new Set();
  const nodes = await observeNodes(api);
  return new Set(nodes.filter(({ cordonedBy }) => cordonedBy !== void 0).map(({ name }) => name));
}
async function timed(run, { name }, drain) {
  const began = performance.now();
  await drain();
  run.drains.push({ host: name, milliseconds: performance.now() - began, ended: Date.now() });
}
async function empty({ run, api }, node, signal) {
  const { log, name, cluster } = run;
  if (isCordonedByPerson(node)) log.info(`${node.name}: it was cordoned before, and stays so`);
  else await cordonNode(api, node.name, name);
  await drainNode(api, node.name, {
    ...{ timeoutMs: cluster.upgrade.nodes.drainSeconds * 1e3, log, signal },
    hint: "The node is uncordoned again and keeps its version. Give the disruption budgets room (more replicas, or maxUnavailable), or delete these pods, then run again."
  });
}
async function untilUpgraded({ run, api }, { nodeName }, signal) {
  const { kubernetesVersion } = run.cluster;
  const options = { timeoutMs: readyTimeoutMs, log: run.log, signal, kubeletVersion: kubernetesVersion };
  await waitForNodes(api, [nodeName], options);
}
async function uncordon(run, { name }) {
  try {
    await withApi(run, (api) => uncordonNode(api, name));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    run.log.warning(`${name}: it stays cordoned until the next run: ${error.message}`);
  }
}

// src/phases/join-nodes.ts
var readyTimeoutMs2 = 18e4;
var joinNodes = {
  title: "Apply nodes",
  async run(run, signal) {
    const nodes = targetsOf(run, "node");
    const { fates, known } = await nodeFates(run, nodes);
    const strangers = nodes.filter((host) => !hasJoined(run, host));
    if (run.dryRun) await warnOfRefusals(run, strangers);
    const deleted = nodes.filter((host) => fates.get(host) === "register");
    if (deleted.length > 0 && !run.dryRun) await withApi(run, (api) => registerNodes(run, api, deleted, signal));
    if (run.dryRun) {
      await applyStates(run, nodes, "node", (host) => settled(run, host, strangers.includes(host)), signal);
      return;
    }
    const upgrades = await upgradesOf(
      run,
      nodes.filter((host) => !strangers.includes(host)),
      known
    );
    const inTurns = upgrades.map(({ host }) => host);
    const others = nodes.filter((host) => !strangers.includes(host) && !inTurns.includes(host));
    const replaced = strangers.filter((host) => fates.get(host) === "replace");
    const servers = askMasters(run);
    if (strangers.length > 0)
      await withApi(run, (api) => admit({ run, api, signal, replaced, servers }, strangers, others));
    else await applyStates(run, others, "node", (host) => settled(run, host, false), signal);
    const kept = [...others, ...strangers];
    await upgradeNodes({ run, stateOf: (host) => settled(run, host, false), servers }, upgrades, kept, signal);
  }
};
async function upgradesOf(run, hosts, known) {
  const wanted = versionsOf(run.cluster);
  const differing = hosts.flatMap((host) => {
    const node = known?.find(({ name }) => name === host.nodeName);
    const changes = versionChanges(wanted, node, placedVersions(host.name, inspectionOf(run, host)));
    return changes.length === 0 ? [] : [{ host, changes }];
  });
  const units = [components.kubelet.unit, components.containerd.unit];
  const due = await onHosts(
    differing.map(({ host }) => host),
    async (host) => await restartsOneOf(run, host, "node", settled(run, host, false), units) ? [host] : []
  );
  return differing.filter(({ host }) => due.flat().includes(host));
}
async function admit(admission, strangers, others) {
  const { run, api, signal } = admission;
  const applied = applyStates(run, others, "node", (host) => settled(run, host, false), signal);
  const problems = await failuresOf([applied, joinAllowed(admission, strangers)]);
  signal.throwIfAborted();
  if (problems.length === 0) return;
  const names = new Set(problems.map((problem) => problem instanceof Problem ? problem.fields.host : void 0));
  const sound = [...strangers, ...others].filter(({ name }) => !names.has(name));
  const labelling = labelNodes(api, sound).then((labelled) => run.objects.push(...labelled));
  throw new AggregateError([...problems, ...await failuresOf([labelling])], "not all nodes are applied");
}
async function joinAllowed(admission, strangers) {
  const { run, api } = admission;
  const older = olderServers(run.cluster.kubernetesVersion, await admission.servers());
  if (older) throw older;
  const refused = await refusals(run, api, strangers);
  const joining = strangers.filter((host) => !refused.has(host));
  const failed = joining.length > 0 ? await failuresOf([join(admission, joining)]) : [];
  if (refused.size + failed.length > 0)
    throw new AggregateError([...refused.values(), ...failed], "some hosts may not join");
}
async function failuresOf(work) {
  const outcomes = await Promise.allSettled(work);
  return outcomes.flatMap((outcome) => outcome.status === "rejected" ? problemsOf(outcome.reason) : []);
}
async function join(admission, joining) {
  const { run, api, replaced } = admission;
  await clearReplaced(
    run,
    api,
    joining.filter((host) => replaced.includes(host))
  );
  const tokens = await JoinTokens.make(run, api, joining);
  try {
    const [ca, { expected }] = [authorityOf(run, joining[0]), tokens];
    await whileApproving(api, { expected, ca, log: run.log }, () => joinWith(tokens, admission, joining));
  } finally {
    await tokens.endAll();
  }
}
async function clearReplaced(run, api, replaced) {
  for (const { name, nodeName } of replaced) {
    const deleted = await deleteNode(api, nodeName);
    run.log.info(`${name}: deleted of the old machine: ${deleted.join(", ")}`);
    run.objects.push(...deleted.map((object) => `${object} deleted`));
  }
}
async function joinWith(tokens, { run, api, signal }, joining) {
  const joined = [];
  const admitOne = async (host) => {
    const started = applyState(run, host, "node", joiningState(run, host, tokens.of(host)));
    const certified = untilJoined(run, host, started, readyTimeoutMs2);
    certified.catch(() => void 0);
    await started;
    await certified;
    await tokens.end(host);
    joined.push(host);
  };
  const failed = [...await failuresOf([onHosts(joining, admitOne, signal)])];
  signal.throwIfAborted();
  failed.push(...await failuresOf([untilReady(run, api, joined, signal)]));
  const kept = [];
  const keep = async (host) => {
    await syncJoined(run, host);
    kept.push(host);
  };
  failed.push(...await failuresOf([onHosts(joined, keep, signal)]));
  const settling = applyStates(run, kept, "node", (host) => settled(run, host, false), signal);
  failed.push(...await failuresOf([settling]));
  if (failed.length > 0) throw new AggregateError(failed, "not all nodes have joined");
}
async function untilReady(run, api, hosts, signal) {
  const names = hosts.map((host) => host.nodeName);
  const onReport = refuseOtherMachines(run, hosts);
  await waitForNodes(api, names, { timeoutMs: readyTimeoutMs2, log: run.log, signal, onReport });
}
async function refusals(run, api, strangers) {
  const asked = strangers.filter(({ name }) => !run.rejoin.has(name));
  const names = asked.map(({ nodeName }) => nodeName);
  const ready = await stillReadyNodes(api, names, { waits: !run.dryRun, log: run.log });
  return new Map(asked.filter(({ nodeName }) => ready.has(nodeName)).map((host) => [host, stillReady(host)]));
}
function stillReady({ name, nodeName }) {
  return new Problem(`it has no valid certificate of a node, but the cluster has a Ready node ${nodeName}`, {
    code: "NODE_STILL_READY",
    host: name,
    hint: `If the host was replaced or reset: delete the old node (kubectl delete node ${nodeName}), or run again with rejoin: ${name}. If it was not, find out who removed its certificate before it gets another.`
  });
}
async function warnOfRefusals(run, strangers) {
  if (strangers.length === 0) return;
  try {
    const refused = await withApi(run, (api) => refusals(run, api, strangers));
    for (const { message, fields } of refused.values())
      run.log.warning(`${fields.host}: ${message}; it would be refused`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}
var settleNodes = {
  title: "Wait for the nodes",
  when: (run) => unlessDry(run) && targetsOf(run, "node").length > 0,
  async run(run, signal) {
    const nodes = targetsOf(run, "node");
    await withApi(run, async (api) => {
      await untilReady(run, api, nodes, signal);
      run.objects.push(...await labelNodes(api, nodes), ...await leaveCordon(run, api, nodes));
    });
  }
};

export {
  joinNodes,
  settleNodes
};
