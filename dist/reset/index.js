import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  checkReset,
  resetHosts
} from "../chunks/phases-check-reset.js";
import "../chunks/etcd-health.js";
import "../chunks/phases-change-words.js";
import "../chunks/etcd-etcdctl.js";
import "../chunks/kubernetes.js";
import {
  onHosts,
  opener,
  runPhases
} from "../chunks/host.js";
import {
  allTargets,
  newRun
} from "../chunks/pki.js";
import {
  cancellation,
  commonInputs,
  confirmedHosts,
  githubLog,
  mask,
  reporting,
  runAction
} from "../chunks/cluster.js";
import "../chunks/github-hidden-values.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "../chunks/layout-addresses.js";
import "../chunks/host-redact-keys.js";
import "../chunks/actions-exec.js";
import "../chunks/runtime.js";

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

// src/actions/reset.ts
var halfReset = "Hosts may be half reset: run reset again, it completes what this run began.";
await runAction(async () => {
  const { cluster, access, dryRun, name } = commonInputs();
  const targets = confirmedHosts(cluster);
  const run = newRun({ cluster, access, dryRun, name, log: githubLog, mask, targets });
  await reporting(
    "Reset",
    run,
    () => runPhases(run, [connectReachable, checkReset, resetHosts], { signal: cancellation({ hint: halfReset }) })
  );
});
