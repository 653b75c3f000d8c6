import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  Problem
} from "./errors.js";

// src/github/cancellation.ts
var signals = ["SIGINT", "SIGTERM"];
var sameMs = 1e3;
var taken;
function endWhenCancelled(end) {
  let first;
  const cancel = () => {
    first ??= performance.now();
    if (taken === void 0) return end(cancelled(goesOn));
    const { controller, why, untilKilled } = taken;
    if (!controller.signal.aborted) controller.abort(why);
    else if (!untilKilled && performance.now() - first > sameMs) end(why);
  };
  for (const signal of signals) process.on(signal, cancel);
}
var goesOn = "Run it again: it continues where this one stopped.";
function cancellation({ hint = goesOn, untilKilled = false } = {}) {
  taken ??= { controller: new AbortController(), why: cancelled(hint), untilKilled };
  return taken.controller.signal;
}
function cancelled(hint) {
  return new Problem("the run was cancelled", { code: "RUN_CANCELLED", hint });
}

export {
  endWhenCancelled,
  cancellation
};
