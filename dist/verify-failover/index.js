import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  TunnelAgent,
  adminConf,
  begin,
  elected,
  etcdHealth,
  isNotFound,
  nodeStatus,
  openKubernetes,
  parseKubeconfig,
  quorumOf,
  readLeases,
  secureContextOf,
  textOf,
  watchLeases,
  whyNotServing
} from "../chunks/chunk-NAYASH2M.js";
import "../chunks/chunk-VSWJ4LA4.js";
import {
  addressOf,
  commonInputs,
  connect,
  hostsWith,
  invalidInput,
  mask,
  newRun,
  numberInput,
  onHosts,
  openHost,
  pRetry,
  runPhases,
  sessionOf
} from "../chunks/chunk-746IMLOJ.js";
import {
  Problem,
  describeProblem,
  githubLog,
  runAction,
  writeSummary
} from "../chunks/chunk-WA7UJY6L.js";
import {
  exec,
  getInput,
  setOutput
} from "../chunks/chunk-LQIQO6L6.js";
import "../chunks/chunk-A6KX56EC.js";

// src/failover/words.ts
function splitWords(command) {
  const words = [];
  const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)|(.)/gsy;
  let word;
  for (const [, single, double, escaped, bare, space, rest] of command.matchAll(part)) {
    if (rest !== void 0) {
      throw new Problem(`the command has a ${rest} without its end: ${command}`, { code: "COMMAND_INVALID" });
    }
    if (space !== void 0) {
      if (word !== void 0) words.push(word);
      word = void 0;
    } else {
      word = (word ?? "") + (single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? bare ?? "");
    }
  }
  if (word !== void 0) words.push(word);
  return words;
}
function fillWords(words, values) {
  return words.map(
    (word) => word.replace(/\{([a-zA-Z]\w*)\}/g, (placeholder, name) => {
      const value = Object.hasOwn(values, name) ? values[name] : void 0;
      if (value !== void 0) return value;
      throw new Problem(`the command has ${placeholder}, which stands for nothing`, {
        code: "COMMAND_INVALID",
        hint: `What is filled in: ${Object.keys(values).map((known) => `{${known}}`).join(", ")}.`
      });
    })
  );
}

// src/failover/fault-poweroff.ts
function poweroff(target, commands, run2) {
  const { powerCommand, restoreCommand, timeoutMs = 6e4 } = commands;
  if (restoreCommand === void 0 && !powerCommand.includes("{action}")) {
    throw new Problem("the power command can\u2019t switch the host on again", {
      code: "NO_WAY_BACK",
      hint: "Write {action} where it takes off and on, or give a restore-command."
    });
  }
  const argvOf = (command, action) => fillWords(splitWords(command), { action, host: target.name, address: target.address });
  const off = argvOf(powerCommand, "off");
  const on = argvOf(restoreCommand ?? powerCommand, "on");
  const execute = async (argv, verb) => {
    if (argv.length === 0) throw new Problem("the power command is empty", { code: "COMMAND_INVALID" });
    const { status, stderr } = await run2(argv, { timeoutMs });
    if (status === 0) return;
    throw new Problem(`failed to ${verb} ${target.name}: ${argv[0]} ended with ${status}`, {
      code: "POWER_COMMAND_FAILED",
      host: target.name,
      detail: stderr.trim().split("\n").slice(-5)
    });
  };
  return {
    name: "poweroff",
    severs: true,
    inject: async () => await execute(off, "switch off"),
    restore: async () => await execute(on, "switch on")
  };
}

// src/failover/fault-stop-services.ts
var controlPlaneUnits = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
var healer = "k8s-ha-action-heal";
function stopServices(session, {
  units = controlPlaneUnits,
  healSeconds: healSeconds2 = 300
} = {}) {
  const names = units.map((unit) => `${unit}.service`).join(" ");
  const execute = async (command, verb) => {
    const { status, stderr } = await session.run(command, { timeoutSeconds: 120 });
    if (status === 0) return;
    throw new Problem(`failed to ${verb} ${names}`, {
      code: "SERVICES_FAULT_FAILED",
      host: session.host.name,
      detail: stderr.trim().split("\n").slice(-5)
    });
  };
  const clear = `systemctl stop ${healer}.timer 2>/dev/null; systemctl reset-failed ${healer}.service 2>/dev/null`;
  return {
    name: "stop-services",
    severs: false,
    inject: async () => {
      const arm = `systemd-run --quiet --collect --unit=${healer} --on-active=${healSeconds2} systemctl start ${names}`;
      await execute(`${clear}; ${arm} && systemctl stop --no-block ${names}`, "stop");
    },
    restore: async () => await execute(`systemctl start ${names} && { ${clear}; true; }`, "start")
  };
}

// src/failover/clock.ts
var now = () => performance.timeOrigin + performance.now();

// src/failover/preconditions.ts
function objections(cluster, target, { masters, etcd, leases }) {
  const reasons = [];
  if (hostsWith(cluster, "master").length < 2) reasons.push("the cluster has one master: nobody could take over");
  for (const [name, reason] of masters) if (reason !== void 0) reasons.push(`${name} does not serve: ${reason}`);
  for (const { host, healthy, error } of etcd.members)
    if (!healthy) reasons.push(`${host}: its etcd member is not healthy: ${error}`);
  if (target.roles.includes("etcd")) {
    const size = etcd.members.length;
    const left = etcd.members.filter(({ host, healthy }) => healthy && host !== target.name).length;
    if (left < quorumOf(size)) {
      reasons.push(
        `without ${target.name} etcd would have ${left} of ${size} members and lose its quorum of ${quorumOf(size)}`
      );
    }
  }
  for (const name of elected) {
    const lease = leases.get(name);
    if (!lease?.holder) reasons.push(`nobody holds the lease ${name}`);
    else if (lease.host === void 0)
      reasons.push(`the lease ${name} is held by ${lease.holder}, which is no host of cluster.yaml`);
  }
  return reasons;
}
function refuseUnlessSafe(cluster, target, standing) {
  const reasons = objections(cluster, target, standing);
  if (reasons.length === 0) return;
  throw new Problem(`refused to take ${target.name} down: ${reasons[0]}`, {
    code: "FAILOVER_REFUSED",
    host: target.name,
    detail: reasons,
    hint: "Nothing was done. Mend the cluster first; the check is for one that is whole."
  });
}
function chooseTarget(cluster, wanted, leases) {
  const name = wanted === "leader" ? leases.get("kube-controller-manager")?.host : wanted;
  const target = cluster.hosts.find((host) => host.name === name);
  if (target && (target.roles.includes("master") || target.roles.includes("etcd"))) return target;
  const fit = cluster.hosts.filter(({ roles }) => roles.includes("master")).map((host) => host.name);
  throw new Problem(target ? `${wanted} carries no part of the control plane` : `there is no host ${wanted}`, {
    code: "TARGET_UNKNOWN",
    hint: `Choose leader or one of ${fit.join(", ")}.`
  });
}

// src/failover/prepare.ts
async function prepareFailover(scene, wanted) {
  const { cluster, adminConf: adminConf2, hostnames } = scene;
  const apis = new Map(
    hostsWith(cluster, "master").filter(({ name }) => scene.sessions.has(name)).map((host) => {
      const endpoint = { address: host.address, port: cluster.api.port };
      return [host.name, openKubernetes(sessionOf2(scene, host.name), adminConf2, endpoint)];
    })
  );
  try {
    const [masters, etcd] = await Promise.all([servingOf(cluster, apis), etcdHealth(etcdSessionOf(scene), cluster)]);
    const serving = [...apis].find(([name]) => masters.get(name) === void 0)?.[1];
    const leases = serving ? await readLeases(serving, cluster.hosts, hostnames) : /* @__PURE__ */ new Map();
    const standing = { masters, etcd, leases };
    const target = chooseTarget(cluster, wanted, leases);
    refuseUnlessSafe(cluster, target, standing);
    return { target, standing, apis };
  } catch (error) {
    for (const api of apis.values()) api.close();
    throw error;
  }
}
async function servingOf(cluster, apis) {
  const reasons = hostsWith(cluster, "master").map(async ({ name }) => {
    const api = apis.get(name);
    return [name, api ? await whyNotServing(api) : "the host can\u2019t be reached"];
  });
  return new Map(await Promise.all(reasons));
}
function etcdSessionOf(scene, except) {
  const host = hostsWith(scene.cluster, "etcd").find(({ name }) => name !== except && scene.sessions.has(name));
  return sessionOf2(scene, host?.name ?? "etcd");
}
function sessionOf2({ sessions }, name) {
  const session = sessions.get(name);
  if (session) return session;
  throw new Problem(`there is no connection to ${name}`, { code: "SESSION_MISSING", host: name });
}

// src/failover/until.ts
import { setTimeout as delay } from "node:timers/promises";
async function within(work, timeoutMs, what) {
  work.catch(() => void 0);
  const over = Promise.withResolvers();
  const timer = setTimeout(
    () => over.reject(new Error(`${what}: no end after ${Math.round(timeoutMs / 1e3)} s`)),
    timeoutMs
  );
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
async function untilNoReason(look, end) {
  for (; ; ) {
    const left = end - now();
    const reason = await within(look(), Math.max(1e3, left), "the question").catch(wordsOf);
    if (reason === void 0 || now() > end) return reason;
    await delay(250);
  }
}
var wordsOf = (error) => error?.message ?? String(error);

// src/failover/lead-first.ts
var moveTimeoutMs = 4e4;
var healSeconds = 90;
async function leadFirst(scene, wanted) {
  const { target, apis, standing } = await prepareFailover(scene, wanted);
  try {
    const [api] = apis.values();
    const missing = elected.filter((lease) => standing.leases.get(lease)?.host !== target.name);
    if (missing.length === 0 || !api || !target.roles.includes("master")) return [];
    const others = hostsWith(scene.cluster, "master").filter(({ name }) => name !== target.name);
    const sessions = others.map(({ name }) => sessionOf2(scene, name));
    for (const lease of missing)
      scene.log.info(`${lease}: led by ${standing.leases.get(lease)?.host}; ${target.name} is made to lead first`);
    await stepAside(sessions, missing, () => held(scene, api, target.name, missing));
    return missing;
  } finally {
    for (const api of apis.values()) api.close();
  }
}
async function stepAside(sessions, units, until) {
  const names = units.map((unit) => `${unit}.service`).join(" ");
  const healer2 = "k8s-ha-action-lead";
  const arm = `systemd-run --quiet --collect --unit=${healer2} --on-active=${healSeconds} systemctl start ${names}`;
  const clear = `systemctl stop ${healer2}.timer 2>/dev/null; systemctl reset-failed ${healer2}.service 2>/dev/null`;
  const all = (command) => Promise.all(sessions.map((session) => session.run(command, { timeoutSeconds: 30 })));
  try {
    await all(`${clear}; ${arm} && systemctl stop ${names}`);
    await until();
  } finally {
    await all(`systemctl start ${names}; ${clear}; true`);
  }
}
async function held(scene, api, target, wanted) {
  const reason = await untilNoReason(async () => {
    const leases = await readLeases(api, scene.cluster.hosts, scene.hostnames);
    const open = wanted.filter((lease) => leases.get(lease)?.host !== target);
    return open.length === 0 ? void 0 : open.map((lease) => `${lease} is held by ${leases.get(lease)?.host ?? "nobody"}`).join(", ");
  }, now() + moveTimeoutMs);
  if (reason === void 0) return;
  throw new Problem(`${target} did not take the lead: ${reason}`, {
    code: "LEAD_NOT_TAKEN",
    host: target,
    hint: "journalctl -u kube-controller-manager -u kube-scheduler on it says why; target: leader stops whoever leads."
  });
}

// src/failover/gantt.ts
var plain = (text) => text.replace(/[:;,#"`<>\r\n]/g, " ").replace(/ +/g, " ").slice(0, 80);
function gantt(result) {
  const first = Math.min(0, ...result.timeline.map(({ ms: ms2 }) => ms2));
  const last = Math.max(result.restoreMs + (result.rejoinMs ?? 0), ...result.timeline.map(({ ms: ms2 }) => ms2));
  const lines = ["gantt", "  dateFormat x", "  axisFormat %M:%S"];
  const section = (title, bars) => {
    if (bars.length === 0) return;
    lines.push(`  section ${plain(title)}`);
    for (const { name, state, from, to } of bars) {
      const [start, end] = [Math.round(from - first), Math.round(Math.max(to, from + 50) - first)];
      lines.push(`  ${plain(name)} :${state ? `${state}, ` : ""}${start}, ${end}`);
    }
  };
  section(result.target, [{ name: result.fault, state: "crit", from: 0, to: result.restoreMs }, ...backBars(result)]);
  for (const { lease, from, to, expected, lastRenewedMs, takenMs } of result.transfers) {
    if (!expected || takenMs === void 0) {
      section(lease, [{ name: `${from ?? "nobody"}`, from: first, to: last }]);
      continue;
    }
    section(lease, [
      { name: `${from}`, state: "done", from: first, to: lastRenewedMs ?? 0 },
      { name: "nobody", state: "crit", from: lastRenewedMs ?? 0, to: takenMs },
      { name: `${to}`, state: "active", from: takenMs, to: last }
    ]);
  }
  const began = Date.parse(result.began);
  for (const { host, kind, longestGapAt, longestGapMs } of result.probes) {
    const at = longestGapAt - began;
    section(`API on ${host} (${kind})`, [
      { name: "answers", state: "active", from: first, to: last },
      { name: `longest gap ${longestGapMs} ms`, state: "crit", from: at, to: at + longestGapMs }
    ]);
  }
  return lines.join("\n");
}
function backBars({ timeline, restoreMs, target }) {
  return timeline.filter(({ track }) => track === "rejoin").map(({ what, ms: ms2 }) => ({ name: what.replace(`${target}: `, ""), from: restoreMs, to: ms2 }));
}

// src/failover/result.ts
function newConnections({ probes }) {
  const own = probes.filter(({ kind }) => kind === "new");
  return totals(own);
}
function keptConnections({ probes }) {
  return totals(probes.filter(({ kind }) => kind === "kept"));
}
function totals(probes) {
  const highest = (pick) => Math.max(0, ...probes.map(pick));
  return {
    requests: probes.reduce((sum, { requests }) => sum + requests, 0),
    failed: probes.reduce((sum, { failed }) => sum + failed, 0),
    slowestMs: highest(({ slowestMs }) => slowestMs),
    longestGapMs: highest(({ longestGapMs }) => longestGapMs)
  };
}

// src/failover/timeline.ts
function timelineOf(sightings, zero) {
  return sightings.map(({ at, track, what }) => ({ ms: Math.round(at - zero), track, what })).toSorted((a, b) => a.ms - b.ms);
}
function relative(ms2) {
  return `${ms2 < 0 ? "\u2212" : "+"}${(Math.abs(ms2) / 1e3).toFixed(3)} s`;
}

// src/failover/report.ts
var mostBytes = 1024 * 1024 - 4096;
var mostRows = 300;
function report(result, verdict) {
  const { cluster, target, fault, began } = result;
  const good = verdict.failures.length === 0;
  const text = [
    `## ${good ? "\u2705" : "\u274C"} ${cell(cluster)}: ${cell(target)} lost by ${cell(fault)}`,
    `Began ${began}.`,
    [
      ...verdict.failures.map((line) => `- \u274C ${cell(line)}`),
      ...verdict.passes.map((line) => `- \u2705 ${cell(line)}`)
    ].join("\n"),
    figures(result),
    `\`\`\`mermaid
${gantt(result)}
\`\`\``,
    errorsTable(result),
    timelineTable(result)
  ].filter((part) => part !== "");
  while (Buffer.byteLength(text.join("\n\n")) > mostBytes && text.length > 1) text.pop();
  return `${text.join("\n\n")}
`;
}
var cell = (text) => text.replace(/[\r\n]+/g, " ").replace(/[|<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
function table(head, rows) {
  const line = (cells) => `| ${cells.map((one) => cell(String(one))).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
var ms = (value) => value === void 0 ? "\u2013" : `${value} ms`;
function figures(result) {
  const leases = result.transfers.map(({ lease, from, to, lastRenewedMs, takenMs, transitions }) => [
    lease,
    from ?? "\u2013",
    transitions === 0 ? "(stayed)" : to ?? "\u2013",
    transitions === 0 ? "\u2013" : ms(lastRenewedMs),
    ms(takenMs),
    transitions
  ]);
  const probes = result.probes.map((probe) => [
    probe.host,
    probe.kind === "new" ? "one for each request" : "kept",
    probe.requests,
    probe.failed,
    ms(probe.medianMs),
    ms(probe.slowestMs),
    ms(probe.longestGapMs)
  ]);
  return [
    table(["lease", "before", "after", "last renewed", "taken", "transitions"], leases),
    probes.length === 0 ? "No node\u2019s balancer was probed: the cluster has no node besides the host that was hit." : table(["API through", "connections", "requests", "failed", "median", "slowest", "longest gap"], probes),
    `Restore began at ${relative(result.restoreMs)}; back in step ${result.rejoinMs === void 0 ? "never" : `${ms(result.rejoinMs)} later`}.`
  ].join("\n\n");
}
function errorsTable({ probes }) {
  const rows = probes.flatMap(
    ({ host, kind, errors }) => errors.slice(0, 10).map(({ error, count }) => [host, kind, error.slice(0, 200), count])
  );
  return rows.length === 0 ? "" : table(["API through", "connections", "failed with", "times"], rows);
}
function timelineTable({ timeline }) {
  const rows = timeline.slice(0, mostRows).map((moment) => [relative(moment.ms), moment.track, moment.what.slice(0, 300)]);
  const heading = "<details><summary>Timeline</summary>";
  return `${heading}

${table(["time", "seen by", "what"], rows)}

</details>`;
}
function outputsOf(result) {
  const { requests, failed, slowestMs, longestGapMs } = newConnections(result);
  const outputs = {
    target: result.target,
    "transfer-ms": String(result.transferMs ?? ""),
    requests: String(requests),
    "failed-requests": String(failed),
    "slowest-ms": String(slowestMs),
    "longest-gap-ms": String(longestGapMs),
    "kept-gap-ms": String(keptConnections(result).longestGapMs),
    "rejoin-ms": String(result.rejoinMs ?? "")
  };
  for (const { lease, from, to, takenMs, transitions } of result.transfers) {
    const name = lease.replace("kube-", "");
    outputs[`${name}-old-leader`] = from ?? "";
    outputs[`${name}-new-leader`] = (transitions === 0 ? from : to) ?? "";
    outputs[`${name}-transfer-ms`] = String(takenMs ?? "");
  }
  return outputs;
}

// src/failover/verdict.ts
var defaultThresholds = {
  transferMs: 25e3,
  failedRequests: 0,
  longestGapMs: 3e3,
  keptGapMs: 5e3,
  rejoinMs: 12e4
};
function judge(result, thresholds) {
  const lines = [
    ...leaseLines(result, thresholds),
    ...apiLines(result, thresholds),
    ...rejoinLines(result, thresholds)
  ];
  const texts = (good) => lines.filter((line) => line[0] === good).map(([, text]) => text);
  return { passes: texts(true), failures: [...texts(false), ...result.troubles] };
}
var seconds = (ms2) => `${Math.round(ms2) / 1e3} s`;
function leaseLines({ transfers, target }, { transferMs }) {
  return transfers.map(({ lease, expected, from, to, takenMs, transitions }) => {
    if (!expected) {
      return transitions === 0 ? [true, `${lease} stayed with ${from}`] : [false, `${lease} left ${from}, which was not hit: ${transitions} transitions`];
    }
    if (to === void 0 || takenMs === void 0) return [false, `${lease} was not taken over from ${target}`];
    if (transitions !== 1) return [false, `${lease} went over ${transitions} times instead of once`];
    return [takenMs <= transferMs, `${lease} went to ${to} after ${seconds(takenMs)} (limit ${seconds(transferMs)})`];
  });
}
function apiLines(result, thresholds) {
  if (result.probes.length === 0) return [];
  const fresh = newConnections(result);
  const kept = keptConnections(result);
  const { failedRequests, longestGapMs, keptGapMs } = thresholds;
  return [
    [
      fresh.requests > 0 && fresh.failed <= failedRequests,
      `${fresh.failed} of ${fresh.requests} new connections failed (limit ${failedRequests})`
    ],
    [
      fresh.longestGapMs <= longestGapMs,
      `the longest gap was ${seconds(fresh.longestGapMs)} (limit ${seconds(longestGapMs)})`
    ],
    [
      kept.longestGapMs <= keptGapMs,
      `a kept connection paused for ${seconds(kept.longestGapMs)} (limit ${seconds(keptGapMs)})`
    ]
  ];
}
function rejoinLines({ target, rejoinMs: took }, { rejoinMs }) {
  if (took === void 0) return [[false, `${target} did not come back into step`]];
  return [
    [
      took <= rejoinMs,
      `${target} was back and in step ${seconds(took)} after the restore (limit ${seconds(rejoinMs)})`
    ]
  ];
}

// src/failover/verify.ts
import { setTimeout as delay2 } from "node:timers/promises";

// src/failover/endpoint-watch.ts
var collection = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
var addressesOf = (slice) => (slice.endpoints ?? []).flatMap(({ addresses }) => addresses ?? []);
async function servingMasters(api) {
  try {
    return addressesOf(await api.get(`${collection}/kubernetes`, { retryMs: 0, timeoutMs: 3e3 }));
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
var EndpointWatch = class {
  seen = [];
  #stop = new AbortController();
  #watching;
  constructor(api, { hosts }) {
    const nameOf = (address) => hosts.find((host) => host.address === address)?.name ?? address;
    const note = (what) => this.seen.push({ at: now(), track: "endpoint", what });
    let known;
    this.#watching = api.watch(collection, {
      signal: this.#stop.signal,
      fieldSelector: "metadata.name=kubernetes",
      onEvent: ({ object }) => {
        const addresses = addressesOf(object);
        for (const address of known ?? []) {
          if (!addresses.includes(address)) note(`${nameOf(address)} left the kubernetes Service`);
        }
        for (const address of known ? addresses : []) {
          if (!known?.includes(address)) note(`${nameOf(address)} joined the kubernetes Service`);
        }
        known = addresses;
      }
    }).catch((error) => void note(`the kubernetes Service could not be watched: ${String(error)}`));
  }
  async stop() {
    this.#stop.abort();
    await this.#watching;
  }
};

// src/failover/lease-watch.ts
var LeaseWatch = class {
  seen = [];
  /** Times at which the watch itself was lost: what happened meanwhile was seen late. */
  lost = [];
  #stop = new AbortController();
  #watching;
  #waiting = /* @__PURE__ */ new Set();
  constructor(api, hosts, hostnames) {
    this.#watching = watchLeases(api, hosts, {
      signal: this.#stop.signal,
      hostnames,
      onLost: (reason) => this.lost.push({ at: now(), reason }),
      onLease: (view) => {
        this.seen.push({ ...view, at: now() });
        for (const look of this.#waiting) look();
      }
    });
    this.#watching.catch(() => void 0);
  }
  /** Resolves with true as soon as what was seen satisfies, with false when the time is over or the signal aborts. */
  async until(satisfied, { timeoutMs, signal }) {
    const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...signal ? [signal] : []]);
    const waiting = Promise.withResolvers();
    const look = () => satisfied(this.seen) && waiting.resolve(true);
    const end = () => waiting.resolve(false);
    this.#waiting.add(look);
    over.addEventListener("abort", end);
    if (over.aborted) end();
    look();
    try {
      return await waiting.promise;
    } finally {
      this.#waiting.delete(look);
      over.removeEventListener("abort", end);
    }
  }
  /** @throws ApiProblem when the watch ended for good before */
  async stop() {
    this.#stop.abort();
    await this.#watching;
  }
};

// src/failover/samples.ts
function figuresOf(host, kind, samples, span) {
  const good = samples.filter(({ error }) => error === void 0);
  const latencies = good.map(({ ms: ms2 }) => ms2).toSorted((a, b) => a - b);
  const answers = [span.from, ...good.map(({ at, ms: ms2 }) => at + ms2).toSorted((a, b) => a - b), span.to];
  let [longestGapMs, longestGapAt] = [0, span.from];
  for (const [index, answer] of answers.entries()) {
    const before = answers[index - 1] ?? answer;
    if (answer - before > longestGapMs) [longestGapMs, longestGapAt] = [answer - before, before];
  }
  const round = (ms2) => Math.round(ms2 ?? 0);
  return {
    host,
    kind,
    requests: samples.length,
    failed: samples.length - good.length,
    medianMs: round(latencies[Math.floor(latencies.length / 2)]),
    slowestMs: round(latencies.at(-1)),
    longestGapMs: round(longestGapMs),
    longestGapAt,
    errors: countErrors(samples)
  };
}
function countErrors(samples) {
  const counts = /* @__PURE__ */ new Map();
  for (const { error } of samples) if (error !== void 0) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts].map(([error, count]) => ({ error, count })).toSorted((a, b) => b.count - a.count);
}

// src/failover/probe.ts
var Probe = class {
  samples = [];
  #host;
  #kind;
  #options;
  #agent;
  #began = now();
  #timer;
  #under = /* @__PURE__ */ new Set();
  constructor(kind, options) {
    const { tunnel, endpoint, secureContext } = options;
    this.#host = tunnel.host.name;
    this.#kind = kind;
    this.#options = options;
    const kept = kind === "kept";
    this.#agent = new TunnelAgent(tunnel, endpoint, secureContext, { keepAlive: kept, ...kept && { maxSockets: 1 } });
    this.#timer = setInterval(() => this.#tick(), options.everyMs ?? 100);
    this.#tick();
  }
  /** Ends after the requests under way; those that hang are given up after a moment and are not counted. */
  async stop() {
    clearInterval(this.#timer);
    const to = now();
    await Promise.race([Promise.all(this.#under), new Promise((resolve) => setTimeout(resolve, 1e3).unref())]);
    this.#agent.destroy();
    const samples = this.samples.filter(({ at }) => at <= to);
    return figuresOf(this.#host, this.#kind, samples, { from: this.#began, to });
  }
  #tick() {
    if (this.#kind === "kept" && this.#under.size > 0) return;
    const request = this.#ask();
    this.#under.add(request);
    void request.finally(() => this.#under.delete(request));
  }
  async #ask() {
    const { path = "/api/v1/namespaces/default", timeoutMs = 1e4 } = this.#options;
    const attempt = { host: this.#host, method: "GET", path };
    const signal = AbortSignal.timeout(timeoutMs);
    const at = now();
    try {
      const answer = await begin({ agent: this.#agent, attempt, signal });
      await textOf(answer, attempt, signal);
      const status = answer.statusCode ?? 0;
      this.samples.push({ at, ms: now() - at, ...status >= 400 && { error: `status ${status}` } });
    } catch (error) {
      this.samples.push({ at, ms: now() - at, error: wordsOf2(error) });
    }
  }
};
function wordsOf2(error) {
  const cause = error instanceof Problem ? error.cause ?? error : error;
  return cause?.message ?? String(cause);
}

// src/failover/instruments.ts
function startInstruments({ cluster, adminConf: adminConf2, api, nodes, hostnames }) {
  const secureContext = secureContextOf(parseKubeconfig(adminConf2));
  const endpoint = { address: "127.0.0.1", port: cluster.api.localPort };
  const leases = new LeaseWatch(api, cluster.hosts, hostnames);
  const endpoints = new EndpointWatch(api, cluster);
  const probes = nodes.flatMap((tunnel) => [
    new Probe("new", { tunnel, endpoint, secureContext }),
    new Probe("kept", { tunnel, endpoint, secureContext })
  ]);
  return {
    leases,
    async stop() {
      const figures2 = await Promise.all(probes.map((probe) => probe.stop()));
      await endpoints.stop();
      const trouble = await leases.stop().then(
        () => void 0,
        (error) => error.message
      );
      const lost = leases.lost.map(
        ({ at, reason }) => ({ at, track: "lease", what: `the watch was lost: ${reason}` })
      );
      if (trouble !== void 0)
        lost.push({ at: leases.seen.at(-1)?.at ?? 0, track: "lease", what: `the watch ended: ${trouble}` });
      return { probes: figures2, seen: [...endpoints.seen, ...lost] };
    }
  };
}
function probedNodes(cluster, target, asked, reached) {
  const nodes = hostsWith(cluster, "node").filter((host) => host.name !== target.name && reached(host));
  return asked ? nodes.filter(({ name }) => asked.includes(name)) : nodes.slice(0, 3);
}

// src/failover/controllers-health.ts
import { Agent } from "node:https";
import { connect as connect2 } from "node:tls";
var ports = { "kube-controller-manager": 10257, "kube-scheduler": 10259 };
async function controllersHealth(session) {
  const reasons = await Promise.all(
    Object.entries(ports).map(async ([name, port]) => {
      const status = await healthz(session, port).catch((error) => error.message);
      return status === 200 ? void 0 : `${name}: ${status}`;
    })
  );
  return reasons.filter((reason) => reason !== void 0).join("; ") || void 0;
}
async function healthz(session, port) {
  const agent = new LoopbackAgent(session, port);
  try {
    const attempt = { host: session.host.name, method: "GET", path: "/healthz" };
    const answer = await begin({ agent, attempt, signal: AbortSignal.timeout(3e3) });
    answer.resume();
    return answer.statusCode ?? 0;
  } finally {
    agent.destroy();
  }
}
var LoopbackAgent = class extends Agent {
  #forward;
  constructor(session, port) {
    super({ keepAlive: false });
    this.#forward = () => session.forward("127.0.0.1", port);
  }
  createConnection(_options, callback) {
    this.#forward().then(
      (socket) => callback?.(null, connect2({ socket, rejectUnauthorized: false })),
      (error) => callback?.(error)
    );
  }
};

// src/failover/rejoin.ts
async function waitForRejoin(scene) {
  const { host, cluster, timeoutMs, open } = scene;
  const end = now() + timeoutMs;
  const seen = [];
  const missing = [];
  const wait = async (what, look) => {
    const reason = await untilNoReason(look, end);
    if (reason === void 0) seen.push({ at: now(), track: "rejoin", what: `${host.name}: ${what}` });
    else missing.push(`${what}: ${reason}`);
  };
  let session;
  const answering = wait("answers SSH", async () => {
    session = await open();
    return void 0;
  });
  const others = outside(scene).map(([what, look]) => wait(what, look));
  await answering;
  if (session) {
    const own = openKubernetes(session, scene.adminConf, { address: host.address, port: cluster.api.port });
    await Promise.all(inside(scene, own, session).map(([what, look]) => wait(what, look)));
    own.close();
  }
  await Promise.all(others);
  return { seen, missing, inStepAt: missing.length === 0 ? now() : void 0 };
}
function inside({ host, api }, own, session) {
  if (!host.roles.includes("master")) return [];
  const listed = async () => (await servingMasters(api)).includes(host.address);
  return [
    ["its API server is ready", () => whyNotServing(own)],
    // Before it serves, the entry is the one from before the fault, which takes a while to go.
    [
      "it is in the kubernetes Service",
      async () => await whyNotServing(own) ?? (await listed() ? void 0 : "not listed")
    ],
    ["its controller-manager and scheduler run", () => controllersHealth(session)]
  ];
}
function outside({ host, cluster, api, etcdSession, lastRenewed }) {
  const looks = [];
  if (host.roles.includes("etcd") && etcdSession) {
    looks.push(["its etcd member is in step", async () => lagOf(host.name, await etcdHealth(etcdSession, cluster))]);
  }
  if (host.roles.includes("node")) {
    looks.push([
      "its node is Ready",
      async () => {
        const status = await nodeStatus(api, host.nodeName);
        if (!status) return "no such node";
        if (!status.renewed || status.renewed.getTime() <= (lastRenewed?.getTime() ?? 0))
          return "its kubelet has not reported since";
        return status.reason;
      }
    ]);
  }
  return looks;
}
var slack = 1e3;
function lagOf(name, { members }) {
  const own = members.find(({ host }) => host === name);
  if (!own?.healthy) return own?.error ?? "no answer";
  const behind = Math.max(...members.map(({ applied }) => applied)) - own.applied;
  return behind > slack ? `${behind} entries behind` : void 0;
}

// src/failover/transfers.ts
function transferOf(before, target, seen, faultAt) {
  const own = seen.filter(({ lease }) => lease === before.lease);
  const old = own.filter(({ holder }) => holder === before.holder).at(-1);
  const taken = own.find(({ at, holder, host }) => at >= faultAt && holder !== before.holder && host !== void 0);
  const since = (at) => at === void 0 ? void 0 : Math.round(at - faultAt);
  return {
    lease: before.lease,
    from: before.host,
    to: taken?.host,
    expected: before.host === target,
    lastRenewedMs: since(old?.at),
    takenMs: since(taken?.at),
    transitions: (own.at(-1)?.transitions ?? before.transitions) - before.transitions
  };
}
function allElsewhere(leases, target, seen) {
  return leases.every((lease) => {
    const own = seen.filter((sighting) => sighting.lease === lease);
    const last = own.at(-1);
    if (!last || last.host === void 0 || last.host === target) return false;
    return own.filter(({ holder }) => holder === last.holder).length > 1;
  });
}
function leaseEvents(seen) {
  return seen.flatMap((sighting, index) => {
    const { at, lease, holder, host, transitions } = sighting;
    const before = seen.slice(0, index).findLast((earlier) => earlier.lease === lease);
    if (!before) return [{ at, track: "lease", what: `${lease}: held by ${host ?? "nobody"}` }];
    if (before.holder === holder) return [];
    const renewed = {
      at: before.at,
      track: "lease",
      what: `${lease}: last renewal by ${before.host ?? "nobody"}`
    };
    if (holder === "") return [renewed, { at, track: "lease", what: `${lease}: given up` }];
    return [renewed, { at, track: "lease", what: `${lease}: taken by ${host ?? holder}, transition ${transitions}` }];
  });
}

// src/failover/verify.ts
async function verifyFailover(scene, options) {
  const prepared = await prepareFailover(scene, options.target);
  const opened = [];
  try {
    return await run(scene, options, prepared, opened);
  } finally {
    for (const api of prepared.apis.values()) api.close();
    await Promise.allSettled(opened.map((session) => within(session.close(), 2e3, "closing")));
  }
}
async function run(scene, options, prepared, opened) {
  const { target, apis, standing } = prepared;
  const { cluster, adminConf: adminConf2, hostnames } = scene;
  const fault = options.fault(target);
  const [survivor, api] = [...apis].find(([name]) => name !== target.name) ?? [];
  if (!survivor || !api) throw new Error("no master stays: the preconditions should have refused this");
  const reached = (host) => scene.sessions.has(host.name);
  const nodes = probedNodes(cluster, target, options.probes, reached).map(({ name }) => sessionOf2(scene, name));
  announce(prepared, fault, nodes, scene);
  const instruments = startInstruments({ cluster, adminConf: adminConf2, api, nodes, hostnames });
  const course = { ...prepared, fault, api, instruments, options, scene, seen: [], troubles: [] };
  let stopped;
  try {
    await delay2(options.baselineMs ?? 2e3, void 0, { signal: options.signal }).catch(
      () => options.signal?.throwIfAborted()
    );
    if (fault.severs) apis.get(target.name)?.close();
    const times = await strike(course);
    const rejoin = await comeBack(course, times.lastRenewed, opened);
    options.signal?.throwIfAborted();
    await delay2(1e3);
    stopped = await instruments.stop();
    const transfers = elected.flatMap((lease) => {
      const before = standing.leases.get(lease);
      return before ? [transferOf(before, target.name, instruments.leases.seen, times.faultAt)] : [];
    });
    return assemble(course, times, rejoin, transfers, stopped);
  } finally {
    if (!stopped) await instruments.stop();
  }
}
function announce({ target, standing }, fault, nodes, { log }) {
  for (const { lease, host, transitions } of standing.leases.values()) {
    log.info(`${lease}: led by ${host}, ${transitions} transitions so far`);
  }
  if (![...standing.leases.values()].some(({ host }) => host === target.name)) {
    log.warning(
      `${target.name} holds no lease: this shows whether the API survives, not that a lease moves (target: leader)`
    );
  }
  const through = nodes.map(({ host }) => host.name).join(", ");
  log.info(`fault: ${fault.name} on ${target.name}; the API is asked through ${through || "no node"}`);
}
async function strike(course) {
  const { fault, target, seen, scene, options } = course;
  const faultAt = now();
  seen.push({ at: faultAt, track: "fault", what: `${fault.name} of ${target.name} begins` });
  let lastRenewed;
  let restoreAt = faultAt;
  try {
    await fault.inject();
    seen.push({ at: now(), track: "fault", what: `${fault.name} is done` });
    scene.log.info(`${fault.name} of ${target.name} is done`);
    await untilMoved(course, faultAt);
    lastRenewed = await lastRenewalOf(course, target);
  } finally {
    restoreAt = now();
    seen.push({ at: restoreAt, track: "fault", what: "the restore begins" });
    await restore(course, options.restoreTimeoutMs ?? 12e4);
  }
  return { faultAt, restoreAt, lastRenewed };
}
async function untilMoved({ standing, target, instruments, options, scene }, faultAt) {
  const { log } = scene;
  const { signal, transferTimeoutMs = 6e4, holdMs = 15e3 } = options;
  const held2 = [...standing.leases.values()].filter(({ host }) => host === target.name).map(({ lease }) => lease);
  if (held2.length === 0) {
    await delay2(holdMs, void 0, { signal }).catch(() => void 0);
    return;
  }
  const moved = await instruments.leases.until(
    (all) => allElsewhere(
      held2,
      target.name,
      all.filter(({ at }) => at > faultAt)
    ),
    {
      timeoutMs: transferTimeoutMs,
      signal
    }
  );
  for (const lease of held2) {
    const before = standing.leases.get(lease);
    const { to, takenMs } = before ? transferOf(before, target.name, instruments.leases.seen, faultAt) : {};
    if (to !== void 0 && takenMs !== void 0) log.info(`${lease}: taken by ${to} at ${relative(takenMs)}`);
  }
  if (!moved) log.warning(`not every lease has moved after ${relative(now() - faultAt)}`);
}
async function lastRenewalOf({ api }, host) {
  if (!host.roles.includes("node")) return void 0;
  return (await nodeStatus(api, host.nodeName).catch(() => void 0))?.renewed;
}
async function restore({ fault, seen, troubles, scene, target }, timeoutMs) {
  try {
    const attempts = pRetry(() => fault.restore(), { retries: 2, minTimeout: 2e3, shouldRetry: () => true });
    await within(attempts, timeoutMs, "the restore");
    seen.push({ at: now(), track: "fault", what: "the restore is done" });
    scene.log.info(`${target.name} is restored`);
  } catch (error) {
    troubles.push(`failed to restore ${target.name}: ${describeProblem(error)}`);
    scene.log.warning(`failed to restore ${target.name}: ${describeProblem(error)}`);
  }
}
async function comeBack(course, lastRenewed, opened) {
  const { scene, target, fault, api, options, troubles } = course;
  const { cluster, adminConf: adminConf2 } = scene;
  let over = false;
  const open = async () => {
    if (!fault.severs) return sessionOf2(scene, target.name);
    const session = await scene.reopen(target);
    opened.push(session);
    if (over) void session.close().catch(() => void 0);
    return session;
  };
  const stays = hostsWith(cluster, "etcd").some(({ name }) => name !== target.name);
  const etcdSession = stays ? etcdSessionOf(scene, target.name) : void 0;
  const timeoutMs = options.signal?.aborted ? 0 : options.rejoinTimeoutMs ?? 18e4;
  const rejoin = await waitForRejoin({
    cluster,
    host: target,
    adminConf: adminConf2,
    open,
    api,
    etcdSession,
    lastRenewed,
    timeoutMs
  });
  over = true;
  for (const { what } of rejoin.seen) scene.log.info(what);
  troubles.push(...rejoin.missing.map((what) => `${target.name}: ${what}`));
  return rejoin;
}
function assemble({ scene, target, fault, instruments, seen, troubles }, { faultAt, restoreAt }, rejoin, transfers, stopped) {
  const due = transfers.filter(({ expected }) => expected);
  const all = due.length > 0 && due.every(({ takenMs }) => takenMs !== void 0);
  const events = [...seen, ...leaseEvents(instruments.leases.seen), ...rejoin.seen, ...stopped.seen];
  return {
    cluster: scene.cluster.name,
    target: target.name,
    fault: fault.name,
    began: new Date(faultAt).toISOString(),
    transfers,
    transferMs: all ? Math.max(...due.map(({ takenMs }) => takenMs ?? 0)) : void 0,
    probes: stopped.probes,
    restoreMs: Math.round(restoreAt - faultAt),
    rejoinMs: rejoin.inStepAt === void 0 ? void 0 : Math.round(rejoin.inStepAt - restoreAt),
    timeline: timelineOf(events, faultAt),
    troubles
  };
}

// src/github/cancellation.ts
function cancellation() {
  const controller = new AbortController();
  const cancelled = new Problem("the run was cancelled", {
    code: "RUN_CANCELLED",
    hint: "A host that was down was told to come back; see that it did before the next run."
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => controller.abort(cancelled));
  return controller.signal;
}

// src/github/run-command.ts
async function runCommand(argv, { timeoutMs }) {
  const [file = "", ...args] = argv;
  let stderr = "";
  const listeners = { stderr: (data) => stderr += data.toString() };
  const running = exec(file, args, { ignoreReturnCode: true, silent: true, listeners });
  const { promise: late, resolve } = Promise.withResolvers();
  const timer = setTimeout(() => resolve(124), timeoutMs);
  try {
    const status = await Promise.race([running, late]);
    return { status, stderr };
  } finally {
    clearTimeout(timer);
  }
}

// src/phases/verify-failover.ts
function verifyLoss(plan) {
  return {
    title: "Verify the failover",
    async run(run2) {
      const asked = hostsWith(run2.cluster, "master").find((host) => run2.sessions.has(host.name));
      if (!asked) throw new Problem("there is no master", { code: "NOT_A_MASTER" });
      const scene = {
        cluster: run2.cluster,
        adminConf: await adminConf(run2, asked),
        sessions: run2.sessions,
        hostnames: await hostnamesOf(run2),
        log: run2.log,
        reopen: (host) => openHost(addressOf(host), run2.access, { dryRun: false, log: run2.log })
      };
      const fault = plan.poweroff ?? ((target2) => stopServices(sessionOf(run2, target2), { units: controlPlaneUnits }));
      if (run2.dryRun) return await lookOnly(scene, plan.target, fault);
      await leadFirst(scene, plan.target);
      const { target, signal } = plan;
      const result = await verifyFailover(scene, { target, fault, ...signal && { signal } });
      const verdict = judge(result, plan.thresholds);
      await plan.onResult(result, verdict);
      for (const line of verdict.passes) run2.log.info(`passed: ${line}`);
      const failures = verdict.failures.map(
        (line) => new Problem(line, { code: "FAILOVER_VERDICT", host: result.target })
      );
      if (failures.length > 0) throw new AggregateError(failures, "the failover did not go as it should");
    }
  };
}
async function lookOnly(scene, wanted, makeFault) {
  const { target, apis, standing } = await prepareFailover(scene, wanted);
  for (const api of apis.values()) api.close();
  const { name } = makeFault(target);
  for (const { lease, host } of standing.leases.values()) scene.log.info(`${lease}: led by ${host}`);
  scene.log.info(`would take ${target.name} down by ${name}, watch its leases move, and bring it back`);
}
var connectWitnesses = {
  title: "Connect to the hosts",
  async run(run2) {
    const problems = [];
    await onHosts(run2.cluster.hosts, async (host) => {
      await connect(run2, host).catch((error) => {
        if (!(error instanceof Problem) || error.code !== "HOST_UNREACHABLE") throw error;
        problems.push(error.within({ host: host.name }));
        run2.log.warning(`${host.name}: ${error.message}`);
      });
    });
    const witnesses = ["master", "etcd"].map((role) => hostsWith(run2.cluster, role));
    const blind = witnesses.some((hosts) => !hosts.some((host) => run2.sessions.has(host.name)));
    if (blind) throw new AggregateError(problems, "no master or no etcd member can be reached");
  }
};
async function hostnamesOf(run2) {
  const masters = hostsWith(run2.cluster, "master").filter((host) => run2.sessions.has(host.name));
  const names = await onHosts(masters, async (host) => {
    const { stdout } = await sessionOf(run2, host).run("cat /proc/sys/kernel/hostname");
    return [host.name, stdout.trim()];
  });
  return new Map(names);
}

// src/actions/verify-failover.ts
await runAction(async () => {
  const { cluster, access, dryRun } = commonInputs();
  const fault = getInput("fault") || "poweroff";
  if (fault !== "poweroff" && fault !== "stop-services")
    throw invalidInput("fault", fault, "write poweroff or stop-services");
  const powerCommand = getInput("power-command");
  const restoreCommand = getInput("restore-command") || void 0;
  if (fault === "poweroff" && !powerCommand)
    throw invalidInput(
      "power-command",
      "",
      "name the command that switches a host\u2019s power, or take fault: stop-services"
    );
  const target = getInput("target") || hostsWith(cluster, "master")[0]?.name || "";
  const ms2 = (name, otherwise) => numberInput(name, otherwise / 1e3) * 1e3;
  const thresholds = {
    transferMs: ms2("max-transfer-seconds", defaultThresholds.transferMs),
    failedRequests: numberInput("max-failed-requests", defaultThresholds.failedRequests),
    longestGapMs: ms2("max-gap-seconds", defaultThresholds.longestGapMs),
    keptGapMs: ms2("max-kept-gap-seconds", defaultThresholds.keptGapMs),
    rejoinMs: ms2("max-rejoin-seconds", defaultThresholds.rejoinMs)
  };
  const run2 = newRun({ cluster, access, dryRun, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  const loss = verifyLoss({
    target,
    thresholds,
    signal: cancellation(),
    ...fault === "poweroff" && { poweroff: (host) => poweroff(host, { powerCommand, restoreCommand }, runCommand) },
    onResult: async (result, verdict) => {
      for (const [name, value] of Object.entries(outputsOf(result))) setOutput(name, value);
      await writeSummary(report(result, verdict));
    }
  });
  await runPhases(run2, [connectWitnesses, loss]);
});
