import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  pLimit
} from "../chunks/chunk-BTWJCKRW.js";
import {
  Problem,
  object,
  record,
  runAction,
  string,
  writeSummary
} from "../chunks/chunk-OXY4P2NH.js";
import {
  getInput,
  info,
  setOutput
} from "../chunks/chunk-D542MZNC.js";
import "../chunks/chunk-A6KX56EC.js";

// src/github/gate.ts
var matrixRoles = ["etcd", "master", "node"];
var needsSchema = record(
  string(),
  object({ result: string(), outputs: record(string(), string()).nullish() })
);
function readNeeds(text) {
  const { data } = needsSchema.safeParse(parsed(text));
  if (data) return data;
  throw new Problem("the input needs is not what toJSON(needs) gives", {
    code: "INPUT_INVALID",
    hint: "write needs: ${{ toJSON(needs) }}"
  });
}
function entriesOf(needs, role) {
  const list = parsed(needs["plan"]?.outputs?.[role] ?? "[]");
  return Array.isArray(list) ? list.map(String) : [];
}
function rowsOf(needs, reports) {
  return Object.entries(needs).flatMap(([job, { result }]) => {
    const entries = reports.get(job);
    if (!entries || result === "skipped")
      return [{ job, host: "", result: resultOf(result), changed: false, seconds: void 0 }];
    return [...entries].flatMap(([entry, report]) => hostRows(job, entry, report));
  });
}
function hostRows(job, entry, report) {
  return entry.split(",").map((host) => ({
    job,
    host,
    result: report ? resultOf(report.outcome) : "lost",
    changed: report?.changedHosts.includes(host) ?? false,
    seconds: report?.seconds
  }));
}
function resultOf(text) {
  return text === "success" || text === "skipped" || text === "cancelled" ? text : "failure";
}
function problemsAtGate(needs, rows) {
  const broken = rows.filter(({ result }) => result !== "success" && result !== "skipped");
  const told = new Set(broken.map(({ job }) => job));
  const untold = Object.entries(needs).filter(
    ([job, { result }]) => (result === "failure" || result === "cancelled") && !told.has(job)
  );
  return [
    ...broken.map(({ job, host, result }) => problem(`the ${job} job ${wordFor[result]}`, host)),
    ...untold.map(([job, { result }]) => problem(`a ${job} job ended as ${result} without a word`, ""))
  ];
}
var wordFor = {
  success: "succeeded",
  skipped: "was skipped",
  failure: "failed",
  cancelled: "was cancelled",
  lost: "ended without a word: it was cancelled, ran out of time, or its runner was lost"
};
function problem(message, host) {
  const hint = 'its own log says why; mend that and choose "Re-run failed jobs"';
  return new Problem(message, { code: "GATE_CLOSED", hint, ...host ? { host } : {} });
}
function gateSummary(rows) {
  const failed2 = rows.filter(({ result }) => result !== "success" && result !== "skipped");
  const verdict = failed2.length === 0 ? "everything succeeded" : `${failed2.length} of ${rows.length} jobs did not succeed`;
  const ordered = [...failed2, ...rows.filter((row) => !failed2.includes(row))];
  return [
    `## Gate: ${verdict}`,
    "",
    "| job | host | result | changed | time |",
    "|---|---|---|---|--:|",
    ...ordered.map(
      ({ job, host, result, changed, seconds }) => `| ${job} | ${host || "\u2013"} | ${result === "success" ? "ok" : `**${result}**`} | ${changed ? "yes" : "\u2013"} | ${seconds === void 0 ? "\u2013" : `${seconds.toFixed(1)} s`} |`
    ),
    ""
  ].join("\n");
}
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}

// src/github/artifact-client.ts
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
var retentionDays = 1;
async function uploadArtifact(name, bytes, replace = false) {
  const client = await artifactClient();
  await inScratch(async (folder) => {
    const file = join(folder, name);
    await writeFile(file, bytes, { mode: 384, flag: "wx" });
    const upload = () => client.uploadArtifact(name, [file], folder, { retentionDays, skipArchive: true });
    try {
      if (replace) await removeArtifact(client, name);
      await upload().catch(async (error) => {
        if (!isTaken(error)) throw error;
        await removeArtifact(client, name);
        await upload();
      });
    } catch (cause) {
      throw failed("ARTIFACT_UPLOAD", `failed to upload the artifact ${name}`, cause);
    }
  });
}
async function downloadArtifact(name) {
  const client = await artifactClient();
  return await inScratch(async (folder) => {
    try {
      const { artifact } = await client.getArtifact(name);
      const expected = artifact.digest ? { expectedHash: artifact.digest } : {};
      const { digestMismatch } = await client.downloadArtifact(artifact.id, { path: folder, ...expected });
      if (digestMismatch) throw new Error("its bytes are not those that were uploaded");
    } catch (cause) {
      if (cause instanceof Error && cause.name === "ArtifactNotFoundError") throw missing(name, cause);
      throw failed("ARTIFACT_DOWNLOAD", `failed to download the artifact ${name}`, cause);
    }
    const [file, ...more] = await readdir(folder);
    if (file === void 0 || more.length > 0)
      throw failed("ARTIFACT_DOWNLOAD", `the artifact ${name} is not one file`, void 0);
    return await readFile(join(folder, file));
  });
}
async function removeArtifact(client, name) {
  try {
    await client.deleteArtifact(name);
  } catch (error) {
    if (!(error instanceof Error && error.name === "ArtifactNotFoundError")) throw error;
  }
}
function isTaken(error) {
  return error instanceof Error && error.message.includes("(409)");
}
async function artifactClient() {
  if (!process.env.ACTIONS_RUNTIME_TOKEN || !process.env.ACTIONS_RESULTS_URL) {
    const hint = "outside of a workflow, name a folder by the input bundles";
    throw new Problem("there is no artifact service here", { code: "ARTIFACT_UNAVAILABLE", hint });
  }
  const { DefaultArtifactClient } = await import("../chunks/artifact-S6PFMX2B.js");
  return new DefaultArtifactClient();
}
async function inScratch(work) {
  const parent = process.env.RUNNER_TEMP || tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "k8s-ha-artifact-"));
  try {
    await chmod(folder, 448);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
function missing(name, cause) {
  const hint = 'Artifacts are kept for a day, and the pki job makes the bundles: choose "Re-run all jobs", not only the failed ones; when this run never had a pki job, put one before this';
  return new Problem(`the artifact ${name} is missing or has expired`, { code: "ARTIFACT_MISSING", hint, cause });
}
function failed(code, message, cause) {
  const [reason] = (cause instanceof Error ? cause.message : "").split("\n");
  const enterprise = cause instanceof Error && cause.name === "GHESNotSupportedError";
  const hint = enterprise ? "Enterprise Server has no such artifacts: carry a folder between the jobs, or use the root action" : "run this job again; status of the service: https://www.githubstatus.com";
  return new Problem(`${message}${reason ? `: ${reason}` : ""}`, { code, hint, cause });
}

// src/github/reports.ts
function reportName(cluster, role, host) {
  return `k8s-ha-report-${cluster.replace(/[^A-Za-z0-9.-]+/g, "_")}-${role}-${host}.json`;
}
async function leaveReport(cluster, report) {
  const name = reportName(cluster, report.role, report.hosts[0] ?? "");
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

// src/github/gate-run.ts
async function reportJob(cluster, role) {
  const hosts = getInput("hosts").split(/[\s,]+/).filter(Boolean);
  const outcome = getInput("outcome");
  if (hosts.length === 0 || !outcome) {
    const hint = "a job of a matrix gives role, hosts, outcome and outputs; the last job gives needs";
    throw new Problem("the gate was not told the hosts or the outcome", { code: "INPUT_INVALID", hint });
  }
  const outputs = JSON.parse(getInput("outputs") || "{}") ?? {};
  await leaveReport(cluster, {
    ...{ role, hosts, outcome },
    changed: Number(outputs["changed"] ?? 0),
    changedHosts: JSON.parse(outputs["changed-hosts"] || "[]"),
    seconds: Number(outputs["seconds"] ?? 0),
    attempt: Number(process.env["GITHUB_RUN_ATTEMPT"] ?? 1)
  });
}
async function judgeJobs(cluster) {
  const needs = readNeeds(getInput("needs"));
  const roles = matrixRoles.filter((role) => needs[role] && needs[role].result !== "skipped");
  const reports = await Promise.all(
    roles.map(async (role) => [role, await gatherReports(cluster, role, entriesOf(needs, role))])
  );
  const rows = rowsOf(needs, new Map(reports));
  for (const { job, host, result, changed, seconds } of rows)
    info(
      `${[job, host].filter(Boolean).join(" ")}: ${result}${changed ? ", changed" : ""}${seconds === void 0 ? "" : `, ${seconds.toFixed(1)} s`}`
    );
  const named = (wanted) => JSON.stringify([...new Set(rows.filter((row) => row.host && wanted(row)).map(({ host }) => host))]);
  setOutput(
    "changed-hosts",
    named(({ changed }) => changed)
  );
  setOutput(
    "failed-hosts",
    named(({ result }) => result !== "success")
  );
  await writeSummary(gateSummary(rows));
  const problems = problemsAtGate(needs, rows);
  if (problems.length > 0) throw new AggregateError(problems, `${problems.length} jobs did not succeed`);
}

// src/actions/gate.ts
await runAction(async () => {
  const cluster = getInput("cluster") || "cluster.yaml";
  const role = getInput("role");
  await (role ? reportJob(cluster, role) : judgeJobs(cluster));
});
