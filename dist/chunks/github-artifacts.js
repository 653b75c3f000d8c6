import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  pLimit
} from "./p-limit.js";
import {
  parseJson
} from "./entry-json.js";
import {
  artifactNames,
  deleteArtifact,
  downloadArtifact,
  uploadArtifact
} from "./github-artifact-client.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem,
  _enum,
  array,
  base64,
  describeProblem,
  number,
  object,
  problemsOf,
  string
} from "./errors.js";
import {
  published,
  warning
} from "./github-hidden-values.js";
import {
  redact
} from "./host-redact-keys.js";

// src/github/artifacts.ts
import { Buffer as Buffer3 } from "node:buffer";

// src/github/grouped-bundles.ts
import { Buffer as Buffer2 } from "node:buffer";
var groupSchema = array(object({ host: string().max(253), age: base64() })).max(1e4);
function textOfBundles(sealed) {
  const list = [...sealed].map(([host, bytes]) => ({ host, age: Buffer2.from(bytes).toString("base64") }));
  return Buffer2.from(`${JSON.stringify(list)}
`);
}
function bundlesIn(name, bytes) {
  const hint = "Find out which job uploaded it: who can write artifacts of this run? Then re-run pki, and this job.";
  const refuse = () => new Problem(`the artifact ${name} is not a list of bundles`, { code: "ARTIFACT_NONSENSE", hint });
  const { data } = groupSchema.safeParse(parseJson(Buffer2.from(bytes).toString(), refuse));
  if (!data) throw refuse();
  return new Map(data.map(({ host, age }) => [host, Buffer2.from(age, "base64")]));
}

// src/github/artifacts.ts
var atOnce = 8;
var mostBundleBytes = 4 * 1024 * 1024;
var ageHeader = Buffer3.from("age-encryption.org/v1\n");
function bundleName(cluster, host) {
  return `k8s-ha-${cluster}_${host}.age`;
}
function groupName(cluster, first) {
  return `k8s-ha-${cluster}_${first}.bundles.json`;
}
function bundleArtifacts() {
  const limit = pLimit(atOnce);
  let earlier;
  const groups = /* @__PURE__ */ new Map();
  const upload = async (name, bytes) => {
    earlier ??= artifactNames();
    await uploadArtifact(name, bytes, (await earlier).has(name));
  };
  const openGroup = (name) => {
    const open = groups.get(name) ?? limit(async () => bundlesIn(name, await downloadBundle(name)));
    groups.set(name, open);
    return open;
  };
  return {
    write: (cluster, group, sealed) => limit(async () => {
      for (const [host, bytes] of sealed) refusePlain(bundleName(cluster, host), bytes);
      const [only = new Uint8Array()] = sealed.values();
      if (isSingle(group)) await upload(bundleName(cluster, group[0]), only);
      else await upload(groupName(cluster, group[0] ?? ""), textOfBundles(sealed));
    }),
    read: async (cluster, group, host) => isSingle(group) ? await limit(() => downloadBundle(bundleName(cluster, host))) : (await openGroup(groupName(cluster, group[0] ?? ""))).get(host)
  };
}
function isSingle(group) {
  return group.length === 1;
}
function refusePlain(name, sealed) {
  if (!Buffer3.from(sealed).subarray(0, ageHeader.length).equals(ageHeader))
    throw new Error(`${name} is not encrypted: refused to upload it`);
}
async function removeBundles(cluster, hosts) {
  const present = await artifactNames();
  const names = hosts.flatMap((host) => [bundleName(cluster, host), groupName(cluster, host)]);
  const own = [...new Set(names)].filter((name) => present.has(name));
  const limit = pLimit(atOnce);
  await Promise.all(own.map((name) => limit(() => deleteArtifact(name))));
  return own.length;
}
function downloadBundle(name) {
  return downloadArtifact(name, mostBundleBytes);
}

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
  return `k8s-ha-report-${cluster}_${role}_${host}.json`;
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
  mostBundleBytes,
  bundleArtifacts,
  removeBundles,
  reportOf,
  leaveReport,
  gatherReports
};
