import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  comparedWith
} from "./trend.js";
import {
  anyPauseImage
} from "./lockfile-images.js";
import {
  hostNonsense,
  hostState,
  quote
} from "./host.js";
import {
  etcdHealth,
  etcdctlOn
} from "./etcd-health.js";
import {
  quorumOf
} from "./etcd-etcdctl.js";
import {
  ApiProblem,
  TunnelAgent,
  addressesOf,
  begin,
  elected,
  fieldManager,
  follow,
  ifFound,
  isConflict,
  isNotFound,
  microTime,
  nodeReasons,
  nodeStatus,
  openKubernetes,
  parseKubeconfig,
  readLeases,
  secure,
  secureContextOf,
  servingAddresses,
  servingCollection,
  textOf,
  waitWhile,
  watchLeases,
  whyNotServing
} from "./kubernetes.js";
import {
  pRetry
} from "./pki.js";
import {
  pLimit
} from "./p-limit.js";
import {
  parseJson
} from "./entry-json.js";
import {
  pTimeout
} from "./p-timeout.js";
import {
  etcdEndpoints,
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  withoutSuffix
} from "./layout-addresses.js";
import {
  bytesOf
} from "./entry-bytes.js";
import {
  Problem,
  describeProblem
} from "./errors.js";
import {
  cell,
  folded,
  list,
  table
} from "./github-hidden-values.js";
import {
  cutLine,
  plainLine,
  redactLines
} from "./host-redact-keys.js";

// src/failover/faults/cut-network.ts
var table2 = "inet k8s_ha_action_fault";
var findRunner = `set -- $SSH_CONNECTION
[ $# = 4 ] || { echo 'the SSH connection to keep is not known' >&2; exit 1; }
case $1 in *:*) family=ip6 ;; *) family=ip ;; esac`;
function cutNetwork(session, log) {
  return {
    name: "cut-network",
    prepare: async () => {
      const nft = { command: "nft", apt: "nftables", dnf: "nftables", zypper: "nftables" };
      await session.apply("failover", hostState({ packages: [nft] }), log);
    },
    begin: `${findRunner}
nft delete table ${table2} 2>/dev/null
nft -f - <<RULES
table ${table2} {
  chain in {
    type filter hook input priority -300; policy drop;
    iifname "lo" accept
    $family saddr $1 tcp dport $4 accept
  }
  chain out {
    type filter hook output priority -300; policy drop;
    oifname "lo" accept
    $family daddr $1 tcp sport $4 accept
  }
  chain through { type filter hook forward priority -300; policy drop; }
}
RULES`,
    heal: `nft delete table ${table2} 2>/dev/null || ! nft list table ${table2} >/dev/null 2>&1`
  };
}

// src/failover/faults/disk-full.ts
var filler = "k8s-ha-action-fill";
var mostKiB = 20 * 1024 * 1024;
var key = "k8s-ha-action/disk-full";
var mostWrites = 160;
var atOnce = 4;
function diskFull(session, host, cluster, healSeconds) {
  const { dataDir } = cluster.etcd;
  const own = etcdctlOn(cluster, etcdEndpoints({ ...cluster, hosts: [host] }));
  const dir = quote(dataDir);
  const file = quote(`${dataDir}/.${filler}`);
  const held2 = "/proc/self/fd/3";
  const fill = `exec 3>${file} && rm ${file} && { fallocate -l FREEK ${held2}; dd if=/dev/zero of=${held2} bs=4k oflag=append conv=notrunc; exec sleep ${healSeconds}; }`;
  return {
    name: "disk-full",
    sparesLeaders: true,
    prepare: async () => {
      const { status, stdout } = await session.run(`stat -c %d / ${dir} && df --output=avail -k ${dir} | tail -n 1`);
      const { root, own: own2, free } = /^(?<root>\d+)\s+(?<own>\d+)\s+(?<free>\d{1,15})\s*$/.exec(stdout)?.groups ?? {};
      const known = status !== 0 || free !== void 0;
      if (!known) throw hostNonsense("a file system without device and free space", session.host.name);
      const reason = status === 0 ? whyNot(root === own2, Number(free)) : `there is no ${dataDir}`;
      if (reason === void 0) return;
      throw new Problem(`refused to fill the disk of etcd: ${reason}`, {
        code: "FAILOVER_REFUSED",
        host: session.host.name,
        hint: `Nothing was done. Give ${dataDir} a file system of its own, of ${mostKiB / 1024 / 1024} GiB at most.`
      });
    },
    begin: `free=$(df --output=avail -k ${dir} | tail -n 1)
systemctl stop ${filler} 2>/dev/null; systemctl reset-failed ${filler} 2>/dev/null
systemd-run --quiet --collect --unit=${filler} --property=User="$(stat -c %U ${dir})" --property=RuntimeMaxSec=${healSeconds} \\
  /bin/sh -c "$(printf '%s' ${quote(fill)} | sed "s/FREEK/$((free > 8192 ? free - 4096 : 4))K/")" || exit 1
tries=0
until [ "$(df --output=avail -k ${dir} | tail -n 1)" -lt 64 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { echo 'the file system does not fill up' >&2; exit 1; }
  sleep 0.1
done
restarts() { systemctl show --property=NRestarts --value ${components.etcd.unit}; }
before=$(restarts) tries=0
while systemctl --quiet is-active ${components.etcd.unit} && [ "$(restarts)" = "$before" ]; do
  tries=$((tries + 1))
  systemctl --quiet is-active ${filler} && [ "$tries" -le ${mostWrites / atOnce} ] || { echo 'etcd does not notice' >&2; exit 1; }
  for part in ${Array.from({ length: atOnce }, (_, part) => part).join(" ")}; do yes | head -c 1000000 | ${own} put ${key}/$part >/dev/null 2>&1 & done
  wait
done`,
    // The member has ended by itself; systemd starts it again each second, and now it keeps running.
    heal: `systemctl stop ${filler} 2>/dev/null; ${etcdctlOn(cluster)} del --prefix ${key} >/dev/null 2>&1; ! systemctl --quiet is-active ${filler}`
  };
}
function whyNot(shared, freeKiB) {
  if (shared) return "it is the host\u2019s own, and a host without space is not what is to be tried";
  if (freeKiB > mostKiB) return `${Math.round(freeKiB / 1024 / 1024)} GiB are free on it`;
  return void 0;
}

// src/failover/faults/freeze.ts
function freeze(units) {
  const names = units.join(" ");
  return {
    name: "freeze",
    begin: `systemctl kill -s STOP ${names}`,
    // A leader that wakes up sees that it lost its lease and ends; systemd starts it again.
    heal: `systemctl kill -s CONT ${names}`
  };
}

// src/failover/faults/host-fault.ts
var defaultHealSeconds = 180;
var timer = "k8s-ha-action-heal";
var disarm = `{ systemctl stop ${timer}.timer; systemctl reset-failed ${timer}.service; } 2>/dev/null`;
function hostFault(session, lines, healSeconds = defaultHealSeconds) {
  const { name: name3, begin: begin2, heal, prepare } = lines;
  const execute = async (command, verb) => {
    const { status, stderr } = await session.run(command, { timeoutSeconds: 120 });
    if (status === 0) return;
    throw new Problem(`failed to ${verb} ${name3}`, {
      code: "FAULT_FAILED",
      host: session.host.name,
      detail: stderr.trim().split("\n").slice(-5)
    });
  };
  const options = `--on-active=${healSeconds} --timer-property=AccuracySec=100ms`;
  const arm = `systemd-run --quiet --collect --unit=${timer} ${options} /bin/sh -c ${quote(heal)}`;
  return {
    name: name3,
    severs: false,
    sparesLeaders: lines.sparesLeaders ?? false,
    ...prepare && { prepare },
    inject: async () => await execute(`${disarm}; ${arm} && {
${begin2}
}`, "begin"),
    restore: async () => await execute(`{
${heal}
} && { ${disarm}; true; }`, "undo")
  };
}

// src/failover/faults/kill.ts
function kill(units) {
  const names = units.join(" ");
  return {
    name: "kill",
    begin: `systemctl kill -s KILL ${names}; systemctl stop --no-block ${names}`,
    heal: `systemctl start ${names}`
  };
}

// src/failover/faults/stop-services.ts
function stopServices(units) {
  const names = units.join(" ");
  return {
    name: "stop-services",
    // An API server may take a minute to stop; the fault begins with the stop request.
    begin: `systemctl stop --no-block ${names}`,
    heal: `systemctl start ${names}`
  };
}

// src/failover/faults/units.ts
var inStopOrder = [components.controllerManager, components.scheduler, components.apiServer, components.etcd];
function controlPlaneUnits({ roles }) {
  return inStopOrder.filter((each) => each.roles.some((role) => roles.includes(role))).map(({ unit }) => unit);
}

// src/failover/faults/faults.ts
var hostFaults = ["stop-services", "kill", "freeze", "cut-network", "disk-full"];
var faultNames = ["poweroff", ...hostFaults];
function makeHostFault(name3, target, scene) {
  const { cluster, session, log, healSeconds = defaultHealSeconds } = scene;
  const units = controlPlaneUnits(target);
  const lines = {
    "stop-services": () => stopServices(units),
    kill: () => kill(units),
    freeze: () => freeze(units),
    "cut-network": () => cutNetwork(session, log),
    "disk-full": () => diskFull(session, target, cluster, healSeconds)
  };
  return hostFault(session, lines[name3](), healSeconds);
}

// src/failover/faults/command-words.ts
var placeholder = /\{([a-zA-Z]\w*)\}/g;
function splitWords(command) {
  const words = [];
  const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)|(.)/gsy;
  let word;
  for (const { index, 1: single, 2: double, 3: escaped, 4: bare, 5: space, 6: rest } of command.matchAll(part)) {
    if (rest !== void 0) throw unclosed(rest, index);
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
function unclosed(sign, index) {
  return new Problem(`the command has a ${sign} without its end, at character ${index + 1}`, {
    code: "COMMAND_INVALID",
    hint: "Close the quote, or write a backslash before it. The command itself is not shown, as it may hold a password."
  });
}
function fillWords(words, values) {
  return words.map(
    (word, index) => word.replace(placeholder, (_, name3) => {
      const value = Object.hasOwn(values, name3) ? values[name3] : void 0;
      if (value !== void 0) return value;
      throw new Problem(`word ${index + 1} of the command has a placeholder that is not known`, {
        code: "COMMAND_INVALID",
        hint: `Known placeholders: ${Object.keys(values).map((known) => `{${known}}`).join(", ")}.`
      });
    })
  );
}
function secretParts(command, open) {
  const parts = wordsOf(command).flatMap((word) => word.replaceAll(placeholder, "\0").split("\0"));
  return [...new Set(parts)].filter((part) => part !== "" && !open.some((text) => text.includes(part)));
}
function wordsOf(command) {
  try {
    return splitWords(command);
  } catch {
    return command.split(/[\s'"]+/);
  }
}

// src/failover/faults/power-secrets.ts
function powerSecrets({ name: name3, hosts }, { powerCommand, restoreCommand = "" }, open) {
  const named = hosts.flatMap((host) => [host.name, host.nodeName, host.address]);
  return [powerCommand, restoreCommand].flatMap(
    (command) => secretParts(command, [name3, ...named, ...faultNames, ...open])
  );
}

// src/failover/faults/poweroff.ts
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
    throw new Problem(`failed to ${verb} ${target.name}: the command ended with ${status}`, {
      code: "POWER_COMMAND_FAILED",
      host: target.name,
      detail: redactLines(stderr).slice(-5)
    });
  };
  return {
    name: "poweroff",
    severs: true,
    inject: async () => await execute(off, "switch off"),
    restore: async () => await execute(on, "switch on")
  };
}

// src/failover/figure.ts
var inUnit = (unit, value) => unit === "ms" ? `${Math.round(value) / 1e3} s` : String(value);

// src/failover/in-flight.ts
var endsLaterMs = { poweroff: 0, "cut-network": 0, kill: 500 };
var slowestHitMs = 1e4;
var noticedMs = 2500;
var neverAccepted = /refused|^status \d/i;
function failuresOf(found, kind) {
  const own = found.probes.filter((probe) => probe.kind === kind);
  const failed = own.reduce((sum, probe) => sum + probe.failed, 0);
  const excused = new Set(found.fault === "freeze" ? shareOfFrozen(found) : pendingAtOnce(found));
  const inFlight = own.flatMap(({ samples }) => samples ?? []).filter((sample) => excused.has(sample)).length;
  return { inFlight, failed: failed - inFlight };
}
var endOf = ({ at, ms: ms2 }) => at + ms2;
function connectionsOf(probes) {
  const samples = probes.flatMap(({ kind, samples: samples2 }) => kind === "new" || kind === "write" ? samples2 ?? [] : []);
  return samples.toSorted((one, other) => one.at - other.at);
}
function mayHaveBeenAccepted({ error, ms: ms2 }) {
  return error !== void 0 && !neverAccepted.test(error) && ms2 <= noticedMs;
}
function pendingAtOnce({ fault, began, hitMs, probes }) {
  const later = endsLaterMs[fault];
  if (later === void 0) return [];
  const from = Date.parse(began);
  const to = from + Math.min(hitMs, slowestHitMs) + later;
  const lost = connectionsOf(probes).filter(mayHaveBeenAccepted);
  const moments = [from, ...lost.map(({ at }) => at).filter((at) => at > from && at <= to)];
  const pending = moments.map((moment) => lost.filter((sample) => sample.at <= moment && endOf(sample) >= moment));
  return pending.reduce((most, each) => each.length > most.length ? each : most, []);
}
function shareOfFrozen({ began, masters, probes }) {
  const from = Date.parse(began);
  const hosts = [...new Set(probes.map(({ host }) => host))];
  return hosts.flatMap((host) => {
    const begun = connectionsOf(probes.filter((probe) => probe.host === host)).filter(
      (sample) => endOf(sample) >= from && sample.at <= from + noticedMs
    );
    return begun.filter(mayHaveBeenAccepted).slice(0, Math.floor(begun.length / masters) + 1);
  });
}

// src/failover/instruments/samples.ts
function figuresOf(host, kind, samples, span) {
  const good = samples.filter(({ error }) => error === void 0);
  const latencies2 = good.map(({ ms: ms2 }) => ms2).toSorted((a, b) => a - b);
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
    medianMs: round(latencies2[Math.floor(latencies2.length / 2)]),
    slowestMs: round(latencies2.at(-1)),
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

// src/failover/result.ts
var drained = "drain";
var upgrade = "upgrade";
var newConnections = (result) => totals(result, "new");
var keptConnections = (result) => totals(result, "kept");
var writes = (result) => totals(result, "write");
var watches = (result) => totals(result, "watch");
var direct = (result) => totals(result, "direct");
var services = (result) => totals(result, "service");
function totals({ probes: all }, kind) {
  const probes = all.filter((probe) => probe.kind === kind);
  const highest = (pick) => Math.max(0, ...probes.map(pick));
  return {
    requests: probes.reduce((sum, { requests }) => sum + requests, 0),
    failed: probes.reduce((sum, { failed }) => sum + failed, 0),
    slowestMs: highest(({ slowestMs }) => slowestMs),
    longestGapMs: highest(({ longestGapMs }) => longestGapMs)
  };
}

// src/failover/findings.ts
var seconds = (ms2) => inUnit("ms", ms2);
function leaseFindings({ transfers, target }) {
  return transfers.map(({ lease, expected, from, to, takenMs: takenMs2, transitions }) => {
    if (!expected) {
      return transitions === 0 ? { good: true, text: `${lease} stayed with ${from}` } : { good: false, text: `${lease} left ${from}, which was not hit: ${transitions} transitions` };
    }
    if (to === void 0 || takenMs2 === void 0)
      return { good: false, text: `${lease} was not taken over from ${target}` };
    if (transitions !== 1) return { good: false, text: `${lease} went over ${transitions} times instead of once` };
    return { value: takenMs2, text: `${lease} went to ${to} after ${seconds(takenMs2)}` };
  });
}
function takenMs({ transfers }, lease) {
  return transfers.find((transfer) => transfer.lease === lease)?.takenMs;
}
var isProbed = ({ probes }) => probes.some(({ kind }) => kind === "new");
function gapFindings(kind, text) {
  return (result) => {
    const { longestGapMs } = totals(result, kind);
    return isProbed(result) ? [{ value: longestGapMs, text: text(seconds(longestGapMs)) }] : [];
  };
}
function failureFindings(kind, words) {
  return (result) => {
    if (!isProbed(result)) return [];
    const { requests } = totals(result, kind);
    const { failed, inFlight } = failuresOf(result, kind);
    const besides = inFlight === 0 ? "" : `, besides ${inFlight} that may have been accepted by ${result.target}`;
    const errors = failed > 0 ? errorsOf(result, kind) : "";
    const text = `${failed} of ${requests} ${words} failed`;
    return [{ value: failed, good: requests > 0, text, more: `${besides}${errors}` }];
  };
}
function errorsOf({ probes }, kind) {
  const samples = probes.flatMap((probe) => probe.kind === kind ? probe.samples ?? [] : []);
  const each = countErrors(samples).map(({ error, count }) => `${count} \xD7 ${error}`);
  return each.length > 0 ? `: ${each.slice(0, 3).join(", ")}` : "";
}
function serviceFindings(result) {
  const { requests, failed } = services(result);
  if (requests === 0) return [];
  const text = `${failed} of ${requests} requests to a Service by its name failed`;
  return [{ value: failed, text, more: errorsOf(result, "service") }];
}
function placingMs({ placedMs, transferMs }) {
  return placedMs === void 0 ? void 0 : Math.max(0, placedMs - (transferMs ?? 0));
}
function placingFindings(result) {
  const took = placingMs(result);
  if (!result.placeable) return [];
  if (took === void 0)
    return [{ good: false, text: "the pod of a new Deployment got no node while the fault lasted" }];
  const since = result.transferMs === void 0 ? "after the fault" : "after the leases had moved";
  return [{ value: took, text: `the pod of a new Deployment had a node ${seconds(took)} ${since}` }];
}
function nodeFindings({ nodes: nodes2 }) {
  if (!nodes2) return [];
  const { notReady } = nodes2;
  return [{ value: notReady, text: `nodes that stay turned NotReady ${notReady} times` }];
}
function rejoinFindings({ target, rejoinMs: took }) {
  if (took === void 0) return [{ good: false, text: `${target} did not come back into step` }];
  return [{ value: took, text: `${target} was back and in step ${seconds(took)} after the restore` }];
}

// src/failover/figures.ts
var rows = [
  {
    id: "transferMs",
    unit: "ms",
    label: "both leases held by others",
    what: "Milliseconds from the fault until other masters held both leases.",
    from: ({ transferMs }) => transferMs,
    output: "transfer-ms",
    // With the default election (15/10/2 s) a lease is taken after 24 s at most; see docs/failover.md.
    limit: {
      input: "max-transfer-seconds",
      what: "The check fails if another master takes longer than this to acquire a lease.",
      usual: 25e3,
      findings: leaseFindings
    },
    history: { required: true, nullable: true },
    card: true,
    trend: true
  },
  {
    id: "controllerManagerTransferMs",
    unit: "ms",
    label: "controller-manager\u2019s lease taken",
    what: "Milliseconds from the fault until the new holder acquired the controller-manager's lease.",
    from: (result) => takenMs(result, "kube-controller-manager"),
    output: "controller-manager-transfer-ms"
  },
  {
    id: "schedulerTransferMs",
    unit: "ms",
    label: "scheduler\u2019s lease taken",
    what: "Milliseconds from the fault until the new holder acquired the scheduler's lease.",
    from: (result) => takenMs(result, "kube-scheduler"),
    output: "scheduler-transfer-ms"
  },
  {
    id: "requests",
    unit: "count",
    label: "requests",
    what: "Requests sent through the nodes' load balancers, each on a new connection.",
    from: (result) => newConnections(result).requests,
    output: "requests",
    history: { required: true },
    inUpgrade: true
  },
  {
    id: "failedRequests",
    unit: "count",
    label: "failed requests",
    what: "The number of these requests that failed.",
    from: (result) => newConnections(result).failed,
    output: "failed-requests",
    limit: {
      input: "max-failed-requests",
      what: "The check fails if more than this many requests through the nodes' load balancers fail, each on a new connection. Requests that the target may have accepted before it was lost are not counted, up to a cap (see Limits).",
      usual: 0,
      findings: failureFindings("new", "new connections")
    },
    history: { required: true },
    card: true,
    of: "requests",
    inUpgrade: true
  },
  {
    id: "slowestMs",
    unit: "ms",
    label: "slowest request",
    what: "The slowest of these requests, in milliseconds.",
    from: (result) => newConnections(result).slowestMs,
    output: "slowest-ms",
    history: { required: true },
    card: true,
    trend: true,
    inUpgrade: true
  },
  {
    id: "longestGapMs",
    unit: "ms",
    label: "longest gap",
    what: "The longest time in which these requests got no answer, in milliseconds.",
    from: (result) => newConnections(result).longestGapMs,
    output: "longest-gap-ms",
    limit: {
      input: "max-gap-seconds",
      what: "The check fails if these requests get no answer for longer than this.",
      usual: 3e3,
      findings: gapFindings("new", (gap) => `the longest gap was ${gap}`)
    },
    history: { required: true },
    card: true,
    trend: true,
    inUpgrade: true
  },
  {
    id: "keptGapMs",
    unit: "ms",
    label: "kept connection\u2019s pause",
    what: "The longest time without an answer for clients that keep one connection, in milliseconds.",
    from: (result) => keptConnections(result).longestGapMs,
    output: "kept-gap-ms",
    limit: {
      input: "max-kept-gap-seconds",
      what: "The check fails if a client that keeps its connection gets no answer for longer than this.",
      usual: 5e3,
      findings: gapFindings("kept", (gap) => `a kept connection paused for ${gap}`)
    },
    history: { required: true },
    card: true,
    trend: true,
    inUpgrade: true
  },
  {
    id: "watchGapMs",
    unit: "ms",
    label: "watch\u2019s pause",
    what: "The longest time in which a watch through a node's load balancer reported none of the writes, in milliseconds.",
    from: (result) => watches(result).longestGapMs,
    output: "watch-gap-ms",
    limit: {
      input: "max-watch-gap-seconds",
      what: "The check fails if a watch through a node's load balancer reports no event for longer than this.",
      usual: 5e3,
      findings: gapFindings("watch", (gap) => `a watch paused for ${gap}`)
    },
    history: {},
    inUpgrade: true
  },
  {
    id: "failedWrites",
    unit: "count",
    label: "failed writes",
    what: "Writes through the nodes' load balancers that failed, each on a new connection.",
    from: (result) => writes(result).failed,
    output: "failed-writes",
    limit: {
      input: "max-failed-writes",
      what: "The check fails if more than this many writes fail, each on a new connection. Writes that the target may have accepted before it was lost are not counted, up to a cap (see Limits).",
      usual: 0,
      findings: failureFindings("write", "writes")
    },
    history: {},
    inUpgrade: true
  },
  {
    id: "writeGapMs",
    unit: "ms",
    label: "longest gap of writes",
    what: "The longest time in which no write was answered, in milliseconds.",
    from: (result) => writes(result).longestGapMs,
    output: "write-gap-ms",
    limit: {
      input: "max-write-gap-seconds",
      what: "The check fails if no write is answered for longer than this.",
      usual: 5e3,
      findings: gapFindings("write", (gap) => `the longest gap of writes was ${gap}`)
    },
    history: {},
    inUpgrade: true
  },
  {
    id: "apiServerGapMs",
    unit: "ms",
    label: "longest silence of a living master\u2019s API server",
    what: "The longest time without an answer from the API server of a master that stayed up, asked once a second without a load balancer, in milliseconds.",
    from: (result) => direct(result).longestGapMs,
    output: "api-server-gap-ms"
  },
  {
    id: "serviceRequests",
    unit: "count",
    label: "requests to a Service by its name",
    what: "How often a Service was resolved by its DNS name and requested from the nodes; 0 if the cluster has no CoreDNS add-on or no node besides the target.",
    from: (result) => services(result).requests,
    output: "service-requests",
    inUpgrade: true
  },
  {
    id: "failedServiceRequests",
    unit: "count",
    label: "failed requests to a Service",
    what: "How often such a Service request failed.",
    from: (result) => services(result).failed,
    output: "failed-service-requests",
    limit: {
      input: "max-failed-service-requests",
      what: "The check fails if a Service, resolved by its DNS name and requested from the nodes, fails to answer more often than this.",
      usual: 0,
      findings: serviceFindings
    },
    history: {},
    of: "serviceRequests",
    inUpgrade: true
  },
  {
    id: "placedMs",
    unit: "ms",
    label: "pod of a new Deployment placed",
    what: "Milliseconds from the fault until the pod of a Deployment created during it had a node.",
    from: ({ placedMs }) => placedMs,
    output: "placed-ms",
    history: { nullable: true }
  },
  {
    id: "placingMs",
    unit: "ms",
    label: "pod of a new Deployment placed, after the leases moved",
    what: "Milliseconds from when the leases had moved until the pod of a Deployment created during the fault had a node.",
    from: placingMs,
    limit: {
      input: "max-placing-seconds",
      what: "The check fails if the pod of a Deployment created during the fault has no node this long after the leases have moved.",
      usual: 1e4,
      findings: placingFindings
    }
  },
  {
    id: "notReadyNodes",
    unit: "count",
    label: "nodes that turned NotReady",
    what: "How often a node other than the target became NotReady.",
    from: ({ nodes: nodes2 }) => nodes2?.notReady,
    output: "not-ready-nodes",
    limit: {
      input: "max-not-ready-nodes",
      what: "The check fails if nodes other than the target become NotReady more often than this.",
      usual: 0,
      findings: nodeFindings
    },
    history: {}
  },
  {
    id: "nodeRenewalGapMs",
    unit: "ms",
    label: "longest pause between renewals of a node that stays",
    what: "The longest time between two renewals of a probed node's Lease, in milliseconds; kubelets renew it every 10 seconds.",
    from: ({ nodes: nodes2 }) => nodes2?.renewalGapMs,
    output: "node-renewal-gap-ms"
  },
  {
    id: "rejoinMs",
    unit: "ms",
    label: "back in step",
    what: "Milliseconds from power-on until the target was Ready and in sync.",
    from: ({ rejoinMs }) => rejoinMs,
    output: "rejoin-ms",
    limit: {
      input: "max-rejoin-seconds",
      what: "The check fails if the target takes longer than this to be back and in sync.",
      usual: 12e4,
      findings: rejoinFindings
    },
    history: { required: true, nullable: true },
    card: true,
    trend: true
  }
];
var figures = rows;

// src/failover/figure-groups.ts
var trendFigures = figures.filter(({ trend }) => trend);
var upgradeFigures = figures.filter(({ inUpgrade }) => inUpgrade);
var limited = figures.filter(({ limit }) => limit);
var keptFigures = figures.filter(({ history }) => history);

// src/failover/outputs.ts
function outputsOf(result) {
  const outputs = { target: result.target };
  for (const { lease, from, to, transitions } of result.transfers) {
    const name3 = lease.replace("kube-", "");
    outputs[`${name3}-old-leader`] = from ?? "";
    outputs[`${name3}-new-leader`] = (transitions === 0 ? from : to) ?? "";
  }
  return { ...outputs, ...valuesOf(figures, result) };
}
function upgradeOutputsOf(result) {
  return valuesOf(upgradeFigures, result);
}
function valuesOf(rows2, result) {
  return Object.fromEntries(
    rows2.flatMap(({ output, from }) => output === void 0 ? [] : [[output, String(from(result) ?? "")]])
  );
}

// src/failover/report/history.ts
var mostLines = 1e3;
function readHistory(text) {
  return text.split("\n").flatMap((line) => {
    try {
      const night = JSON.parse(line);
      return isNight(night) ? [night] : [];
    } catch {
      return [];
    }
  });
}
function appendHistory(text, night) {
  const lines = text.split("\n").filter((line2) => line2.trim() !== "");
  const line = JSON.stringify(night);
  const others = lines.filter((one) => one !== line);
  return `${[...others, line].slice(-mostLines).join("\n")}
`;
}
function comparable(history, { cluster, fault, began }) {
  return history.filter((night) => night.cluster === cluster && night.fault === fault && night.began < began).toSorted((one, other) => one.began < other.began ? -1 : 1);
}
function trendOf({ history, figures: figures4 }) {
  if (history.length === 0) return [];
  return trendFigures.flatMap(({ id: figure, label }) => {
    const before = history.map((night) => night[figure]);
    const current = figures4[figure];
    if (current === null && before.every((value) => value === null)) return [];
    return [{ figure, label, values: [...before, current], current, ...comparedWith(before, current) }];
  });
}
function isNight(value) {
  if (typeof value !== "object" || value === null) return false;
  const night = value;
  const texts = [night.cluster, night.target, night.fault, night.began];
  const figure = (one) => one === null || typeof one === "number" && Number.isFinite(one);
  const figures4 = trendFigures.map(({ id }) => night[id]);
  return night.schemaVersion === 1 && texts.every((text) => typeof text === "string") && figures4.every(figure);
}

// src/failover/report/html.ts
import { createHash } from "node:crypto";

// src/failover/instruments/timeline.ts
function timelineOf(sightings, zero) {
  return sightings.map(({ at, track, what }) => ({ ms: Math.round(at - zero), track, what })).toSorted((a, b) => a.ms - b.ms);
}
function relative(ms2) {
  return `${ms2 < 0 ? "\u2212" : "+"}${(Math.abs(ms2) / 1e3).toFixed(3)} s`;
}

// src/failover/report/words.ts
function duration(ms2) {
  if (ms2 === null || ms2 === void 0) return "\u2013";
  if (ms2 < 1e3) return `${Math.round(ms2)} ms`;
  return `${(ms2 / 1e3).toFixed(ms2 < 1e4 ? 2 : 1)} s`;
}
function changeInWords(change2) {
  if (change2 === void 0) return "";
  if (change2 === 0) return "as the night before";
  return `${duration(Math.abs(change2))} ${change2 > 0 ? "longer" : "shorter"} than the night before`;
}
function headline({ target, fault }) {
  return fault === upgrade ? `upgraded to ${target}` : `${target} lost by ${fault}`;
}
var stepInWords = (what) => what === drained ? drained : `restarts ${what}`;
var stepHead = ["host", "what", "began", "took"];
function stepRows(steps2) {
  return steps2.map(({ host, what, fromMs, toMs }) => [
    host,
    stepInWords(what),
    relative(fromMs),
    duration(toMs - fromMs)
  ]);
}
function noProbes(isUpgrade) {
  const why = isUpgrade ? "the cluster had no node before" : "the cluster has no node besides the host that was hit";
  return `No node\u2019s balancer was probed: ${why}.`;
}
function kindInWords(kind) {
  const words = {
    new: "new connections",
    kept: "kept connection",
    write: "writes, new connections",
    watch: "a watch on what is written",
    direct: "its own API server",
    service: "a Service, by name"
  };
  return words[kind] ?? kind;
}

// src/failover/report/card-figures.ts
var cardFigures = keptFigures.filter(({ card: card2 }) => card2);
function shownValue({ id, unit }, night, otherwise = "\u2013") {
  const value = night[id] ?? void 0;
  if (value === void 0) return otherwise;
  return unit === "ms" ? duration(value) : String(value);
}
function shownTotal({ of }, night) {
  const whole = keptFigures.find(({ id }) => id === of);
  return whole ? ` of ${shownValue(whole, night)}` : "";
}

// src/failover/report/downsample.ts
function downsample(samples, most) {
  if (samples.length <= most) return samples;
  const failed = samples.filter(([, , error]) => error !== void 0);
  const good = samples.filter(([, , error]) => error === void 0);
  const kept = outline(failed, Math.floor(most / 10));
  return [...kept, ...outline(good, most - kept.length)].toSorted(([one], [other]) => one - other);
}
function outline(samples, most) {
  if (samples.length <= most) return samples;
  const stretches = Math.max(1, Math.floor(most / 2));
  const width = samples.length / stretches;
  return Array.from({ length: stretches }, (_, index) => {
    const own = samples.slice(Math.floor(index * width), Math.floor((index + 1) * width));
    const [first, ...others] = own;
    if (!first) return [];
    let [fastest, slowest] = [first, first];
    for (const sample of others) {
      if (sample[1] < fastest[1]) fastest = sample;
      if (sample[1] > slowest[1]) slowest = sample;
    }
    return fastest === slowest ? [fastest] : [fastest, slowest];
  }).flat();
}

// src/failover/report/lanes.ts
var mostSamples = 2e4;
var hostColours = 6;
function chartOf(report2) {
  const { restoreMs, holdings, probes, timeline, figures: figures4 } = report2;
  const sides = probes.flatMap(({ samples }) => [samples[0]?.[0] ?? 0, samples.at(-1)?.[0] ?? 0]);
  const times = [0, restoreMs + (figures4.rejoinMs ?? 0), ...sides, ...timeline.map(({ ms: ms2 }) => ms2)];
  for (const { fromMs, toMs } of [...holdings, ...report2.steps ?? []]) times.push(fromMs, toMs);
  const [first, last] = [Math.min(-500, ...times), Math.max(1e3, ...times) + 500];
  const taken = holdings.filter(({ host, fromMs }) => host !== null && fromMs > 0 && fromMs <= restoreMs);
  const lanes = [
    ...report2.steps ? stepLanes(report2.steps) : [hostLane(report2, first, last)],
    ...holdingLanes(report2),
    ...momentLanes(report2),
    ...probeLanes(probes)
  ].filter(({ marks }) => marks.length > 0);
  const movedMs = taken.length > 0 && !report2.steps ? Math.max(...taken.map(({ fromMs }) => fromMs)) : restoreMs;
  const flags = report2.steps ? ["begin", "end"] : ["fault", "restore"];
  return { first, last, restoreMs, flags, movedMs, lanes };
}
function bar(from, to, name3, style, what = name3) {
  const text = `${what}, from ${relative(from)} until ${relative(to)} (${duration(to - from)})`;
  return { shape: "bar", from, to, name: name3, style, text };
}
function hostLane({ figures: figures4, restoreMs }, first, last) {
  const { target, fault, rejoinMs } = figures4;
  const inStep = rejoinMs === null ? last : restoreMs + rejoinMs;
  const parts = [
    [first, 0, "in service", "calm"],
    [0, restoreMs, fault, "off"],
    [restoreMs, inStep, "coming back", "half"],
    [inStep, last, "in step", "calm"]
  ];
  const marks = parts.filter(([from, to]) => to > from).map(([from, to, name3, style]) => bar(from, to, name3, style));
  return { title: target, marks };
}
function stepLanes(steps2) {
  return [...Map.groupBy(steps2, ({ host }) => host)].map(([title, own]) => ({
    title,
    marks: own.map(
      ({ what, fromMs, toMs }) => bar(fromMs, toMs, what, what === drained ? "calm" : "half", stepInWords(what))
    )
  }));
}
function holdingLanes({ holdings, figures: figures4, steps: steps2 }) {
  const named = holdings.map(({ host }) => host).filter((host) => host !== null);
  const hosts = [.../* @__PURE__ */ new Set([...steps2 ? [] : [figures4.target], ...named])];
  return [...new Set(holdings.map(({ what }) => what))].map((what) => {
    const own = holdings.filter((holding) => holding.what === what);
    const marks = own.map(
      ({ host, fromMs, toMs }) => host === null ? bar(fromMs, toMs, "nobody", "nobody", "held by nobody") : bar(fromMs, toMs, host, `host-${hosts.indexOf(host) % hostColours}`, `held by ${host}`)
    );
    return { title: what, marks, ticks: own.flatMap(({ renewedMs }) => renewedMs) };
  });
}
var titles = {
  fault: "fault and restore",
  rejoin: "rejoin",
  endpoint: "kubernetes Service",
  lease: "lease watch",
  etcd: "etcd",
  balancer: "balancers on nodes",
  work: "a new Deployment",
  clock: "clocks of hosts",
  node: "nodes",
  runner: "the runner"
};
function momentLanes({ timeline, holdings, figures: { target } }) {
  const shown = timeline.filter(
    ({ track, what }) => track !== "lease" || !holdings.some((holding) => what.startsWith(`${holding.what}: `))
  );
  return [.../* @__PURE__ */ new Set(["fault", "rejoin", ...shown.map(({ track }) => track)])].map((track) => ({
    title: titles[track] ?? track,
    marks: shown.filter((moment) => moment.track === track).map(({ ms: ms2, what }) => {
      const name3 = what.replace(`${target}: `, "").replace(` of ${target}`, "");
      return { shape: "dot", from: ms2, to: ms2, name: name3, style: track, text: `${relative(ms2)}: ${name3}` };
    })
  }));
}
function probeLanes(probes) {
  const all = probes.reduce((sum, { samples }) => sum + samples.length, 0);
  return probes.map((probe) => {
    const share = Math.floor(probe.samples.length * mostSamples / Math.max(mostSamples, all));
    const drawn = downsample(probe.samples, share);
    const { longestGapAtMs: gap, longestGapMs } = probe;
    const longest = bar(
      gap,
      gap + longestGapMs,
      `gap ${duration(longestGapMs)}`,
      "gap",
      "longest time without an answer"
    );
    const marks = [longest, ...requestMarks(probe, drawn)].toSorted((one, other) => one.from - other.from);
    const samples = drawn.filter((sample) => sample.length === 2);
    return { title: probe.host, subtitle: kindInWords(probe.kind), marks, samples };
  });
}
function requestMarks({ errors }, samples) {
  const mark = (shape, at, text) => ({
    shape,
    from: at,
    to: at,
    name: "",
    style: shape,
    text
  });
  let slowest = [0, -1];
  const failed = [];
  for (const sample of samples) {
    const [at, took, error] = sample;
    if (error === void 0 && took > slowest[1]) slowest = sample;
    const words = error === void 0 ? "" : errors[error]?.error ?? "for no known reason";
    if (error !== void 0)
      failed.push(mark("cross", at, `${relative(at)}: failed after ${duration(took)}: ${words}`));
  }
  if (slowest[1] < 0) return failed;
  return [
    ...failed,
    mark("none", slowest[0], `${relative(slowest[0])}: slowest answer, after ${duration(slowest[1])}`)
  ];
}

// src/failover/report/markup.ts
var Markup = class {
  text;
  constructor(text) {
    this.text = text;
  }
};
function html(strings, ...values) {
  return new Markup(strings.map((text, index) => text + textOf2(values[index] ?? "")).join(""));
}
var nothing = new Markup("");
function embeddedJson(data) {
  const coded = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return new Markup(JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, coded));
}
function textOf2(value) {
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// src/failover/report/page-program.ts
var pageProgram = () => '"use strict";(()=>{var P=class{lane=-1;#t=0;#n;constructor(t){this.#n=t}get mark(){return this.#n[this.lane]?.marks[this.#t]}next(){this.#e(this.lane,this.#t+(this.lane<0?0:1))}previous(){this.#e(this.lane,this.#t-1)}first(){this.#e(this.lane,0)}last(){this.#e(this.lane,Number.MAX_SAFE_INTEGER)}toLane(t){let n=this.mark?.from??0,o=this.#n[this.#o(t)]?.marks??[],r=0;for(let[i,{from:s}]of o.entries())Math.abs(s-n)<Math.abs((o[r]?.from??0)-n)&&(r=i);this.#e(t,r)}#o(t){return Math.min(Math.max(0,t),this.#n.length-1)}#e(t,n){this.lane=this.#o(t);let o=this.#n[this.lane]?.marks.length??0;this.#t=Math.min(Math.max(0,n),o-1)}};var O=document.createElement("canvas").getContext("2d"),B=new Map,x={size:12.5,weight:600},L={size:12.5,weight:400},E={size:12,weight:400},W={size:10,weight:400};function p(e,{size:t,weight:n}){let o=`${n} ${t}px ${getComputedStyle(document.body).fontFamily}`,r=`${o}\n${e}`,i=B.get(r)??J(e,o,t);return B.set(r,i),i}function J(e,t,n){return O?(O.font=t,O.measureText(e).width):e.length*n*.6}function M(e,t,n){if(p(e,n)<=t)return e;let o=e.length-1;for(;o>3&&p(`${e.slice(0,o)}\u2026`,n)>t;)o-=1;return o>3?`${e.slice(0,o)}\u2026`:""}var k=20,I=[[10,"10 ms"],[100,"100 ms"],[1e3,"1 s"]],Q=46,Z=640,tt=220,z=10;function N({lanes:e,first:t,last:n},o){let r=o<Z,i=Math.max(...I.map(([,f])=>p(f,W)))+6,{left:s,nameRoom:l}=r?{left:0,nameRoom:{besideAxis:o,alone:o}}:et(e,i),c=o-2,a=f=>s+(f-t)/(n-t)*(c-s),d=Q,m=e.map(f=>{let{rows:u,count:G}=nt(f.marks,a,{left:s,right:c}),F=d+(r?22:0),j=f.samples?52:Math.max(G*k+6,26);return d=F+j+(r?8:10),{...f,y:F,height:j,rows:u}});return{width:o,height:d,left:s,right:c,nameRoom:l,narrow:r,lanes:m}}function et(e,t){let n=e.map(({title:r,subtitle:i="",samples:s})=>Math.min(tt,Math.max(p(r,x),p(i,L)))+z+(s?t:0)),o=Math.ceil(Math.max(0,...n));return{left:o,nameRoom:{besideAxis:o-t-z,alone:o-z}}}function X(e,t,{left:n,right:o}){let[r,i]=[e-n-12,o-e-12],s=p(t,E)>i&&r>i;return{left:s,room:s?r:i}}function nt(e,t,n){let o=new Map,r=[];for(let i of e.filter(({shape:s})=>s==="dot")){let s=t(i.from),l=X(s,i.name,n),c=Math.min(p(i.name,E),l.room)+18,[a,d]=l.left?[s-c,s+8]:[s-8,s+c],m=r.findIndex(u=>u<=a),f=m<0?r.length:m;o.set(i,f),r[f]=d}return{rows:o,count:r.length}}function h(e,t,n,o){let r=document.createElementNS("http://www.w3.org/2000/svg",t);for(let[i,s]of Object.entries(n))r.setAttribute(i,String(s));return o!==void 0&&(r.textContent=o),e.appendChild(r),r}var ot=e=>Math.min(1,Math.max(.04,Math.log10(e/5)/Math.log10(1e4/5)));function Y(e,t){let{inside:n,view:o,x:r}=e,{y:i,height:s,marks:l,samples:c,ticks:a=[]}=t;rt(e,t);let d=l.filter(({from:m,to:f})=>f>=o.from&&m<=o.to);for(let m of d)m.shape==="bar"&&st(e,m,t);c&&mt(e,t,c);for(let m of a)h(n,"rect",{x:r(m)-.75,y:i+s-6,width:1.5,height:6,class:"tick"});for(let m of d)m.shape==="dot"&&at(e,m,t);lt(e,d,t)}function rt({svg:e,layout:t},{y:n,height:o,title:r,subtitle:i="",samples:s}){let l=n+o/2;if(t.narrow){let d=i?Math.min(t.width*.4,p(i,L))+8:0,m=M(r,t.width-d,x),f=M(i,t.width-p(m,x)-8,L),u=h(e,"text",{x:0,y:n-6,class:"title"},m);f&&h(u,"tspan",{class:"subtitle",dx:7},f);return}let c=s?t.nameRoom.besideAxis:t.nameRoom.alone,a=i?l-3:l+4;h(e,"text",{x:0,y:a,class:"title"},M(r,c,x)),i&&h(e,"text",{x:0,y:l+14,class:"subtitle"},M(i,c,L))}function st({inside:e,layout:t,x:n},{from:o,to:r,name:i,style:s},{y:l,height:c}){let[a,d]=[Math.max(t.left-9,n(o)),Math.min(t.width+9,n(r))];if(h(e,"rect",{x:a,y:l,width:Math.max(2,d-a-1),height:c,rx:5,class:`mark ${s}`}),s==="gap")return void it({inside:e,layout:t},i,{left:a,right:d,y:l});let m=Math.max(a,t.left)+8,f=M(i,Math.min(d,t.right)-m-4,x);h(e,"text",{x:m,y:l+17,class:`in ${s}`},f)}function it({inside:e,layout:t},n,{left:o,right:r,y:i}){let l=r+6+p(n,E)<=t.right?{x:r+6,"text-anchor":"start"}:{x:o-6,"text-anchor":"end"};h(e,"text",{...l,y:i+15,class:"beside"},n)}function at({inside:e,layout:t,x:n},o,{y:r,rows:i}){let{from:s,name:l,style:c}=o,[a,d]=[n(s),r+3+k*((i.get(o)??0)+.5)];h(e,"path",{d:`M${a-5},${d}l5,-5 5,5 -5,5z`,class:`dot ${c}`});let{left:m,room:f}=X(a,l,t),u={x:a+(m?-10:10),y:d+4,class:"beside","text-anchor":m?"end":"start"};h(e,"text",u,M(l,f,E))}function lt({inside:e,x:t},n,{y:o,height:r}){let i=Number.NEGATIVE_INFINITY;for(let{shape:s,from:l}of n)s!=="cross"||t(l)-i<1||(i=t(l),h(e,"path",{d:`M${i},${o+r}V${o+11}m-4,-8l8,8m0,-8l-8,8`,class:"cross"}))}function mt({svg:e,inside:t,layout:n,view:o,x:r},{y:i,height:s},l){let c=m=>i+s-ot(m)*(s-4);for(let[m,f]of I)h(t,"line",{x1:n.left,x2:n.width,y1:c(m),y2:c(m),class:"level"}),n.narrow||h(e,"text",{x:n.left-6,y:c(m)+3,class:"level"},f);let a=new Map;for(let[m,f]of l){if(m<o.from||m>o.to)continue;let u=Math.round(r(m)*2)/2;(a.get(u)??0)>f||a.set(u,f)}let d=[...a].map(([m,f])=>`M${m},${i+s}V${c(f).toFixed(1)}`);h(t,"path",{d:d.join(""),class:"stems"})}var V=class{#t;#n;#o;#e;constructor(t,n,o){this.#t=t,this.#n=n,this.#o=o,this.#e=N(n,this.#r)}get#r(){return this.#t.parentElement?.clientWidth??0}get layout(){return this.#e}x=t=>{let{left:n,right:o}=this.#e;return n+(t-this.#o.from)/(this.#o.to-this.#o.from)*(o-n)};timeAt(t){let{left:n,right:o}=this.#e;return this.#o.from+(t-n)/(o-n)*(this.#o.to-this.#o.from)}draw(t){this.#e.width!==this.#r&&(this.#e=N(this.#n,this.#r));let{width:n,height:o,left:r,right:i,lanes:s}=this.#e,l=this.#t;l.setAttribute("width",String(n)),l.setAttribute("height",String(o)),l.replaceChildren(),ct(l,this.#e);for(let m of s)h(l,"rect",{x:r,y:m.y,width:i-r,height:m.height,rx:5,class:"lane"});let c=h(l,"g",{"clip-path":"url(#inside)"}),a={svg:l,inside:c,layout:this.#e,view:this.#o,x:this.x};dt(a,this.#n.restoreMs),ht(a,this.#n);for(let m of s)Y(a,m);let d=t&&s[t.lane];d&&ft(a,d,t.mark)}};function ct(e,{left:t,right:n,height:o}){let r=h(e,"defs",{}),i=h(r,"clipPath",{id:"inside"});h(i,"rect",{x:t,y:0,width:n-t,height:o});let l=h(r,"pattern",{...{id:"stripes",width:7,height:7,patternUnits:"userSpaceOnUse"},patternTransform:"rotate(45)"});h(l,"rect",{width:7,height:7,class:"ground"}),h(l,"rect",{width:2.5,height:7,class:"stripe"})}function dt({svg:e,inside:t,layout:n,view:o,x:r},i){let{left:s,right:l,height:c}=n;h(t,"rect",{x:r(0),y:24,width:Math.max(1,r(i)-r(0)),height:c,class:"outage"});let a=(o.to-o.from)/(l-s)*78,d=10**Math.floor(Math.log10(a)),m=[1,2,5,10].map(u=>u*d).find(u=>u>=a)??d,f=Math.max(0,3-Math.floor(Math.log10(m)+1e-9));for(let u=Math.ceil(o.from/m)*m;u<=o.to;u+=m){h(t,"line",{x1:r(u),x2:r(u),y1:40,y2:c,class:"grid"});let G=r(u)>l-18?"end":r(u)<s+14?"start":"middle",F=`${(u/1e3).toFixed(f)} s`.replace("-","\u2212");h(e,"text",{x:r(u),y:35,class:"time","text-anchor":G},F)}}function ht({inside:e,layout:t,x:n},{restoreMs:o,flags:r}){let i=Math.abs(n(o)-n(0))<60;for(let[s,l,c]of[[0,"fault",r[0]],[o,"restore",r[1]]]){if(n(s)>t.right||n(s)<t.left)continue;let a=n(s)>t.right-64||i&&l==="fault"&&n(0)>t.left+50;h(e,"line",{x1:n(s),x2:n(s),y1:4,y2:t.height,class:`flag ${l}`});let d={x:n(s)+(a?-6:6),"text-anchor":a?"end":"start"};h(e,"text",{...d,y:15,class:`flag ${l}`},c)}}function ft({inside:e,layout:t,x:n},{y:o,height:r,rows:i},s){let l=s.shape==="bar"?2:8,[c,a]=[Math.max(t.left+1,n(s.from)-l),Math.min(t.right-1,n(s.to)+l)],d=i.get(s),m=d===void 0?{y:o-3,height:r+6}:{y:o+3+k*d,height:k};h(e,"rect",{...m,x:c,width:Math.max(8,a-c),rx:6,class:"current"})}function _(e,t){let{time:n,drawing:o,point:r,leave:i}=t,s=a=>{let d=Math.abs(a.deltaX)>Math.abs(a.deltaY);!a.ctrlKey&&!a.metaKey&&!d||(a.preventDefault(),d?n.move(a.deltaX/o.layout.width):n.zoom(Math.exp(a.deltaY/200),o.timeAt(a.offsetX)))};e.addEventListener("wheel",s,{passive:!1}),e.addEventListener("dblclick",a=>n.zoom(.4,o.timeAt(a.offsetX)));let l=new Map;e.addEventListener("pointerdown",a=>l.set(a.pointerId,a.offsetX)),e.addEventListener("pointermove",a=>{let d=l.get(a.pointerId);if(d===void 0)return r(a.offsetX,a.offsetY);d!==a.offsetX&&e.setPointerCapture(a.pointerId),ut(t,l,a,d),l.set(a.pointerId,a.offsetX)});let c=a=>{l.delete(a.pointerId),a.type==="pointerup"&&r(a.offsetX,a.offsetY)};e.addEventListener("pointerup",c),e.addEventListener("pointercancel",c),e.addEventListener("pointerleave",()=>document.activeElement===e||i())}function ut({time:e,drawing:t},n,{pointerId:o,offsetX:r},i){let s=[...n].find(([l])=>l!==o)?.[1];if(s===void 0)e.moveBy(t.timeAt(i)-t.timeAt(r));else{let l=c=>Math.max(20,Math.abs(c-s));e.zoom(l(i)/l(r),t.timeAt(s))}}function q({marks:e,samples:t=[]},n,o){let r=({from:c,to:a})=>Math.max(0,o(c)-n,n-o(a)),i=e.filter(c=>c.shape!=="bar"&&r(c)<8),[s]=i.sort((c,a)=>r(c)-r(a));if(s)return s.text;let l=pt(t,n,o);return l?`${(l[0]/1e3).toFixed(3)} s: answered after ${l[1]} ms`.replace("-","\u2212"):e.find(c=>c.shape==="bar"&&r(c)<1)?.text??""}function pt(e,t,n){let o,r=4;for(let i of e){let s=Math.abs(n(i[0])-t);s>=r||([o,r]=[i,s])}return o}var R=class{view;#t;#n;constructor(t,n){this.#t=t,this.#n=n,this.view={from:t.first,to:t.last}}show(t,n){let{first:o,last:r}=this.#t,i=Math.min(Math.max(n-t,50),r-o);this.view.from=Math.min(Math.max(t,o),r-i),this.view.to=this.view.from+i,this.#n()}zoom(t,n=(this.view.from+this.view.to)/2){let{from:o,to:r}=this.view;this.show(n-(n-o)*t,n+(r-n)*t)}moveBy(t){let{from:n,to:o}=this.view,r=Math.max(this.#t.first,n+t);this.show(r,r+o-n)}move(t){this.moveBy((this.view.to-this.view.from)*t)}showFault(){let{movedMs:t}=this.#t;this.show(-.06*t-300,1.1*t+300)}showAll(){this.show(this.#t.first,this.#t.last)}get idle(){let{view:t}=this,{first:n,last:o}=this.#t;return{out:t.to-t.from>=o-n,left:t.from<=n,right:t.to>=o}}};function A(e){let t=document.querySelector(e);if(!t)throw new Error(`the page has no ${e}`);return t}var K=JSON.parse(A("#data").textContent??""),g=A("#chart"),$=A("#tip"),U=A("[role=toolbar]"),wt=A("#range"),y=new R(K,T),b=new V(g,K,y.view),w=new P(K.lanes),H=!1;function T(){H||requestAnimationFrame(D),H=!0}function D(){H=!1;let e=document.activeElement===g?w.mark:void 0;b.draw(e&&{lane:w.lane,mark:e});let{from:t,to:n}=y.view;wt.textContent=[t,n].map(o=>`${(o/1e3).toFixed(1)} s`.replace("-","\u2212")).join(" to ");for(let[o,r]of Object.entries(y.idle))U.querySelector(`[data-do=${o}]`)?.setAttribute("aria-disabled",String(r))}function S(e,t=0,n){$.textContent=e,$.hidden=e==="";let o=$.offsetWidth;$.style.left=`${Math.min(Math.max(0,t-o/2),Math.max(0,b.layout.width-o))}px`,$.style.top=`${n?n.y+n.height+6:0}px`}function yt(e,t){let n=b.layout.lanes.find(({y:o,height:r})=>t>=o-4&&t<=o+r+4);S(n&&e>=b.layout.left?q(n,e,b.x):"",e,n)}function bt(){let{mark:e}=w;if(!e)return;let{view:t}=y,n=(t.to-t.from)/2,o=(e.from+e.to)/2;(e.to<t.from||e.from>t.to)&&y.show(o-n,o+n),D();let r=b.layout.lanes[w.lane],i=[r?.title,r?.subtitle].filter(Boolean).join(", "),s=(b.x(Math.max(e.from,t.from))+b.x(Math.min(e.to,t.to)))/2;S(`${i} \xB7 ${e.text}`,s,r)}var v={in:()=>y.zoom(.5),out:()=>y.zoom(2),left:()=>y.move(-.25),right:()=>y.move(.25),fault:()=>y.showFault(),whole:()=>y.showAll()},C=e=>()=>{e(),bt()},gt={ArrowRight:C(()=>w.next()),ArrowLeft:C(()=>w.previous()),ArrowDown:C(()=>w.toLane(w.lane+1)),ArrowUp:C(()=>w.toLane(w.lane-1)),Home:C(()=>w.first()),End:C(()=>w.last()),Escape:()=>S(""),"+":v.in,"=":v.in,"-":v.out,0:v.whole},xt={ArrowLeft:v.left,ArrowRight:v.right};g.addEventListener("keydown",e=>{if(e.ctrlKey||e.metaKey||e.altKey)return;let t=(e.shiftKey?xt[e.key]:void 0)??gt[e.key];t&&(e.preventDefault(),t())});g.addEventListener("focus",T);g.addEventListener("blur",()=>{S(""),T()});U.addEventListener("click",({target:e})=>{let t=e instanceof Element?e.closest("[data-do]"):void 0;v[t?.dataset.do??""]?.()});_(g,{time:y,drawing:b,point:yt,leave:()=>S("")});A("#plain").remove();S("");g.parentElement&&new ResizeObserver(T).observe(g.parentElement);D();})();\n';

// src/failover/report/sparkline.ts
var steps = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
var mostShown = 30;
function sparkText(values) {
  const shown = values.slice(-14);
  const place = placing(shown, steps.length - 1);
  return shown.map((value) => value === null ? "\xB7" : steps[Math.round(place(value))] ?? "").join("");
}
function sparkLine(values) {
  const shown = values.slice(-mostShown);
  if (shown.filter((value) => value !== null).length < 2) return nothing;
  const [width, height, margin] = [120, 30, 4];
  const place = placing(shown, height - 2 * margin);
  const points = shown.flatMap((value, index) => {
    if (value === null) return [];
    const x2 = margin + index / (shown.length - 1) * (width - 2 * margin);
    return [[x2.toFixed(1), (height - margin - place(value)).toFixed(1)]];
  });
  const [x, y] = points.at(-1) ?? ["0", "0"];
  return html`<svg class="spark" preserveAspectRatio="xMinYMid" viewBox="0 0 ${width} ${height}" aria-hidden="true"><polygon points="${points[0]?.[0] ?? 0},${height} ${points.map((point) => point.join(",")).join(" ")} ${x},${height}"/><polyline points="${points.map((point) => point.join(",")).join(" ")}"/><circle cx="${x}" cy="${y}" r="2.6"/></svg>`;
}
function placing(values, top) {
  const highest = Math.max(1, ...values.filter((value) => value !== null));
  return (value) => value / highest * top;
}

// src/failover/report/tables.ts
var mostRows = 1e3;
function table3(caption, head, rows2, style = "figures") {
  const left = rows2.length - mostRows;
  const cells = (row) => row.map((cell2, index) => index === 0 ? html`<th scope="row">${cell2}</th>` : html`<td>${cell2}</td>`);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="${style}">
<caption>${caption}</caption>
<thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows2.slice(0, mostRows).map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody>
</table></div>${left > 0 ? html`<p class="soft">${left} more are in report.json.</p>` : nothing}`;
}
function leaseTable({ transfers }) {
  const rows2 = transfers.map(({ lease, from, to, expected, lastRenewedMs, takenMs: takenMs2, transitions }) => [
    lease,
    from ?? "\u2013",
    expected || transitions > 0 ? to ?? "nobody" : "stayed",
    expected && lastRenewedMs !== null ? relative(lastRenewedMs) : "\u2013",
    takenMs2 === null ? "\u2013" : relative(takenMs2),
    transitions
  ]);
  return table3("Leases", ["lease", "before", "after", "last renewed", "taken", "transitions"], rows2);
}
function stepTable(steps2) {
  return table3("Steps of the upgrade", stepHead, stepRows(steps2), "words");
}
function probeTable({ probes, steps: steps2 }) {
  if (probes.length === 0) return html`<p>${noProbes(steps2 !== void 0)}</p>`;
  const rows2 = probes.map((probe) => [
    probe.host,
    kindInWords(probe.kind),
    probe.requests,
    probe.failed > 0 ? html`<strong class="bad">${probe.failed}</strong>` : 0,
    ...latencies(probe),
    duration(probe.longestGapMs),
    relative(probe.longestGapAtMs)
  ]);
  const head = ["through", "by", "requests", "failed", "median", "slowest", "longest gap", "gap began"];
  return table3("What was asked all the time", head, rows2);
}
function latencies({ kind, medianMs, slowestMs }) {
  return kind === "watch" ? ["\u2013", "\u2013"] : [duration(medianMs), duration(slowestMs)];
}
function failureTable({ probes }) {
  const rows2 = probes.flatMap(
    ({ host, kind, samples, errors }) => samples.flatMap(
      ([start, took, error]) => error === void 0 ? [] : [{ start, cells: [host, errors[error]?.error ?? "", kindInWords(kind), duration(took)] }]
    )
  ).toSorted((one, other) => one.start - other.start).map(({ start, cells }) => [relative(start), ...cells]);
  if (rows2.length === 0) return html`<p class="soft">No request failed.</p>`;
  return table3("Failed requests", ["begun", "through", "error", "by", "failed after"], rows2, "words");
}
function holdingTable({ holdings }) {
  if (holdings.length === 0) return nothing;
  const rows2 = holdings.map(({ what, host, fromMs, toMs, renewedMs }) => [
    what,
    host ?? html`<strong class="bad">nobody</strong>`,
    relative(fromMs),
    relative(toMs),
    duration(toMs - fromMs),
    renewedMs.length
  ]);
  return table3("Who held what", ["what", "held by", "from", "until", "for", "renewals seen"], rows2);
}
function momentTable({ timeline }) {
  const rows2 = timeline.map(({ ms: ms2, track, what }) => [relative(ms2), track, what]);
  return table3("Everything that was seen", ["time", "seen by", "what"], rows2, "words");
}
function nightTable({ history, figures: figures4 }) {
  const rows2 = [...history, figures4].toReversed().map((night) => [
    night.began.slice(0, 16).replace("T", " "),
    night.target,
    night.passed ? "passed" : html`<strong class="bad">failed</strong>`,
    ...cardFigures.map((figure) => `${shownValue(figure, night)}${shownTotal(figure, night)}`)
  ]);
  const head = ["began (UTC)", "host", "verdict", ...cardFigures.map(({ label }) => label)];
  return table3("Nights, the latest first", head, rows2);
}

// src/failover/report/html.ts
var css = ':root {\n  color-scheme: light dark;\n  --ground: #f5f6f8;\n  --card: #ffffff;\n  --ink: #171b21;\n  --soft: #56606c;\n  --line: #dde1e7;\n  --lane: #f0f2f5;\n  --good: #0d7040;\n  --good-ground: #e3f4ea;\n  --bad: #b3192b;\n  --bad-ground: #fdeaec;\n  --accent: #2459c4;\n  --stems: #4c7bd9;\n  --gap: #f6dfa8;\n  --off: #39424e;\n  --off-ink: #ffffff;\n  --nobody: #fdecee;\n  --nobody-stripe: #f8d3d7;\n  --in: #ffffff;\n  --calm: #dfe5ec;\n  --calm-ink: #3d4752;\n  --half: #e9c46a;\n  --half-ink: #4a3300;\n  --host-0: #7a4fc0;\n  --host-1: #2459c4;\n  --host-2: #0b7272;\n  --host-3: #a03468;\n  --host-4: #8a5200;\n  --host-5: #55606e;\n}\n\n@media (prefers-color-scheme: dark) {\n  :root {\n    --ground: #0e1116;\n    --card: #161a21;\n    --ink: #e9ecf0;\n    --soft: #9ba6b3;\n    --line: #2b323c;\n    --lane: #1d222b;\n    --good: #52cf91;\n    --good-ground: #12291e;\n    --bad: #ff868f;\n    --bad-ground: #34181c;\n    --accent: #8ab2ff;\n    --stems: #6d9bf5;\n    --gap: #4d3c12;\n    --off: #05070a;\n    --off-ink: #d5dbe2;\n    --nobody: #301a1e;\n    --nobody-stripe: #45222a;\n    --in: #10131a;\n    --calm: #2d3540;\n    --calm-ink: #c0c9d3;\n    --half: #c99a35;\n    --half-ink: #191204;\n    --host-0: #bfa2f7;\n    --host-1: #86aeff;\n    --host-2: #5cc8c2;\n    --host-3: #f097c0;\n    --host-4: #e2b062;\n    --host-5: #a9b4c0;\n  }\n}\n\n* {\n  box-sizing: border-box;\n}\n\nbody {\n  margin: 0 auto;\n  max-width: 1240px;\n  padding: 32px clamp(14px, 3vw, 36px) 40px;\n  background: var(--ground);\n  color: var(--ink);\n  font:\n    15px / 1.5 system-ui,\n    -apple-system,\n    "Segoe UI",\n    Roboto,\n    "Noto Sans",\n    "Liberation Sans",\n    sans-serif;\n  font-variant-numeric: tabular-nums;\n  -webkit-text-size-adjust: 100%;\n}\n\np {\n  margin: 0 0 8px;\n}\n\nh1 {\n  margin: 0 0 10px;\n  font-size: clamp(25px, 4.5vw, 36px);\n  line-height: 1.15;\n  letter-spacing: -0.02em;\n  overflow-wrap: anywhere;\n}\n\nh2 {\n  margin: 0;\n  font-size: 18px;\n  letter-spacing: -0.01em;\n}\n\nsection {\n  margin-top: 26px;\n}\n\n.over {\n  margin: 0 0 2px;\n  color: var(--soft);\n}\n\n.when {\n  display: flex;\n  flex-wrap: wrap;\n  gap: 12px;\n  align-items: center;\n  margin: 0;\n  color: var(--soft);\n}\n\n.badge {\n  border-radius: 99px;\n  padding: 2px 13px 3px;\n  font-weight: 650;\n}\n\n.badge.good {\n  background: var(--good-ground);\n  color: var(--good);\n}\n\n.badge.bad {\n  background: var(--bad-ground);\n  color: var(--bad);\n}\n\n.soft {\n  color: var(--soft);\n  font-size: 13.5px;\n}\n\nstrong.bad {\n  color: var(--bad);\n}\n\n.unseen,\n.skip:not(:focus) {\n  position: absolute;\n  width: 1px;\n  height: 1px;\n  overflow: hidden;\n  clip-path: inset(50%);\n  white-space: nowrap;\n}\n\n.skip:focus {\n  position: absolute;\n  top: 8px;\n  left: 8px;\n  z-index: 3;\n  padding: 6px 12px;\n  border-radius: 6px;\n  background: var(--card);\n  color: var(--accent);\n}\n\n:focus-visible {\n  outline: 3px solid var(--accent);\n  outline-offset: 2px;\n}\n\n.verdict {\n  display: grid;\n  grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr));\n  gap: 3px 28px;\n  margin: 0;\n  padding: 14px 18px;\n  list-style: none;\n  border: 1px solid var(--line);\n  border-radius: 12px;\n  background: var(--card);\n}\n\n.verdict li {\n  display: flex;\n  gap: 10px;\n  overflow-wrap: anywhere;\n}\n\n.verdict li.bad {\n  grid-column: 1 / -1;\n  font-weight: 650;\n}\n\n.verdict li > span:first-child {\n  font-weight: 800;\n}\n\n.verdict .good > span:first-child {\n  color: var(--good);\n}\n\n.verdict .bad {\n  color: var(--bad);\n}\n\n.cards {\n  display: grid;\n  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));\n  gap: 12px;\n  margin: 10px 0 0;\n}\n\n.card {\n  padding: 12px 16px 13px;\n  border: 1px solid var(--line);\n  border-radius: 12px;\n  background: var(--card);\n}\n\n.card.bad {\n  border-color: var(--bad);\n}\n\n.card dt {\n  color: var(--soft);\n  font-size: 13px;\n}\n\n.card dd {\n  margin: 0;\n}\n\n.card .value {\n  font-size: 25px;\n  font-weight: 650;\n  line-height: 1.3;\n  letter-spacing: -0.02em;\n}\n\n.card.bad .value {\n  color: var(--bad);\n}\n\n.card small {\n  color: var(--soft);\n  font-size: 14px;\n  font-weight: 400;\n  letter-spacing: 0;\n}\n\n.trend {\n  color: var(--soft);\n  font-size: 12.5px;\n  line-height: 1.35;\n}\n\n.trend span,\n.trend strong {\n  display: block;\n}\n\n.spark {\n  display: block;\n  width: 100%;\n  max-width: 150px;\n  height: 30px;\n  margin: 2px 0;\n}\n\n.spark polygon {\n  fill: var(--stems);\n  opacity: 0.14;\n}\n\n.spark polyline {\n  fill: none;\n  stroke: var(--stems);\n  stroke-width: 1.6;\n  stroke-linejoin: round;\n}\n\n.spark circle {\n  fill: var(--accent);\n}\n\n.timeline {\n  padding: 16px 18px 12px;\n  border: 1px solid var(--line);\n  border-radius: 12px;\n  background: var(--card);\n}\n\n.bar {\n  display: flex;\n  flex-wrap: wrap;\n  gap: 8px 14px;\n  align-items: center;\n  margin-bottom: 10px;\n}\n\n[role="toolbar"] {\n  display: flex;\n  gap: 5px;\n}\n\nbutton {\n  min-width: 38px;\n  height: 34px;\n  padding: 0 11px;\n  border: 1px solid var(--line);\n  border-radius: 8px;\n  background: var(--ground);\n  color: var(--ink);\n  font: inherit;\n  cursor: pointer;\n}\n\nbutton:hover {\n  border-color: var(--accent);\n}\n\nbutton[aria-disabled="true"] {\n  color: var(--soft);\n  cursor: default;\n}\n\noutput {\n  margin-left: auto;\n  color: var(--soft);\n  font-size: 13.5px;\n}\n\n.frame {\n  position: relative;\n  margin-bottom: 6px;\n}\n\n#chart {\n  display: block;\n  border-radius: 6px;\n  cursor: grab;\n  touch-action: pan-y;\n  user-select: none;\n  -webkit-user-select: none;\n}\n\n#chart:active {\n  cursor: grabbing;\n}\n\n#tip {\n  position: absolute;\n  z-index: 2;\n  max-width: min(440px, 96%);\n  padding: 6px 11px;\n  border-radius: 8px;\n  background: var(--ink);\n  color: var(--card);\n  font-size: 13.5px;\n  line-height: 1.4;\n  overflow-wrap: anywhere;\n  pointer-events: none;\n}\n\n#chart text {\n  fill: var(--ink);\n  font-size: 12.5px;\n}\n\n#chart .title {\n  font-weight: 600;\n}\n\n#chart .subtitle,\n#chart .time,\n#chart text.level {\n  fill: var(--soft);\n  font-weight: 400;\n}\n\n#chart text.level {\n  font-size: 10px;\n  text-anchor: end;\n}\n\n.lane {\n  fill: var(--lane);\n}\n\n.grid {\n  stroke: var(--line);\n}\n\nline.level {\n  stroke: var(--line);\n  stroke-dasharray: 2 4;\n}\n\n.outage {\n  fill: var(--bad);\n  opacity: 0.05;\n}\n\n.ground {\n  fill: var(--nobody);\n}\n\n.stripe {\n  fill: var(--nobody-stripe);\n}\n\nline.flag {\n  stroke-width: 1.6;\n}\n\nline.fault {\n  stroke: var(--bad);\n}\n\nline.restore {\n  stroke: var(--good);\n}\n\n#chart text.flag {\n  font-weight: 700;\n}\n\n#chart text.fault {\n  fill: var(--bad);\n}\n\n#chart text.restore {\n  fill: var(--good);\n}\n\n.mark.calm {\n  fill: var(--calm);\n}\n\n.mark.off {\n  fill: var(--off);\n}\n\n.mark.nobody {\n  fill: url(#stripes);\n}\n\n.mark.half {\n  fill: var(--half);\n}\n\n.mark.gap {\n  fill: var(--gap);\n}\n\n.mark.host-0 {\n  fill: var(--host-0);\n}\n\n.mark.host-1 {\n  fill: var(--host-1);\n}\n\n.mark.host-2 {\n  fill: var(--host-2);\n}\n\n.mark.host-3 {\n  fill: var(--host-3);\n}\n\n.mark.host-4 {\n  fill: var(--host-4);\n}\n\n.mark.host-5 {\n  fill: var(--host-5);\n}\n\n#chart text.in {\n  fill: var(--in);\n  font-weight: 600;\n}\n\n#chart text.in.calm {\n  fill: var(--calm-ink);\n  font-weight: 400;\n}\n\n#chart text.in.off {\n  fill: var(--off-ink);\n}\n\n#chart text.in.nobody {\n  fill: var(--bad);\n}\n\n#chart text.in.half {\n  fill: var(--half-ink);\n}\n\n#chart .beside {\n  font-size: 12px;\n}\n\n#chart .title,\n#chart .subtitle,\n#chart .time,\n#chart .beside,\n#chart text.flag {\n  paint-order: stroke;\n  stroke: var(--card);\n  stroke-width: 4px;\n  stroke-linejoin: round;\n}\n\n#chart .beside {\n  stroke: var(--lane);\n  stroke-width: 3px;\n}\n\n.tick {\n  fill: var(--in);\n  opacity: 0.65;\n}\n\n.stems {\n  fill: none;\n  stroke: var(--stems);\n  stroke-width: 1.5;\n}\n\n.cross {\n  fill: none;\n  stroke: var(--bad);\n  stroke-width: 1.8;\n}\n\n.dot {\n  fill: var(--accent);\n}\n\n.dot.fault {\n  fill: var(--bad);\n}\n\n.dot.rejoin {\n  fill: var(--good);\n}\n\n.current {\n  fill: none;\n  stroke: var(--accent);\n  stroke-width: 2.5;\n}\n\n.scroll {\n  overflow-x: auto;\n  margin: 10px 0 14px;\n  border: 1px solid var(--line);\n  border-radius: 12px;\n  background: var(--card);\n}\n\ntable {\n  width: 100%;\n  border-collapse: collapse;\n}\n\ncaption {\n  padding: 10px 16px 6px;\n  color: var(--soft);\n  font-size: 13.5px;\n  text-align: left;\n}\n\nth,\ntd {\n  padding: 5px 16px;\n  border-top: 1px solid var(--line);\n  text-align: left;\n  vertical-align: top;\n  font-weight: 400;\n}\n\nthead th {\n  border-top: 0;\n  color: var(--soft);\n  font-size: 12.5px;\n  white-space: nowrap;\n}\n\ntbody th {\n  font-weight: 600;\n  white-space: nowrap;\n}\n\ntd {\n  white-space: nowrap;\n}\n\n.words td:nth-child(3) {\n  min-width: 210px;\n  white-space: normal;\n  overflow-wrap: anywhere;\n}\n\ndetails {\n  margin-top: 8px;\n}\n\nsummary {\n  display: inline-block;\n  padding: 4px 2px;\n  border-radius: 6px;\n  color: var(--accent);\n  font-weight: 600;\n  cursor: pointer;\n}\n\nsummary::before {\n  content: "\u25B8 ";\n}\n\ndetails[open] > summary::before {\n  content: "\u25BE ";\n}\n\n.count {\n  margin-left: 4px;\n  color: var(--soft);\n  font-weight: 400;\n}\n\nkbd {\n  padding: 0 5px;\n  border: 1px solid var(--line);\n  border-radius: 4px;\n  font: inherit;\n}\n\nfooter {\n  margin-top: 30px;\n  color: var(--soft);\n  font-size: 13.5px;\n}\n\n@media (max-width: 640px) {\n  body {\n    padding-top: 20px;\n  }\n\n  .cards {\n    grid-template-columns: 1fr 1fr;\n    gap: 9px;\n  }\n\n  .card {\n    padding: 10px 12px;\n  }\n\n  .card .value {\n    font-size: 21px;\n  }\n\n  .timeline {\n    margin-inline: calc(-1 * clamp(14px, 3vw, 36px));\n    padding-inline: 14px;\n    border-radius: 0;\n    border-inline: 0;\n  }\n\n  [role="toolbar"] {\n    flex-wrap: wrap;\n  }\n\n  button {\n    min-width: 44px;\n    height: 44px;\n  }\n\n  th,\n  td,\n  caption {\n    padding-inline: 12px;\n  }\n}\n\n@media (prefers-contrast: more) {\n  :root {\n    --soft: var(--ink);\n    --line: var(--ink);\n  }\n}\n\n@media print {\n  [role="toolbar"],\n  .skip {\n    display: none;\n  }\n}\n';
var hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
function htmlReport(report2) {
  const { cluster, passed } = report2.figures;
  const script = pageProgram();
  const policy = `default-src 'none'; style-src ${hashOf(css)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${passed ? "\u2713" : "\u2717"} ${cluster}: ${headline(report2.figures)}</title>
<style>${new Markup(css)}</style>
</head>
<body>
<a class="skip" href="#main">To the report</a>
${header(report2)}
<main id="main">
${verdict(report2)}
${figures2(report2)}
${chart(report2)}
${details(report2)}
</main>
<footer>
<p>Made by <strong>k8s-ha-action</strong>. All times are of the runner’s clock, in seconds since ${report2.steps ? "the upgrade" : "the fault"} began. The same data, with every request, is in <code>report.json</code>.</p>
</footer>
<script type="application/json" id="data">${embeddedJson(chartOf(report2))}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}
function header({ figures: figures4, steps: steps2 }) {
  const { cluster, began, passed } = figures4;
  const when = `${began.slice(0, 10)} ${began.slice(11, 19)} UTC`;
  return html`<header>
<p class="over">${steps2 ? "Upgrade" : "Failover check"} of <strong>${cluster}</strong></p>
<h1>${headline(figures4)}</h1>
<p class="when"><span class="badge ${passed ? "good" : "bad"}">${passed ? "passed" : "failed"}</span> <time datetime="${began}">${when}</time></p>
</header>`;
}
function verdict({ verdict: lines }) {
  const item = ({ good, text }) => html`<li class="${good ? "good" : "bad"}"><span aria-hidden="true">${good ? "\u2713" : "\u2717"}</span><span><span class="unseen">${good ? "passed: " : "failed: "}</span>${text}</span></li>\n`;
  return html`<section aria-labelledby="verdict">
<h2 id="verdict" class="unseen">Verdict</h2>
<ul class="verdict">
${lines.map(item)}</ul>
</section>`;
}
function figures2(report2) {
  const trends = new Map(trendOf(report2).map((trend) => [trend.figure, trend]));
  return html`<section aria-labelledby="figures">
<h2 id="figures">Figures</h2>
<dl class="cards">
${cardFigures.filter(({ inUpgrade }) => inUpgrade || !report2.steps).map((figure) => card(figure, report2, trends.get(figure.id)))}</dl>
</section>`;
}
function card(figure, { figures: night, transfers }, trend) {
  const change2 = trend ? html`<dd class="trend">${sparkLine(trend.values)}<span>${changeInWords(trend.change)}</span>${trend.regressed ? html`<strong class="bad">Slower than usual: the median is ${duration(trend.median)}</strong>` : nothing}</dd>` : nothing;
  const due = figure.id !== "transferMs" || transfers.some(({ expected }) => expected);
  const total = shownTotal(figure, night);
  const value = html`${shownValue(figure, night, due ? "never" : "none had to move")}${total ? html`<small>${total}</small>` : nothing}`;
  const bad = trend?.regressed || figure.unit === "count" && (night[figure.id] ?? 0) > 0;
  const title = `${figure.label.charAt(0).toUpperCase()}${figure.label.slice(1)}`;
  return html`<div class="${bad ? "card bad" : "card"}"><dt>${title}</dt><dd class="value">${value}</dd>${change2}</div>\n`;
}
var controls = (steps2) => [
  ["in", "Zoom in", "+"],
  ["out", "Zoom out", "\u2212"],
  ["left", "Move to earlier", "\u2190"],
  ["right", "Move to later", "\u2192"],
  steps2 ? ["fault", "Zoom to the upgrade", "Upgrade"] : ["fault", "Zoom to the fault", "Fault"],
  ["whole", "Show all of the time", "All"]
];
function chart(report2) {
  const all = report2.probes.reduce((sum, { samples }) => sum + samples.length, 0);
  const note = all > mostSamples ? html` Of ${all} requests the chart draws the slowest and the fastest of each stretch, and the failed ones.` : nothing;
  return html`<section aria-labelledby="timeline" class="timeline">
<div class="bar">
<h2 id="timeline">Timeline</h2>
<div role="toolbar" aria-label="Zoom" aria-controls="chart">
${controls(report2.steps).map(([id, label, sign]) => html`<button type="button" data-do="${id}" aria-label="${label}" title="${label}">${sign}</button>\n`)}</div>
<output id="range" aria-label="Time shown"></output>
</div>
<div class="frame"><svg id="chart" tabindex="0" role="application" aria-roledescription="timeline" aria-label="Timeline of all instruments" aria-describedby="help"></svg><div id="tip" role="status"></div></div>
<p id="plain">The chart needs JavaScript; the tables below have all that it shows.</p>
<p id="help" class="soft">Drag to move; zoom by the buttons, by pinching, or by the wheel with Ctrl. By keyboard: arrows go from mark to mark and from line to line, <kbd>+</kbd> and <kbd>−</kbd> zoom, Shift with arrows moves, <kbd>0</kbd> shows everything. The tables below say the same in words.${note}</p>
</section>`;
}
function details(report2) {
  const failed = report2.probes.reduce((sum, probe) => sum + probe.failed, 0);
  const nights = report2.history.length;
  return html`<section aria-labelledby="measured">
<h2 id="measured">Measured</h2>
${report2.steps ? stepTable(report2.steps) : leaseTable(report2)}
${probeTable(report2)}
<details${failed > 0 ? new Markup(" open") : nothing}><summary>Failed requests <span class="count">${failed}</span></summary>${failureTable(report2)}</details>
<details><summary>Who held what</summary>${holdingTable(report2)}</details>
<details><summary>Everything that was seen <span class="count">${report2.timeline.length}</span></summary>${momentTable(report2)}</details>
${nights > 0 ? html`<details><summary>Nights before <span class="count">${nights}</span></summary>${nightTable(report2)}</details>` : nothing}
</section>`;
}

// src/failover/report/json.ts
function nightOf(result, { failures }) {
  return {
    schemaVersion: 1,
    cluster: result.cluster,
    target: result.target,
    fault: result.fault,
    began: result.began,
    passed: failures.length === 0,
    ...keptOf(result)
  };
}
function keptOf(result) {
  const entries = keptFigures.flatMap(({ id, from, history }) => {
    const value = from(result) ?? (history.nullable ? null : void 0);
    return value === void 0 ? [] : [[id, value]];
  });
  return Object.fromEntries(entries);
}
function reportData(result, verdict2, history) {
  const began = Date.parse(result.began);
  const figures4 = nightOf(result, verdict2);
  return {
    schemaVersion: 1,
    figures: figures4,
    verdict: [...verdict2.failures, ...verdict2.passes],
    restoreMs: result.restoreMs,
    ...result.steps && { steps: result.steps.map(({ host, what, fromMs, toMs }) => ({ host, what, fromMs, toMs })) },
    transfers: result.transfers.map(({ lease, from, to, expected, lastRenewedMs, takenMs: takenMs2, transitions }) => ({
      lease,
      from: from ?? null,
      to: to ?? null,
      expected,
      lastRenewedMs: lastRenewedMs ?? null,
      takenMs: takenMs2 ?? null,
      transitions
    })),
    holdings: (result.holdings ?? []).map(({ what, host, fromMs, toMs, renewedMs }) => ({
      what,
      host: host ?? null,
      fromMs,
      toMs,
      renewedMs: [...renewedMs]
    })),
    probes: result.probes.map((probe) => probeOf(probe, began)),
    timeline: result.timeline.map(({ ms: ms2, track, what }) => ({ ms: ms2, track, what })),
    history: [...comparable(history, figures4)]
  };
}
function probeOf(probe, began) {
  const { host, kind, requests, failed, medianMs, slowestMs, longestGapMs, longestGapAt, samples = [] } = probe;
  const errors = probe.errors.map(({ error, count }) => ({ error, count }));
  const indexes = new Map(errors.map(({ error }, index) => [error, index]));
  const rows2 = samples.map(({ at, ms: ms2, error }) => {
    const times = [Math.round(at - began), Math.round(ms2)];
    return error === void 0 ? [...times] : [...times, indexes.get(error) ?? 0];
  }).toSorted(([one], [other]) => one - other);
  const longestGapAtMs = Math.round(longestGapAt - began);
  return { host, kind, requests, failed, medianMs, slowestMs, longestGapMs, longestGapAtMs, errors, samples: rows2 };
}
function jsonText(report2) {
  const rows2 = /\[\n\s+(-?\d+(?:,\n\s+-?\d+)*)\n\s+\]/g;
  return `${JSON.stringify(report2, null, 2).replace(rows2, (_, numbers) => `[${numbers.replace(/\s+/g, " ")}]`)}
`;
}

// src/failover/report/plain-values.ts
var mostText = 1e3;
function plainValues(value) {
  return cleaned(value);
}
function cleaned(value) {
  if (typeof value === "string") return cutLine(plainLine(value), mostText);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name3, part]) => [name3, cleaned(part)]));
}

// src/failover/report/gantt.ts
var keyword = /^(acc(title|descr)|axisformat|click|dateformat|excludes|gantt|includes|inclusiveenddates|section|tickinterval|title|todaymarker|topaxis|weekday|weekend)\b/i;
function plain(text) {
  const words = plainLine(text).replace(/[:;,#"`<>%{}]/g, " ").split(" ").filter(Boolean);
  const name3 = words.join(" ").slice(0, 80).trimEnd().toWellFormed();
  return keyword.test(name3) ? `\u2013 ${name3}` : name3 || "\u2013";
}
function gantt(result) {
  const began = Date.parse(result.began);
  const gaps = result.probes.map(({ longestGapAt }) => longestGapAt - began);
  const renewals = result.transfers.map(({ lastRenewedMs }) => lastRenewedMs ?? 0);
  const first = Math.min(0, ...gaps, ...renewals, ...result.timeline.map(({ ms: ms2 }) => ms2));
  const last = Math.max(result.restoreMs + (result.rejoinMs ?? 0), ...result.timeline.map(({ ms: ms2 }) => ms2));
  const lines = ["gantt", "  dateFormat x", "  axisFormat %M:%S"];
  const section = (title, bars) => {
    if (bars.length === 0) return;
    lines.push(`  section ${plain(title)}`);
    for (const { name: name3, state, from, to } of bars) {
      const [start, end] = [Math.round(from - first), Math.round(Math.max(to, from + 50) - first)];
      lines.push(`  ${plain(name3)} :${state ? `${state}, ` : ""}${start}, ${end}`);
    }
  };
  if (result.steps === void 0)
    section(result.target, [{ name: result.fault, state: "crit", from: 0, to: result.restoreMs }, ...backBars(result)]);
  for (const { host, what, fromMs, toMs } of result.steps ?? [])
    section(host, [{ name: what, state: "active", from: fromMs, to: toMs }]);
  for (const { lease, from, to, expected, lastRenewedMs, takenMs: takenMs2 } of result.transfers) {
    if (!expected || takenMs2 === void 0) {
      section(lease, [{ name: `${from ?? "nobody"}`, from: first, to: last }]);
      continue;
    }
    section(lease, [
      { name: `${from}`, state: "done", from: first, to: lastRenewedMs ?? 0 },
      { name: "nobody", state: "crit", from: lastRenewedMs ?? 0, to: takenMs2 },
      { name: `${to}`, state: "active", from: takenMs2, to: last }
    ]);
  }
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

// src/failover/report/summary.ts
var mostBytes = 1024 * 1024 - 4096;
var mostRows2 = 300;
function report(result, verdict2, trend = "") {
  const { cluster, target, fault, began } = result;
  const good = verdict2.failures.length === 0;
  const text = [
    `## ${good ? "\u2705" : "\u274C"} ${cell(cluster)}: ${cell(headline({ target, fault }))}`,
    `Began ${cell(began)}.`,
    list([...verdict2.failures, ...verdict2.passes].map((line) => `${line.good ? "\u2705" : "\u274C"} ${line.text}`)),
    figures3(result),
    trend,
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
var ms = (value) => value === void 0 ? "\u2013" : `${value} ms`;
var connections = {
  new: "one for each read",
  kept: "kept",
  write: "one for each write",
  watch: "a watch",
  direct: "its own API server",
  service: "a Service by name"
};
function figures3(result) {
  const leases2 = result.transfers.map(({ lease, from, to, lastRenewedMs, takenMs: takenMs2, transitions }) => [
    lease,
    from ?? "\u2013",
    transitions === 0 ? "(stayed)" : to ?? "\u2013",
    transitions === 0 ? "\u2013" : ms(lastRenewedMs),
    ms(takenMs2),
    transitions
  ]);
  const probes = result.probes.map((probe) => [
    probe.host,
    connections[probe.kind],
    probe.requests,
    probe.failed,
    // A watch only counts events.
    ...probe.kind === "watch" ? ["\u2013", "\u2013"] : [ms(probe.medianMs), ms(probe.slowestMs)],
    ms(probe.longestGapMs)
  ]);
  const { restoreMs, rejoinMs, steps: steps2 } = result;
  const heads = ["lease", "before", "after", "last renewed", "taken", "transitions"];
  return [
    steps2 === void 0 ? table(heads, leases2) : stepTable2(steps2),
    probes.length === 0 ? noProbes(steps2 !== void 0) : table(["asked through", "connections", "requests", "failed", "median", "slowest", "longest gap"], probes),
    steps2 === void 0 ? `Restore began at ${relative(restoreMs)}; back in step ${rejoinMs === void 0 ? "never" : `${ms(rejoinMs)} later`}.` : `The upgrade ended at ${relative(restoreMs)}.`
  ].join("\n\n");
}
function stepTable2(steps2) {
  return table(stepHead, stepRows(steps2));
}
function errorsTable({ probes }) {
  const rows2 = probes.flatMap(
    ({ host, kind, errors }) => errors.slice(0, 10).map(({ error, count }) => [host, kind, error.slice(0, 200), count])
  );
  return rows2.length === 0 ? "" : table(["API through", "connections", "failed with", "times"], rows2);
}
function timelineTable({ timeline }) {
  const rows2 = timeline.slice(0, mostRows2).map((moment) => [relative(moment.ms), moment.track, moment.what.slice(0, 300)]);
  return folded("Timeline", table(["time", "seen by", "what"], rows2));
}

// src/failover/report/trend-table.ts
function trendTable(trends) {
  if (trends.length === 0) return "";
  const rows2 = trends.map(({ label, values, current, change: change2, median, regressed }) => {
    return [
      label,
      sparkText(values),
      duration(current),
      signed(change2),
      `${duration(median)}${regressed ? " \u26A0 slower than usual" : ""}`
    ];
  });
  return table(["figure", "nights", "this one", "change", "median of the last 7"], rows2);
}
function regressions(trends) {
  return trends.filter(({ regressed }) => regressed).map(
    ({ label, current, median }) => `${label}: ${duration(current)}, while the median of the last nights is ${duration(median)}`
  );
}
function signed(change2) {
  if (change2 === void 0) return "\u2013";
  return `${change2 < 0 ? "\u2212" : "+"}${duration(Math.abs(change2))}`;
}

// src/failover/report/index.ts
function makeReports(seen, judged, history) {
  const [result, verdict2] = [plainValues(seen), plainValues(judged)];
  const data = reportData(result, verdict2, plainValues(readHistory(history)));
  const trends = trendOf(data);
  const { cluster, target, fault } = result;
  return {
    summary: report(result, verdict2, trendTable(trends)),
    html: htmlReport(data),
    json: jsonText(data),
    history: appendHistory(history, data.figures),
    warnings: regressions(trends),
    name: fault === upgrade ? `upgrade-report-${cluster}` : `failover-report-${cluster}_${target}_${fault}`
  };
}

// src/failover/check/claim.ts
var collection = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
var name = "k8s-ha-action-failover";
var path = `${collection}/${name}`;
var holdSeconds = 30;
var renewEveryMs = 5e3;
var quick = { retryMs: 0, timeoutMs: 3e3 };
var switchedOff = "k8s-ha-action/switched-off";
var switchedOffBy = "k8s-ha-action/switched-off-by";
async function claimCluster(apis, holder) {
  const found = await throughAny(apis, (api) => take(api, holder));
  let renewal = Promise.resolve();
  const renewing = setInterval(() => {
    const spec = { holderIdentity: holder, renewTime: microTime() };
    const renewed = throughAny(apis, (api) => api.patch(path, { spec }, quick)).catch(() => void 0);
    renewal = Promise.all([renewal, renewed]);
  }, renewEveryMs);
  renewing.unref();
  return {
    leftOff: leftOffOf(found),
    note: async (host) => {
      const annotations = { [switchedOff]: host ?? null, [switchedOffBy]: host === void 0 ? null : holder };
      await throughAny(apis, (api) => api.patch(path, { metadata: { annotations } }, quick));
    },
    release: async () => {
      clearInterval(renewing);
      await renewal;
      const given = throughAny(apis, (api) => api.patch(path, { spec: { holderIdentity: "" } }, quick));
      await given.catch(() => void 0);
    }
  };
}
function leftOffOf(lease) {
  const { [switchedOff]: host, [switchedOffBy]: by = "a failover check" } = lease?.metadata.annotations ?? {};
  return host === void 0 ? void 0 : { host, by };
}
async function take(api, holder) {
  const [acquireTime, renewTime] = [microTime(), microTime()];
  const spec = { holderIdentity: holder, leaseDurationSeconds: holdSeconds, acquireTime, renewTime };
  const metadata = { name, namespace: "kube-system" };
  const found = await ifFound(api.get(path, quick));
  const other = found && heldBy(found, holder, Date.now());
  if (other !== void 0) throw runs(other);
  try {
    if (!found)
      await api.create(collection, { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec }, quick);
    else await api.patch(path, { metadata: { resourceVersion: found.metadata.resourceVersion }, spec }, quick);
  } catch (error) {
    if (isConflict(error)) throw runs("a check that began at the same moment");
    throw error;
  }
  return found;
}
function heldBy({ spec }, holder, at) {
  const other = spec?.holderIdentity ?? "";
  const end = Date.parse(spec?.renewTime ?? "") + (spec?.leaseDurationSeconds ?? 0) * 1e3;
  return other !== "" && other !== holder && end > at ? other : void 0;
}
function runs(other) {
  return new Problem(`another failover check runs in this cluster: ${other}`, {
    code: "FAILOVER_RUNNING",
    hint: `Nothing was done. Wait for it to end; the lease of a killed check ends after ${holdSeconds} s.`
  });
}
async function throughAny(apis, work) {
  let last = new Problem("no master is connected", { code: "API_UNREACHABLE" });
  for (const api of apis) {
    try {
      return await work(api);
    } catch (error) {
      const isFinal = error instanceof ApiProblem ? !error.temporary : !(error instanceof Problem);
      if (isFinal) throw error;
      last = error;
    }
  }
  throw last;
}

// src/failover/instruments/clock.ts
var now = () => performance.timeOrigin + performance.now();

// src/failover/instruments/until.ts
async function within(work, timeoutMs, what) {
  const message = `${what}: no end after ${Math.round(timeoutMs / 1e3)} s`;
  return await pTimeout(work, { milliseconds: timeoutMs, message });
}
async function untilNoReason(look, end) {
  const lookInTime = () => within(look(), Math.max(1e3, end - now()), "the question").catch(wordsOf2);
  return await waitWhile(lookInTime, { timeoutMs: end - now(), everyMs: 250 });
}
var wordsOf2 = (error) => error?.message ?? String(error);

// src/failover/check/prepare.ts
import { setTimeout as delay } from "node:timers/promises";

// src/failover/check/preconditions.ts
function violatedPreconditions(cluster, target, { masters, etcd, nodes: nodes2, leases: leases2 }) {
  const reasons = [];
  if (hostsWith(cluster, "master").length < 2)
    reasons.push("the cluster has only one master: no other one could take over");
  for (const [name3, reason] of masters) if (reason !== void 0) reasons.push(`${name3} does not serve: ${reason}`);
  for (const { host, healthy, error, alarm } of etcd.members) {
    if (!healthy) reasons.push(`${host}: its etcd member is not healthy: ${error}`);
    if (alarm !== void 0) reasons.push(`${host}: its etcd member has an alarm: ${alarm}`);
  }
  for (const [name3, reason] of nodes2) if (reason !== void 0) reasons.push(`${name3}: ${reason}`);
  if (target.roles.includes("etcd")) {
    const size = etcd.members.length;
    const left = etcd.members.filter(({ host, healthy }) => healthy && host !== target.name).length;
    if (left < quorumOf(size)) {
      reasons.push(
        `without ${target.name} etcd would have ${left} of ${size} members and lose its quorum of ${quorumOf(size)}`
      );
    }
  }
  for (const name3 of elected) {
    const lease = leases2.get(name3);
    if (!lease?.holder) reasons.push(`no host holds the lease ${name3}`);
    else if (lease.host === void 0)
      reasons.push(`the lease ${name3} is held by ${lease.holder}, which is no host of cluster.yaml`);
  }
  return reasons;
}
function refuseUnlessSafe(cluster, target, clusterState) {
  const reasons = violatedPreconditions(cluster, target, clusterState);
  if (reasons.length === 0) return;
  throw new Problem(`refused to take ${target.name} down: ${reasons[0]}`, {
    code: "FAILOVER_REFUSED",
    host: target.name,
    detail: reasons,
    hint: "Nothing was changed. Fix the cluster first: the check needs a healthy one."
  });
}
function chooseTarget(cluster, wanted, leases2) {
  const name3 = wanted === "leader" ? leases2.get("kube-controller-manager")?.host : wanted;
  const target = cluster.hosts.find((host) => host.name === name3);
  if (target && (target.roles.includes("master") || target.roles.includes("etcd"))) return target;
  const fit = cluster.hosts.filter(({ roles }) => roles.includes("master")).map((host) => host.name);
  throw new Problem(target ? `${wanted} carries no part of the control plane` : `there is no host ${wanted}`, {
    code: "TARGET_UNKNOWN",
    hint: `Choose leader or one of ${fit.join(", ")}.`
  });
}

// src/failover/check/prepare.ts
async function prepareFailover(scene, wanted) {
  const { cluster, adminConf } = scene;
  const apis = new Map(
    hostsWith(cluster, "master").filter(({ name: name3 }) => scene.sessions.has(name3)).map((host) => {
      const endpoint = { address: host.address, port: cluster.api.port };
      return [host.name, openKubernetes(sessionOf(scene, host.name), adminConf, endpoint)];
    })
  );
  const end = now() + patienceMs;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const clusterState = await readClusterState(scene, apis);
      const reasons = violationsBy(cluster, wanted, clusterState);
      if (reasons.length === 0 || now() > end) {
        const target = chooseTarget(cluster, wanted, clusterState.leases);
        refuseUnlessSafe(cluster, target, clusterState);
        return { target, clusterState, apis };
      }
      if (attempt === 1) scene.log.info(`not yet; checked again for ${patienceMs / 1e3} s: ${reasons[0]}`);
      await delay(1e3);
    }
  } catch (error) {
    for (const api of apis.values()) api.close();
    throw error;
  }
}
var patienceMs = 1e4;
async function readClusterState(scene, apis) {
  const { cluster, hostnames } = scene;
  const [masters, etcd] = await Promise.all([servingOf(cluster, apis), etcdHealth(etcdSessionOf(scene), cluster)]);
  const serving = [...apis].find(([name3]) => masters.get(name3) === void 0)?.[1];
  const leases2 = serving ? await readLeases(serving, cluster.hosts, hostnames) : /* @__PURE__ */ new Map();
  const nodes2 = serving ? await troublesOfNodes(scene, serving) : /* @__PURE__ */ new Map();
  return { masters, etcd, nodes: nodes2, leases: leases2 };
}
function violationsBy(cluster, wanted, clusterState) {
  if (wanted === "leader" && clusterState.leases.get("kube-controller-manager")?.host === void 0)
    return ["no host holds the lease kube-controller-manager"];
  return violatedPreconditions(cluster, chooseTarget(cluster, wanted, clusterState.leases), clusterState);
}
async function servingOf(cluster, apis) {
  const reasons = hostsWith(cluster, "master").map(async ({ name: name3 }) => {
    const api = apis.get(name3);
    return [name3, api ? await whyNotServing(api) : "the host can\u2019t be reached"];
  });
  return new Map(await Promise.all(reasons));
}
async function troublesOfNodes(scene, api) {
  const nodes2 = hostsWith(scene.cluster, "node");
  const names = nodes2.map(({ nodeName }) => nodeName);
  const unready = await nodeReasons(api, names);
  const atOnce2 = pLimit(50);
  const troubles = nodes2.map(async ({ name: name3, nodeName }) => {
    const reason = unready.get(nodeName) ?? await atOnce2(() => balancerTrouble(scene, name3));
    return [name3, reason];
  });
  return new Map(await Promise.all(troubles));
}
async function balancerTrouble({ cluster, adminConf, sessions }, name3) {
  const session = sessions.get(name3);
  if (!session) return void 0;
  const through = openKubernetes(session, adminConf, { address: "127.0.0.1", port: cluster.api.localPort });
  const reason = await whyNotServing(through);
  through.close();
  return reason === void 0 ? void 0 : `its balancer leads to no API server: ${reason}`;
}
function etcdSessionOf(scene, except) {
  const host = hostsWith(scene.cluster, "etcd").find(({ name: name3 }) => name3 !== except && scene.sessions.has(name3));
  return sessionOf(scene, host?.name ?? "etcd");
}
function sessionOf({ sessions }, name3) {
  const session = sessions.get(name3);
  if (session) return session;
  throw new Problem(`there is no connection to ${name3}`, { code: "SESSION_MISSING", host: name3 });
}

// src/failover/check/force-leadership.ts
var moveTimeoutMs = 4e4;
var mostHealSeconds = 90;
async function forceLeadership(scene, wanted, healSeconds = mostHealSeconds) {
  const { target, apis, clusterState } = await prepareFailover(scene, wanted);
  try {
    const [api] = apis.values();
    const missing = elected.filter((lease) => clusterState.leases.get(lease)?.host !== target.name);
    if (missing.length === 0 || !api || !target.roles.includes("master")) return [];
    const others = hostsWith(scene.cluster, "master").filter(({ name: name3 }) => name3 !== target.name);
    const sessions = others.map(({ name: name3 }) => sessionOf(scene, name3));
    for (const lease of missing)
      scene.log.info(`${lease}: led by ${clusterState.leases.get(lease)?.host}; ${target.name} is made to lead first`);
    const seconds2 = Math.min(healSeconds, mostHealSeconds);
    await stopCandidates(sessions, missing, seconds2, () => held(scene, api, target.name, missing));
    return missing;
  } finally {
    for (const api of apis.values()) api.close();
  }
}
async function stopCandidates(sessions, units, healSeconds, until) {
  const names = units.map((unit) => `${unit}.service`).join(" ");
  const healer = "k8s-ha-action-lead";
  const after = `--on-active=${healSeconds} --timer-property=AccuracySec=100ms`;
  const arm = `systemd-run --quiet --collect --unit=${healer} ${after} systemctl start ${names}`;
  const clear = `systemctl stop ${healer}.timer 2>/dev/null; systemctl reset-failed ${healer}.service 2>/dev/null`;
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
    const leases2 = await readLeases(api, scene.cluster.hosts, scene.hostnames);
    const open = wanted.filter((lease) => leases2.get(lease)?.host !== target);
    return open.length === 0 ? void 0 : open.map((lease) => `${lease} is held by ${leases2.get(lease)?.host ?? "no host"}`).join(", ");
  }, now() + moveTimeoutMs);
  if (reason === void 0) return;
  throw new Problem(`${target} did not take the lead: ${reason}`, {
    code: "LEAD_NOT_TAKEN",
    host: target,
    hint: "journalctl -u kube-controller-manager -u kube-scheduler on it says why; target: leader stops the current leader."
  });
}

// src/failover/check/verify.ts
import { setTimeout as delay4 } from "node:timers/promises";

// src/failover/instruments/clock-offset.ts
async function clockOffset(session) {
  const offsets = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const sent = now();
    const { stdout } = await session.run("date +%s.%N", { timeoutSeconds: 5 });
    const got = now();
    if (!/^\d{1,11}\.\d{1,9}\s*$/.test(stdout)) throw hostNonsense("its time is not valid", session.host.name);
    const offsetMs = Number.parseFloat(stdout) * 1e3 - (sent + got) / 2;
    offsets.push({ host: session.host.name, offsetMs, errorMs: (got - sent) / 2 });
  }
  return offsets.reduce((best, one) => one.errorMs < best.errorMs ? one : best);
}

// src/failover/instruments/holdings.ts
function holdingsOf(seen, faultAt, endAt) {
  const leases2 = [...new Set(seen.map(({ lease }) => lease))].sort();
  return leases2.flatMap((lease) => {
    const turns = turnsOf(seen.filter((sighting) => sighting.lease === lease));
    return turns.flatMap((turn, index) => heldBy2(lease, turn, turns[index + 1]?.[0]?.at, { faultAt, endAt }));
  });
}
function turnsOf(seen) {
  const turns = [];
  for (const sighting of seen) {
    const current = turns.at(-1);
    if (current?.[0]?.holder === sighting.holder) current.push(sighting);
    else turns.push([sighting]);
  }
  return turns;
}
function heldBy2(what, turn, next, { faultAt, endAt }) {
  const [first, last] = [turn[0], turn.at(-1)];
  if (!first || !last) return [];
  const since = (at) => Math.round(at - faultAt);
  const alive = { what, fromMs: since(first.at), renewedMs: turn.map(({ at }) => since(at)) };
  const until = next ?? endAt;
  if (first.holder === "") return [{ ...alive, host: void 0, toMs: since(until), renewedMs: [] }];
  const host = last.host ?? last.holder;
  if (next === void 0 && endAt - last.at < last.durationSeconds * 1e3)
    return [{ ...alive, host, toMs: since(endAt) }];
  return [
    { ...alive, host, toMs: since(last.at) },
    { what, host: void 0, fromMs: since(last.at), toMs: since(until), renewedMs: [] }
  ];
}

// src/failover/instruments/balancer-log.ts
var change = /^Server masters\/(?<server>\S+) is (?<state>UP|DOWN)(?:[.,] reason: (?<reason>[^,.]+))?/;
async function balancerLog(session, from) {
  const { offsetMs } = await clockOffset(session);
  const since = Math.floor((from + offsetMs) / 1e3);
  const command = `journalctl --unit=${components.apiBalancer.unit} --since=@${since} --output=json --output-fields=MESSAGE --no-pager`;
  const { stdout } = await session.run(command, { timeoutSeconds: 20 });
  return changesIn(stdout, session.host.name).map(({ at, what }) => ({ at: at - offsetMs, track: "balancer", what }));
}
function changesIn(journal, node) {
  return journal.split("\n").flatMap((line) => {
    const { message, micros } = entryOf(line);
    const { server, state, reason } = change.exec(message)?.groups ?? {};
    if (server === void 0) return [];
    const why = reason === void 0 ? "" : ` (${reason.trim()})`;
    return [{ at: micros / 1e3, what: `${node}: ${server} is ${state}${why}` }];
  });
}
var mostMessage = 1e3;
var none = { message: "", micros: 0 };
function entryOf(line) {
  try {
    const { MESSAGE: message, __REALTIME_TIMESTAMP: time } = parseJson(line, Error);
    const micros = typeof time === "string" && /^\d{1,17}$/.test(time) ? Number(time) : void 0;
    if (typeof message !== "string" || micros === void 0) return none;
    return { message: message.slice(0, mostMessage), micros };
  } catch {
    return none;
  }
}

// src/failover/instruments/endpoint-watch.ts
var mostSightings = 1e3;
async function servingMasters(api) {
  return await servingAddresses(api, { retryMs: 0, timeoutMs: 3e3 });
}
var EndpointWatch = class {
  seen = [];
  #stop = new AbortController();
  #watching;
  constructor(api, { hosts }) {
    const nameOf = (address) => hosts.find((host) => host.address === address)?.name ?? address;
    const note = (what) => {
      if (this.seen.length < mostSightings) this.seen.push({ at: now(), track: "endpoint", what });
    };
    let known;
    this.#watching = api.watch(servingCollection, {
      signal: this.#stop.signal,
      fieldSelector: "metadata.name=kubernetes",
      onEvent: ({ object }) => {
        const addresses = new Set(addressesOf(object));
        for (const address of known ?? []) {
          if (!addresses.has(address)) note(`${nameOf(address)} left the kubernetes Service`);
        }
        for (const address of known ? addresses : []) {
          if (!known?.has(address)) note(`${nameOf(address)} joined the kubernetes Service`);
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

// src/failover/instruments/plain-get.ts
import { request } from "node:http";

// src/failover/instruments/open-stream.ts
import { once } from "node:events";
async function openStream(tunnel, address, port2, signal) {
  signal.throwIfAborted();
  const opening = tunnel.forward(address, port2);
  const opened = new AbortController();
  try {
    return await Promise.race([opening, once(signal, "abort", { signal: opened.signal }).then(() => ended(signal))]);
  } catch (error) {
    opening.then(
      (stream) => stream.destroy(),
      () => void 0
    );
    throw error;
  } finally {
    opened.abort();
  }
}
function ended(signal) {
  throw signal.reason;
}

// src/failover/instruments/plain-get.ts
var mostBytes2 = 4 * 1024 * 1024;
async function plainGet(tunnel, { address, port: port2, path: path2, signal }) {
  const stream = await openStream(tunnel, address, port2, signal);
  return await new Promise((resolve2, reject) => {
    const asked = request({ path: path2, createConnection: () => stream, signal });
    asked.once("response", (answer) => {
      const text = bytesOf(answer, mostBytes2, (what) => new Error(`the answer has ${what}`));
      text.then((bytes) => resolve2({ status: answer.statusCode ?? 0, text: bytes.text() }), reject);
    });
    asked.once("error", reject);
    asked.end();
  });
}

// src/failover/instruments/etcd-watch.ts
var { port } = components.etcd.ports.metrics;
var everyMs = 1e3;
var patienceMs2 = 1e3;
var calmTurns = 5;
var unrestMs = 15e3;
var EtcdWatch = class {
  seen = [];
  #said = /* @__PURE__ */ new Map();
  #members;
  #timer;
  #leader;
  #busy = /* @__PURE__ */ new Set();
  #turn = 0;
  #unrestUntil = 0;
  constructor(members) {
    this.#members = members;
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#look();
  }
  stop() {
    clearInterval(this.#timer);
    return this.seen;
  }
  #look() {
    const whole = this.#turn % calmTurns === 0 || now() < this.#unrestUntil;
    this.#turn += 1;
    for (const member of this.#members) {
      const { name: name3 } = member.host;
      if (this.#busy.has(name3)) continue;
      this.#busy.add(name3);
      const word = within(ask(member, whole), patienceMs2, name3).catch(() => void 0);
      void word.then((said) => this.#note(name3, said)).finally(() => this.#busy.delete(name3));
    }
  }
  #note(name3, word) {
    const health = word ? word.healthy ? "healthy" : "without quorum" : "no answer";
    const before = this.#said.get(name3);
    if (before !== void 0 && before !== health) {
      this.#tell(`${name3}: ${health}`);
      this.#unrestUntil = now() + unrestMs;
    }
    this.#said.set(name3, health);
    if (!word?.leads || this.#leader === name3) return;
    this.#tell(this.#leader === void 0 ? `${name3} leads` : `${name3} leads instead of ${this.#leader}`);
    this.#leader = name3;
  }
  #tell(what) {
    this.seen.push({ at: now(), track: "etcd", what });
  }
};
async function ask(member, whole) {
  const signal = AbortSignal.timeout(patienceMs2);
  const get = (path2) => plainGet(member, { address: "127.0.0.1", port, path: path2, signal });
  const [metrics, health] = await Promise.all([whole ? get("/metrics") : void 0, get("/health")]);
  const leads = metrics && /^etcd_server_is_leader 1$/m.test(metrics.text);
  return { leads, healthy: health.text.includes('"health":"true"') };
}

// src/failover/instruments/lease-watch.ts
var LeaseWatch = class {
  seen = [];
  /** Times at which the watch itself was lost: events of that time were seen late. */
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
  /** Resolves with true as soon as the sightings satisfy `done`, with false when the time is over or the signal aborts. */
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
  /** @throws ApiProblem if the watch ended permanently before */
  async stop() {
    this.#stop.abort();
    await this.#watching;
  }
};

// src/failover/instruments/node-watch.ts
var nodes = "/api/v1/nodes";
var leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
var NodeWatch = class {
  seen = [];
  #stop = new AbortController();
  #ready = /* @__PURE__ */ new Map();
  #renewed = /* @__PURE__ */ new Map();
  #notReady = 0;
  #renewalGapMs = 0;
  constructor(api, { hosts }, target, probed) {
    const { signal } = this.#stop;
    const staying = new Map(
      hosts.filter((host) => host !== target && host.roles.includes("node")).map((host) => [host.nodeName, host.name])
    );
    const watching = [
      api.watch(nodes, {
        signal,
        onEvent: ({ type, object }) => {
          const name3 = staying.get(object.metadata.name);
          if (name3 !== void 0) this.#note(name3, type !== "DELETED" && isReady(object));
        }
      }),
      ...probed.map(
        ({ nodeName }) => api.watch(leases, {
          signal,
          fieldSelector: `metadata.name=${nodeName}`,
          onEvent: ({ object }) => this.#renew(nodeName, object.spec?.renewTime)
        })
      )
    ];
    for (const each of watching) {
      each.catch((error) => this.#tell(`the nodes could not be watched: ${error.message}`));
    }
  }
  stop() {
    this.#stop.abort();
    return { notReady: this.#notReady, renewalGapMs: Math.round(this.#renewalGapMs) };
  }
  #note(name3, ready) {
    const before = this.#ready.get(name3);
    this.#ready.set(name3, ready);
    if (before === void 0 || before === ready) return;
    if (!ready) this.#notReady += 1;
    this.#tell(`${name3} is ${ready ? "Ready again" : "not Ready any more"}`);
  }
  /** By the node's own clock, so that a lost watch does not count as a gap. */
  #renew(name3, renewTime) {
    const at = Date.parse(renewTime ?? "");
    if (Number.isNaN(at)) return;
    this.#renewalGapMs = Math.max(this.#renewalGapMs, at - (this.#renewed.get(name3) ?? at));
    this.#renewed.set(name3, at);
  }
  #tell(what) {
    this.seen.push({ at: now(), track: "node", what });
  }
};
var isReady = ({ status }) => status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;

// src/failover/instruments/pending-requests.ts
import { setTimeout as delay2 } from "node:timers/promises";
var hangsAfterMs = 2500;
var PendingRequests = class {
  #turns = /* @__PURE__ */ new Map();
  get size() {
    return this.#turns.size;
  }
  add(turn) {
    this.#turns.set(turn, now());
    void turn.finally(() => this.#turns.delete(turn));
  }
  /** Waits for their answers, and returns the hanging ones: they have failed. */
  async hanging() {
    await Promise.race([Promise.all(this.#turns.keys()), delay2(hangsAfterMs, void 0, { ref: false })]);
    return [...this.#turns.values()].map((at) => ({ at, ms: now() - at, error: "no answer by the end" }));
  }
};

// src/failover/instruments/pinned-agent.ts
import { once as once2 } from "node:events";
var mostTries = 24;
var PinnedAgent = class extends TunnelAgent {
  #open;
  #heldBy;
  #held;
  constructor(tunnel, endpoint, secureContext, { heldBy: heldBy3, ...options } = {}) {
    super(tunnel, endpoint, secureContext, options);
    this.#heldBy = heldBy3;
    this.#open = async () => secure(await tunnel.forward(endpoint.address, endpoint.port), secureContext);
  }
  /** Whether the first connection leads to the wanted master; undefined if none was wanted, or if there is no connection yet. */
  get held() {
    return this.#held;
  }
  createConnection(options, callback) {
    const name3 = this.#heldBy;
    this.#heldBy = void 0;
    if (name3 === void 0) return super.createConnection(options, callback);
    this.#choose(name3).then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(error)
    );
    return void 0;
  }
  async #choose(name3) {
    for (let turn = 1; ; turn += 1) {
      const socket = await this.#open();
      await once2(socket, "secureConnect");
      this.#held = socket.getPeerX509Certificate()?.checkHost(name3) !== void 0;
      if (this.#held || turn === mostTries) return socket;
      socket.on("error", () => void 0).destroy();
    }
  }
};

// src/failover/instruments/probe.ts
var Probe = class {
  samples = [];
  #host;
  #kind;
  #options;
  #agent;
  #began = now();
  #timer;
  #under = new PendingRequests();
  constructor(kind, options) {
    const { tunnel, endpoint, secureContext, heldBy: heldBy3 } = options;
    this.#host = tunnel.host.name;
    this.#kind = kind;
    this.#options = options;
    const kept = this.#keeps;
    const connections2 = kept ? { maxSockets: 1, heldBy: heldBy3 } : {};
    this.#agent = new PinnedAgent(tunnel, endpoint, secureContext, { keepAlive: kept, ...connections2 });
    this.#timer = setInterval(() => this.#tick(), options.everyMs ?? 100);
    this.#tick();
  }
  get #keeps() {
    return this.#kind === "kept" || this.#kind === "direct";
  }
  /** Ends after the requests in flight; hanging ones count as failed. */
  async stop() {
    clearInterval(this.#timer);
    const to = now();
    const hanging = await this.#under.hanging();
    const samples = [...this.samples, ...hanging];
    this.#agent.destroy();
    const { held: held2 } = this.#agent;
    return { ...figuresOf(this.#host, this.#kind, samples, { from: this.#began, to }), samples, held: held2 };
  }
  #tick() {
    if (this.#keeps && this.#under.size > 0) return;
    this.#under.add(this.#ask());
  }
  async #ask() {
    const { path: path2 = "/api/v1/namespaces/default", body, timeoutMs = 1e4 } = this.#options;
    const attempt = { host: this.#host, method: body ? "PATCH" : "GET", path: path2 };
    const write = body && { body: body(), headers: { "content-type": "application/apply-patch+yaml" } };
    const signal = AbortSignal.timeout(timeoutMs);
    const at = now();
    try {
      const answer = await begin({ agent: this.#agent, attempt, signal, ...write });
      await textOf(answer, attempt, signal);
      const status = answer.statusCode ?? 0;
      this.samples.push({ at, ms: now() - at, ...status >= 400 && { error: `status ${status}` } });
    } catch (error) {
      this.samples.push({ at, ms: now() - at, error: wordsOf3(error) });
    }
  }
};
function wordsOf3(error) {
  const cause = error instanceof Problem ? error.cause ?? error : error;
  return cause?.message ?? String(cause);
}

// src/failover/instruments/runner-watch.ts
var everyMs2 = 100;
var shortestMs = 1e3;
var RunnerWatch = class {
  #seen = [];
  #timer;
  #last = now();
  constructor() {
    this.#timer = setInterval(() => this.#tick(), everyMs2);
  }
  stop() {
    clearInterval(this.#timer);
    this.#tick();
    return this.#seen;
  }
  #tick() {
    const [last, at] = [this.#last, now()];
    this.#last = at;
    const late = at - last - everyMs2;
    if (late >= shortestMs)
      this.#seen.push({ at: last, track: "runner", what: `the runner stopped for ${(late / 1e3).toFixed(1)} s` });
  }
};
function pausesInWords(timeline) {
  const pauses = timeline.filter(({ track }) => track === "runner");
  if (pauses.length === 0) return void 0;
  const times = pauses.length === 1 ? "once" : `${pauses.length} times`;
  return `the runner itself stopped ${times} (a busy machine): what failed or was slow in that time says nothing about the cluster`;
}

// src/failover/instruments/service-probe.ts
var everyMs3 = 1e3;
var patienceMs3 = 5e3;
var service = { name: "kube-dns.kube-system.svc", port: 9153 };
var ServiceProbe = class {
  samples = [];
  #tunnel;
  #cluster;
  #began = now();
  #timer;
  #under = new PendingRequests();
  constructor(tunnel, cluster) {
    this.#tunnel = tunnel;
    this.#cluster = cluster;
    this.#timer = setInterval(() => this.#tick(), everyMs3);
    this.#tick();
  }
  async stop() {
    clearInterval(this.#timer);
    const to = now();
    const hanging = await this.#under.hanging();
    const samples = [...this.samples, ...hanging];
    return { ...figuresOf(this.#tunnel.host.name, "service", samples, { from: this.#began, to }), samples };
  }
  #tick() {
    this.#under.add(this.#ask());
  }
  async #ask() {
    const at = now();
    const signal = AbortSignal.timeout(patienceMs3);
    const error = await reasonAgainst(this.#tunnel, this.#cluster, signal);
    this.samples.push({ at, ms: now() - at, ...error !== void 0 && { error } });
  }
};
async function serviceAnswers(tunnel, cluster, timeoutMs) {
  const look = () => reasonAgainst(tunnel, cluster, AbortSignal.timeout(patienceMs3));
  const reason = await untilNoReason(look, now() + timeoutMs);
  if (reason === void 0) return;
  const host = tunnel.host.name;
  throw new Problem(`refused: from ${host} the Service ${service.name} does not answer by its name: ${reason}`, {
    code: "FAILOVER_REFUSED",
    host,
    hint: "Nothing was done. Do the pods of CoreDNS run, and flanneld and kube-proxy on this node? The check needs a healthy cluster."
  });
}
async function reasonAgainst(tunnel, cluster, signal) {
  try {
    const address = await resolve(tunnel, cluster, signal);
    const { status } = await plainGet(tunnel, { address, port: service.port, path: "/", signal });
    return status >= 500 ? `status ${status}` : void 0;
  } catch (error) {
    return signal.aborted ? `no answer after ${patienceMs3 / 1e3} s` : error.message;
  }
}
async function resolve(tunnel, { dnsAddress, network }, signal) {
  const { addressesOf: addressesOf2, dnsQuestion } = await import("./failover-instruments-dns-question.js");
  const stream = await openStream(tunnel, dnsAddress, 53, signal);
  const end = () => stream.destroy(new Error("no answer"));
  signal.addEventListener("abort", end, { once: true });
  try {
    stream.write(dnsQuestion(`${service.name}.${network.dnsDomain}`, dnsAddress.includes(":") ? "AAAA" : "A"));
    const [address] = addressesOf2(await messageOf(stream));
    if (address === void 0) throw new Error(`${service.name} has no address`);
    return address;
  } finally {
    signal.removeEventListener("abort", end);
    stream.destroy();
  }
}
async function messageOf(stream) {
  let got = Buffer.alloc(0);
  for await (const chunk of stream) {
    got = Buffer.concat([got, chunk]);
    if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) return got.subarray(2, 2 + got.readUInt16BE(0));
  }
  throw new Error("the name server closed the connection");
}

// src/failover/instruments/watch-probe.ts
var usualIdleMs = 8e3;
var WatchProbe = class {
  samples = [];
  #host;
  #began = now();
  #stop = new AbortController();
  #agent;
  constructor({ tunnel, endpoint, secureContext, heldBy: heldBy3, object, idleMs = usualIdleMs }) {
    this.#host = tunnel.host.name;
    this.#agent = new PinnedAgent(tunnel, endpoint, secureContext, { keepAlive: false, heldBy: heldBy3 });
    const watching = follow(this.#agent, this.#host, object.collection, {
      signal: this.#stop.signal,
      fieldSelector: `metadata.name=${object.name}`,
      idleMs,
      onEvent: () => void this.samples.push({ at: now(), ms: 0 }),
      onLost: (reason) => this.samples.push({ at: now(), ms: 0, error: reason })
    });
    watching.catch((error) => this.samples.push({ at: now(), ms: 0, error: error.message }));
  }
  stop() {
    const to = now();
    this.#stop.abort();
    this.#agent.destroy();
    const { held: held2 } = this.#agent;
    return { ...figuresOf(this.#host, "watch", this.samples, { from: this.#began, to }), held: held2 };
  }
};

// src/failover/instruments/written-object.ts
var collection2 = "/api/v1/namespaces/kube-system/configmaps";
function writtenObject(node) {
  const name3 = `k8s-ha-action-probe-${node}`;
  let count = 0;
  return {
    collection: collection2,
    name: name3,
    path: `${collection2}/${name3}?fieldManager=${fieldManager}-probe&force=true`,
    body: () => {
      count += 1;
      return JSON.stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: name3 },
        data: { count: String(count) }
      });
    },
    clear: async (api) => {
      await api.delete(`${collection2}/${name3}`).catch(() => void 0);
    }
  };
}

// src/failover/instruments/instruments.ts
var [readEveryMs, writeEveryMs] = [150, 300];
var keptEveryMs = 250;
var directEveryMs = 1e3;
function startInstruments(scene) {
  const { cluster, api, nodes: nodes2, masters, members, hostnames, target } = scene;
  const began = now();
  const leases2 = new LeaseWatch(api, cluster.hosts, hostnames);
  const endpoints = new EndpointWatch(api, cluster);
  const etcd = new EtcdWatch(members);
  const probed = hostsWith(cluster, "node").filter(({ name: name3 }) => nodes2.some(({ host }) => host.name === name3));
  const runner = new RunnerWatch();
  const kubelets = new NodeWatch(api, cluster, target, probed);
  const clients = [
    ...nodes2.map((node) => clientsOn(node, scene)),
    ...masters.map((master) => directProbe(master, scene)),
    ...cluster.addons.coredns ? nodes2.map((node) => new ServiceProbe(node, cluster)) : []
  ];
  return {
    leases: leases2,
    async stop() {
      const paused = runner.stop();
      const figures4 = await Promise.all(clients.map((each) => each.stop()));
      await endpoints.stop();
      const lost = await endOf2(leases2);
      const balancers = await Promise.all(nodes2.map((node) => balancerLog(node, began).catch(() => [])));
      const seen = [...endpoints.seen, ...etcd.stop(), ...kubelets.seen, ...balancers.flat(), ...lost, ...paused];
      return { probes: figures4.flat(), nodes: kubelets.stop(), seen };
    }
  };
}
function clientsOn(tunnel, { cluster, adminConf, api, target }) {
  const endpoint = { address: "127.0.0.1", port: cluster.api.localPort };
  const heldBy3 = target?.roles.includes("master") ? target.name : void 0;
  const common = { tunnel, endpoint, secureContext: secureContextOf(parseKubeconfig(adminConf)), heldBy: heldBy3 };
  const written = writtenObject(tunnel.host.name);
  const { path: path2, body } = written;
  const probes = [
    new Probe("new", { ...common, everyMs: readEveryMs }),
    new Probe("kept", { ...common, everyMs: keptEveryMs }),
    new Probe("write", { ...common, path: path2, body, everyMs: writeEveryMs })
  ];
  const watch = new WatchProbe({ ...common, object: written });
  return {
    async stop() {
      const watched = watch.stop();
      const asked = await Promise.all(probes.map((probe) => probe.stop()));
      await written.clear(api);
      return [...asked, watched];
    }
  };
}
function directProbe(tunnel, { cluster, adminConf }) {
  const address = hostsWith(cluster, "master").find(({ name: name3 }) => name3 === tunnel.host.name)?.address ?? "";
  const secureContext = secureContextOf(parseKubeconfig(adminConf));
  return new Probe("direct", {
    tunnel,
    endpoint: { address, port: cluster.api.port },
    secureContext,
    everyMs: directEveryMs
  });
}
async function endOf2(leases2) {
  const trouble = await leases2.stop().then(
    () => void 0,
    (error) => error.message
  );
  const lost = leases2.lost.map(
    ({ at, reason }) => ({ at, track: "lease", what: `the watch was lost: ${reason}` })
  );
  if (trouble === void 0) return lost;
  return [...lost, { at: leases2.seen.at(-1)?.at ?? 0, track: "lease", what: `the watch ended: ${trouble}` }];
}
function probedNodes(cluster, target, asked, reached) {
  const nodes2 = hostsWith(cluster, "node").filter((host) => host.name !== target?.name && reached(host));
  return asked ? nodes2.filter(({ name: name3 }) => asked.includes(name3)) : nodes2.slice(0, 3);
}

// src/failover/instruments/transfers.ts
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
function allElsewhere(leases2, target, seen) {
  return leases2.every((lease) => {
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
    if (!before) return [{ at, track: "lease", what: `${lease}: held by ${host ?? "no host"}` }];
    if (before.holder === holder) return [];
    const renewed = {
      at: before.at,
      track: "lease",
      what: `${lease}: last renewal by ${before.host ?? "no host"}`
    };
    if (holder === "") return [renewed, { at, track: "lease", what: `${lease}: given up` }];
    return [renewed, { at, track: "lease", what: `${lease}: taken by ${host ?? holder}, transition ${transitions}` }];
  });
}

// src/failover/instruments/work.ts
var namespace = "kube-system";
var name2 = "k8s-ha-action-failover";
var deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
var runLabel = "k8s-ha-action/run";
function deploymentOf(run2, image) {
  const labels = { "app.kubernetes.io/name": name2, [runLabel]: run2 };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: name2, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          tolerations: [{ operator: "Exists" }],
          containers: [{ name: "pause", image }]
        }
      }
    }
  };
}
var Work = class {
  /** When its pod had a node, by the runner's clock. */
  placedAt;
  #api;
  #image;
  #stop = new AbortController();
  #placed = Promise.withResolvers();
  /** @param image of its pod, which need not run: a pod without it is placed as well */
  constructor(api, image) {
    this.#api = api;
    this.#image = image;
  }
  /** Creates it, and watches until its pod is placed. @throws ApiProblem */
  async begin() {
    const run2 = String(Math.round(now()));
    await this.#api.create(deployments, deploymentOf(run2, this.#image), { timeoutMs: 1e4 });
    const watching = this.#api.watch(`/api/v1/namespaces/${namespace}/pods`, {
      signal: this.#stop.signal,
      labelSelector: `${runLabel}=${run2}`,
      onEvent: ({ object }) => {
        const placed = object.status?.conditions?.some(
          ({ type, status }) => type === "PodScheduled" && status === "True"
        );
        if (!placed || this.placedAt !== void 0) return;
        this.placedAt = now();
        this.#placed.resolve();
      }
    });
    watching.catch(() => void 0);
  }
  /** Waits for its pod, with a time limit. */
  async wait(timeoutMs, signal) {
    const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...signal ? [signal] : []]);
    const end = new Promise((resolve2) => over.addEventListener("abort", () => resolve2()));
    if (!over.aborted) await Promise.race([this.#placed.promise, end]);
  }
  /** Deletes it, also one that an earlier check left behind. Never throws. */
  async clear() {
    this.#stop.abort();
    await this.#api.delete(`${deployments}/${name2}`, { retryMs: 0, timeoutMs: 3e3 }).catch(() => void 0);
  }
};
async function clearWork(api) {
  if (!await api.delete(`${deployments}/${name2}`, { query: { propagationPolicy: "Foreground" } })) return;
  const look = () => api.get(`${deployments}/${name2}`).then(
    () => "it is there",
    (error) => isNotFound(error) ? void 0 : "no answer"
  );
  await waitWhile(look, { timeoutMs: 1e4, everyMs: 250 });
}

// src/failover/check/inject-fault.ts
import { setTimeout as delay3 } from "node:timers/promises";
async function injectFault(failoverRun) {
  const { fault, target, seen, scene, options } = failoverRun;
  await fault.announce?.();
  const faultAt = now();
  seen.push({ at: faultAt, track: "fault", what: `${fault.name} of ${target.name} begins` });
  let lastRenewed;
  let [hitAt, restoreAt] = [faultAt, faultAt];
  try {
    await fault.inject();
    hitAt = now();
    seen.push({ at: hitAt, track: "fault", what: `${fault.name} is done` });
    scene.log.info(`${fault.name} of ${target.name} is done`);
    const working = beginWork(failoverRun);
    await untilMoved(failoverRun, faultAt);
    await working;
    await failoverRun.work?.wait(placingTimeoutMs, options.signal);
    await delay3(Math.max(0, faultAt + holdMsOf(failoverRun) - now()), void 0, { signal: options.signal }).catch(
      () => void 0
    );
    lastRenewed = await lastRenewalOf(failoverRun, target);
  } finally {
    restoreAt = now();
    seen.push({ at: restoreAt, track: "fault", what: "the restore begins" });
    scene.log.info(`${target.name} is being restored`);
    await restore(failoverRun, options.restoreTimeoutMs ?? 12e4);
  }
  return { faultAt, hitAt, restoreAt, lastRenewed };
}
var placingTimeoutMs = 3e4;
async function beginWork({ work, seen, troubles }) {
  if (!work) return;
  try {
    await work.begin();
    seen.push({ at: now(), track: "work", what: "a Deployment is created" });
  } catch (error) {
    troubles.push(`failed to create a Deployment during the fault: ${describeProblem(error)}`);
  }
}
function leasesOf({
  clusterState,
  target,
  fault
}) {
  if (fault.sparesLeaders) return [];
  return [...clusterState.leases.values()].filter(({ host }) => host === target.name).map(({ lease }) => lease);
}
function holdMsOf(failoverRun) {
  return failoverRun.options.holdMs ?? (leasesOf(failoverRun).length === 0 ? 15e3 : 0);
}
async function untilMoved(failoverRun, faultAt) {
  const { clusterState, target, instruments, options } = failoverRun;
  const { log } = failoverRun.scene;
  const { signal, transferTimeoutMs = 6e4 } = options;
  const held2 = leasesOf(failoverRun);
  if (held2.length === 0) return;
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
    const before = clusterState.leases.get(lease);
    const { to, takenMs: takenMs2 } = before ? transferOf(before, target.name, instruments.leases.seen, faultAt) : {};
    if (to !== void 0 && takenMs2 !== void 0) log.info(`${lease}: taken by ${to} at ${relative(takenMs2)}`);
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

// src/failover/check/controllers-health.ts
import { Agent } from "node:https";
import { connect } from "node:tls";
var controllers = [components.controllerManager, components.scheduler];
async function controllersHealth(session) {
  const reasons = await Promise.all(
    controllers.map(async ({ unit, ports }) => {
      const status = await healthz(session, ports.health.port).catch((error) => error.message);
      return status === 200 ? void 0 : `${withoutSuffix(unit)}: ${status}`;
    })
  );
  return reasons.filter((reason) => reason !== void 0).join("; ") || void 0;
}
async function healthz(session, port2) {
  const agent = new LoopbackAgent(session, port2);
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
  constructor(session, port2) {
    super({ keepAlive: false });
    this.#forward = () => session.forward("127.0.0.1", port2);
  }
  createConnection(_options, callback) {
    this.#forward().then(
      (socket) => callback?.(null, connect({ socket, rejectUnauthorized: false })),
      (error) => callback?.(error)
    );
  }
};

// src/failover/check/rejoin.ts
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
    // Before the API server serves, the entry is the old one from before the fault, which takes a while to go.
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
function lagOf(name3, { members }) {
  const own = members.find(({ host }) => host === name3);
  if (!own?.healthy) return own?.error ?? "no answer";
  const behind = Math.max(...members.map(({ applied }) => applied)) - own.applied;
  return behind > slack ? `${behind} entries behind` : void 0;
}

// src/failover/check/verify.ts
var serviceTimeoutMs = 6e4;
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
  const { target, apis, clusterState } = prepared;
  const { cluster, adminConf, hostnames } = scene;
  const fault = options.fault(target);
  const [survivor, api] = [...apis].find(([name3]) => name3 !== target.name) ?? [];
  if (!survivor || !api) throw new Error("no master stays: the preconditions should have refused this");
  const reached = (host) => scene.sessions.has(host.name);
  const nodes2 = probedNodes(cluster, target, options.probes, reached).map(({ name: name3 }) => sessionOf(scene, name3));
  announce(prepared, fault, nodes2, scene);
  if (cluster.addons.coredns) await Promise.all(nodes2.map((node) => serviceAnswers(node, cluster, serviceTimeoutMs)));
  await fault.prepare?.();
  const work = hostsWith(cluster, "node").some(({ name: name3 }) => name3 !== target.name) ? new Work(api, anyPauseImage(cluster)) : void 0;
  if (work) await clearWork(api);
  const clocks = await clockSightings(scene);
  const sessions = (role) => hostsWith(cluster, role).filter(reached).map(({ name: name3 }) => sessionOf(scene, name3));
  const [members, masters] = [sessions("etcd"), sessions("master").filter(({ host }) => host.name !== target.name)];
  const instruments = startInstruments({ cluster, adminConf, api, nodes: nodes2, target, masters, members, hostnames });
  const failoverRun = {
    ...prepared,
    fault,
    api,
    instruments,
    work,
    options,
    scene,
    seen: clocks,
    troubles: []
  };
  let stopped;
  try {
    await delay4(options.baselineMs ?? 2e3, void 0, { signal: options.signal }).catch(
      () => options.signal?.throwIfAborted()
    );
    if (fault.severs) apis.get(target.name)?.close();
    const times = await injectFault(failoverRun);
    const rejoin = await comeBack(failoverRun, times.lastRenewed, opened);
    options.signal?.throwIfAborted();
    await delay4(1e3);
    stopped = await instruments.stop();
    const transfers = elected.flatMap((lease) => {
      const before = clusterState.leases.get(lease);
      const hit = fault.sparesLeaders ? void 0 : target.name;
      return before ? [transferOf(before, hit, instruments.leases.seen, times.faultAt)] : [];
    });
    return assemble(failoverRun, times, rejoin, transfers, stopped);
  } finally {
    await work?.clear();
    if (!stopped) await instruments.stop();
  }
}
async function clockSightings({ sessions }) {
  const offsets = await Promise.allSettled([...sessions.values()].map(clockOffset));
  return offsets.flatMap((settled) => {
    if (settled.status === "rejected") return [];
    const { host, offsetMs, errorMs } = settled.value;
    const what = `${host}: its clock is ${offsetMs.toFixed(1)} ms from the runner\u2019s, give or take ${errorMs.toFixed(1)} ms`;
    return [{ at: now(), track: "clock", what }];
  });
}
function announce({ target, clusterState }, fault, nodes2, { log, cluster }) {
  for (const { lease, host, transitions } of clusterState.leases.values()) {
    log.info(`${lease}: led by ${host}, ${transitions} transitions so far`);
  }
  if (![...clusterState.leases.values()].some(({ host }) => host === target.name)) {
    log.warning(
      `${target.name} holds no lease: this shows whether the API survives, not that a lease moves (target: leader)`
    );
  }
  const through = nodes2.map(({ host }) => host.name).join(", ");
  log.info(`fault: ${fault.name} on ${target.name}; the API is asked through ${through || "no node"}`);
  if (nodes2.length === 0) log.info("no node stays: neither a Service nor new work is tried");
  else if (!cluster.addons.coredns)
    log.info("no Service is tried by its name: the cluster\u2019s DNS is not ours (addons.coredns)");
}
async function comeBack(failoverRun, lastRenewed, opened) {
  const { scene, target, fault, api, options, troubles } = failoverRun;
  const { cluster, adminConf } = scene;
  let over = false;
  const open = async () => {
    if (!fault.severs) return sessionOf(scene, target.name);
    const session = await scene.reopen(target);
    opened.push(session);
    if (over) void session.close().catch(() => void 0);
    return session;
  };
  const stays = hostsWith(cluster, "etcd").some(({ name: name3 }) => name3 !== target.name);
  const etcdSession = stays ? etcdSessionOf(scene, target.name) : void 0;
  const timeoutMs = options.signal?.aborted ? 0 : options.rejoinTimeoutMs ?? 18e4;
  const rejoin = await waitForRejoin({
    cluster,
    host: target,
    adminConf,
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
function assemble({ scene, target, fault, instruments, work, seen, troubles }, { faultAt, hitAt, restoreAt }, rejoin, transfers, stopped) {
  const due = transfers.filter(({ expected }) => expected);
  const all = due.length > 0 && due.every(({ takenMs: takenMs2 }) => takenMs2 !== void 0);
  const placedAt = work?.placedAt;
  if (placedAt !== void 0) seen.push({ at: placedAt, track: "work", what: "its pod has a node" });
  const events = [...seen, ...leaseEvents(instruments.leases.seen), ...rejoin.seen, ...stopped.seen];
  return {
    cluster: scene.cluster.name,
    target: target.name,
    fault: fault.name,
    masters: hostsWith(scene.cluster, "master").length,
    began: new Date(faultAt).toISOString(),
    hitMs: Math.round(hitAt - faultAt),
    transfers,
    transferMs: all ? Math.max(...due.map(({ takenMs: takenMs2 }) => takenMs2 ?? 0)) : void 0,
    holdings: holdingsOf(instruments.leases.seen, faultAt, now()),
    probes: stopped.probes,
    nodes: stopped.nodes,
    placeable: work !== void 0,
    placedMs: placedAt === void 0 ? void 0 : Math.round(placedAt - faultAt),
    restoreMs: Math.round(restoreAt - faultAt),
    rejoinMs: rejoin.inStepAt === void 0 ? void 0 : Math.round(rejoin.inStepAt - restoreAt),
    timeline: timelineOf(events, faultAt),
    troubles
  };
}

// src/failover/check/window.ts
var days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
var order = days;
function parseWindow(text) {
  const parts = /^(?:([a-z,-]+)\s+)?(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text.trim().toLowerCase());
  if (!parts) return void 0;
  const [, names, ...numbers] = parts;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = numbers.map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  const among = names === void 0 ? days : daysOf(names);
  if (fromMinute > 59 || toMinute > 59 || from >= 24 * 60 || to > 24 * 60 || from === to || !among) return void 0;
  return { text: text.trim(), from, to, days: new Set(among) };
}
function isInside({ from, to, days: allowed }, at) {
  const minutes = at.getUTCHours() * 60 + at.getUTCMinutes();
  const on = (offset) => allowed.has(days[(at.getUTCDay() + 7 + offset) % 7] ?? "sun");
  if (from < to) return minutes >= from && minutes < to && on(0);
  return minutes >= from && on(0) || minutes < to && on(-1);
}
function daysOf(names) {
  const lists = names.split(",").map((part) => {
    const [first, last = first, ...rest] = part.split("-").map((name3) => order.indexOf(name3));
    if (first === void 0 || last === void 0 || first < 0 || last < 0 || rest.length > 0) return void 0;
    return Array.from({ length: (last - first + 7) % 7 + 1 }, (_, index) => days[(first + index) % 7] ?? "sun");
  });
  return lists.every((list2) => list2 !== void 0) ? lists.flat() : void 0;
}

// src/failover/faults/fault.ts
function recordedFault(make, notes) {
  const tell = async (host) => {
    for (const note of notes) await note(host);
  };
  return (target) => {
    const fault = make(target);
    if (!fault.severs) return fault;
    return {
      ...fault,
      announce: () => tell(target.name),
      restore: async () => {
        await fault.restore();
        await tell(void 0).catch(() => void 0);
      }
    };
  };
}

// src/failover/upgrade/measure.ts
import { setTimeout as delay5 } from "node:timers/promises";
var marginMs = 1500;
var abandonMs = 2e3;
async function measureUpgrade(scene) {
  const { cluster, adminConf, master, sessions } = scene;
  const session = sessions.get(master.name);
  if (!session) return void 0;
  const api = openKubernetes(session, adminConf, { address: master.address, port: cluster.api.port });
  if (await whyNotServing(api) !== void 0) {
    api.close();
    return void 0;
  }
  const reached = (hosts) => hosts.flatMap(({ name: name3 }) => sessions.get(name3) ?? []);
  const nodes2 = reached(probedNodes(cluster, void 0, void 0, ({ name: name3 }) => sessions.has(name3)));
  const members = reached(hostsWith(cluster, "etcd"));
  const instruments = startInstruments({ cluster, adminConf, api, nodes: nodes2, members, masters: [] });
  await delay5(marginMs);
  const began = now();
  return {
    async end(steps2) {
      const ended2 = now();
      await delay5(marginMs);
      const stopped = await instruments.stop();
      api.close();
      return resultOf(cluster, { began, ended: ended2, seen: instruments.leases.seen, stopped }, steps2);
    },
    async abandon() {
      await within(instruments.stop(), abandonMs, "the instruments").catch(() => void 0);
      api.close();
    }
  };
}
function resultOf(cluster, { began, ended: ended2, seen, stopped }, steps2) {
  const { kubernetesVersion, versions } = cluster;
  return {
    cluster: cluster.name,
    target: `Kubernetes ${kubernetesVersion} with etcd ${versions.etcd}`,
    fault: upgrade,
    masters: hostsWith(cluster, "master").length,
    began: new Date(began).toISOString(),
    hitMs: 0,
    transfers: [],
    transferMs: void 0,
    holdings: holdingsOf(seen, began, ended2),
    probes: stopped.probes,
    nodes: stopped.nodes,
    restoreMs: Math.round(ended2 - began),
    rejoinMs: void 0,
    timeline: timelineOf([...leaseEvents(seen), ...stopped.seen], began),
    troubles: [],
    steps: stepsSince(steps2, began)
  };
}
function stepsSince(steps2, began) {
  return steps2.map(({ host, what, from, to }) => ({
    ...{ host, what, fromMs: Math.round(from - began), toMs: Math.round(to - began) }
  })).toSorted((one, other) => one.toMs - other.toMs);
}

// src/failover/verdict.ts
var defaultThresholds = Object.fromEntries(limited.map(({ id, limit }) => [id, limit.usual]));
function judge(result, thresholds) {
  const judged = limited.filter(({ inUpgrade }) => inUpgrade || result.steps === void 0).flatMap(
    ({ id, unit, limit }) => limit.findings(result).map((finding) => judgementOf({ id, unit }, finding, thresholds[id]))
  );
  const bad = judged.filter(({ good }) => !good);
  const paused = bad.length === 0 ? void 0 : pausesInWords(result.timeline);
  const troubles = [...paused === void 0 ? [] : [paused], ...result.troubles];
  return {
    passes: judged.filter(({ good }) => good),
    failures: [...bad, ...troubles.map((text) => ({ good: false, text }))]
  };
}
function judgementOf({ id, unit }, { value, good = true, text, more = "" }, limit) {
  if (value === void 0) return { good, text, figure: id };
  const words = `${text} (limit ${inUnit(unit, limit)})${more}`;
  return { good: good && value <= limit, text: words, figure: id, value, limit };
}

export {
  claimCluster,
  prepareFailover,
  forceLeadership,
  verifyFailover,
  parseWindow,
  isInside,
  recordedFault,
  defaultHealSeconds,
  faultNames,
  makeHostFault,
  powerSecrets,
  poweroff,
  drained,
  limited,
  outputsOf,
  upgradeOutputsOf,
  makeReports,
  measureUpgrade,
  defaultThresholds,
  judge
};
