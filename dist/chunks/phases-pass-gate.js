import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  gateKey,
  readUpgrades,
  recordUpgrade
} from "./phases-upgrade-record.js";
import {
  inTurn
} from "./kubernetes.js";
import {
  targetsOf
} from "./pki.js";
import {
  Problem
} from "./errors.js";
import {
  redactLines
} from "./host-redact-keys.js";

// src/phases/pass-gate.ts
var mostLines = 10;
async function beginGated(run, host, role) {
  if (gateOf(run)) await recordUpgrade(run, { [gateKey(host)]: role }, host);
}
async function passGate(run, host, role, signal) {
  const gate = gateOf(run);
  if (!gate) return;
  signal.throwIfAborted();
  const begin = performance.now();
  run.log.info(`${host.name}: upgraded; upgrade.gate runs on the runner`);
  const { status, output } = await gate(run.cluster, host, role, signal);
  signal.throwIfAborted();
  if (status !== 0) throw held(host, status, output);
  const seconds = ((performance.now() - begin) / 1e3).toFixed(1);
  run.log.info(`${host.name}: upgrade.gate lets the upgrade continue after ${seconds} s`);
  await recordUpgrade(run, { [gateKey(host)]: null });
}
async function passOpenGates(run, next, nextRole, signal, busy = /* @__PURE__ */ new Set()) {
  if (!gateOf(run)) return;
  const { ungated } = await readUpgrades(run, next);
  const isNext = (host, role) => host === next && role === nextRole;
  for (const { host, role } of ungated)
    if (!isNext(host, role) && !busy.has(host.nodeName)) await passGate(run, host, role, signal);
}
function gateOf({ cluster, gate }) {
  if (cluster.upgrade.gate !== void 0 && !gate) throw new Error("an upgrade without the gate of cluster.yaml");
  return gate;
}
function held({ name }, status, output) {
  return new Problem(
    `upgrade.gate ended with the exit status ${status} after the upgrade of ${name}: no other host is upgraded`,
    {
      code: "UPGRADE_HELD",
      host: name,
      detail: redactLines(output).slice(-mostLines),
      hint: `${name} has its new version and serves. Fix what the command reports, then run again: the command runs again first, and with exit status 0 the upgrade continues with the next host.`
    }
  );
}

// src/phases/upgrade-turns.ts
function upgradeTurns(run, role, slots) {
  const { name, attempt, log } = run;
  const own = new Set(targetsOf(run, role).map((host) => host.name));
  const active = /* @__PURE__ */ new Set();
  const isGone = (other) => own.has(other.slice(other.lastIndexOf(" ") + 1)) && !active.has(other);
  return async (api, host, signal, work) => {
    const holder = `${name} ${host.name}`;
    active.add(holder);
    try {
      await inTurn(api, { slots, name: `k8s-ha-action-${role}-upgrade`, holder, attempt, isGone, log, signal }, work);
    } finally {
      active.delete(holder);
    }
  };
}

export {
  beginGated,
  passGate,
  passOpenGates,
  upgradeTurns
};
