import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bootstrapText,
  observeEtcd,
  planMembers,
  readEtcdOnHost
} from "./phases-apply-role.js";
import {
  stepInWords
} from "./plan-step.js";
import {
  connect
} from "./host.js";
import {
  inspectionOf,
  sessionOf,
  targetsOf
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  etcdPeerUrl,
  places
} from "./layout-addresses.js";
import {
  Problem,
  unlessProblem
} from "./errors.js";

// src/phases/plan-etcd-members.ts
import { setTimeout as delay } from "node:timers/promises";

// src/phases/observe-etcd.ts
var timeoutSeconds = 20;
function observedAtFirst(run) {
  return observationOf(
    targetsOf(run, "etcd").flatMap(
      (host) => inspectionOf(run, host).answers.slice(0, 1).map(({ stdout }) => [host, stdout])
    )
  );
}
var hostsOfMembers = (cluster) => [...hostsWith(cluster, "etcd"), ...cluster.removed];
async function observeMembers(run) {
  const hosts = hostsOfMembers(run.cluster).filter(({ name }) => run.connections.has(name));
  const ask = async (host) => [host, await answerOf(run, host)];
  return observationOf(await Promise.all(hosts.map(ask)));
}
async function reachMembers(run, signal) {
  const others = hostsOfMembers(run.cluster).filter(({ name }) => !run.connections.has(name));
  const reach = async (host) => {
    try {
      await connect(run, host, { readOnly: true, retries: run.access.retries ?? retriesOf(run.cluster, host), signal });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      run.log.info(`${host.name}: its member of etcd is unknown: ${error.message}`);
    }
  };
  await Promise.all(others.map(reach));
}
var retriesOf = ({ removed }, host) => removed.includes(host) ? 1 : 2;
async function answerOf(run, host) {
  const line = observeEtcd(run.cluster, host, places.etcdBootstrap);
  return (await unlessProblem(() => sessionOf(run, host).run(line, { timeoutSeconds })))?.stdout;
}
function observationOf(answers2) {
  return new Map(
    answers2.flatMap(([{ name }, stdout]) => {
      const said = stdout === void 0 ? void 0 : readEtcdOnHost(stdout);
      return said ? [[name, said]] : [];
    })
  );
}

// src/phases/plan-etcd-members.ts
var planEtcdMembers = {
  title: "Plan etcd members",
  async run(run, signal) {
    const first = observedAtFirst(run);
    const says = targetsOf(run, "etcd").every((host) => saysEnough(run, host, first));
    const enough = says && !hasStrays(run, first) && !mayLeave(run, first);
    if (!enough) await reachMembers(run, signal);
    const own = new Set(targetsOf(run, "etcd").map(({ name }) => name));
    const about = {
      own,
      hadApiServer: hadApiServer(run),
      neverBootstrapped: startsEtcd(run),
      forget: /* @__PURE__ */ new Set([...run.forget, ...run.cluster.removed.map(({ name }) => name)])
    };
    const facts = { ...about, observed: enough ? first : await observeMembers(run) };
    run.etcd.facts = isUncertain(run, facts) ? await observeAgain(run, facts, signal) : facts;
    const plan = planNow(run, run.etcd.facts);
    for (const step of plan.steps.filter((each) => isOwn(run, each))) run.log.info(memberStepInWords(step, run.dryRun));
  }
};
var again = { tries: 5, pauseMs: 1500 };
async function observeAgain(run, facts, signal) {
  let now = { ...facts, observed: await observeMembers(run) };
  for (let left = again.tries; left > 0 && isUncertain(run, now); left -= 1) {
    await delay(again.pauseMs, void 0, { signal });
    now = { ...facts, observed: await observeMembers(run) };
  }
  return now;
}
function isUncertain({ cluster }, facts) {
  if (![...facts.observed.values()].some(({ active }) => active)) return false;
  return planMembers(cluster, facts).refusals.some(
    ({ code }) => code === "ETCD_MEMBERS_UNKNOWN" || code === "ETCD_QUORUM"
  );
}
function planNow(run, facts) {
  const plan = planMembers(run.cluster, facts);
  run.etcd.voters = plan.voters;
  if (plan.refusals.length > 0)
    throw new AggregateError(plan.refusals.map(problemOf), "etcd\u2019s members cannot be changed");
  for (const [host, how] of plan.beginnings) {
    if (how.as !== "member") run.etcd.bootstrap.set(host, bootstrapText(run.cluster, how.as, how.members));
    else {
      const kept = facts.observed.get(host)?.bootstrap;
      run.etcd.bootstrap.set(host, kept ?? bootstrapText(run.cluster, "existing", []));
    }
  }
  return plan;
}
function isOwn(run, { host }) {
  const [first] = hostsWith(run.cluster, "etcd");
  return host !== void 0 || targetsOf(run, "etcd").some(({ name }) => name === first?.name);
}
function hasStrays({ cluster }, observed) {
  const known = hostsWith(cluster, "etcd").map(({ address }) => etcdPeerUrl(address));
  const members = [...observed.values()].flatMap(({ list }) => list?.members ?? []);
  return members.some(({ peerUrls }) => !peerUrls.some((url) => known.includes(url)));
}
function mayLeave(run, observed) {
  return isWhole(run) && run.cluster.removed.length > 0 && ![...observed.values()].some(answers);
}
var answers = ({ list }) => list !== void 0;
function isWhole(run) {
  return targetsOf(run, "etcd").length === hostsWith(run.cluster, "etcd").length;
}
function saysEnough(run, host, observed) {
  if (isWhole(run)) return true;
  const said = observed.get(host.name);
  if (!said) return false;
  if (said.data === "none") return startsEtcd(run);
  if (said.data === "unreadable") return false;
  return said.list !== void 0 || !said.data.history;
}
function startsEtcd(run) {
  return targetsOf(run, "etcd").some(({ name }) => run.secrets?.get(name)?.startsEtcd);
}
function hadApiServer({ cluster, inspections }) {
  const seen = cluster.hosts.map(({ name }) => inspections.get(name));
  return seen.some(
    (inspection) => !inspection || inspection.scopes.includes("master") || inspection.scopes.includes("node")
  );
}
function problemOf({ code, host, message, hint }) {
  return new Problem(message, { code, host, hint });
}
function memberStepInWords(step, planned) {
  const words = {
    add: "join etcd as a learner",
    start: "start as a registered member of etcd",
    resume: "start its member of etcd",
    promote: "become a voter of etcd",
    remove: `remove ${"id" in step ? `the member ${step.id}` : ""} from etcd${"name" in step && step.name ? ` (${step.name})` : ""}`,
    wait: "wait"
  };
  return stepInWords({ host: step.host, do: words[step.do], reason: step.why }, planned);
}

export {
  observedAtFirst,
  observeMembers,
  reachMembers,
  planEtcdMembers,
  observeAgain,
  planNow,
  isOwn,
  problemOf,
  memberStepInWords
};
