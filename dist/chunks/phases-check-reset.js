import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  changeInWords
} from "./phases-change-words.js";
import {
  claimOf,
  connect,
  onHosts
} from "./host.js";
import {
  describeEtcd,
  etcdHealth
} from "./etcd-health.js";
import {
  quorumOf
} from "./etcd-etcdctl.js";
import {
  waitWhile,
  whyNotServing,
  withMaster
} from "./kubernetes.js";
import {
  allTargets,
  sessionOf
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem,
  problemsOf
} from "./errors.js";

// src/phases/check-reset.ts
var wayOut = "Leave the input hosts empty to reset the whole cluster, or let the host leave the cluster: state: removed on its line of cluster.yaml.";
var checkReset = {
  title: "Check what is reset",
  async run(run, signal) {
    const owned = async (host) => {
      const inspection = await sessionOf(run, host).inspect({});
      return whyNotOurs(run.cluster.name, host, inspection) ?? [];
    };
    const problems = (await onHosts(run.reached, owned, signal)).flat();
    if (problems.length === 0 && isPart(run)) problems.push(...await whyNeeded(run, signal));
    if (problems.length > 0) throw new AggregateError(problems, "nothing was changed");
    if (isPart(run) && !run.dryRun)
      run.log.warning(
        "The cluster keeps the Nodes and etcd members of these hosts, as lost ones: a reset does not remove them."
      );
  }
};
function whyNotOurs(name, host, { scopes, owners, isReset }) {
  const others = owners.filter((owner) => owner !== name);
  if (others.length > 0)
    return new Problem(`the host belongs to the cluster ${others.join(", ")}, not to ${name}`, {
      code: "RESET_OTHER_CLUSTER",
      host: host.name,
      hint: "Correct its address or its line in cluster.yaml, or reset it with the cluster.yaml of that cluster."
    });
  if (isReset || scopes.length > 0 && owners.length > 0) return void 0;
  const what = scopes.length === 0 ? "nothing on this host was placed by these actions" : "its lists do not say whose host it is";
  return new Problem(`${what}, so it is not reset`, {
    code: "RESET_NOT_OURS",
    host: host.name,
    hint: "Correct its address in cluster.yaml, or name the other hosts in the input hosts."
  });
}
function isPart(run) {
  return allTargets(run).length < run.cluster.hosts.length;
}
async function whyNeeded(run, signal) {
  const targets = allTargets(run);
  const last = lastOfRole(run.cluster.hosts, targets);
  if (last.length > 0) return last;
  const needed = roles.filter((role) => role !== "node" && targets.some((host) => host.roles.includes(role)));
  const rest = run.cluster.hosts.filter((host) => !targets.includes(host));
  const asked = rest.filter(
    (host) => needed.some((role) => host.roles.includes(role)) || host.roles.includes("master")
  );
  const joined = await onHosts(asked, (host) => reach(run, host, signal), signal);
  const live = asked.filter((_, index) => joined[index] === true);
  return [
    ...needed.includes("etcd") ? await whyQuorum(run, live, targets) : [],
    ...needed.includes("master") ? await whyMaster(run, live, targets) : []
  ];
}
function lastOfRole(hosts, targets) {
  return roles.flatMap((role) => {
    const able = hosts.filter((host) => host.roles.includes(role));
    if (able.length === 0 || able.some((host) => !targets.includes(host))) return [];
    const names = able.map(({ name }) => name).join(", ");
    const message = `no other host has the role ${role}: ${names} cannot be reset while the cluster stays`;
    return [new Problem(message, { code: "RESET_LAST", host: able[0]?.name, hint: wayOut })];
  });
}
async function reach(run, host, signal) {
  const claim = host.roles.includes("master") ? claimOf(run, host, "first") : void 0;
  try {
    await connect(run, host, { readOnly: true, claim, retries: run.access.retries ?? 2, signal });
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || error.code === "RIVAL_RUN") throw error;
    return false;
  }
}
async function whyQuorum(run, live, targets) {
  const answers = await Promise.all(
    live.filter((host2) => host2.roles.includes("etcd")).map((host2) => etcdHealth(sessionOf(run, host2), run.cluster).catch(() => void 0))
  );
  const health = answers.find((each) => each !== void 0);
  const reason = health ? quorumLost(health, targets) : "no other member of etcd answers";
  if (reason === void 0) return [];
  const host = targets.find((each) => each.roles.includes("etcd"));
  return [
    new Problem(`etcd would lose its quorum: ${reason}`, { code: "RESET_QUORUM", host: host?.name, hint: wayOut })
  ];
}
function quorumLost(health, targets) {
  const stay = health.members.filter(({ host, healthy }) => healthy && !targets.some(({ name }) => name === host));
  const quorum = quorumOf(health.members.length);
  if (stay.length >= quorum) return void 0;
  return `${stay.length} of ${health.members.length} members would be left and ${quorum} are needed (now: ${describeEtcd(health)})`;
}
var patience = { timeoutMs: 15e3, everyMs: 500 };
async function whyMaster(run, live, targets) {
  const masters = hostsWith({ ...run.cluster, hosts: live }, "master");
  let detail = [];
  const look = async () => {
    const reasons = await Promise.all(masters.map((host2) => silence(run, host2)));
    detail = reasons.flatMap((each) => each ?? []);
    return reasons.includes(void 0) ? void 0 : detail.join("; ");
  };
  const reason = await (masters.length > 0 ? waitWhile(look, patience) : look());
  if (reason === void 0) return [];
  const host = targets.find((each) => each.roles.includes("master"));
  const message = "no other master serves: its loss would be the loss of the API";
  return [new Problem(message, { code: "RESET_LAST", host: host?.name, detail, hint: wayOut })];
}
async function silence(run, host) {
  try {
    return await withMaster(run, host, whyNotServing);
  } catch (error) {
    if (error instanceof Problem) return `${host.name}: ${error.message}`;
    throw error;
  }
}

// src/phases/reset-hosts.ts
var resetHosts = {
  title: "Reset the hosts",
  async run(run, signal) {
    const failed = [...run.unreached];
    let before = Promise.resolve();
    const inTurn = (host) => {
      const done = resetHost(run, host, before);
      if (run.dryRun) before = done.catch(() => void 0);
      return done;
    };
    await onHosts(run.reached, inTurn, signal).catch((error) => failed.push(...problemsOf(error)));
    if (failed.length > 0)
      throw new AggregateError(failed, `${failed.length} of ${allTargets(run).length} hosts failed`);
  }
};
async function resetHost(run, host, turn) {
  const begin = performance.now();
  const say = (change) => run.log.info(`${host.name}: ${changeInWords(change, run.dryRun)}`);
  const [changes] = await Promise.all([sessionOf(run, host).reset(run.log, run.dryRun ? void 0 : say), turn]);
  if (run.dryRun) changes.forEach(say);
  if (changes.length === 0) run.log.info(`${host.name}: nothing is left of the cluster`);
  const milliseconds = performance.now() - begin;
  run.results.push({ host: host.name, phase: "reset", changes, started: [], restarted: [], milliseconds });
}

export {
  checkReset,
  whyNotOurs,
  resetHosts,
  resetHost
};
