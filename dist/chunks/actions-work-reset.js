import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  checkReset,
  resetHosts
} from "./phases-check-reset.js";
import "./phases-change-words.js";
import {
  onHosts,
  opener,
  runPhases
} from "./host.js";
import "./etcd-health.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
import {
  allTargets,
  newRun
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./entry-json.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./cluster-authentication.js";
import "./cluster-versions.js";
import "./cluster-cel-check.js";
import "./cluster-cluster.js";
import "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import "./entry-bytes.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "./errors.js";
import "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

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

// src/actions/work/reset.ts
var halfReset = "Hosts may be half reset: run reset again, it completes what this run began.";
async function reset({ cluster, access, dryRun, name, commit, targets }) {
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, targets });
  await reporting(
    "Reset",
    run,
    () => runPhases(run, [connectReachable, checkReset, resetHosts], { signal: cancellation({ hint: halfReset }) })
  );
}
export {
  reset
};
