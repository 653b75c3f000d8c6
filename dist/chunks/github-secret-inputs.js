import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  mask
} from "./github-log.js";
import {
  Problem
} from "./errors.js";
import {
  getInput
} from "./github-hidden-values.js";

// src/github/secret-inputs.ts
var secretNames = [
  "age-key",
  "power-command",
  "restore-command",
  "s3-access-key-id",
  "s3-secret-access-key",
  "ssh-key",
  "token"
];
var commands = ["power-command", "restore-command"];
var taken = /* @__PURE__ */ new Map();
function takeSecretInputs() {
  for (const name of secretNames) taken.set(name, secretInput(name));
}
function secretInput(name) {
  const value = getInput(name) || (taken.get(name) ?? "");
  for (const variable of Object.keys(process.env)) if (isOf(name, variable)) delete process.env[variable];
  if (value && !commands.includes(name)) mask([value]);
  return value;
}
function isOf(name, variable) {
  return variable.toUpperCase().replaceAll("-", "_") === `INPUT_${name.toUpperCase().replaceAll("-", "_")}`;
}
function requiredSecret(name) {
  const value = secretInput(name);
  if (value) return value;
  throw new Problem(`the input ${name} is missing`, {
    code: "INPUT_MISSING",
    hint: `Set it from a secret, as ${name}: \${{ secrets.\u2026 }}.`
  });
}

export {
  takeSecretInputs,
  secretInput,
  requiredSecret
};
