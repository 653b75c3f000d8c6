import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  resetHost,
  whyNotOurs
} from "./phases-check-reset.js";
import {
  leavingNodes,
  removalObjection,
  removalSteps
} from "./plan-node-upgrade.js";
import {
  stepInWords
} from "./plan-step.js";
import {
  readMemberList
} from "./etcd-members.js";
import {
  connect
} from "./host.js";
import {
  observeNodes,
  observedNode
} from "./observe-api.js";
import {
  asApiserver,
  memberListOf
} from "./etcd-etcdctl.js";
import {
  cordonNode,
  deleteNode,
  drainNode,
  nodeNamed,
  withApi
} from "./kubernetes.js";
import {
  sessionOf
} from "./pki.js";
import {
  etcdEndpoints,
  hostsWith
} from "./cluster-cluster.js";
import {
  etcdPeerUrl
} from "./layout-addresses.js";
import {
  Problem,
  describeProblem,
  problemsOf
} from "./errors.js";

// src/observe/members.ts
async function isMember(master, cluster, host) {
  const command = memberListOf(cluster, asApiserver, etcdEndpoints(cluster));
  const { stdout } = await master.run(command, { timeoutSeconds: 20 });
  const list = readMemberList(stdout);
  if (list) return list.members.some(({ peerUrls }) => peerUrls.includes(etcdPeerUrl(host.address)));
  throw new Problem("etcd could not be asked for its members", {
    code: "ETCD_UNKNOWN",
    host: master.host.name,
    hint: "See `systemctl status etcd` on its hosts, then run again."
  });
}

// src/phases/remove-hosts.ts
var stays = "The node stays cordoned and in the cluster. Give the disruption budgets room (more replicas, or maxUnavailable), or delete these pods, then run again.";
var retries = 1;
var removeHosts = {
  title: "Remove hosts",
  when: ({ cluster }) => cluster.removed.length > 0,
  async run(run, signal) {
    const problems = [];
    for (const host of run.cluster.removed) {
      signal.throwIfAborted();
      await removeHost(run, host, signal).catch((error) => problems.push(...placed(error, host)));
    }
    if (problems.length > 0) throw new AggregateError(problems, "not all hosts were removed");
  }
};
var placed = (error, { name }) => problemsOf(error).map((part) => part instanceof Problem ? part.within({ host: name }) : part);
async function removeHost(run, host, signal) {
  const found = await foundOn(run, host);
  const scopes = found?.scopes;
  await withApi(run, async (api) => {
    const object = await nodeNamed(api, host.nodeName);
    const node = object && observedNode(object);
    const steps = removalSteps({ host: host.name, node, placed: scopes });
    for (const step of steps) run.log.info(stepInWords(step, run.dryRun));
    if (steps.length === 0) run.log.info(`${host.name}: nothing is left of it; delete its line from cluster.yaml`);
    const hadMember = host.roles.includes("etcd") || scopes?.includes("etcd") === true;
    if (hadMember && !run.dryRun) await refuseMember(run, host);
    const { name, nodeName } = host;
    const machineId = found?.facts.machineId;
    if (steps.length > 0 && !run.dryRun) await refuseRemoval(run, api, { host: name, nodeName, node, machineId });
    if (node && !run.dryRun) await leave(run, api, node, signal);
  }).catch((error) => {
    if (!run.dryRun || !(error instanceof Problem) || error.code !== "API_UNREACHABLE") throw error;
    run.log.info(`${host.name}: would be removed; the cluster does not answer, so its node is not known`);
  });
  if (found) await wipe(run, host, found);
  else if (!run.dryRun)
    run.log.warning(`${host.name}: it left the cluster, but did not answer: what was placed there was not removed`);
}
async function wipe(run, host, found) {
  if (found.scopes.length === 0 && !found.isReset) return;
  const problem = whyNotOurs(run.cluster.name, host, found);
  if (problem) throw problem;
  await resetHost(run, host);
}
async function foundOn(run, host) {
  try {
    await run.connections.get(host.name)?.close();
    const session = await connect(run, host, { retries });
    return await session.inspect({});
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    run.log.warning(describeProblem(error));
    return void 0;
  }
}
async function refuseMember(run, host) {
  const master = hostsWith(run.cluster, "master").find(({ name }) => run.sessions.has(name));
  if (!master || !await isMember(sessionOf(run, master), run.cluster, host)) return;
  throw new Problem("it is still a member of etcd, so it is not removed", {
    code: "REMOVAL_REFUSED",
    host: host.name,
    hint: "Run the etcd job (or the one-job action), which removes the member first; see the errors before this one."
  });
}
async function refuseRemoval({ cluster }, api, found) {
  const objection = removalObjection(found, await observeNodes(api), leavingNodes(cluster));
  if (objection) throw objection;
}
async function leave(run, api, node, signal) {
  if (node.ready) {
    await cordonNode(api, node.name, run.name);
    const timeoutMs = run.cluster.upgrade.nodes.drainSeconds * 1e3;
    await drainNode(api, node.name, { timeoutMs, log: run.log, signal, hint: stays });
  }
  const deleted = await deleteNode(api, node.name);
  run.log.info(`${node.name}: deleted ${deleted.join(", ")}`);
  run.objects.push(...deleted.map((object) => `${object} deleted`));
}

export {
  removeHosts
};
