import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  issueAnswered
} from "./phases-issue-answered.js";
import {
  joinNodes
} from "./phases-join-nodes.js";
import "./phases-kubelet-certificate.js";
import {
  atLeast,
  certificateFindings,
  certificatesOn,
  dayMs,
  expiresInDays,
  inOrder,
  isGo,
  seenCertificate,
  severities,
  versionFindings
} from "./check-certificates.js";
import {
  apiServerFinding,
  etcdFindings,
  learnerFindings,
  nodeFindings
} from "./check-services.js";
import {
  observedAtFirst,
  planEtcdMembers
} from "./phases-observe-etcd.js";
import "./phases-pass-gate.js";
import {
  applyRole,
  askMember,
  problemsOfHost,
  queryFor,
  roomPaths
} from "./phases-apply-role.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "./phases-apply-manifests.js";
import "./components-addons-bootstrap.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import {
  machineIdsOf,
  observeCluster,
  planLines
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import {
  planVersions,
  withVersions
} from "./plan-kept-role.js";
import {
  askRecord,
  recordIn
} from "./observe-backup-record.js";
import "./etcd-members.js";
import {
  reachHost
} from "./phases-reach-masters.js";
import {
  parseUnits,
  runPhases
} from "./host.js";
import {
  etcdHealth
} from "./etcd-health.js";
import "./observe-api.js";
import {
  shellCommand,
  shellQuoted
} from "./etcd-etcdctl.js";
import {
  waitWhile,
  whyNotServing,
  withMaster
} from "./kubernetes.js";
import {
  allTargets,
  inspectionOf,
  newRun,
  sessionOf,
  targetsOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./p-limit.js";
import "./entry-json.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./layout-ports.js";
import "./cluster-addresses.js";
import "./cluster-versions.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  paths,
  unitsOfRole,
  withoutSuffix
} from "./layout-addresses.js";
import {
  writeSummary
} from "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "./errors.js";
import {
  error,
  escaped,
  info,
  printableValue,
  published,
  setOutput,
  table,
  warning
} from "./github-hidden-values.js";
import {
  cutLine,
  redact
} from "./host-redact-keys.js";
import "./runtime.js";

// src/check/hosts.ts
function unitsOf({ roles: roles2 }) {
  return [...new Set(roles2.flatMap(unitsOfRole))];
}
function unreachableFindings({ name, hosts }, refusals) {
  const [first] = refusals.values();
  if (!first || refusals.size < hosts.length) return [...refusals].map(([host, problem]) => unreachable(host, problem));
  return [
    {
      id: `hosts-unreachable/${name}`,
      severity: "critical",
      subject: name,
      message: `none of the ${hosts.length} hosts is reachable: ${first.message}`,
      fix: "Look at the runner first: its network, the inputs ssh-key and known-hosts."
    }
  ];
}
function unreachable({ name }, problem) {
  return {
    id: `host-unreachable/${name}`,
    severity: "critical",
    subject: name,
    message: problem.message,
    fix: problem.fields.hint ?? "Find out whether the host runs, and whether the runner reaches it by SSH."
  };
}
function unitFindings(host, units, scopes) {
  const missing = host.roles.filter((role) => !scopes.includes(role));
  const never = {
    id: `not-deployed/${host.name}`,
    severity: "critical",
    subject: host.name,
    message: `nothing is installed for ${missing.join(", ")}`,
    fix: "Run a deployment."
  };
  if (missing.length === host.roles.length) return [never];
  const silent = unitsOf(host).some((name) => !units.has(name));
  const reason = new Error("systemd does not show them");
  return [
    ...missing.length > 0 ? [never] : [],
    ...silent ? [unknownFinding("units", host.name, reason, "critical")] : [],
    ...unitsOf(host).flatMap((name) => stoppedFinding(host, name, units.get(name)))
  ];
}
function stoppedFinding(host, name, unit) {
  if (unit === void 0 || unit.load === "not-found" || runs(unit)) return [];
  const state = unit.sub === unit.active ? unit.active : `${unit.active} (${unit.sub})`;
  return [
    {
      id: stoppedId(host.name, name),
      severity: "critical",
      subject: host.name,
      message: `${name} does not run: ${state}`,
      fix: `Look at \`journalctl -u ${name}\` on the host; a deployment starts it.`
    }
  ];
}
function stoppedId(host, unit) {
  return `unit-stopped/${host}/${unit}`;
}
var runs = ({ active }) => active === "active" || active === "reloading";
var shownChanges = 3;
function driftFindings({ name }, changes, found) {
  const known = new Set(found.map(({ id }) => id));
  const rest = changes.filter(({ kind, subject }) => kind !== "start" || !known.has(stoppedId(name, subject)));
  if (rest.length === 0 || known.has(`not-deployed/${name}`)) return [];
  const words = rest.map(({ kind, subject, reason }) => `${kind} ${subject} (${reason})`);
  return [differs(`drift/${name}`, name, words)];
}
function objectFindings({ name }, objects) {
  return objects.length === 0 ? [] : [differs(`objects/${name}`, name, objects)];
}
function differs(id, subject, changes) {
  const shown = changes.slice(0, shownChanges);
  const more = changes.length > shown.length ? [`${changes.length - shown.length} more`] : [];
  const count = `${changes.length} ${changes.length === 1 ? "change" : "changes"}`;
  return {
    id,
    severity: "warning",
    subject,
    message: `a deployment would make ${count}: ${[...shown, ...more].join(", ")}`,
    fix: "See the plan (dry-run: true) for all changes; a deployment makes them."
  };
}
function unfitFindings({ name }, problems) {
  return problems.map((problem) => problemFinding(`unfit/${name}/${problem.code}`, name, problem));
}
function problemFinding(id, subject, problem) {
  const fix = problem.fields.hint ?? "See docs/troubleshooting.md.";
  return { id, severity: "warning", subject, message: problem.message, fix };
}
function unknownFinding(what, subject, error2, severity = "warning") {
  return {
    id: `unknown/${subject}/${what.replaceAll(/\W+/g, "-")}`,
    severity,
    subject,
    message: `${what}: not known, ${describeProblem(error2).split("\n", 1)[0] ?? ""}`,
    fix: "Fix the other findings first, and check again."
  };
}

// src/check/effects.ts
var causes = {
  "api-server-not-ready": components.apiServer.unit,
  "etcd-member": components.etcd.unit,
  "node-not-ready": components.kubelet.unit
};
function withoutEffects(findings) {
  const ids = new Set(findings.map(({ id }) => id));
  return findings.filter((finding) => !causesOf(finding).some((id) => ids.has(id)));
}
function causesOf({ id, subject }) {
  const [kind = "", , what = ""] = id.split("/", 3);
  if (kind === "unknown") return causesOfUnknown(subject, what);
  if (id === `unfit/${subject}/HOST_DISK`) return [`disk-full/${subject}`];
  const unit = causes[kind];
  return unit === void 0 ? [] : [stoppedId(subject, unit)];
}
function causesOfUnknown(subject, what) {
  const [server] = [
    ["kube-apiserver", "api-server-not-ready"],
    ["etcd", "etcd-member"],
    ["kubelet", "node-not-ready"]
  ].flatMap(([name, kind]) => what.startsWith(`the-certificate-of-${name}-`) ? [`${kind}/${subject}`] : []);
  return [`hosts-unreachable/${subject}`, ...server === void 0 ? [] : [server]];
}

// src/check/report.ts
function newReport() {
  return { findings: [], certificates: [] };
}

// src/github/check-report.ts
var mostText = 500;
var mostBytes = 6e4;
var annotated = 10;
async function reportCheck(checked, from) {
  const findings = checked.findings.map(clean);
  tell(findings);
  setOutput("go", String(isGo(findings)));
  setOutput("expires-in-days", String(checked.expiresInDays ?? ""));
  setOutput("findings", findingsJson(findings));
  await writeSummary(checkSummary({ ...checked, findings }));
  if (from === "never") return;
  const grave = atLeast(from, findings);
  if (grave.length === 0) return;
  throw new Problem(`${counted(grave)} in ${checked.cluster}`, {
    code: "CHECK_FINDINGS",
    hint: "Nothing was changed. The summary has each finding with its fix. With fail-on: never, only the outputs report them."
  });
}
function clean({ id, severity, subject, message, fix }) {
  const text = (words) => cutLine(printableValue(published(redact(words))), mostText);
  return { id: text(id), severity, subject: text(subject), message: text(message), fix: text(fix) };
}
function tell(findings) {
  const shown = /* @__PURE__ */ new Map();
  for (const finding of findings) {
    const { severity, id } = finding;
    const before = shown.get(severity) ?? 0;
    shown.set(severity, before + 1);
    const line = `${severity}: ${inWords(finding)}`;
    if (severity === "info" || before >= annotated) info(line);
    else if (severity === "critical") error(line, { title: id });
    else warning(line, { title: id });
  }
  if (findings.length === 0) info("everything is as the file says, and healthy");
}
var inWords = ({ subject, message, fix }) => `${subject}: ${message}. ${fix}`;
function counted(findings) {
  return severities.map((severity) => [findings.filter((each) => each.severity === severity).length, severity]).filter(([count]) => count > 0).map((words) => words.join(" ")).join(", ");
}
var leftOut = "left-out";
function findingsJson(findings, most = mostBytes) {
  const kept = [];
  let bytes = 0;
  for (const finding of findings) {
    const text = JSON.stringify(finding);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > most) break;
    kept.push(text);
  }
  const missing = findings.length - kept.length;
  const note = {
    id: leftOut,
    severity: "warning",
    subject: "check",
    message: `${missing} more findings do not fit into the output`,
    fix: "See the summary and the log of the check."
  };
  return `[${[...kept, ...missing > 0 ? [JSON.stringify(note)] : []].join(",")}]`;
}
function checkSummary({ cluster, findings, expiresInDays: expiresInDays2 }) {
  const verdict = findings.length === 0 ? "healthy, and as the file says" : counted(findings);
  const rows = findings.map(({ severity, subject, message, fix, id }) => [severity, subject, message, fix, id]);
  const days = expiresInDays2 === void 0 ? "" : `The first certificate ends in ${expiresInDays2} days.`;
  const parts = [
    `## Check of ${escaped(cluster)}: ${verdict}`,
    rows.length === 0 ? "" : table(["severity", "where", "finding", "fix", "id"], rows),
    days
  ];
  return `${parts.filter(Boolean).join("\n\n")}
`;
}

// src/observe/served-certificate.ts
import { connect } from "node:tls";
var timeoutMs = 3e3;
async function servedCertificate(session, { address, port }, serverName) {
  const named = serverName === void 0 ? {} : { servername: serverName };
  const socket = connect({ socket: await session.forward(address, port), rejectUnauthorized: false, ...named });
  const shaken = Promise.withResolvers();
  const fail = (reason) => {
    const message = `the server at ${address}, port ${port}, presents no certificate: ${reason}`;
    shaken.reject(new Problem(message, { code: "FORWARD_FAILED", host: session.host.name }));
  };
  socket.once("secureConnect", () => {
    const certificate = socket.getPeerX509Certificate();
    if (certificate) shaken.resolve(certificate.toString());
    else fail("none was sent");
  });
  socket.on("error", ({ message }) => fail(message));
  socket.once("close", () => fail("it closed the connection"));
  const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1e3} s`), timeoutMs);
  try {
    return await shaken.promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

// src/phases/health-services.ts
function askServices(report) {
  return {
    title: "Ask the services",
    async run(run, signal) {
      const found = await Promise.all([apiServers(run, report, signal), etcd(run), servedCertificates(run, report)]);
      report.findings.push(...found.flat());
    }
  };
}
var isDeployed = (run, host, role) => inspectionOf(run, host).scopes.includes(role);
var patience = { timeoutMs: 5e3, everyMs: 500 };
async function apiServers(run, report, signal) {
  const stopped = new Set(report.findings.map(({ id }) => id));
  const masters = targetsOf(run, "master").filter(
    (host) => isDeployed(run, host, "master") && !stopped.has(stoppedId(host.name, components.apiServer.unit))
  );
  const reasons = masters.map(async (host) => {
    const look = () => withMaster(run, host, whyNotServing);
    const reason = await waitWhile(look, { ...patience, signal }).catch(reasonOf);
    return reason === void 0 ? [] : [apiServerFinding(host, reason)];
  });
  return (await Promise.all(reasons)).flat();
}
function reasonOf(error2) {
  if (error2 instanceof Problem) return error2.message;
  throw error2;
}
async function etcd(run) {
  const lists = [...observedAtFirst(run).values()].flatMap(({ list }) => list ?? []);
  const learners = lists.slice(0, 1).flatMap((list) => learnerFindings(run.cluster, list));
  let refusal = new Error("no host of etcd answers");
  for (const host of targetsOf(run, "etcd").filter((each) => isDeployed(run, each, "etcd"))) {
    try {
      return [...learners, ...etcdFindings(run.cluster, await etcdHealth(sessionOf(run, host), run.cluster))];
    } catch (error2) {
      refusal = new Error(describeProblem(error2));
      if (!(error2 instanceof Problem)) throw error2;
    }
  }
  return [...learners, unknownFinding("etcd", run.cluster.name, refusal, "critical")];
}
var loopbackName = "apiserver-loopback-client";
function serversOf({ cluster }, { roles: roles2 }) {
  const { apiServer, etcd: member, kubelet } = components;
  const all = {
    master: [
      { unit: apiServer.unit, port: cluster.api.port, path: apiServer.certificates.serving.crt },
      { unit: apiServer.unit, port: cluster.api.port, path: loopbackName, serverName: loopbackName }
    ],
    etcd: [
      { unit: member.unit, port: member.ports.clients.port, path: member.certificates.server.crt },
      { unit: member.unit, port: member.ports.peers.port, path: member.certificates.peer.crt }
    ],
    node: [{ unit: kubelet.unit, port: kubelet.ports.api.port, path: kubelet.certificates.serving.crt }]
  };
  return roles2.flatMap((role) => all[role]);
}
async function servedCertificates(run, report) {
  const hosts = run.cluster.hosts.filter(({ name }) => run.inspections.has(name));
  return (await Promise.all(hosts.map((host) => servedOn(run, report, host)))).flat();
}
async function servedOn(run, report, host) {
  const stopped = new Set(report.findings.map(({ id }) => id));
  const { scopes, files } = inspectionOf(run, host);
  if (!host.roles.every((role) => scopes.includes(role))) return [];
  const running = serversOf(run, host).filter(({ unit }) => !stopped.has(stoppedId(host.name, unit)));
  const unknown = [];
  const ask = async ({ unit, port, path, serverName }) => {
    const name = `${withoutSuffix(unit)}, port ${port}${serverName === void 0 ? "" : `, ${serverName}`}`;
    try {
      const pem = await servedCertificate(sessionOf(run, host), { address: host.address, port }, serverName);
      return seenCertificate(path, pem, name);
    } catch (error2) {
      if (!(error2 instanceof Problem)) throw error2;
      unknown.push(unknownFinding(`the certificate of ${name}`, host.name, error2));
      return [];
    }
  };
  const served = (await Promise.all(running.map(ask))).flat();
  report.certificates.push(...served);
  const filed = running.flatMap(({ path }) => seenCertificate(path, files.get(path) ?? ""));
  const findings = certificateFindings(host, [...filed, ...served], run.now);
  return [...unknown, ...findings.filter(({ id }) => !stopped.has(id))];
}

// src/phases/health-drift.ts
function observeHealth({ findings }) {
  return {
    title: "Observe the cluster",
    async run(run) {
      const { versions: observed, api } = await observeCluster(run);
      const { versions, refusals } = planVersions(run.cluster, observed);
      const found = { nodes: [], apiServers: [], ...api, machineIds: machineIdsOf(run) };
      const lines = planLines(run.cluster, found, run.forget);
      findings.push(...[...refusals, ...lines.refusals].map((problem) => refusedFinding(run, problem)));
      findings.push(...versionFindings(run.cluster, kubernetesIn(observed), run.now));
      if (api) findings.push(...nodeFindings(run.cluster, api.nodes));
      else findings.push(unknownFinding("nodes", run.cluster.name, new Error("no API server answers"), "critical"));
      return { cluster: withVersions(run.cluster, versions), nodes: api?.nodes };
    }
  };
}
var kubernetesIn = ({ served }) => served.filter(({ component }) => component !== "etcd").map(({ version }) => version);
function lookAround(report, clusterFile) {
  return {
    title: "Compare with the file, and ask the services",
    async run(run, signal) {
      const compare = async () => {
        const observed = await observeHealth(report).run(run, signal);
        await compareHosts(report, clusterFile).run({ ...run, ...observed }, signal);
      };
      await Promise.all([compare(), askServices(report).run(run, signal)]);
    }
  };
}
function compareHosts(report, clusterFile) {
  return {
    title: "Compare with the file",
    async run(run, signal) {
      const secrets = await secretsToCompare(run, report);
      if (!secrets) return;
      const attempt = (phase) => orFindings(run, report, async () => {
        await phase.run({ ...run, secrets }, signal);
        return true;
      });
      const hosts = async () => {
        if (await attempt(planEtcdMembers)) await attempt(applyRole("etcd", "etcd"));
        await attempt(applyRole("master", "masters"));
        await attempt(joinNodes);
      };
      const objects = async () => {
        if (!run.nodes) return;
        await Promise.all([attempt(applyBootstrapManifests(clusterFile)), attempt(applyAddons(clusterFile))]);
      };
      await Promise.all([hosts(), objects()]);
      for (const host of allTargets(run)) {
        const changes = run.results.filter((result) => result.host === host.name).flatMap((result) => result.changes);
        report.findings.push(...driftFindings(host, changes, report.findings));
      }
      report.findings.push(...objectFindings(run.cluster, run.objects.toSorted()));
    }
  };
}
async function orFindings(run, { findings }, work) {
  try {
    return await work();
  } catch (error2) {
    for (const part of problemsOf(error2)) {
      if (!(part instanceof Problem)) throw part;
      findings.push(refusedFinding(run, part));
    }
    return void 0;
  }
}
function refusedFinding({ cluster }, problem) {
  const subject = problem.fields.host ?? cluster.name;
  return problemFinding(`plan/${subject}/${problem.code}`, subject, problem);
}
async function secretsToCompare(run, report) {
  const master = hostsWith(run.cluster, "master").find(({ name }) => run.inspections.has(name));
  if (master) return await orFindings(run, report, async () => (await issueAnswered(run)).secrets);
  const reason = new Error("no master could be asked for its CAs");
  report.findings.push(unknownFinding("differences to the file", run.cluster.name, reason));
  return void 0;
}

// src/check/backups.ts
var hourMs = 36e5;
function backupFindings({ name, backup }, said, now) {
  if (!backup) return [];
  const records = [...said.values()].filter((each) => typeof each === "object" && hoursOf(each, now) > -1);
  const [newest] = records.toSorted((one, other) => other.made.getTime() - one.made.getTime());
  if (newest && hoursOf(newest, now) <= backup.maxAgeHours) return [];
  const silent = [...said].filter(([, each]) => each === void 0).map(([host]) => host);
  if (silent.length > 0) {
    const reason = new Error(`${silent.join(", ")} did not answer, and the other masters have no new record of one`);
    return [unknownFinding("the newest backup", name, reason)];
  }
  return [
    {
      id: `backup-old/${name}`,
      severity: "warning",
      subject: name,
      message: newest ? inWords2(newest, now) : "no backup of it is recorded on its masters",
      fix: "Look at the last runs of the action backup, and run it (examples/backup.yml does so every night)."
    }
  ];
}
var hoursOf = ({ made }, now) => (now.getTime() - made.getTime()) / hourMs;
function inWords2(newest, now) {
  const { name, revision } = newest;
  return `the newest backup is ${Math.floor(hoursOf(newest, now))} hours old: ${name}, revision ${revision}`;
}

// src/check/measures.ts
var full = { warning: 85, critical: 95 };
var fullNode = { warning: 86, critical: 90 };
function diskFindings({ name, roles: roles2 }, disks) {
  const limits = (of) => of === "space" && roles2.includes("node") ? fullNode : full;
  const over = disks.filter(({ percent, of }) => percent >= limits(of).warning);
  if (over.length === 0) return [];
  return [
    {
      id: `disk-full/${name}`,
      severity: over.some(({ percent, of }) => percent >= limits(of).critical) ? "critical" : "warning",
      subject: name,
      message: over.map(({ mount, percent, of }) => `${percent}% of the ${of} of ${mount} are in use`).join(", "),
      fix: "Free some space there, or make the file system larger."
    }
  ];
}
var slow = { warning: 0.512, critical: 1.024 };
var enoughWrites = 500;
function logWriteFindings({ name }, writes) {
  if (!writes || writes.count < enoughWrites) return [];
  const isSlow = (bound) => (writes.within.get(bound) ?? writes.count) < 0.99 * writes.count;
  if (!isSlow(slow.warning)) return [];
  const limit = isSlow(slow.critical) ? slow.critical : slow.warning;
  return [
    {
      id: `etcd-slow-disk/${name}`,
      severity: isSlow(slow.critical) ? "critical" : "warning",
      subject: name,
      message: `of the writes of its etcd member since its start, more than 1% took longer than ${limit} s (wal_fsync)`,
      fix: "Give etcd\u2019s data directory a disk of its own, an SSD. The figure begins again with a restart of the member."
    }
  ];
}
var keyDays = 730;
function keyAgeFindings({ name }, written, now) {
  const oldest = Math.min(...written.map((each) => each.getTime()));
  const days = Math.floor((now.getTime() - oldest) / dayMs);
  if (written.length === 0 || days < keyDays) return [];
  return [
    {
      id: `encryption-key-old/${name}`,
      severity: "warning",
      subject: name,
      message: `the key that encrypts Secrets in etcd is ${days} days old`,
      fix: "Replace it: run the action rotate with what: encryption-key."
    }
  ];
}
var apart = { hosts: 1e3, runner: 5e3 };
var enoughClocks = 3;
function clockFindings({ name }, clocks) {
  if (!comparesClocks(clocks)) return [];
  const sorted = [...clocks.values()].toSorted((one, other) => one.clockSkewMs - other.clockSkewMs);
  const { clockSkewMs: usual = 0, clockErrorMs: error2 = 0 } = sorted[Math.floor(sorted.length / 2)] ?? {};
  const hosts = [...clocks].flatMap(([host, { clockSkewMs, clockErrorMs }]) => {
    const difference = clockSkewMs - usual;
    if (Math.abs(difference) <= apart.hosts + clockErrorMs + error2) return [];
    return [clockFinding("clock", host, `its clock differs from the other hosts\u2019 by ${inSeconds(difference)}`)];
  });
  if (Math.abs(usual) <= apart.runner + error2) return hosts;
  return [
    ...hosts,
    clockFinding("runner-clock", name, `the runner\u2019s clock differs from the hosts\u2019 by ${inSeconds(-usual)}`)
  ];
}
function comparesClocks(clocks) {
  return clocks.size >= enoughClocks;
}
function clockFinding(kind, subject, message) {
  const fix = "Start chrony or systemd-timesyncd there: leases, tokens and certificates depend on the time.";
  return { id: `${kind}/${subject}`, severity: "warning", subject, message, fix };
}
function inSeconds(ms) {
  return `${(ms / 1e3).toFixed(1)} s`;
}

// src/observe/measures.ts
var histogram = "etcd_disk_wal_fsync_duration_seconds";
function askMeasures(host, directories) {
  const df = (flags, mark) => `df ${flags} / ${directories.map(shellQuoted).join(" ")} 2>/dev/null | sed 's/^/${mark} /'`;
  return [
    df("-Pk", "space"),
    df("-Pi", "inodes"),
    ...host.roles.includes("etcd") ? [`${askMember(host, "/metrics")} | grep '^${histogram}_[bc]'`] : [],
    ...host.roles.includes("master") ? [`stat -c 'key %Y' ${paths.encryptionConfig} 2>/dev/null`, askRecord] : [],
    ":"
  ].join("\n");
}
function readMeasures(stdout) {
  const lines = stdout.split("\n").slice(0, mostLines);
  const key = lines.map((line) => /^key (\d{1,12})$/.exec(line)?.[1]).find((time) => time !== void 0);
  const logWrites = logWritesIn(lines);
  const backup = recordIn(lines);
  return {
    disks: disksIn(lines),
    ...logWrites && { logWrites },
    ...key !== void 0 && { keyWritten: new Date(Number(key) * 1e3) },
    ...backup && { backup }
  };
}
var mostLines = 500;
var diskLine = /^(?<of>space|inodes) \S+ +\d+ +\d+ +-?\d+ +(?<percent>\d{1,3})% (?<mount>\/.{0,300})$/;
function disksIn(lines) {
  const found = lines.flatMap((line) => {
    const { of, percent, mount } = diskLine.exec(line)?.groups ?? {};
    return mount === void 0 ? [] : [{ mount, percent: Number(percent), of: of === "inodes" ? of : "space" }];
  });
  return [...new Map(found.map((disk) => [`${disk.of} ${disk.mount}`, disk])).values()];
}
function logWritesIn(lines) {
  const counts = lines.flatMap((line) => {
    const { bound, count } = bucketLine.exec(line)?.groups ?? {};
    return count === void 0 ? [] : [[bound ?? "", Number(count)]];
  });
  const total = counts.find(([bound]) => bound === "")?.[1];
  if (total === void 0) return void 0;
  const within = counts.flatMap(
    ([bound, count]) => Number.isFinite(Number.parseFloat(bound)) ? [[Number.parseFloat(bound), count]] : []
  );
  return { count: total, within: new Map(within) };
}
var bucketLine = new RegExp(
  `^${histogram}_(?:count|bucket\\{le="(?<bound>[0-9.]{1,12})"\\}) (?<count>[0-9.e+]{1,20})$`
);

// src/phases/health-hosts.ts
function reachHosts({ findings }) {
  return {
    title: "Connect to the hosts",
    async run(run, signal) {
      const reach = async (host) => (await reachHost(run, host, void 0, signal)).map((problem) => [host, problem]);
      const refusals = await Promise.all(run.cluster.hosts.map(reach));
      findings.push(...unreachableFindings(run.cluster, new Map(refusals.flat())));
      return { sessions: run.connections };
    }
  };
}
function inspectReached(report) {
  return {
    title: "Gather facts",
    async run(run) {
      const reached = run.cluster.hosts.filter(({ name }) => run.sessions.has(name));
      const answers = await Promise.all(reached.map((host) => inspectOne(run, report, host)));
      const inspections = new Map(answers.flat());
      judgeClocks(run, report, inspections);
      for (const host of reached) {
        const inspection = inspections.get(host.name);
        if (inspection) judge(run, report, host, inspection, comparesClocks(inspections));
      }
      report.findings.push(...keyAgeFindings(run.cluster, keysWritten(inspections), run.now));
      report.findings.push(...backupFindings(run.cluster, saidOfBackups(run, inspections), run.now));
      const answered = (host) => inspections.has(host.name);
      const targets = new Map(roles.map((role) => [role, hostsWith(run.cluster, role).filter(answered)]));
      return { inspections, targets };
    }
  };
}
async function inspectOne(run, { findings }, host) {
  const query = queryFor(run, host);
  try {
    const measures = askMeasures(host, roomPaths(run.cluster, host));
    const ask = [...query.ask ?? [], measures, shellCommand([...showUnits, ...unitsOf(host)])];
    return [[host.name, await sessionOf(run, host).inspect({ ...query, ask })]];
  } catch (error2) {
    if (!(error2 instanceof Problem)) throw error2;
    findings.push(unreachable(host, error2));
    return [];
  }
}
var showUnits = ["systemctl", "show", "-p", "Id", "-p", "LoadState", "-p", "ActiveState", "-p", "SubState"];
var measuresOf = ({ answers }) => readMeasures(answers.at(-2)?.stdout ?? "");
var keysWritten = (inspections) => [...inspections.values()].flatMap((inspection) => measuresOf(inspection).keyWritten ?? []);
function saidOfBackups({ cluster }, inspections) {
  const said = (name) => {
    const inspection = inspections.get(name);
    return inspection && measuresOf(inspection).backup;
  };
  return new Map(hostsWith(cluster, "master").map(({ name }) => [name, said(name)]));
}
function judgeClocks({ cluster }, { findings }, inspections) {
  findings.push(...clockFindings(cluster, new Map([...inspections].map(([name, { facts }]) => [name, facts]))));
}
function judge({ cluster, now }, report, host, inspection, clocksJudged) {
  const { disks, logWrites } = measuresOf(inspection);
  const unfit = problemsOfHost(cluster, host, inspection).filter(({ code }) => !clocksJudged || code !== "HOST_CLOCK");
  const units = parseUnits((inspection.answers.at(-1)?.stdout ?? "").split("\n"));
  const certificates = certificatesOn(inspection);
  report.certificates.push(...certificates);
  report.findings.push(
    ...unitFindings(host, units, inspection.scopes),
    ...unfitFindings(host, unfit),
    ...diskFindings(host, disks),
    ...logWriteFindings(host, logWrites),
    ...certificateFindings(host, certificates, now)
  );
}

// src/actions/work/check.ts
async function check({ cluster, clusterFile, access, name, failOn }) {
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask });
  const report = newReport();
  const steps = [reachHosts(report), inspectReached(report), lookAround(report, clusterFile)];
  await runPhases(run, steps, { signal: cancellation() });
  const findings = inOrder(withoutEffects(report.findings));
  await reportCheck(
    { cluster: cluster.name, findings, expiresInDays: expiresInDays(report.certificates, run.now) },
    failOn
  );
}
export {
  check
};
