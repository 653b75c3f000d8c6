import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  invalidInput,
  listed
} from "./cluster-checks.js";
import {
  getInput
} from "./github-hidden-values.js";

// src/github/child-environment.ts
var usual = /^(PATH|HOME|LANG|LC_\w+|TMPDIR|RUNNER_TEMP)$/;
function childEnvironment(env = process.env) {
  const named = listed(getInput("power-environment"));
  const missing = named.find((name) => env[name] === void 0);
  if (missing !== void 0)
    throw invalidInput(
      "power-environment",
      missing,
      "Name variables that are set in the environment of the step, separated by spaces."
    );
  return kept(env, (name) => usual.test(name) || named.includes(name));
}
function usualEnvironment(env = process.env) {
  return kept(env, (name) => usual.test(name));
}
function kept(env, keeps) {
  const variables = Object.entries(env).filter(([name]) => keeps(name));
  return Object.fromEntries(variables.flatMap(([name, value]) => value === void 0 ? [] : [[name, value]]));
}

export {
  childEnvironment,
  usualEnvironment
};
