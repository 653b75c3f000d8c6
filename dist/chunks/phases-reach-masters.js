import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  claimOf,
  connect
} from "./host.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  Problem,
  describeProblem
} from "./errors.js";

// src/phases/reach-masters.ts
var retries = 2;
var isOthers = ({ code }) => code === "RIVAL_RUN" || code === "RUN_OVERTAKEN";
function reachMasters(position) {
  return {
    title: "Connect to the masters",
    async run(run, signal) {
      const masters = hostsWith(run.cluster, "master");
      const refusals = (await Promise.all(masters.map((master) => reachHost(run, master, position, signal)))).flat();
      if (refusals.length === masters.length) throw new AggregateError(refusals, "no master is reachable");
      const others = refusals.filter(isOthers);
      if (others.length > 0) throw new AggregateError(others, "another run has the cluster");
      for (const refusal of refusals) run.log.warning(describeProblem(refusal));
      return { sessions: run.connections };
    }
  };
}
async function reachHost(run, host, position, signal) {
  if (run.connections.has(host.name)) return [];
  const claim = position && claimOf(run, host, position);
  try {
    const asked = { readOnly: true, claim, retries: run.access.retries ?? retries };
    await connect(run, host, { ...asked, ...signal && { signal } });
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error];
    throw error;
  }
}

export {
  reachMasters,
  reachHost
};
