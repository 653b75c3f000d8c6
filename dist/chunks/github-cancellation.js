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
var longestMs = 2 ** 31 - 1;
var taken;
var endAction = () => void 0;
var first;
function endWhenCancelled(end) {
  endAction = end;
  for (const signal of signals) process.on(signal, () => requestEnd(cancelled));
}
function endBeforeLimit(minutes) {
  if (minutes === 0) return;
  const leftMinutes = minutes - Math.min(3, minutes / 5);
  const reason = (hint) => new Problem(`the job would reach its time limit of ${minutes} minutes`, {
    code: "JOB_TIMEOUT",
    hint: `${hint} If it only needs more time, raise timeout-minutes, of the job and of the action.`
  });
  setTimeout(() => requestEnd(reason), Math.min(leftMinutes * 6e4, longestMs)).unref();
}
function requestEnd(reason) {
  first ??= performance.now();
  const { controller, hint, untilKilled } = taken ?? { controller: void 0, hint: goesOn, untilKilled: false };
  if (!controller) endAction(reason(hint));
  else if (!controller.signal.aborted) controller.abort(reason(hint));
  else if (!untilKilled && performance.now() - first > sameMs) endAction(reason(hint));
}
var goesOn = "Run it again: it continues where this one stopped.";
function cancellation({ hint = goesOn, untilKilled = false } = {}) {
  taken ??= { controller: new AbortController(), hint, untilKilled };
  return taken.controller.signal;
}
function cancelled(hint) {
  return new Problem("the run was cancelled", { code: "RUN_CANCELLED", hint });
}

export {
  endWhenCancelled,
  endBeforeLimit,
  cancellation
};
