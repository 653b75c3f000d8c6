import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  unlessDry
} from "./host.js";
import {
  alarmsOf,
  waitForEtcd
} from "./etcd-health.js";
import {
  sessionOf,
  targetsOf
} from "./pki.js";

// src/phases/wait-for-etcd-members.ts
var timeoutMs = 12e4;
var waitForEtcdMembers = {
  title: "Wait for etcd",
  when: unlessDry,
  async run(run, signal) {
    const [host] = targetsOf(run, "etcd");
    if (!host || !changedSomething(run.results, "etcd")) return;
    const health = await waitForEtcd(sessionOf(run, host), run.cluster, { need: "all", timeoutMs, signal });
    run.log.info(`etcd: ${health.healthy} of ${health.members.length} members healthy`);
    for (const alarm of alarmsOf(health.members)) run.log.warning(`etcd: ${alarm}`);
  }
};
function changedSomething(results, phase) {
  return results.some((result) => result.phase === phase && result.changes.length > 0);
}

export {
  waitForEtcdMembers
};
