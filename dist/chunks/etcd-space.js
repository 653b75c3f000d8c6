import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  isFragmented
} from "./check-services.js";
import {
  observedAtFirst
} from "./phases-observe-etcd.js";
import {
  describeEtcd,
  etcdHealth,
  etcdctlOn,
  waitForEtcd
} from "./etcd-health.js";
import {
  restartLock,
  shellCommand
} from "./etcd-etcdctl.js";
import {
  inspectionOf,
  sessionOf,
  targetsOf
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  etcdClientUrl
} from "./layout-addresses.js";
import {
  Problem
} from "./errors.js";
import {
  redactLines
} from "./host-redact-keys.js";

// src/etcd/space.ts
var limitSeconds = 240;
var waitSeconds = 240;
var lockSeconds = 30;
var patient = (...words) => shellCommand([`--command-timeout=${limitSeconds}s`, ...words]);
async function compactHistory(seat) {
  const etcdctl = etcdctlOn(seat.cluster);
  const compact = `${etcdctl} ${patient("compact", "--physical")}`;
  await run(seat, "its history was not removed", [
    `revision=$(${etcdctl} -w json get --limit=1 --keys-only none | sed -n 's/.*"revision":\\([0-9]*\\).*/\\1/p')`,
    // Another run may have done it at this revision.
    `said=$(${compact} "$revision" 2>&1) || case $said in *'has been compacted'*) ;; *) echo "$said" >&2; exit 1 ;; esac`
  ]);
}
async function defragment(seat, { address }, hasSpace) {
  const own = `${etcdctlOn(seat.cluster, [etcdClientUrl(address)])} ${patient("defrag")}`;
  const lock = `timeout ${waitSeconds + limitSeconds} ${etcdctlOn(seat.cluster)} ${shellCommand(["lock", `--ttl=${lockSeconds}`, "--", restartLock])}`;
  await run(seat, "its database was not defragmented", [hasSpace ? `${lock} ${own}` : own], waitSeconds);
}
async function disarmAlarms(seat) {
  await run(seat, "its alarm was not disarmed", [`${etcdctlOn(seat.cluster)} alarm disarm`]);
}
async function run({ session }, failure, lines, longerSeconds = 0) {
  const timeoutSeconds = longerSeconds + limitSeconds + 30;
  const { status, stderr } = await session.run(lines.join("\n"), { timeoutSeconds });
  if (status === 0) return;
  const reasons = redactLines(stderr.slice(-4096)).map((line) => line.replace(/^Error: /, ""));
  throw new Problem(`etcd: ${failure}: ${reasons.at(-1) ?? `status ${status}`}`, {
    code: "ETCD_SPACE",
    host: session.host.name,
    detail: reasons.slice(-5),
    hint: "Run again when all members are healthy."
  });
}

// src/phases/free-etcd-space.ts
var timeoutMs = 6e4;
var roomy = 0.95;
function freeEtcdSpace(byChoice) {
  return {
    title: "Free space of etcd",
    when: (run2) => byChoice || [...observedAtFirst(run2).values()].some(({ noSpace }) => noSpace),
    async run(run2, signal) {
      const seat = seatOf(run2);
      if (!seat) return;
      const health = await etcdHealth(seat.session, run2.cluster);
      const isFull = hasNoSpace(health);
      const members = inTurn(run2, health).filter(({ space }) => isFull || space && isFragmented(space));
      if (members.length === 0) return run2.log.info("etcd: little of its space is free, nothing is defragmented");
      const leader = health.members.find((member) => member.leader)?.host;
      if (leader === void 0 || !isSound(health)) {
        return run2.log.warning(`etcd's space is not freed: ${describeEtcd(health)}`);
      }
      if (!targetsOf(run2, "etcd").some(({ name }) => name === leader)) {
        return run2.log.info(`etcd's space is not freed here: the job of its leader ${leader} does it`);
      }
      if (run2.dryRun) return run2.log.info(`would free space of etcd on ${members.map(({ host }) => host).join(", ")}`);
      if (isFull) await compactHistory(seat);
      for (const member of members) await freeMember(run2, seat, member, { hasSpace: !isFull, signal });
      if (isFull) await takeWritesAgain(run2, seat);
    }
  };
}
var hasNoSpace = ({ members }) => members.some(({ alarm }) => alarm?.includes("NOSPACE"));
function seatOf(run2) {
  const host = targetsOf(run2, "etcd").find((each) => inspectionOf(run2, each).scopes.includes("etcd"));
  return host && { session: sessionOf(run2, host), cluster: run2.cluster };
}
function inTurn({ cluster }, { members }) {
  const places = members.flatMap((member) => {
    const at = hostsWith(cluster, "etcd").find(({ name }) => name === member.host);
    return at ? [{ ...member, at }] : [];
  });
  return places.toSorted((one, other) => Number(one.leader) - Number(other.leader));
}
function isSound({ members, healthy }) {
  return healthy === members.length && members.every(({ alarm = "NOSPACE" }) => alarm === "NOSPACE");
}
async function freeMember(run2, seat, { host, at, space }, { hasSpace, signal }) {
  signal.throwIfAborted();
  await waitForEtcd(seat.session, run2.cluster, { need: "all", timeoutMs, signal });
  const begin = performance.now();
  await defragment(seat, at, hasSpace);
  const took = Math.round(performance.now() - begin);
  const health = await waitForEtcd(seat.session, run2.cluster, { need: "all", timeoutMs, signal });
  const after = health.members.find((member) => member.host === host)?.space;
  run2.log.info(`${host}: its etcd member is defragmented: ${inWords(space)} \u2192 ${inWords(after)}, ${took} ms`);
}
var inWords = (space) => space ? `${(space.bytes / 1e6).toFixed(1)} MB` : "unknown";
async function takeWritesAgain(run2, seat) {
  const health = await etcdHealth(seat.session, run2.cluster);
  if (!isSound(health))
    throw new Problem(`etcd: its alarm was not disarmed: ${describeEtcd(health)}`, {
      code: "ETCD_SPACE",
      hint: "Run again when all members are healthy and have no other alarm."
    });
  const { members } = health;
  const full = members.filter(({ space }) => space && space.bytes > roomy * space.quota).map(({ host }) => host);
  if (full.length === 0) {
    await disarmAlarms(seat);
    return run2.log.info("etcd: there is room again; the alarm NOSPACE is disarmed, and it takes writes");
  }
  const message = `etcd takes no writes (alarm NOSPACE): no history is left to remove, and there is no room on ${full.join(", ")}`;
  const hint = "Delete what fills it (etcdctl del works without space, kubectl delete may not), or raise quota-backend-bytes in etcd.extraArgs; then run again.";
  if (targetsOf(run2, "etcd").length < hostsWith(run2.cluster, "etcd").length)
    return run2.log.warning(`${message}. ${hint}`);
  throw new Problem(message, { code: "ETCD_SPACE", hint });
}

export {
  freeEtcdSpace
};
