import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/github/run-name.ts
import { hostname } from "node:os";
function runName(env = process.env) {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return id ? `${repository} run ${id}` : `a run by hand on ${hostname()}`;
}
function commitId(env = process.env) {
  const { GITHUB_RUN_ID: run, GITHUB_SHA: id = "" } = env;
  return run && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id) ? id : void 0;
}
function attemptName(env = process.env) {
  return `${runName(env)} attempt ${env.GITHUB_RUN_ATTEMPT ?? "1"}`;
}
function soleAttemptName(env = process.env) {
  return `${attemptName(env)} ${process.pid} ${Math.round(performance.timeOrigin)}`;
}

export {
  runName,
  commitId,
  attemptName,
  soleAttemptName
};
