import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForApiServer,
  withMaster
} from "./kubernetes.js";
import {
  onHosts,
  targetsOf,
  unlessDry
} from "./host.js";

// src/phases/wait-for-masters.ts
var timeoutMs = 12e4;
var waitForMasters = {
  title: "Wait for the API servers",
  when: unlessDry,
  async run(run, signal) {
    const serves = (master) => withMaster(run, master, (api) => waitForApiServer(api, { timeoutMs, signal }));
    await onHosts(targetsOf(run, "master"), serves, signal);
  }
};

export {
  waitForMasters
};
