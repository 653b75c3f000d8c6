import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  jobHandoff,
  openBundles
} from "./github-artifacts.js";
import {
  gateCommand
} from "./github-upgrade-gate.js";
import {
  checkHosts,
  gatherFacts
} from "./components.js";
import {
  reachMaster,
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
  seenFingerprints,
  sessionOf,
  targetsOf
} from "./pki.js";
import {
  cancellation,
  commonInputs,
  githubLog,
  hostNames,
  mask,
  reporting,
  requiredSecret,
  runAction
} from "./cluster.js";
import {
  getInput
} from "./github-hidden-values.js";
import {
  Problem,
  describeProblem,
  hostsWith,
  paths
} from "./layout-addresses.js";

// src/phases/check-bundles.ts
var checkBundles = {
  title: "Check the bundles",
  async run(run) {
    const hosts = allTargets(run).map((host) => ({ host, own: seenFingerprints(inspectionOf(run, host).files) }));
    const bare = hosts.filter(({ own }) => Object.keys(own).length === 0).map(({ host }) => host);
    const asked = bare.length > 0 ? await askMasters(run, bare) : {};
    const problems = hosts.flatMap(({ host, own }) => staleness(run, host, bare.includes(host) ? asked : own));
    if (problems.length > 0) throw new AggregateError(problems, "bundles were issued by other CAs");
  }
};
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
    const refusal = await reachMaster(run, master);
    refusals.push(...refusal);
    if (refusal.length > 0) continue;
    const seen = seenFingerprints(await certificatesOn(run, master));
    if (Object.keys(seen).length > 0) return seen;
  }
  if (refusals.length === 0) return {};
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

// src/actions/roles/role-action.ts
async function roleAction(role, { title, forceRestart, rejoin, forget, phases }) {
  await runAction(async () => {
    const { cluster, clusterFile, access, dryRun, name, attempt } = commonInputs();
    const targets = /* @__PURE__ */ new Map([[role, hostNames(cluster, role)]]);
    const jobs = jobHandoff(getInput("bundles"));
    const bundles = openBundles(jobs, requiredSecret("age-key"));
    const named = { rejoin: rejoin?.(cluster) ?? [], forget: forget?.(cluster) ?? [] };
    const more = { targets, ...named, gate: gateCommand(cluster, dryRun) };
    const run = newRun({ cluster, access, dryRun, name, attempt, log: githubLog, mask, ...more });
    const signal = cancellation();
    const masters = onlyIf((each) => targetsOf(each, "node").length > 0, reachMasters("later"));
    const work = async () => {
      const hosts = connectHosts("later", forceRestart?.());
      const before = [bundles, hosts, masters, gatherFacts, checkHosts, checkBundles, planUpgrade];
      await runPhases(run, [...before, ...phases(clusterFile)], { signal });
    };
    await reporting(title, run, work, jobs);
  });
}

export {
  roleAction
};
