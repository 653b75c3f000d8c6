import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  commandEnded,
  runCommand
} from "./github-run-command.js";
import {
  claimCluster,
  defaultHealSeconds,
  faultNames,
  forceLeadership,
  isInside,
  judge,
  limited,
  makeHostFault,
  makeReports,
  outputsOf,
  parseWindow,
  powerSecrets,
  poweroff,
  prepareFailover,
  recordedFault,
  verifyFailover
} from "./failover.js";
import {
  askWhatEnds
} from "./phases-warn-of-ends.js";
import "./trend.js";
import "./check-certificates.js";
import "./lockfile-images.js";
import "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import {
  addressOf,
  connect,
  onHosts,
  openHost,
  runPhases,
  unlessDry
} from "./host.js";
import "./etcd-health.js";
import "./observe-api.js";
import "./etcd-etcdctl.js";
import {
  adminConf,
  openKubernetes
} from "./kubernetes.js";
import {
  newRun,
  pRetry,
  sessionOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import {
  historyInput
} from "./github-earlier-artifacts.js";
import {
  poweredOff,
  recordPoweredOff
} from "./github-post-step.js";
import {
  publishReports,
  reportFolder
} from "./github-report-files.js";
import "./p-limit.js";
import "./entry-json.js";
import "./github-artifact-client.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./github-server.js";
import {
  childEnvironment
} from "./github-child-environment.js";
import {
  invalidInput,
  numberInput,
  parsedInput,
  requiredChoice,
  secondsIn
} from "./cluster-checks.js";
import "./cluster-lock.js";
import "./github-run-name.js";
import "./layout-ports.js";
import "./cluster-authentication.js";
import "./cluster-addresses.js";
import "./cluster-versions.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import "./layout-addresses.js";
import {
  secretInput
} from "./github-secret-inputs.js";
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
  Problem,
  describeProblem
} from "./errors.js";
import {
  getInput,
  readState,
  saveState,
  setOutput
} from "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/github/power-step.ts
var command = "power-command";
var commandMs = 6e4;
function powerCommands(needed) {
  const powerCommand = secretInput("power-command");
  const restoreCommand = secretInput("restore-command");
  if (needed && !powerCommand)
    throw invalidInput("power-command", "", "Set the command that switches a host\u2019s power, or choose another fault.");
  childEnvironment();
  return { powerCommand, ...restoreCommand && { restoreCommand } };
}
async function hostLeftOff() {
  const host = poweredOff();
  if (host !== void 0 && readState(command)) await commandEnded(Number(readState(command)), commandMs);
  return host;
}
async function runPowerCommand(argv, options) {
  const onStart = (group) => saveState(command, String(group));
  return await runCommand(argv, { ...options, env: childEnvironment(), onStart });
}

// src/phases/verify-failover.ts
import { hostname } from "node:os";

// src/phases/recover-powered-off-host.ts
async function switchOn(cluster, name, poweroff2, log) {
  const host = cluster.hosts.find((one) => one.name === name);
  if (!host) return;
  log.warning(`${host.name} was left without power: switching it on`);
  await poweroff2(host).restore();
}
var timeoutMs = 9e4;
var tries = 2;
async function recoverPoweredOffHost(run, scene, { leftOff, note }, poweroff2) {
  const host = run.cluster.hosts.find(({ name }) => name === leftOff?.host);
  if (!host || !leftOff) return;
  if (run.connections.has(host.name)) return await note(void 0);
  const what = `${host.name} was switched off by a check that died before it could switch it on: ${leftOff.by}`;
  if (!poweroff2) {
    throw new Problem(what, {
      code: "FAILOVER_REFUSED",
      host: host.name,
      hint: "Nothing was changed. Switch the host on, or run the check with fault: poweroff and its power-command, which switches it on."
    });
  }
  run.log.warning(`${what}; it is switched on again`);
  const checkHealthy = async () => {
    if (!run.connections.has(host.name))
      await connect(run, host, {
        retries: 0,
        lockSeconds: 3,
        claim: { as: "first", waitSeconds: 3 }
      });
    const { apis } = await prepareFailover(scene, host.name);
    for (const api of apis.values()) api.close();
  };
  const switchOnAndWait = async () => {
    await poweroff2(host).restore();
    await eventually(checkHealthy, (error) => run.log.debug(`not yet: ${describeProblem(error)}`));
  };
  await pRetry(switchOnAndWait, { retries: tries - 1, minTimeout: 0, shouldRetry: () => true });
  await note(void 0);
  run.log.info(`${host.name} is back, and the cluster is healthy`);
}
async function eventually(work, later) {
  await pRetry(work, {
    retries: timeoutMs / 1e3,
    factor: 1,
    minTimeout: 1e3,
    maxRetryTime: timeoutMs,
    shouldRetry: () => true,
    onFailedAttempt: ({ error }) => later(error)
  });
}

// src/phases/verify-failover.ts
var title = "Verify the failover";
function planLoss(plan) {
  return {
    title,
    when: ({ dryRun }) => dryRun,
    async run(run) {
      const { scene, fault } = await beginning(plan, run);
      await preview(scene, plan.target, fault);
    }
  };
}
function verifyLoss(plan) {
  return {
    title,
    when: unlessDry,
    async run(run, signal) {
      const { scene, fault } = await beginning(plan, run);
      const result = await claimed(scene, `${run.name}, process ${process.pid} on ${hostname()}`, async (claim) => {
        await recoverPoweredOffHost(run, scene, claim, plan.poweroff);
        signal.throwIfAborted();
        const whole = { ...scene, hostnames: await hostnamesOf(run) };
        await forceLeadership(whole, plan.target, plan.healSeconds);
        signal.throwIfAborted();
        const { target, recordPoweredOff: recordPoweredOff2, holdMs } = plan;
        const hold = holdMs === void 0 ? {} : { holdMs };
        const noted = recordedFault(fault, [...recordPoweredOff2 ? [recordPoweredOff2] : [], claim.note]);
        return await verifyFailover(whole, { target, fault: noted, ...hold, signal });
      });
      const verdict = judge(result, plan.thresholds);
      await plan.onResult(result, verdict);
      for (const { text } of verdict.passes) run.log.info(`passed: ${text}`);
      const failures = verdict.failures.map(
        ({ text }) => new Problem(text, { code: "FAILOVER_VERDICT", host: result.target, hint: verdictHint })
      );
      if (failures.length > 0) throw new AggregateError(failures, "the failover did not meet the thresholds");
    }
  };
}
var verdictHint = "The fault was undone. The timeline in the job summary and in the report shows what was slow or failed, and when.";
async function beginning(plan, run) {
  const scene = await sceneOf(run);
  const fault = faultOf(plan, run);
  refuseOutside(plan.window);
  refuseShortHealing(plan);
  return { scene, fault };
}
async function sceneOf(run) {
  const asked = hostsWith(run.cluster, "master").find((host) => run.sessions.has(host.name));
  if (!asked) throw new Problem("there is no master", { code: "NOT_A_MASTER" });
  return {
    cluster: run.cluster,
    adminConf: await adminConf(run, asked),
    sessions: run.sessions,
    hostnames: await hostnamesOf(run),
    log: run.log,
    reopen: (host) => openHost(addressOf(host), run.access, { dryRun: false, log: run.log })
  };
}
function faultOf({ fault, poweroff: poweroff2, healSeconds }, run) {
  if (fault !== "poweroff") {
    const { cluster, log } = run;
    const options = { cluster, log, ...healSeconds !== void 0 && { healSeconds } };
    return (target) => makeHostFault(fault, target, { ...options, session: sessionOf(run, target) });
  }
  if (poweroff2) return poweroff2;
  throw new Problem("there is no command that switches the power", { code: "COMMAND_INVALID" });
}
function refuseOutside(window) {
  if (!window || isInside(window, /* @__PURE__ */ new Date())) return;
  throw new Problem(`refused: it is ${(/* @__PURE__ */ new Date()).toISOString().slice(11, 16)} UTC, outside of ${window.text}`, {
    code: "FAILOVER_REFUSED",
    hint: "Nothing was changed. The input window says when a fault may begin."
  });
}
function refuseShortHealing({ fault, holdMs = 0, healSeconds = defaultHealSeconds }) {
  if (fault === "poweroff" || holdMs < healSeconds * 1e3) return;
  throw new Problem(
    `refused: the fault heals by itself after ${healSeconds} s, and is to last for ${holdMs / 1e3} s`,
    {
      code: "FAILOVER_REFUSED",
      hint: "Nothing was changed. Set heal-after-seconds to at least hold-seconds plus the duration of a check, about a minute."
    }
  );
}
async function claimed(scene, holder, work) {
  const masters = hostsWith(scene.cluster, "master").filter(({ name }) => scene.sessions.has(name));
  const apis = masters.flatMap(({ name, address }) => {
    const session = scene.sessions.get(name);
    return session ? [openKubernetes(session, scene.adminConf, { address, port: scene.cluster.api.port })] : [];
  });
  try {
    const claim = await claimCluster(apis, holder);
    try {
      return await work(claim);
    } finally {
      await claim.release();
    }
  } finally {
    for (const api of apis) api.close();
  }
}
async function preview(scene, wanted, makeFault) {
  const { target, apis, clusterState } = await prepareFailover(scene, wanted);
  for (const api of apis.values()) api.close();
  const { name } = makeFault(target);
  for (const { lease, host } of clusterState.leases.values()) scene.log.info(`${lease}: led by ${host}`);
  scene.log.info(`would take ${target.name} down by ${name}, watch its leases move, and bring it back`);
}
var connectWitnesses = {
  title: "Connect to the hosts",
  async run(run, signal) {
    const problems = [];
    const open = async (host) => {
      const claim = { as: "first", waitSeconds: 3 };
      await connect(run, host, { retries: 1, lockSeconds: 3, claim, signal }).catch((error) => {
        if (!(error instanceof Problem) || error.code !== "HOST_UNREACHABLE") throw error;
        problems.push(error.within({ host: host.name }));
        run.log.warning(`${host.name}: ${error.message}`);
      });
    };
    await onHosts(run.cluster.hosts, open, signal);
    const witnesses = ["master", "etcd"].map((role) => hostsWith(run.cluster, role));
    const blind = witnesses.some((hosts) => !hosts.some((host) => run.connections.has(host.name)));
    if (blind) throw new AggregateError(problems, "no master or no etcd member is reachable");
    return { sessions: run.connections };
  }
};
async function hostnamesOf(run) {
  const masters = hostsWith(run.cluster, "master").filter((host) => run.sessions.has(host.name));
  const names = await onHosts(masters, async (host) => {
    const { stdout } = await sessionOf(run, host).run("cat /proc/sys/kernel/hostname");
    return [host.name, stdout.trim()];
  });
  return new Map(names);
}

// src/github/threshold-inputs.ts
function thresholdInputs(limited2) {
  const limits = limited2.map(({ id, unit, limit: { input, usual } }) => {
    const scale = unit === "ms" ? 1e3 : 1;
    return [id, numberInput(input, usual / scale) * scale];
  });
  return Object.fromEntries(limits);
}

// src/actions/work/failover-inputs.ts
function checkInputs(cluster, fault) {
  const role = fault === "disk-full" ? "etcd" : "master";
  const window = parsedInput("window", parseWindow, "Write it in UTC, like 01:00-05:00 or mon-fri 22:00-04:00.");
  const holdMs = parsedInput("hold-seconds", secondsIn, "Write a number of seconds.");
  return {
    target: getInput("target") || hostsWith(cluster, role)[0]?.name || "",
    ...window && { window },
    ...holdMs !== void 0 && { holdMs },
    healSeconds: numberInput("heal-after-seconds", defaultHealSeconds),
    thresholds: thresholdInputs(limited)
  };
}

// src/actions/work/verify-failover.ts
var comesBack = "The run started to switch a host on again; verify that it is back before the next run.";
async function verifyFailover2({ cluster, access, dryRun, name, commit, post }) {
  const fault = requiredChoice("fault", faultNames);
  const commands = powerCommands(fault === "poweroff");
  const folder = reportFolder();
  mask(powerSecrets(cluster, commands, [folder]));
  const power = (host) => poweroff(host, commands, runPowerCommand);
  if (post) return await switchOn(cluster, await hostLeftOff(), power, githubLog);
  const inputs = checkInputs(cluster, fault);
  const places = { folder, history: historyInput(`failover-history-${cluster.name}.jsonl`) };
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  const plan = {
    ...inputs,
    fault,
    ...fault === "poweroff" && { poweroff: power, recordPoweredOff },
    onResult: async (result, verdict) => {
      for (const [output, value] of Object.entries(outputsOf(result))) setOutput(output, value);
      await publishReports(places, (history) => makeReports(result, verdict, history));
    }
  };
  const signal = cancellation({ hint: comesBack, untilKilled: true });
  await runPhases(run, [connectWitnesses, askWhatEnds, planLoss(plan), verifyLoss(plan)], {
    signal,
    graceMs: Infinity
  });
}
export {
  verifyFailover2 as verifyFailover
};
