import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/phases/change-words.ts
var verbs = {
  hostname: ["name the host", "named the host"],
  hosts: ["write", "wrote"],
  swap: ["turn off", "turned off"],
  module: ["load the module", "loaded the module"],
  sysctl: ["set", "set"],
  package: ["install", "installed"],
  user: ["add the user", "added the user"],
  directory: ["make", "made"],
  file: ["write", "wrote"],
  // The download of the file is logged when it happens.
  download: ["download", "placed"],
  unit: ["set up", "set up"],
  start: ["start", "started"],
  restart: ["restart", "restarted"],
  reload: ["reload", "reloaded"],
  remove: ["remove", "removed"],
  stop: ["stop", "stopped"],
  unmount: ["unmount", "unmounted"],
  restore: ["restore", "restored"]
};
function changeInWords({ kind, subject, reason }, planned) {
  const [plan, done] = verbs[kind];
  return `${planned ? `would ${plan}` : done} ${subject} (${reason})`;
}

export {
  changeInWords
};
