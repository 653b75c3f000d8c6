import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  apiOf,
  waitForApiServer
} from "./chunk-W2DITRJN.js";
import {
  onHosts,
  targetsOf
} from "./chunk-X4X6LBSF.js";

// src/phases/wait-for-masters.ts
var timeoutMs = 12e4;
var waitForMasters = {
  title: "Wait for the API servers",
  async run(run) {
    if (run.dryRun) return;
    await onHosts(targetsOf(run, "master"), async (master) => {
      const api = await apiOf(run, master);
      try {
        await waitForApiServer(api, { timeoutMs });
      } finally {
        api.close();
      }
    });
  }
};

export {
  waitForMasters
};
