import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  gatherReports,
  removeBundles
} from "../chunks/github-artifacts.js";
import "../chunks/p-limit.js";
import "../chunks/entry-json.js";
import "../chunks/github-artifact-client.js";
import "../chunks/p-timeout.js";
import "../chunks/github-server.js";
import {
  runAction
} from "../chunks/github-action.js";
import "../chunks/github-secret-inputs.js";
import "../chunks/github-small-file.js";
import {
  writeSummary
} from "../chunks/github-summary.js";
import "../chunks/github-cancellation.js";
import {
  duration
} from "../chunks/github-log.js";
import {
  roles
} from "../chunks/entry-bytes.js";
import {
  Problem,
  describeProblem,
  object,
  record,
  string
} from "../chunks/errors.js";
import {
  Markdown,
  escaped,
  getInput,
  group,
  info,
  setOutput,
  table,
  warning
} from "../chunks/github-hidden-values.js";
import "../chunks/host-redact-keys.js";
import "../chunks/runtime.js";

// src/github/cluster-job.ts
function clusterJobRow(job, result, outputs) {
  const row = { job, host: "", result, changes: 0, restarts: 0 };
  if (result === "skipped" || !outputs) return row;
  const { changed, seconds } = outputs;
  const note = job === "plan" ? planNote(changed) : failoverNote(outputs);
  return {
    ...row,
    // A plan counts changes that are not made yet.
    changes: job === "plan" ? 0 : Number(changed || 0),
    ...seconds ? { milliseconds: Number(seconds) * 1e3 } : {},
    ...note ? { note } : {}
  };
}
function planNote(changed) {
  if (!changed) return "";
  return changed === "0" ? "found nothing to change" : `found ${changed} changes to make`;
}
function failoverNote(outputs) {
  const { leader, report } = outputs;
  const transfer = outputs["transfer-ms"];
  const failed = outputs["failed-requests"];
  return [
    ...transfer ? [`leases moved after ${duration(Number(transfer))}`] : [],
    ...leader ? [`${leader} leads`] : [],
    ...failed ? [`${failed} requests failed`] : [],
    ...report ? [`artifact ${report}`] : []
  ].join(", ");
}

// src/github/gate.ts
var matrixRoles = roles;
var jobOrder = ["plan", "pki", ...matrixRoles, "addons", "verify-failover"];
var needsSchema = record(
  string(),
  object({ result: string(), outputs: record(string(), string()).nullish() })
);
function readNeeds(text) {
  const { data } = needsSchema.safeParse(parsed(text));
  if (data) return data;
  const hint = "Write needs: ${{ toJSON(needs) }}.";
  throw new Problem("the input needs is not the output of toJSON(needs)", { code: "INPUT_INVALID", hint });
}
function entriesOf(needs, role) {
  const list = parsed(needs.plan?.outputs?.[role] ?? "[]");
  return Array.isArray(list) ? list.map(String) : [];
}
function rowsOf(needs, reports) {
  return inOrder(needs).flatMap(([job, need]) => {
    const entries = reports.get(job);
    if (!entries) return [clusterJobRow(job, resultOf(need.result), need.outputs)];
    return [...entries].flatMap(([entry, report]) => hostRows(job, entry, report, need.result === "success"));
  });
}
function inOrder(needs) {
  const place = (job) => jobOrder.indexOf(job) + 1 || jobOrder.length + 1;
  return Object.entries(needs).toSorted(([one], [other]) => place(one) - place(other));
}
function hostRows(job, entry, latest, passed) {
  const report = passed && latest?.outcome === "failure" ? void 0 : latest;
  if (!report) return entry.split(",").map((host) => unheardOf(job, host, passed));
  const blamed = report.hosts.some(({ problem }) => problem !== void 0);
  return report.hosts.map(({ host, ...rest }) => {
    const failed = report.outcome === "failure" && (!blamed || rest.problem !== void 0);
    return { job, host, result: failed ? "failure" : "success", ...rest };
  });
}
function unheardOf(job, host, passed) {
  const nothing = { job, host, changes: 0, restarts: 0 };
  return passed ? { ...nothing, result: "success", problem: "there is no report of what it changed" } : { ...nothing, result: "lost" };
}
function resultOf(text) {
  return text === "success" || text === "skipped" || text === "cancelled" ? text : "failure";
}
function isBroken({ result }) {
  return result !== "success" && result !== "skipped";
}
function problemsAtGate(needs, rows) {
  const broken = rows.filter(isBroken);
  const named = new Set(broken.map(({ job }) => job));
  const unnamed = Object.entries(needs).filter(
    ([job, { result }]) => /^(failure|cancelled)$/.test(result) && !named.has(job)
  );
  return [
    ...droppedOutputs(needs),
    ...broken.map((row) => closed(`the ${row.job} job ${wordOf(row)}`, row.result === "failure", row.host)),
    ...unnamed.map(
      ([job, { result }]) => closed(`one of the ${job} jobs ended as ${result} without a report`, result === "failure")
    )
  ];
}
function droppedOutputs(needs) {
  const { result, outputs } = needs.plan ?? {};
  const dropped = matrixRoles.filter((role) => result === "success" && needs[role] && !outputs?.[role]);
  const hint = 'GitHub drops an output that contains a secret; the plan job has the warning "Skip output". Change the secret that is part of a host\u2019s name.';
  return dropped.map(
    (role) => new Problem(`the ${role} job has no hosts: the output ${role} of plan is missing`, { code: "GATE_CLOSED", hint })
  );
}
function wordOf({ result, problem }) {
  if (result === "cancelled") return "was cancelled";
  if (result === "lost") return "ended without a report: it failed early, was cancelled, timed out, or lost its runner";
  return problem ? `failed: ${problem.split("\n")[0]}` : "failed";
}
function closed(message, failed, host = "") {
  const button = failed ? 'choose "Re-run failed jobs"' : 'run the job again by its own button: "Re-run failed jobs" may leave out a job that was cancelled or reached its time limit';
  const hint = `See the log of that job, fix the cause and ${button}.`;
  return new Problem(message, { code: "GATE_CLOSED", hint, ...host ? { host } : {} });
}
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}

// src/github/gate-summary.ts
function gateSummary(cluster, rows) {
  const broken = rows.filter(isBroken);
  const hosts = new Set(rows.filter(({ host, changes }) => host && changes > 0).map(({ host }) => host)).size;
  const changed = hosts === 0 ? "no host changed" : `${hosts} ${hosts === 1 ? "host" : "hosts"} changed`;
  const verdict = broken.length === 0 ? "everything succeeded" : `${broken.length} of ${rows.length} did not succeed`;
  const ordered = [...broken, ...rows.filter((row) => !isBroken(row))];
  const heads = ["job", "host", "result", "changes:", "restarts:", "time:", ""];
  return `## Gate${cluster && ` of ${escaped(cluster)}`}: ${verdict}, ${changed}

${table(heads, ordered.map(cellsOf))}
`;
}
function cellsOf(row) {
  const { job, host, result, changes, restarts, milliseconds, problem, note = "" } = row;
  const shown = result === "success" ? "ok" : result === "skipped" ? "skipped" : new Markdown(`**${result}**`);
  const count = (figure) => host && milliseconds !== void 0 || figure > 0 ? String(figure) : "";
  const took = milliseconds === void 0 ? "" : duration(milliseconds);
  return [job, host, shown, count(changes), count(restarts), took, problem ?? note];
}

// src/github/gate-run.ts
async function judgeJobs() {
  const needs = readNeeds(getInput("needs"));
  const cluster = needs.plan?.outputs?.name ?? "";
  const begun = matrixRoles.filter((role) => needs[role] && needs[role].result !== "skipped");
  const reports = await group(
    "Gather the reports",
    () => Promise.all(begun.map(async (role) => [role, await gatherReports(cluster, role, entriesOf(needs, role))]))
  );
  const rows = rowsOf(needs, new Map(reports));
  for (const row of rows) info(lineOf(row));
  setOutput(
    "changed-hosts",
    hostsOf(rows, ({ changes }) => changes > 0)
  );
  setOutput("failed-hosts", hostsOf(rows, isBroken));
  await writeSummary(gateSummary(cluster, rows));
  const problems = problemsAtGate(needs, rows);
  if (problems.length > 0) throw new AggregateError(problems, `${problems.length} jobs did not succeed`);
  if (needs.pki?.result === "success") await dropBundles(cluster, needs);
}
async function dropBundles(cluster, needs) {
  const hosts = matrixRoles.flatMap((role) => entriesOf(needs, role).flatMap((entry) => entry.split(",")));
  try {
    const deleted = await removeBundles(cluster, hosts);
    if (deleted > 0) info(`${deleted} artifacts with bundles deleted: every job has passed`);
  } catch (error) {
    warning(`the bundles of this run are not deleted, they expire within a day: ${describeProblem(error)}`);
  }
}
function hostsOf(rows, wanted) {
  return [...new Set(rows.filter((row) => row.host && wanted(row)).map(({ host }) => host))];
}
function lineOf({ job, host, result, changes, restarts, milliseconds, note }) {
  const reported = milliseconds !== void 0;
  return `${[job, host].filter(Boolean).join(" ")}: ${[
    result,
    ...reported && host ? [`${changes} changes`, `${restarts} restarts`] : [],
    ...reported ? [duration(milliseconds)] : [],
    ...note ? [note] : []
  ].join(", ")}`;
}

// src/actions/gate.ts
await runAction(judgeJobs);
