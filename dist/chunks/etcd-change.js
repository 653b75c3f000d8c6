import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  isOwn,
  memberStepInWords,
  observeAgain,
  observeMembers,
  planNow
} from "./phases-observe-etcd.js";
import {
  applyState,
  bootstrapText,
  roleState
} from "./phases-apply-role.js";
import {
  hasStarted
} from "./etcd-members.js";
import {
  unlessDry
} from "./host.js";
import {
  asMember,
  etcdctl,
  quorumOf,
  readOfQuorum,
  restartLock,
  shellCommand
} from "./etcd-etcdctl.js";
import {
  sessionOf
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  components
} from "./layout-addresses.js";
import {
  Problem
} from "./errors.js";
import {
  redactLines
} from "./host-redact-keys.js";

// src/phases/change-etcd-members.ts
import { setTimeout as delay } from "node:timers/promises";

// src/etcd/change.ts
var lockWaitSeconds = 240;
var lockSeconds = 30;
var passing = /in sync with leader|too many learner members|unhealthy cluster|not enough started members|no leader|not leader|leader changed|bad leader transferee|request timed out/;
var unanswered = /deadline exceeded|code = Unavailable|code = Canceled|connection (?:refused|reset)|transport is closing|: EOF$|raft: stopped|server stopped/;
var isDone = /member not found|Peer URLs already exists|can only promote a learner member$/;
async function addLearner(seat, { name, peerUrl }) {
  return await change(seat, `${etcdctlAt(seat, "member", "add", name, "--learner", `--peer-urls=${peerUrl}`)}`);
}
async function promoteMember(seat, id) {
  return await change(seat, etcdctlAt(seat, "member", "promote", id));
}
async function removeMember(seat, member) {
  const members = seat.members.filter(({ id }) => id !== member.id);
  return await change({ ...seat, members }, removalLines(seat, member));
}
function removalLines({ cluster, members }, member) {
  const rest = members.filter(({ id, learner }) => id !== member.id && !learner);
  const at = (urls2, ...words) => shellCommand(etcdctl(cluster, asMember, urls2, ...words));
  const urls = rest.flatMap(({ clientUrls }) => clientUrls.slice(0, 1));
  const reads = urls.map((url) => `{ ! ${readOfQuorum(cluster, asMember, [url])} >/dev/null 2>&1 || echo yes; } &`);
  const status = at(member.clientUrls, "--command-timeout=3s", "endpoint", "status");
  const moves = rest.filter(hasStarted).map(({ id }) => at(member.clientUrls, "move-leader", id));
  return [
    ...member.learner ? [] : [
      `answers=$({ ${reads.join(" ")} wait; } | grep -c yes)`,
      `[ "$answers" -ge ${quorumOf(rest.length)} ] || { echo "$answers of the other ${rest.length} members answer" >&2; exit 3; }`
    ],
    ...hasStarted(member) && moves.length > 0 ? [`! ${status} 2>/dev/null | grep -q ', true, false, [0-9]' || ${moves.join(" || ")} || exit 1`] : [],
    at(votersUrls(rest), "member", "remove", member.id)
  ].join("\n");
}
async function change(seat, lines) {
  const lock = etcdctlAt(seat, "lock", `--ttl=${lockSeconds}`, "--", restartLock, "sh", "-c", lines);
  const command = `timeout ${lockWaitSeconds} ${lock}`;
  const { status, stderr } = await seat.session.run(command, { timeoutSeconds: lockWaitSeconds + 30 });
  const reasons = redactLines(stderr.slice(-4096)).map((line) => line.replace(/^Error: /, ""));
  if (status === 0 || reasons.some((reason) => isDone.test(reason))) return "done";
  const later = reasons.findLast((reason) => passing.test(reason) || unanswered.test(reason));
  if (later !== void 0) return { later };
  const quorum = status === 3;
  throw new Problem(
    quorum ? `a member was not removed: ${reasons[0]}` : `etcd refused a change of its members: ${reasons.at(-1) ?? `status ${status}`}`,
    {
      code: quorum ? "ETCD_QUORUM" : "ETCD_CHANGE_FAILED",
      host: seat.session.host.name,
      detail: reasons.slice(-5),
      hint: quorum ? "Start the other members first." : "Run again: the plan is made again from what etcd says."
    }
  );
}
function etcdctlAt({ cluster, members }, ...words) {
  return shellCommand(etcdctl(cluster, asMember, votersUrls(members), ...words));
}
function votersUrls(members) {
  return members.flatMap(({ learner, clientUrls }) => learner ? [] : clientUrls.slice(0, 1));
}

// src/phases/change-etcd-members.ts
var pauseMs = 500;
function changeEtcdMembers(patienceMs = 6e5) {
  return {
    title: "Change etcd members",
    when: (run) => unlessDry(run) && run.etcd.facts !== void 0 && ownSteps(run, run.etcd.facts).length > 0,
    async run(run, signal) {
      let { facts } = run.etcd;
      if (!facts) return;
      let begun = { title: "", at: performance.now(), reason: "" };
      for (; ; ) {
        const [step] = ownSteps(run, facts);
        if (!step) return;
        const title = memberStepInWords(step, false);
        if (title !== begun.title) begun = { title, at: performance.now(), reason: "" };
        else if (performance.now() - begun.at > patienceMs) throw overdue(step, patienceMs, begun.reason);
        const outcome = await carryOut(run, facts, step);
        signal.throwIfAborted();
        if (outcome !== "done") {
          begun = { ...begun, reason: outcome.later };
          await delay(pauseMs, void 0, { signal });
        }
        facts = await observeAgain(run, facts, signal);
      }
    }
  };
}
function ownSteps(run, facts) {
  return planNow(run, facts).steps.filter((step) => isOwn(run, step));
}
async function carryOut(run, facts, step) {
  if (step.do === "wait") return { later: step.why };
  if (step.do === "start") run.etcd.bootstrap.set(step.host, bootstrapText(run.cluster, "existing", step.members));
  if (step.do === "start" || step.do === "resume") {
    await applyEtcd(run, step.host);
    return "done";
  }
  if (step.do === "remove" && step.host !== void 0) {
    const now = await observeMembers(run);
    if (now.get(step.host)?.data !== "none") return { later: "the host has data by now" };
  }
  const outcome = await changeMembers(run, facts, step);
  if (outcome === "done") {
    run.log.info(memberStepInWords(step, false));
    run.objects.push(`etcd member ${step.host ?? ("name" in step ? step.name : "")} (${step.do})`);
  }
  return outcome;
}
async function changeMembers(run, facts, step) {
  const seat = seatIn(run, facts);
  if (step.do === "add") return await addLearner(seat, { name: step.host, peerUrl: step.peerUrl });
  if (step.do === "promote") {
    if (!facts.observed.get(step.host)?.active) await applyEtcd(run, step.host);
    return await promoteMember(seat, step.id);
  }
  const member = seat.members.find(({ id }) => id === step.id);
  return member ? await removeMember(seat, member) : "done";
}
async function applyEtcd(run, name) {
  const host = run.cluster.hosts.find((each) => each.name === name);
  if (host) await applyState(run, host, "etcd", roleState(run, host, "etcd"));
}
function seatIn(run, { observed }) {
  for (const host of hostsWith(run.cluster, "etcd")) {
    const list = observed.get(host.name)?.list;
    if (list && run.connections.has(host.name)) return { ...seatAt(run, host), members: list.members };
  }
  throw new Problem("no member of etcd answers any more", {
    code: "ETCD_MEMBERS_UNKNOWN",
    hint: "Run again when etcd has a quorum: it continues where this run ended."
  });
}
function seatAt(run, host) {
  return { session: sessionOf(run, host), cluster: run.cluster };
}
function overdue(step, patienceMs, reason) {
  const learner = {
    code: "ETCD_LEARNER_BEHIND",
    hint: `Look at \`journalctl -u etcd\` on the host of the new member, and at port ${components.etcd.ports.peers.port} between the hosts. The next run continues with it.`
  };
  const removal = {
    code: "ETCD_CHANGE_FAILED",
    hint: "Run again when all members are healthy: the plan is made again from what etcd says."
  };
  const seconds = Math.round(patienceMs / 1e3);
  return new Problem(`${memberStepInWords(step, false)}, for ${seconds} s in vain: ${reason}`, {
    ...step.do === "remove" ? removal : learner,
    host: step.host
  });
}

export {
  changeEtcdMembers
};
