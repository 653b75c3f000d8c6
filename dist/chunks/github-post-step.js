import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  readState,
  saveState
} from "./github-hidden-values.js";

// src/github/post-step.ts
var [begun, off] = ["begun", "switched-off"];
function isPostStep() {
  if (readState(begun)) return true;
  saveState(begun, "true");
  return false;
}
function recordPoweredOff(host) {
  saveState(off, host ?? "");
}
function poweredOff() {
  return readState(off) || void 0;
}

export {
  isPostStep,
  recordPoweredOff,
  poweredOff
};
