import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bootstrapUser,
  deleteBootstrapToken,
  deleteTokensOf,
  labelNodes,
  putBootstrapToken,
  readyNodes,
  waitForNodes,
  whileApproving,
  withApi
} from "./kubernetes.js";
import {
  applyState,
  applyStates,
  authorityOf,
  hasJoined,
  roleState,
  untilJoined
} from "./components.js";
import {
  bootstrapKubeconfig,
  hostState,
  mergeStates,
  newBootstrapToken,
  onHosts,
  paths,
  targetsOf,
  tokenValues,
  unlessDry
} from "./host.js";
import {
  Problem,
  components,
  problemsOf
} from "./cluster.js";

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

// src/phases/join-nodes.ts
var readyTimeoutMs = 18e4;
var joinNodes = {
  title: "Apply nodes",
  async run(run, signal) {
    const nodes = targetsOf(run, "node");
    const strangers = nodes.filter((host) => !hasJoined(run, host));
    if (run.dryRun) await warnOfRefusals(run, strangers);
    if (run.dryRun || strangers.length === 0)
      return await applyStates(run, nodes, "node", (host) => settled(run, host, strangers.includes(host)), signal);
    const others = nodes.filter((host) => !strangers.includes(host));
    await withApi(run, (api) => admit({ run, api, signal }, strangers, others));
  }
};
async function admit({ run, api, signal }, strangers, others) {
  const applied = applyStates(run, others, "node", (host) => settled(run, host, false), signal);
  const problems = await failuresOf([applied, joinAllowed({ run, api, signal }, strangers)]);
  signal.throwIfAborted();
  if (problems.length === 0) return;
  const names = new Set(problems.map((problem) => problem instanceof Problem ? problem.fields.host : void 0));
  const sound = [...strangers, ...others].filter(({ name }) => !names.has(name));
  const labelling = labelNodes(api, sound).then((labelled) => run.objects.push(...labelled));
  throw new AggregateError([...problems, ...await failuresOf([labelling])], "not all nodes are applied");
}
async function joinAllowed(admission, strangers) {
  const { run, api } = admission;
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
  const { run, api } = admission;
  const tokens = await JoinTokens.make(run, api, joining);
  try {
    const [ca, { expected }] = [authorityOf(run, joining[0]), tokens];
    await whileApproving(api, { expected, ca, log: run.log }, () => joinWith(tokens, admission, joining));
  } finally {
    await tokens.endAll();
  }
}
async function joinWith(tokens, { run, api, signal }, joining) {
  const joined = [];
  const admitOne = async (host) => {
    await applyState(run, host, "node", joiningState(run, host, tokens.of(host)));
    await untilJoined(run, host, readyTimeoutMs);
    await tokens.end(host);
    joined.push(host);
  };
  const failed = [...await failuresOf([onHosts(joining, admitOne, signal)])];
  signal.throwIfAborted();
  const names = joined.map((host) => host.nodeName);
  failed.push(...await failuresOf([waitForNodes(api, names, { timeoutMs: readyTimeoutMs, log: run.log, signal })]));
  const settling = applyStates(run, joined, "node", (host) => settled(run, host, false), signal);
  failed.push(...await failuresOf([settling]));
  if (failed.length > 0) throw new AggregateError(failed, "not all nodes have joined");
}
async function refusals(run, api, strangers) {
  const asked = strangers.filter(({ name }) => !run.rejoin.has(name));
  const ready = await readyNodes(
    api,
    asked.map(({ nodeName }) => nodeName)
  );
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
function joiningState(run, host, token) {
  const content = bootstrapKubeconfig(run.cluster, authorityOf(run, host), token);
  const file = { path: paths.bootstrapKubeletConf, content, mode: "600", owner: "root:root", secret: true };
  const state = roleState(run, host, "node");
  const kubelets = state.units.filter((unit) => unit.name === components.kubelet.unit);
  const units = kubelets.map((unit) => ({ ...unit, reads: [...unit.reads, file.path] }));
  return mergeStates([state, hostState({ files: [file], units })]);
}
function settled(run, host, joining) {
  const absent = joining ? [] : [paths.bootstrapKubeletConf];
  return mergeStates([roleState(run, host, "node"), hostState({ absent })]);
}
var settleNodes = {
  title: "Wait for the nodes",
  when: (run) => unlessDry(run) && targetsOf(run, "node").length > 0,
  async run(run, signal) {
    const nodes = targetsOf(run, "node");
    await withApi(run, async (api) => {
      const names = nodes.map((host) => host.nodeName);
      await waitForNodes(api, names, { timeoutMs: readyTimeoutMs, log: run.log, signal });
      run.objects.push(...await labelNodes(api, nodes));
    });
  }
};

export {
  joinNodes,
  settleNodes
};
