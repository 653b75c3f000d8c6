import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  onHosts,
  opener
} from "./host.js";
import {
  allTargets
} from "./pki.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "./errors.js";

// src/phases/connect-reset.ts
var retries = 2;
var isOthers = ({ code }) => code === "RIVAL_RUN" || code === "RUN_OVERTAKEN" || code === "HOST_LOCKED";
var connectReachable = {
  title: "Connect to the hosts",
  async run(run, signal) {
    const targets = allTargets(run);
    const open = opener(run, "first", { signal, retries: run.access.retries ?? retries });
    const tried = await onHosts(targets, (host) => open(host).catch(refusal), signal);
    const unreached = tried.flatMap(
      (each, index) => each instanceof Problem ? [each.within({ host: targets[index]?.name })] : []
    );
    const others = unreached.filter(isOthers);
    if (others.length > 0) throw new AggregateError(others, "another run has the cluster");
    if (unreached.length === targets.length) throw new AggregateError(unreached, "no host can be reached");
    for (const problem of unreached) run.log.warning(describeProblem(problem));
    return { sessions: run.connections, reached: targets.filter(({ name }) => run.connections.has(name)), unreached };
  }
};
function refusal(error) {
  const [problem] = problemsOf(error);
  if (problem instanceof Problem) return problem;
  throw error;
}

export {
  connectReachable
};
