import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  duration
} from "./github-log.js";
import {
  addSummary,
  escaped,
  folded,
  list,
  table
} from "./github-hidden-values.js";
import {
  redact
} from "./host-redact-keys.js";

// src/github/summary.ts
var limit = 1e6;
async function writeSummary(markdown) {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  await addSummary(cut(markdown));
}
function cut(markdown) {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const begin = Buffer.from(markdown).subarray(0, limit).toString();
  const lines = begin.slice(0, begin.lastIndexOf("\n") + 1) || begin;
  const open = lines.lastIndexOf("<details>") > lines.lastIndexOf("</details>");
  return `${lines}${open ? "\n</details>\n" : ""}
\u2026 cut: the log has the rest.
`;
}
function summaryOf(title, run) {
  const total = run.timings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const parts = [
    `## ${title} of ${escaped(run.cluster.name)}: ${verdictOf(run)} in ${duration(total)}`,
    openingTable(run),
    hostTable(run),
    table(
      ["phase", "time:"],
      run.timings.map(({ phase, milliseconds }) => [phase, duration(milliseconds)])
    ),
    changeTable(run),
    folded(`Certificates: ${run.issued.length}`, list(run.issued)),
    folded(`Objects of the cluster: ${run.objects.length}`, list(run.objects))
  ];
  return `${parts.filter(Boolean).join("\n\n")}
`;
}
function verdictOf({ dryRun, results, objects, issued }) {
  const changes = results.reduce((sum, result) => sum + result.changes.length, 0);
  if (changes + objects.length === 0) return dryRun ? "dry run, nothing to change" : "nothing to change";
  const counts = [
    ...changes > 0 ? [counted(changes, "change", "changes", " on hosts")] : [],
    ...objects.length > 0 ? [counted(objects.length, "object", "objects", " of the cluster")] : [],
    ...issued.length > 0 ? [counted(issued.length, "certificate", "certificates")] : []
  ];
  return `${dryRun ? "dry run, " : ""}${counts.join(", ")}`;
}
function counted(count, one, more, rest = "") {
  return `${count} ${count === 1 ? one : more}${rest}`;
}
function hostsOf(run) {
  const names = new Set([...run.targets.values()].flat().map(({ name }) => name));
  return run.cluster.hosts.filter(({ name }) => names.has(name));
}
function hostTable(run) {
  const rows = hostsOf(run).map(({ name, roles }) => {
    const own = run.results.filter(({ host }) => host === name);
    const changes = own.flatMap((result) => result.changes);
    const count = String(changes.length);
    if (run.dryRun) return [name, roles.join(", "), count, unitsIn(changes)];
    const restarted = own.flatMap((result) => result.restarted).join(", ");
    const took = own.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return [name, roles.join(", "), count, restarted || "\u2013", duration(took)];
  });
  if (rows.length === 0) return "";
  const heads = run.dryRun ? ["would change:", "would restart"] : ["changes:", "restarted", "time:"];
  return table(["host", "roles", ...heads], rows);
}
function openingTable({ dryRun, cluster }) {
  if (!dryRun || cluster.openings.length === 0) return "";
  const rows = cluster.openings.map(({ line, setting, effect, cis }) => [String(line), setting, effect, cis ?? ""]);
  return `### cluster.yaml opens

${table(["line:", "setting", "it \u2026", "CIS"], rows)}`;
}
function unitsIn(changes) {
  return changes.filter(({ kind }) => kind === "restart").map(({ subject }) => subject).join(", ") || "\u2013";
}
function changeTable(run) {
  const rows = run.cluster.hosts.flatMap(
    ({ name }) => run.results.filter(({ host }) => host === name).flatMap(
      ({ changes }) => changes.map(({ kind, subject, reason }) => [name, `${kind} ${subject}`, redact(reason)])
    )
  );
  return folded(`Changes on hosts: ${rows.length}`, rows.length > 0 ? table(["host", "what", "why"], rows) : "");
}

export {
  writeSummary,
  summaryOf
};
