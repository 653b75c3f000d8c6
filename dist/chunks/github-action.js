import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  takeSecretInputs
} from "./github-secret-inputs.js";
import {
  summaryOf,
  writeSummary
} from "./github-summary.js";
import {
  endWhenCancelled
} from "./github-cancellation.js";
import {
  duration
} from "./github-log.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "./errors.js";
import {
  error,
  info,
  markFailed,
  setOutput,
  warning
} from "./github-hidden-values.js";

// src/github/repository-path.ts
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
function repositoryPath(file) {
  if (/^[a-z][a-z+.-]*:\/\//i.test(file)) return void 0;
  const path = resolve(file);
  const workspace = resolve(process.env.GITHUB_WORKSPACE || ".");
  const inside = relative(checkoutOf(dirname(path), workspace), path);
  return inside === "" || inside === ".." || inside.startsWith("../") || isAbsolute(inside) ? void 0 : inside;
}
function checkoutOf(folder, workspace) {
  for (let at = folder; at.startsWith(`${workspace}/`); at = dirname(at)) if (existsSync(join(at, ".git"))) return at;
  return workspace;
}

// src/github/annotations.ts
var shown = 10;
function failWith(error2) {
  for (const [index, problem] of problemsOf(error2).map(asProblem).entries()) {
    const text = describeProblem(problem);
    if (index < shown) error(text, placeOf(problem));
    else info(text);
    for (const line of problem.fields.detail ?? []) info(indented(line));
  }
  markFailed();
}
function asProblem(error2) {
  if (error2 instanceof Problem) return error2;
  const { message, stack = "" } = error2 instanceof Error ? error2 : { message: String(error2) };
  return new Problem(message || "an error without a message", {
    code: "ACTION_DEFECT",
    hint: "This is a defect of the action itself. Report it as an issue of k8s-ha-action, with the lines that follow.",
    detail: stack.slice(0, 8e3).split("\n").filter(Boolean),
    cause: error2
  });
}
var indented = (text) => text.split("\n").map((line) => `    ${line}`).join("\n");
function placeOf({ fields: { code, phase, host, file, line, column } }) {
  const path = file && !host ? repositoryPath(file) : void 0;
  return {
    title: [code, phase].filter(Boolean).join(" in "),
    ...path ? { file: path, ...line ? { line } : {}, ...column ? { column } : {} } : {}
  };
}

// src/github/supported-system.ts
function requireLinux(system) {
  if (system === "linux") return;
  throw new Problem(`the runner's system is ${system}`, {
    code: "RUNNER_SYSTEM",
    hint: "Use a Linux runner: runs-on: ubuntu-latest, or a self-hosted one with Linux. The hosts are reached by SSH from there."
  });
}

// src/github/action.ts
async function runAction(work) {
  endWhenCancelled(endFailed);
  process.on("uncaughtException", endFailed);
  process.on("unhandledRejection", endFailed);
  try {
    takeSecretInputs();
    requireLinux(process.platform);
    await work();
  } catch (error2) {
    failWith(error2);
  }
  process.exit();
}
function endFailed(why) {
  try {
    failWith(why);
  } finally {
    process.exit(1);
  }
}
async function reportRun(title, run) {
  const changes = run.results.flatMap((result) => result.changes);
  const changed = run.results.filter((result) => result.changes.length > 0).map((result) => result.host);
  const restarted = run.results.flatMap((result) => result.restarted.map((unit) => `${result.host}/${unit}`));
  const milliseconds = run.timings.reduce((sum, timing) => sum + timing.milliseconds, 0);
  setOutput("changed", String(changes.length + run.objects.length));
  setOutput("changed-hosts", [...new Set(changed)]);
  setOutput("restarted", restarted);
  setOutput("seconds", (milliseconds / 1e3).toFixed(1));
  info(
    `${title}${run.dryRun ? " (dry run)" : ""}: ${changes.length} changes, ${restarted.length} restarts, ${run.objects.length} objects changed, ${duration(milliseconds)}`
  );
  await writeSummary(summaryOf(title, run));
}
async function reporting(title, run, work, jobs) {
  let failure;
  try {
    await work();
  } catch (error2) {
    failure = error2;
    throw error2;
  } finally {
    await orWarn("the summary of the run could not be written", () => reportRun(title, run));
    await orWarn(
      "the report of this job for the gate could not be written",
      async () => await jobs?.leave(run, failure)
    );
  }
}
async function orWarn(what, tell) {
  await tell().catch((error2) => warning(`${what}: ${describeProblem(error2)}`));
}

export {
  runAction,
  reporting
};
