import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  applyState,
  isNewCluster,
  roleState
} from "./phases-apply-role.js";
import {
  downloadsOnly
} from "./components.js";
import {
  onHosts,
  unlessDry
} from "./host.js";
import {
  allTargets,
  targetsOf
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  Problem,
  problemsOf
} from "./errors.js";

// src/phases/fetch-binaries.ts
var fetchBinaries = {
  title: "Fetch binaries",
  // A dry run would name each of them twice: the roles' own phases list them too.
  when: unlessDry,
  async run(run, signal) {
    const fetch = async (host) => {
      for (const role of rolesOf(run, host)) {
        signal.throwIfAborted();
        await applyState(run, host, `${role}-binaries`, downloadsOnly(role, roleState(run, host, role)));
      }
    };
    const work = isNewCluster(run) ? continueOn(run, signal, fetch) : fetch;
    await onHosts(allTargets(run), work, signal);
  }
};
function rolesOf(run, host) {
  return host.roles.filter((role) => targetsOf(run, role).includes(host));
}
function continueOn(run, signal, fetch) {
  const members = hostsWith(run.cluster, "etcd");
  const started = new Map(members.map(({ name }) => [name, Promise.withResolvers()]));
  const startMember = async (host) => {
    await fetch(host);
    signal.throwIfAborted();
    if (members.includes(host)) await applyAhead(run, host, "etcd", "Apply etcd");
    started.get(host.name)?.resolve(true);
  };
  return async (host) => {
    try {
      await startMember(host);
    } finally {
      started.get(host.name)?.resolve(false);
    }
    if (!host.roles.includes("master")) return;
    const all = await Promise.all([...started.values()].map(({ promise }) => promise));
    signal.throwIfAborted();
    if (all.every(Boolean)) await applyAhead(run, host, "master", "Apply masters");
  };
}
async function applyAhead(run, host, role, phase) {
  try {
    await applyState(run, host, role, roleState(run, host, role));
  } catch (error) {
    const parts = problemsOf(error).map((part) => part instanceof Problem ? part.within({ phase }) : part);
    throw parts.length === 1 ? parts[0] : new AggregateError(parts, `${phase} failed`);
  }
}

export {
  fetchBinaries
};
