import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  beginGated,
  passGate,
  passOpenGates,
  upgradeTurns
} from "./phases-pass-gate.js";
import {
  applyState,
  applyStates,
  roleState,
  withoutRole
} from "./phases-apply-role.js";
import {
  recordSeconds
} from "./phases-upgrade-record.js";
import {
  reachHost
} from "./phases-reach-masters.js";
import {
  onHosts,
  orAborted,
  unlessDry
} from "./host.js";
import {
  servedVersions
} from "./observe-api.js";
import {
  waitForApiServer,
  withApi,
  withMaster
} from "./kubernetes.js";
import {
  inspectionOf,
  targetsOf
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "./errors.js";

// src/phases/apply-masters.ts
var readyTimeoutMs = 12e4;
var applyMasters = {
  title: "Apply masters",
  async run(run, signal) {
    const masters = targetsOf(run, "master");
    const upgrades = run.gate ? await servingOtherVersion(run, masters) : [];
    const others = withoutRole(run, masters, "master").filter((host) => !upgrades.includes(host));
    await applyStates(run, others, "master", (host) => roleState(run, host, "master"), signal);
    if (upgrades.length > 0) await upgradeInTurns(run, upgrades, signal);
  }
};
async function servingOtherVersion(run, masters) {
  const asked = masters.filter((host) => inspectionOf(run, host).scopes.includes("master"));
  const served = await servedVersions(run, asked);
  return asked.filter(
    ({ name }) => (served.get(name) ?? run.cluster.kubernetesVersion) !== run.cluster.kubernetesVersion
  );
}
async function upgradeInTurns(run, upgrades, signal) {
  const turns = upgradeTurns(run, "master", 1);
  for (const host of upgrades) {
    try {
      if (!await reachOthers(run, host, signal)) await upgrade(run, host, signal);
      else await withApi(run, (api) => turns(api, host, signal, (turn) => upgrade(run, host, turn)), host);
    } catch (error) {
      const parts = problemsOf(error).map(
        (part) => part instanceof Problem ? part.within({ host: host.name }) : part
      );
      throw new AggregateError(parts, `${host.name} was not upgraded`);
    }
  }
}
async function reachOthers(run, host, signal) {
  const others = hostsWith(run.cluster, "master").filter((master) => master !== host);
  const refusals = await Promise.all(others.map((master) => reachHost(run, master, "later", signal)));
  for (const refusal of refusals.flat()) run.log.warning(describeProblem(refusal));
  return others.length > 0;
}
async function upgrade(run, host, turn) {
  await passOpenGates(run, host, "master", turn);
  await beginGated(run, host, "master");
  const begin = performance.now();
  await orAborted(() => applyState(run, host, "master", roleState(run, host, "master")), turn);
  await untilReady(run, host, turn);
  await recordSeconds(run, "master", performance.now() - begin);
  await passGate(run, host, "master", turn);
}
var waitForMasters = {
  title: "Wait for the API servers",
  when: unlessDry,
  async run(run, signal) {
    const serves = (master) => untilReady(run, master, signal);
    await onHosts(targetsOf(run, "master"), serves, signal);
  }
};
async function untilReady(run, master, signal) {
  await withMaster(run, master, (api) => waitForApiServer(api, { timeoutMs: readyTimeoutMs, signal }));
}

export {
  applyMasters,
  waitForMasters
};
