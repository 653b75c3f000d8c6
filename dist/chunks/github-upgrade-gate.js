import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  usualEnvironment
} from "./github-child-environment.js";
import {
  Problem
} from "./errors.js";

// src/github/upgrade-gate.ts
var trusted = /* @__PURE__ */ new Set([
  "deployment",
  "push",
  "release",
  "repository_dispatch",
  "schedule",
  "workflow_dispatch"
]);
var inShell = ["sh", "-c", 'exec sh -c "$1" >&2', "sh"];
function gateCommand({ upgrade: { gate, gateSeconds } }, dryRun, env = process.env) {
  if (gate === void 0 || dryRun) return void 0;
  refuseStrangers(env.GITHUB_EVENT_NAME);
  return async ({ kubernetesVersion }, { name, nodeName }, role, signal) => {
    const about = {
      UPGRADE_HOST: name,
      UPGRADE_NODE: nodeName,
      UPGRADE_ROLE: role,
      UPGRADE_VERSION: kubernetesVersion
    };
    const { runCommand } = await import("./load-github-run-command.js");
    const options = { timeoutMs: gateSeconds * 1e3, env: { ...usualEnvironment(env), ...about }, signal };
    const { status, stderr } = await runCommand([...inShell, gate], options);
    return { status, output: stderr };
  };
}
function refuseStrangers(event) {
  if (event === void 0 || event === "" || trusted.has(event)) return;
  throw new Problem(`cluster.yaml has upgrade.gate, which does not run in a workflow run of the event ${event}`, {
    code: "UPGRADE_UNTRUSTED",
    hint: `Such a run may have the files of a fork, and the command would run on the runner. Nothing was changed. Run the workflow by ${[...trusted].join(", ")}; the plan action, and dry-run: true, work for every event.`
  });
}

export {
  gateCommand
};
