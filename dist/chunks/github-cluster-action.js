import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  commonInputs,
  numberInput
} from "./cluster-checks.js";
import {
  runAction
} from "./github-action.js";
import {
  endBeforeLimit
} from "./github-cancellation.js";

// src/github/cluster-action.ts
async function runClusterAction(own, load) {
  await runAction(() => withCluster(own, load));
}
async function withCluster(own, load) {
  endBeforeLimit(numberInput("timeout-minutes", 0));
  const common = commonInputs();
  const inputs = { ...common, ...own(common) };
  const work = await load();
  await work(inputs);
}

export {
  runClusterAction,
  withCluster
};
