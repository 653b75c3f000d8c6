import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  downloadArtifact,
  uploadArtifact
} from "./chunk-7DWXWQT7.js";
import {
  Problem,
  describeProblem,
  pLimit,
  problemsOf
} from "./chunk-6ZCVYHUR.js";

// src/github/reports.ts
function reportOf(run, error, attempt) {
  const [[role, hosts] = [void 0, []], ...more] = run.targets;
  if (!role || more.length > 0) return void 0;
  const problems = error === void 0 ? [] : problemsOf(error);
  return {
    role,
    outcome: error === void 0 ? "success" : "failure",
    attempt,
    hosts: hosts.map(({ name }) => {
      const results = run.results.filter((result) => result.host === name);
      const own = problems.find((each) => !(each instanceof Problem) || (each.fields.host ?? name) === name);
      return {
        host: name,
        changes: results.reduce((sum, { changes }) => sum + changes.length, 0),
        restarts: results.reduce((sum, { restarted }) => sum + restarted.length, 0),
        milliseconds: results.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
        ...own === void 0 ? {} : { problem: describeProblem(own) }
      };
    })
  };
}
function reportName(cluster, role, host) {
  return `k8s-ha-report-${cluster}-${role}-${host}.json`;
}
async function leaveReport(cluster, report) {
  const name = reportName(cluster, report.role, report.hosts[0]?.host ?? "");
  await uploadArtifact(name, Buffer.from(`${JSON.stringify(report)}
`));
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
    return JSON.parse(Buffer.from(await downloadArtifact(name)).toString());
  } catch (error) {
    if (error instanceof Problem && error.code === "ARTIFACT_MISSING") return void 0;
    throw error;
  }
}

export {
  reportOf,
  leaveReport,
  gatherReports
};
