import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  components
} from "./layout-addresses.js";

// src/layout/ports.ts
function recordsFor({ addons }) {
  const { metricsServer, ...others } = components;
  return [...Object.values(others), ...addons.metricsServer ? [metricsServer] : []];
}
function fixedOf(records) {
  const all = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port) => "port" in port ? [port] : []);
  return all.toSorted((a, b) => a.port - b.port);
}
function fixedPorts(settings) {
  return fixedOf(recordsFor(settings));
}
function portsOfRole(settings, role) {
  const records = recordsFor(settings).filter(({ roles }) => roles.includes(role));
  const derived = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port) => "key" in port ? [settings.api[port.key]] : []);
  return [...derived, ...fixedOf(records).map(({ port }) => port)];
}

// src/cluster/election.ts
var electionProfiles = {
  default: { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 },
  fast: { leaseDuration: 4, renewDeadline: 3, retryPeriod: 0.5 }
};
function electionTimes(election) {
  return typeof election === "string" ? electionProfiles[election] : election;
}
var jitter = 1.2;
function electionProblem({ leaseDuration, renewDeadline, retryPeriod }) {
  if (leaseDuration > renewDeadline && renewDeadline > jitter * retryPeriod && retryPeriod > 0) return void 0;
  return `A lease of ${leaseDuration}s with a renew deadline of ${renewDeadline}s and a retry period of ${retryPeriod}s can\u2019t hold.`;
}
function goSeconds(seconds) {
  return `${seconds}s`;
}

export {
  electionTimes,
  electionProblem,
  goSeconds,
  fixedPorts,
  portsOfRole
};
