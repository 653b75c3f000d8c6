import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  changeRecord,
  readRecord,
  withApi
} from "./kubernetes.js";
import {
  unlessProblem
} from "./errors.js";

// src/plan/upgrade-record.ts
var gateKey = ({ name: name2 }) => `gate.${name2}`;
var secondsKey = (role) => `seconds.${role}`;
var timedRoles = ["master", "node"];
function upgradeRecord(cluster, kept) {
  const ungated = cluster.hosts.flatMap((host) => {
    const role = host.roles.find((each) => each === kept.get(gateKey(host)));
    return role ? [{ host, role }] : [];
  });
  const seconds = timedRoles.flatMap((role) => {
    const text = kept.get(secondsKey(role)) ?? "";
    return /^[1-9]\d{0,4}$/.test(text) ? [[role, Number(text)]] : [];
  });
  return { ungated, seconds: Object.fromEntries(seconds) };
}

// src/phases/upgrade-record.ts
var name = "k8s-ha-action-upgrade";
async function readUpgrades(run, last) {
  return upgradeRecord(run.cluster, await withApi(run, (api) => readRecord(api, name), last));
}
async function recordUpgrade(run, data, last) {
  await withApi(run, (api) => changeRecord(api, name, data), last);
}
async function recordSeconds(run, role, milliseconds) {
  const seconds = String(Math.max(1, Math.round(milliseconds / 1e3)));
  await unlessProblem(() => recordUpgrade(run, { [secondsKey(role)]: seconds }));
}

export {
  gateKey,
  readUpgrades,
  recordUpgrade,
  recordSeconds
};
