import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  connect,
  hostsWith
} from "./chunk-LUD722QT.js";
import {
  Problem,
  describeProblem
} from "./chunk-6ZCVYHUR.js";

// src/phases/reach-masters.ts
var retries = 2;
var reachMasters = {
  title: "Connect to the masters",
  async run(run) {
    const masters = hostsWith(run.cluster, "master");
    const refusals = (await Promise.all(masters.map((master) => reachMaster(run, master)))).flat();
    if (refusals.length === masters.length) throw new AggregateError(refusals, "no master can be reached");
    for (const refusal of refusals) run.log.warning(describeProblem(refusal));
  }
};
async function reachMaster(run, master) {
  if (run.sessions.has(master.name)) return [];
  try {
    await connect({ ...run, access: { retries, ...run.access } }, master, { asksOnly: true });
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error];
    throw error;
  }
}

export {
  reachMasters,
  reachMaster
};
