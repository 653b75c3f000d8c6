import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes
} from "./phases-join-nodes.js";
import "./phases-pass-gate.js";
import {
  observedAtFirst,
  planEtcdMembers
} from "./phases-observe-etcd.js";
import {
  applyRole,
  problemsOfHost,
  queryFor
} from "./phases-apply-role.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "./components-addons-bootstrap.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import {
  reachHost
} from "./phases-reach-masters.js";
import {
  parseUnits,
  runPhases
} from "./host.js";
import {
  machineIdsOf,
  observeCluster,
  planLines
} from "./phases-observe-cluster.js";
import {
  etcdHealth
} from "./etcd-health.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-served-versions.js";
import {
  planVersions,
  withVersions
} from "./plan-kept-role.js";
import {
  shellCommand
} from "./etcd-etcdctl.js";
import {
  waitWhile,
  whyNotServing,
  withMaster
} from "./kubernetes.js";
import {
  allTargets,
  authorityNames,
  authorityRecords,
  findAuthorities,
  inspectionOf,
  issue,
  newRun,
  notAfter,
  notBefore,
  readCertificate,
  sessionOf,
  targetsOf,
  withStandIns
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./entry-json.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./layout-ports.js";
import "./cluster-addresses.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import "./cluster-versions.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  places,
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
  roles
} from "./entry-bytes.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "./errors.js";
import {
  cutLine,
  redact
} from "./host-redact-keys.js";
import "./runtime.js";

// src/check/certificates.ts
var dayMs = 24 * 3600 * 1e3;
var limitDays = 30;
function seenCertificate(path, pem, served) {
  const certificate = readCertificate(pem);
  if (!certificate) return [];
  const times = { from: notBefore(certificate), until: notAfter(certificate) };
  return [{ path, ...served !== void 0 && { served }, ...times }];
}
function daysLeft({ until }, now) {
  return Math.floor((until.getTime() - now.getTime()) / dayMs);
}
function expiresInDays(certificates, now) {
  return certificates.length === 0 ? void 0 : Math.min(...certificates.map((each) => daysLeft(each, now)));
}
function certificateFindings({ name }, certificates, now) {
  const ending = certificates.filter((each) => leftMs(each, now) < limitOf(each));
  const [served, filed] = [ending.filter(isServed), ending.filter((each) => !isServed(each))];
  const authorities = authorityNames.flatMap((authority) => {
    const copies = authorityRecords[authority].copies;
    const [copy] = filed.filter(({ path }) => copies.includes(path));
    return copy ? [authorityFinding(authority, copy, now)] : [];
  });
  const leafs = filed.filter(({ path }) => !isAuthority(path));
  const only = served.filter(({ path }) => !leafs.some((leaf) => leaf.path === path));
  return [
    ...authorities,
    ...leafFindings("certificates-end", name, leafs, now, "Run a deployment: it renews them."),
    ...leafFindings("served-certificates-end", name, only, now, "Restart the unit: it serves an older certificate.")
  ];
}
var isServed = ({ served }) => served !== void 0;
var isAuthority = (path) => authorityNames.some((name) => authorityRecords[name].copies.some((copy) => copy === path));
var leftMs = ({ until }, now) => until.getTime() - now.getTime();
function limitOf({ path, from, until }) {
  const share = path === places.kubeletClientCert ? 10 : 3;
  return Math.min(limitDays * dayMs, (until.getTime() - from.getTime()) / share);
}
function severityOf(certificates, now) {
  return certificates.some((each) => leftMs(each, now) < limitOf(each) / 4) ? "critical" : "warning";
}
function leafFindings(kind, host, certificates, now, fix) {
  const [first] = certificates.toSorted((one, other) => one.until.getTime() - other.until.getTime());
  if (!first) return [];
  const names = certificates.map(({ path, served }) => served ?? path);
  const message = `${names.join(", ")}: ${endInWords(first, now)}`;
  return [{ id: `${kind}/${host}`, severity: severityOf(certificates, now), subject: host, message, fix }];
}
function authorityFinding(authority, copy, now) {
  return {
    id: `ca-ends/${authority}`,
    severity: severityOf([copy], now),
    subject: `${authority} CA`,
    message: `the ${authority} CA ${endInWords(copy, now)}`,
    fix: "No certificate is valid after its CA: plan a new cluster, because CAs are not rotated yet."
  };
}
function endInWords(certificate, now) {
  const days = daysLeft(certificate, now);
  const when = certificate.until.toISOString();
  return leftMs(certificate, now) <= 0 ? `ended ${when}` : `ends ${when}, in ${days} ${days === 1 ? "day" : "days"}`;
}

// src/check/finding.ts
var severities = ["critical", "warning", "info"];
function isGo(findings) {
  return !findings.some(({ severity }) => severity === "critical");
}
function atLeast(severity, findings) {
  return findings.filter((each) => severities.indexOf(each.severity) <= severities.indexOf(severity));
}
function inOrder(findings) {
  const byId = [...Map.groupBy(findings, ({ id }) => id).values()];
  return byId.flatMap((same) => merged(same) ?? []).toSorted(compared);
}
function compared(one, other) {
  const rank = severities.indexOf(one.severity) - severities.indexOf(other.severity);
  return rank || one.id.localeCompare(other.id);
}
function merged(same) {
  const [gravest] = same.toSorted(compared);
  const texts = [...new Set(same.map(({ message }) => message))];
  return gravest && { ...gravest, message: texts.join("; ") };
}

// src/check/report.ts
function newReport() {
  return { findings: [], certificates: [] };
}

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
  return [...node.ready ? [] : [unready], ...node.cordoned ? [cordoned] : []];
}
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
  const { host, healthy, error: error2, alarm } = member;
  const critical = (kind, message, fix) => ({
    id: `${kind}/${host}`,
    severity: "critical",
    subject: host,
    message,
    fix
  });
  return [
    ...healthy ? [] : [critical("etcd-member", `its etcd member is not healthy: ${error2}`, "Look at `journalctl -u etcd` on it.")],
    ...alarm === void 0 ? [] : [
      critical(
        "etcd-alarm",
        `its etcd member has an alarm: ${alarm}`,
        "NOSPACE: raise the quota or free space, then `etcdctl alarm disarm`. CORRUPT: replace the member."
      )
    ],
    ...spaceFindings(member)
  ];
}
var used = { warning: 0.6, critical: 0.85 };
var fragmented = { bytes: 1e8, part: 0.45 };
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
    fix: "Run `etcdctl defrag` on it, one member after the other, the leader last: it does not answer meanwhile."
  };
  return [
    ...part >= used.warning ? [large] : [],
    ...bytes >= fragmented.bytes && free >= fragmented.part ? [loose] : []
  ];
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
var causes = {
  "api-server-not-ready": components.apiServer.unit,
  "etcd-member": components.etcd.unit,
  "node-not-ready": components.kubelet.unit
};
function withoutEffects(findings) {
  const ids = new Set(findings.map(({ id }) => id));
  return findings.filter(({ id, subject }) => {
    if (ids.has(`hosts-unreachable/${subject}`) && id.startsWith("unknown/")) return false;
    const unit = causes[id.split("/", 1)[0] ?? ""];
    return unit === void 0 || !ids.has(stoppedId(subject, unit));
  });
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
      if (api) findings.push(...nodeFindings(run.cluster, api.nodes));
      else findings.push(unknownFinding("nodes", run.cluster.name, new Error("no API server answers"), "critical"));
      return { cluster: withVersions(run.cluster, versions), nodes: api?.nodes };
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
      if (await attempt(planEtcdMembers)) await attempt(applyRole("etcd", "etcd"));
      await attempt(applyRole("master", "masters"));
      await attempt(joinNodes);
      if (run.nodes) {
        await attempt(applyBootstrapManifests(clusterFile));
        await attempt(applyAddons(clusterFile));
      }
      for (const host of allTargets(run)) {
        const changes = run.results.filter((result) => result.host === host.name).flatMap((result) => result.changes);
        report.findings.push(...driftFindings(host, changes, report.findings));
      }
      report.findings.push(...objectFindings(run.cluster, run.objects));
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
  const masters = hostsWith(run.cluster, "master").filter(({ name }) => run.inspections.has(name));
  if (masters.length > 0) return await orFindings(run, report, () => issuedFor(run, masters));
  const reason = new Error("no master could be asked for its CAs");
  report.findings.push(unknownFinding("differences to the file", run.cluster.name, reason));
  return void 0;
}
async function issuedFor(run, masters) {
  const read = run.cluster.hosts.filter(({ name }) => run.inspections.has(name));
  const seen = withStandIns(read.map((host) => ({ host: host.name, ...inspectionOf(run, host) })));
  const isMaster = ({ host }) => masters.some(({ name }) => name === host);
  const others = seen.filter((each) => !isMaster(each));
  const found = findAuthorities(seen.filter(isMaster), others);
  if (found.kind === "none") {
    const hint = "Run a deployment.";
    throw new Problem("no master that was asked has CAs", { code: "AUTHORITIES_UNKNOWN", hint });
  }
  const existing = new Map(seen.map(({ host, files }) => [host, files]));
  return (await issue(run.cluster, found.authorities, existing, run.now, true)).secrets;
}

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
      for (const host of reached) {
        const inspection = inspections.get(host.name);
        if (inspection) judge(run, report, host, inspection);
      }
      const answered = (host) => inspections.has(host.name);
      const targets = new Map(roles.map((role) => [role, hostsWith(run.cluster, role).filter(answered)]));
      return { inspections, targets };
    }
  };
}
async function inspectOne(run, { findings }, host) {
  const query = queryFor(run, host);
  try {
    const ask = [...query.ask ?? [], shellCommand([...showUnits, ...unitsOf(host)])];
    return [[host.name, await sessionOf(run, host).inspect({ ...query, ask })]];
  } catch (error2) {
    if (!(error2 instanceof Problem)) throw error2;
    findings.push(unreachable(host, error2));
    return [];
  }
}
var showUnits = ["systemctl", "show", "-p", "Id", "-p", "LoadState", "-p", "ActiveState", "-p", "SubState"];
function judge({ cluster, now }, report, host, inspection) {
  const units = parseUnits((inspection.answers.at(-1)?.stdout ?? "").split("\n"));
  const certificates = certificatesOn(inspection);
  report.certificates.push(...certificates);
  report.findings.push(
    ...unitFindings(host, units, inspection.scopes),
    ...unfitFindings(host, problemsOfHost(cluster, host, inspection)),
    ...certificateFindings(host, certificates, now)
  );
}
function certificatesOn({ files, withheld }) {
  return [
    ...[...files].flatMap(([path, text]) => seenCertificate(path, text)),
    ...[...withheld].flatMap(([path, { certificate }]) => seenCertificate(path, certificate))
  ];
}

// src/observe/served-certificate.ts
import { connect } from "node:tls";
var timeoutMs = 3e3;
async function servedCertificate(session, { address, port }) {
  const socket = connect({ socket: await session.forward(address, port), rejectUnauthorized: false });
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
function serversOf({ cluster }, { roles: roles2 }) {
  const { apiServer, etcd: member, kubelet } = components;
  const all = {
    master: [{ unit: apiServer.unit, port: cluster.api.port, path: apiServer.certificates.serving.crt }],
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
  const ask = async ({ unit, port, path }) => {
    const name = `${withoutSuffix(unit)}, port ${port}`;
    try {
      const pem = await servedCertificate(sessionOf(run, host), { address: host.address, port });
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

// src/actions/work/check.ts
async function check({ cluster, clusterFile, access, name, failOn }) {
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask });
  const report = newReport();
  const steps = [
    reachHosts(report),
    inspectReached(report),
    observeHealth(report),
    compareHosts(report, clusterFile),
    askServices(report)
  ];
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
