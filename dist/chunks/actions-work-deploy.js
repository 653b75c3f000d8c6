import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  lockfilePhase
} from "./lockfile-openpgp.js";
import {
  waitForEtcdMembers
} from "./phases-wait-for-etcd-members.js";
import {
  prepareSecrets
} from "./phases-prepare-secrets.js";
import {
  defaultThresholds,
  drained,
  judge,
  makeReports,
  measureUpgrade,
  upgradeOutputsOf
} from "./failover.js";
import {
  observeEnds
} from "./phases-warn-of-ends.js";
import "./trend.js";
import {
  joinNodes,
  settleNodes
} from "./phases-join-nodes.js";
import "./phases-kubelet-certificate.js";
import "./check-certificates.js";
import {
  freeEtcdSpace
} from "./etcd-space.js";
import {
  changeEtcdMembers
} from "./etcd-change.js";
import "./check-services.js";
import {
  planEtcdMembers
} from "./phases-observe-etcd.js";
import {
  applyMasters,
  waitForMasters
} from "./phases-apply-masters.js";
import "./phases-pass-gate.js";
import {
  fetchBinaries
} from "./phases-fetch-binaries.js";
import {
  applyRole,
  gatherFacts,
  hostChecks
} from "./phases-apply-role.js";
import {
  removeHosts
} from "./observe-members.js";
import "./phases-check-reset.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "./phases-apply-manifests.js";
import "./components-addons-bootstrap.js";
import "./components-needs.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import {
  forgetNodes
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import {
  connectHosts,
  runPhases
} from "./host.js";
import "./etcd-health.js";
import "./observe-api.js";
import "./etcd-etcdctl.js";
import {
  adminConf
} from "./kubernetes.js";
import {
  newRun,
  sessionOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import {
  noHistory
} from "./github-earlier-artifacts.js";
import {
  publishReports
} from "./github-report-files.js";
import "./p-limit.js";
import "./entry-json.js";
import "./github-artifact-client.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./github-server.js";
import "./cluster-checks.js";
import "./cluster-lock.js";
import {
  soleAttemptName
} from "./github-run-name.js";
import "./layout-ports.js";
import "./cluster-authentication.js";
import "./cluster-addresses.js";
import "./cluster-versions.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  apiServerUrl
} from "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import "./github-small-file.js";
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
  Problem
} from "./errors.js";
import {
  setOutput
} from "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/phases/apply-etcd.ts
function applyEtcd(defragment) {
  return [applyRole("etcd", "Apply etcd"), waitForEtcdMembers, freeEtcdSpace(defragment)];
}

// src/phases/measure-upgrade.ts
function measuredUpgrade(onResult) {
  let measurement;
  return {
    begin: {
      title: "Begin to measure the upgrade",
      when: ({ dryRun, upgrades }) => onResult !== void 0 && !dryRun && upgrades,
      async run(run) {
        const unmeasured = (why) => run.log.warning(`the upgrade continues without a report: ${why}`);
        try {
          measurement = await beginning(run);
          if (!measurement) unmeasured("no API server serves");
        } catch (cause) {
          unmeasured(cause instanceof Error ? cause.message : String(cause));
        }
      }
    },
    end: {
      title: "Report the upgrade",
      when: () => measurement !== void 0,
      async run(run) {
        const ended = measurement;
        measurement = void 0;
        const result = await ended?.end(upgradeSteps(run));
        if (result) await reported(run, result, onResult);
      }
    },
    async abandon() {
      await measurement?.abandon();
      measurement = void 0;
    }
  };
}
async function beginning(run) {
  const whole = run.cluster.hosts.filter(({ name, roles }) => {
    const scopes = run.inspections.get(name)?.scopes ?? [];
    return roles.every((role) => scopes.includes(role));
  });
  const sessions = new Map(whole.map((host) => [host.name, sessionOf(run, host)]));
  const master = hostsWith(run.cluster, "master").find(({ name }) => sessions.has(name));
  if (!master) return void 0;
  return await measureUpgrade({ cluster: run.cluster, adminConf: await adminConf(run, master), master, sessions });
}
async function reported(run, result, onResult) {
  const verdict = judge(result, defaultThresholds);
  await onResult?.(result, verdict);
  for (const { text } of verdict.passes) run.log.info(`passed: ${text}`);
  const problems = upgradeProblems(verdict);
  if (problems.length > 0) throw new AggregateError(problems, "clients noticed the upgrade");
}
function upgradeProblems({ failures }) {
  const hint = "The upgrade is complete. The timeline in the job summary and in the report shows what was slow or failed, and during which step.";
  return failures.map(({ text }) => new Problem(text, { code: "UPGRADE_VERDICT", hint }));
}
function upgradeSteps({ results, drains }) {
  const restarts = results.flatMap(
    ({ host, restarted, milliseconds, ended }) => ended === void 0 || restarted.length === 0 ? [] : [{ host, what: restarted.map(nameOf).join(", "), from: ended - milliseconds, to: ended }]
  );
  return [
    ...drains.map(({ host, milliseconds, ended }) => ({ host, what: drained, from: ended - milliseconds, to: ended })),
    ...restarts
  ];
}
var nameOf = (unit) => unit.replace(/\.service$/, "");

// src/actions/work/publish-upgrade.ts
function publishUpgrade(folder) {
  if (folder === void 0) return void 0;
  return async (result, verdict) => {
    for (const [output, value] of Object.entries(upgradeOutputsOf(result))) setOutput(output, value);
    await publishReports({ folder, history: noHistory }, (history) => makeReports(result, verdict, history));
  };
}

// src/actions/work/deploy.ts
async function deploy(inputs) {
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  const master = inputs.cluster.hosts.find(({ roles }) => roles.includes("master"));
  if (master) setOutput("endpoint", apiServerUrl(master.address, inputs.cluster.api.port));
  const measured = measuredUpgrade(publishUpgrade(inputs.reportTo));
  const phases = [
    connectHosts("first", inputs.forceRestart),
    gatherFacts,
    ...hostChecks,
    ...observeEnds,
    lockfilePhase(inputs),
    planEtcdMembers,
    forgetNodes,
    prepareSecrets,
    fetchBinaries,
    measured.begin,
    changeEtcdMembers(),
    ...applyEtcd(inputs.defragment),
    applyMasters,
    waitForMasters,
    applyBootstrapManifests(inputs.clusterFile),
    joinNodes,
    settleNodes,
    removeHosts,
    applyAddons(inputs.clusterFile),
    measured.end
  ];
  const ending = { signal: cancellation(), onFailure: measured.abandon };
  await reporting("Deployment", run, () => runPhases(run, phases, ending));
}
export {
  deploy
};
