import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  jobHandoff,
  openBundles
} from "./github-bundle-folder.js";
import {
  checkHosts,
  gatherFacts
} from "./phases-apply-role.js";
import {
  checkLockfile
} from "./components-needs.js";
import {
  reachHost,
  reachMasters
} from "./phases-reach-masters.js";
import {
  connectHosts,
  onlyIf,
  runPhases
} from "./host.js";
import {
  allTargets,
  checkBundleFresh,
  inspectionOf,
  newRun,
  secretsOf,
  sessionOf,
  targetsOf,
  trustPaths
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  paths
} from "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import {
  Problem,
  describeProblem
} from "./errors.js";

// src/phases/check-bundles.ts
var checkBundles = {
  title: "Check the bundles",
  async run(run) {
    const hosts = allTargets(run).map((host) => ({ host, own: inspectionOf(run, host).files }));
    const bare = hosts.filter(({ own }) => !hasAuthorities(own)).map(({ host }) => host);
    const asked = bare.length > 0 ? await askMasters(run, bare) : /* @__PURE__ */ new Map();
    const problems = hosts.flatMap(({ host, own }) => staleness(run, host, bare.includes(host) ? asked : own));
    if (problems.length > 0) throw new AggregateError(problems, "bundles were issued by other CAs");
  }
};
var hasAuthorities = (files) => trustPaths.some((path) => files.has(path));
function staleness(run, host, seen) {
  try {
    checkBundleFresh(secretsOf(run, host), seen);
    return [];
  } catch (error) {
    return [error];
  }
}
async function askMasters(run, bare) {
  const refusals = [];
  for (const master of hostsWith(run.cluster, "master")) {
    const refusal = await reachHost(run, master);
    refusals.push(...refusal);
    if (refusal.length > 0) continue;
    const seen = await certificatesOn(run, master);
    if (hasAuthorities(seen)) return seen;
  }
  if (refusals.length === 0) return /* @__PURE__ */ new Map();
  const detail = refusals.map(describeProblem);
  throw new AggregateError(
    bare.map(({ name }) => unknown(name, detail)),
    "the CAs are unknown"
  );
}
async function certificatesOn(run, master) {
  const inspected = run.inspections.get(master.name);
  if (inspected) return inspected.files;
  const read = [paths.ca, paths.etcdCa, paths.frontProxyCa].map(({ crt }) => crt);
  return (await sessionOf(run, master).inspect({ read })).files;
}
function unknown(host, detail) {
  return new Problem("no master is reachable to check that this bundle was issued by the cluster\u2019s CAs", {
    code: "AUTHORITIES_UNKNOWN",
    host,
    detail,
    hint: "Bring up a master, then run this job again."
  });
}

// src/phases/plan-upgrade.ts
var planUpgrade = {
  title: "Plan the upgrade",
  when: ({ dryRun }) => dryRun,
  async run(run) {
    const { reportUpgradeOfJob } = await import("./load-phases-observe.js");
    await reportUpgradeOfJob(run);
  }
};

// src/actions/work/role.ts
async function workOnRole(role, inputs, { title, phases }) {
  const { cluster, clusterFile, access, dryRun, name, commit, attempt, rejoin = [], forget = [], gate } = inputs;
  const jobs = jobHandoff(inputs.bundles);
  const more = { targets: /* @__PURE__ */ new Map([[role, inputs.hosts]]), rejoin, forget, gate };
  const run = newRun({ cluster, access, dryRun, name, commit, attempt, log: githubLog, mask, ...more });
  const signal = cancellation();
  const masters = onlyIf((each) => targetsOf(each, "node").length > 0, reachMasters("later"));
  const hosts = connectHosts("later", inputs.forceRestart);
  const bundles = openBundles(jobs, inputs.identity);
  const checks = [checkHosts, checkLockfile(clusterFile, "quiet"), checkBundles, planUpgrade];
  const before = [bundles, hosts, masters, gatherFacts, ...checks];
  await reporting(title, run, () => runPhases(run, [...before, ...phases], { signal }), jobs);
}

export {
  workOnRole
};
