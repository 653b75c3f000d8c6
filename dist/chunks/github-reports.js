import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  downloadArtifact,
  uploadArtifact
} from "./github-artifact-client.js";
import {
  pLimit,
  parseJson
} from "./entry-json.js";
import {
  published,
  warning
} from "./github-hidden-values.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem,
  _enum,
  array,
  describeProblem,
  number,
  object,
  problemsOf,
  string
} from "./errors.js";
import {
  redact
} from "./host-redact-keys.js";

// src/github/reports.ts
var mostBytes = 1024 * 1024;
var mostWords = 16384;
var count = number().min(0);
var hostReport = object({
  host: string().max(253),
  changes: count,
  restarts: count,
  milliseconds: count,
  /** The error, as in the job's log. */
  problem: string().max(mostWords).exactOptional()
});
var reportSchema = object({
  role: _enum(roles),
  outcome: _enum(["success", "failure"]),
  /** The attempt of the run: for a job that was not repeated, the report of an earlier attempt is used. */
  attempt: count,
  hosts: array(hostReport).max(1e4).readonly()
});
function reportOf(run, error, attempt) {
  const [[role, hosts] = [void 0, []], ...more] = run.targets;
  if (!role || more.length > 0) return void 0;
  const problems = error === void 0 ? [] : problemsOf(error);
  const names = hosts.map(({ name }) => name);
  return {
    role,
    outcome: error === void 0 ? "success" : "failure",
    attempt,
    hosts: hosts.map(({ name }) => {
      const results = run.results.filter((result) => result.host === name);
      const own = problems.find((each) => concerns(each, name, names));
      return {
        host: name,
        changes: results.reduce((sum, { changes }) => sum + changes.length, 0),
        restarts: results.reduce((sum, { restarted }) => sum + restarted.length, 0),
        milliseconds: results.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
        ...own === void 0 ? {} : { problem: redact(describeProblem(own)).slice(0, mostWords) }
      };
    })
  };
}
function concerns(problem, name, names) {
  const { host } = problem instanceof Problem ? problem.fields : {};
  return host === void 0 || host === name || !names.includes(host);
}
function reportName(cluster, role, host) {
  return `k8s-ha-report-${cluster}-${role}-${host}.json`;
}
async function leaveReport(cluster, report) {
  const name = reportName(cluster, report.role, report.hosts[0]?.host ?? "");
  await uploadArtifact(name, Buffer.from(published(`${JSON.stringify(report)}
`)));
}
async function gatherReports(cluster, role, entries) {
  const limit = pLimit(8);
  const gathered = await Promise.all(
    entries.map(
      (entry) => limit(async () => {
        const name = reportName(cluster, role, entry.split(",")[0] ?? "");
        return [entry, await readReport(name)];
      })
    )
  );
  return new Map(gathered);
}
async function readReport(name) {
  try {
    return parseReport(name, Buffer.from(await downloadArtifact(name, mostBytes)).toString());
  } catch (error) {
    if (!(error instanceof Problem) || error.code === "ARTIFACT_UNAVAILABLE") throw error;
    if (error.code !== "ARTIFACT_MISSING") warning(describeProblem(error));
    return void 0;
  }
}
function parseReport(name, text) {
  const hint = "Find out which job uploaded it: who can write artifacts of this run?";
  const refuse = () => new Problem(`the artifact ${name} is not a report`, { code: "ARTIFACT_NONSENSE", hint });
  const { data } = reportSchema.safeParse(parseJson(text, refuse));
  if (!data) throw refuse();
  return data;
}

export {
  reportOf,
  leaveReport,
  gatherReports
};
