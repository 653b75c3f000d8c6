import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  pTimeout
} from "./p-timeout.js";
import {
  isEnterpriseServer
} from "./github-server.js";
import {
  readSmallFile
} from "./github-small-file.js";
import {
  inUnits
} from "./entry-bytes.js";
import {
  Problem
} from "./errors.js";

// src/github/artifact-client.ts
import { rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
var retentionDays = 1;
var runAgain = "Run this job again. The status of the service is at https://www.githubstatus.com.";
async function uploadArtifact(name, bytes, replace = false, { lasting = false } = {}) {
  const kept = lasting ? {} : { retentionDays };
  await inScratch(async (folder) => {
    await writeFile(join(folder, name), bytes, { mode: 384, flag: "wx" });
    await upload(name, folder, kept, replace);
  });
}
async function uploadArtifactFile(name, folder, days) {
  await upload(name, folder, { retentionDays: days }, false);
}
async function upload(name, folder, kept, replace) {
  const client = await artifactClient();
  const send = () => client.uploadArtifact(name, [join(folder, name)], folder, { ...kept, skipArchive: true });
  try {
    if (replace) await removeArtifact(client, name);
    await send().catch(async (error) => {
      if (!isTaken(error)) throw error;
      await removeArtifact(client, name);
      await send();
    });
  } catch (cause) {
    throw failed("ARTIFACT_UPLOAD", `failed to upload the artifact ${name}`, cause);
  }
}
async function downloadArtifact(name, mostBytes) {
  const client = await artifactClient();
  return await inScratch(async (folder) => {
    try {
      const { artifact } = await client.getArtifact(name);
      if (artifact.size > mostBytes)
        throw nonsense(name, `has ${artifact.size} bytes, more than ${inUnits(mostBytes)}`);
      const expected = artifact.digest ? { expectedHash: artifact.digest } : {};
      const options = { path: folder, skipDecompress: true, ...expected };
      const { digestMismatch } = await inTime(client.downloadArtifact(artifact.id, options));
      if (digestMismatch) throw changed(name);
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      if (cause instanceof Error && cause.name === "ArtifactNotFoundError") throw missing(name, cause);
      throw failed("ARTIFACT_DOWNLOAD", `failed to download the artifact ${name}`, cause);
    }
    const [file, ...more] = await readdir(folder);
    if (file === void 0 || more.length > 0) throw nonsense(name, "is not one file");
    return await readSmallFile(join(folder, file), mostBytes, (what) => nonsense(name, `has ${what}`));
  });
}
async function artifactNames() {
  const client = await artifactClient();
  try {
    const { artifacts } = await client.listArtifacts({ latest: true });
    return new Set(artifacts.map((artifact) => artifact.name));
  } catch (cause) {
    throw failed("ARTIFACT_UPLOAD", "failed to list the artifacts of this run", cause);
  }
}
async function deleteArtifact(name) {
  const client = await artifactClient();
  try {
    await removeArtifact(client, name);
  } catch (cause) {
    throw failed("ARTIFACT_UPLOAD", `failed to delete the artifact ${name}`, cause);
  }
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
function hasArtifacts() {
  const { ACTIONS_RUNTIME_TOKEN: token, ACTIONS_RESULTS_URL: url } = process.env;
  return Boolean(token && url) && !isEnterpriseServer();
}
async function artifactClient() {
  if (!hasArtifacts()) {
    const hint = isEnterpriseServer() ? "GitHub Enterprise Server has no such artifacts: use the root action in one job, as in docs/enterprise-server.md." : "Outside a workflow, set the input bundles to a folder.";
    throw new Problem("there is no artifact service here", { code: "ARTIFACT_UNAVAILABLE", hint });
  }
  const { DefaultArtifactClient } = await import("./actions-artifact.js");
  return new DefaultArtifactClient();
}
var downloadMs = 18e4;
var inTime = (work) => pTimeout(work, { milliseconds: downloadMs, message: `no end after ${downloadMs / 1e3} s` });
async function inScratch(work) {
  const parent = process.env.RUNNER_TEMP || tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "k8s-ha-artifact-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    await chmod(folder, 448);
    return await work(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}
function missing(name, cause) {
  const hint = 'Bundles are kept until every job has passed, for a day at most, and the pki job creates them: re-run the pki job with all jobs that need it, or "Re-run all jobs"; re-running only the failed ones fails again. If this run has no pki job, add one before this job.';
  return new Problem(`the artifact ${name} is missing or has expired`, { code: "ARTIFACT_MISSING", hint, cause });
}
function changed(name) {
  const hint = "Run this job again. If that fails, re-run the job that uploads the artifact (pki for a bundle) with all jobs that need it.";
  return new Problem(`the artifact ${name} came with other bytes than were uploaded`, {
    code: "ARTIFACT_CHANGED",
    hint
  });
}
function nonsense(name, what) {
  const hint = "Find out which job uploaded it: who can write artifacts of this run? Then re-run that job, and this one.";
  return new Problem(`the artifact ${name} ${what}`, { code: "ARTIFACT_NONSENSE", hint });
}
function failed(code, message, cause) {
  const [reason] = (cause instanceof Error ? cause.message : "").split("\n");
  const hint = isTaken(cause) ? "An upload of this name was cut off, and the service neither lists nor deletes it: start a new run." : runAgain;
  return new Problem(`${message}${reason ? `: ${reason}` : ""}`, { code, hint, cause });
}

export {
  runAgain,
  uploadArtifact,
  uploadArtifactFile,
  downloadArtifact,
  artifactNames,
  deleteArtifact,
  hasArtifacts
};
