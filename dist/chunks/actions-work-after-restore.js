import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  waitForEtcdMembers
} from "./phases-wait-for-etcd-members.js";
import {
  prepareSecrets
} from "./phases-prepare-secrets.js";
import {
  joinNodes,
  settleNodes
} from "./phases-join-nodes.js";
import {
  changeEtcdMembers
} from "./etcd-change.js";
import {
  observeMembers,
  planEtcdMembers,
  problemOf,
  reachMembers
} from "./phases-observe-etcd.js";
import {
  applyMasters,
  waitForMasters
} from "./phases-apply-masters.js";
import "./phases-pass-gate.js";
import {
  fetchBinaries
} from "./phases-fetch-binaries.js";
import {
  applyRole,
  gatherFacts,
  hostChecks
} from "./phases-apply-role.js";
import {
  removeHosts
} from "./observe-members.js";
import "./phases-check-reset.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "./components-addons-bootstrap.js";
import {
  checkLockfile
} from "./components-needs.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import {
  observe,
  observeAddons
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import {
  stepInWords
} from "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import {
  connectHosts,
  runPhases
} from "./host.js";
import "./etcd-health.js";
import "./observe-api.js";
import {
  quorumOf,
  shellQuoted
} from "./etcd-etcdctl.js";
import "./kubernetes.js";
import {
  newRun,
  sessionOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import {
  parseJson
} from "./entry-json.js";
import "./p-timeout.js";
import "./layout-groups.js";
import {
  soleAttemptName
} from "./github-run-name.js";
import "./layout-ports.js";
import "./cluster-authentication.js";
import "./cluster-addresses.js";
import "./cluster-versions.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  etcdPeerUrl
} from "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import "./entry-bytes.js";
import {
  Problem,
  int,
  looseObject
} from "./errors.js";
import "./github-hidden-values.js";
import {
  redactLines
} from "./host-redact-keys.js";
import "./runtime.js";

// src/phases/recover-quorum.ts
import { setTimeout as delay } from "node:timers/promises";

// src/etcd/store.ts
var script = `# shellcheck shell=dash
# The data of a member is made again: from a snapshot, or from what one member has left. The data that was there before is moved aside and
# never deleted. A killed run is completed by the next one: when WORK/ready exists, only the two moves are left.
#
# Set by the caller: BIN, DATA (etcd's data directory), NAME, PEER (its peer URL), INITIAL (initial-cluster), TOKEN.

WORK=$DATA/recovery
REPLAY=k8s-ha-action-replay.service

fail() {
  echo "$*" >&2
  exit 1
}

# store_room KIB: whether the file system of the data has room, before anything is stopped.
store_room() {
  store_free=$(df -Pk "$DATA" | awk 'END { print $4 }')
  [ "$store_free" -ge "$1" ] || fail "$DATA needs $(($1 / 1024)) MiB of free space and has $((store_free / 1024)) MiB"
}

# store_settle: completes the moves of a killed run, and prints the directories with data that was moved aside.
store_settle() {
  systemctl stop "$REPLAY" 2>/dev/null
  if [ -e "$WORK/ready" ]; then
    [ -e "$DATA/member" ] || [ ! -d "$WORK/restored/member" ] || store_place
    # With both there, nothing was moved yet, and the cluster may have a quorum by now.
    if [ ! -d "$WORK/restored/member" ]; then store_start; fi
  fi
  for store_kept in "$DATA"/before-*; do [ ! -d "$store_kept" ] || echo "kept $store_kept"; done
}

# store_revision: the newest revision of the database as JSON. A copy is read: etcd locks the file while it runs.
store_revision() {
  store_copy=$DATA/recovery-revision.db
  cp --reflink=auto "$DATA/member/snap/db" "$store_copy" || exit 1
  "$BIN/etcdutl" snapshot status "$store_copy" --write-out=json
  store_status=$?
  rm -f "$store_copy"
  exit "$store_status"
}

# store_replay: what the member's log has and its database may lack. A copy runs for a moment as a cluster of one member, with sockets in
# its own directory only, and ends when it has written all of it.
store_replay() {
  store_size=$(du -sk "$DATA/member" | cut -f 1)
  store_room $((2 * store_size + 65536))
  # Until the data is moved, a failure leaves the host as it was.
  trap 'systemctl start --no-block etcd.service' EXIT
  systemctl stop etcd.service || fail 'etcd.service cannot be stopped'
  store_empty
  mkdir -m 700 "$WORK/copy"
  cp -a --reflink=auto "$DATA/member" "$WORK/copy/" || fail "$DATA/member cannot be copied"
  chown etcd:etcd "$WORK" "$WORK/copy"
  systemd-run --quiet --collect --unit="$REPLAY" --uid=etcd --gid=etcd --working-directory="$WORK" \\
    --property=Type=notify --property=UMask=0077 --property=TimeoutStartSec=900 \\
    "$BIN/etcd" --name="$NAME" --data-dir="$WORK/copy" --force-new-cluster \\
    --listen-client-urls=unix://client.sock:0 --advertise-client-urls=http://127.0.0.1:1 \\
    --listen-peer-urls=unix://peer.sock:0 --initial-advertise-peer-urls="$PEER" --initial-cluster="$NAME=$PEER" ||
    fail "etcd does not start with a copy of the data: $(journalctl --no-pager --output=cat --lines=20 --unit="$REPLAY" | tail -c 2000)"
  systemctl stop "$REPLAY"
  store_restore "$WORK/copy/member/snap/db" --skip-hash-check
}

store_empty() {
  rm -rf "$WORK"
  mkdir -m 700 "$WORK"
}

# store_restore DATABASE FLAG\u2026: a member of a new cluster. Revisions continue far above all that a client may have seen, and older ones count as
# compacted, so that each watch of an API server ends and lists again (etcd.io, operations guide, disaster recovery).
store_restore() {
  "$BIN/etcdutl" snapshot restore "$@" --bump-revision=1000000000 --mark-compacted --name="$NAME" \\
    --initial-cluster="$INITIAL" --initial-advertise-peer-urls="$PEER" --initial-cluster-token="$TOKEN" \\
    --data-dir="$WORK/restored" >&2 || fail 'etcdutl does not restore the database'
  chown -R etcd:etcd "$WORK/restored"
  sync
  : >"$WORK/ready"
  sync
}

# store_place: the new data in the place of the old.
store_place() {
  trap - EXIT
  [ ! -d "$DATA/member" ] || mv "$DATA/member" "$DATA/before-$(date -u +%Y%m%dT%H%M%SZ)" || exit 1
  mv "$WORK/restored/member" "$DATA/member" || exit 1
  sync
}

# store_start: starts the member, which is ready when it has a quorum, and forgets the work.
store_start() {
  timeout 120 systemctl start etcd.service || fail "etcd does not start: $(journalctl --no-pager --output=cat --lines=20 --unit=etcd.service | tail -c 2000)"
  rm -rf "$WORK"
}
`;
function settleStore(cluster, host) {
  return withStore(cluster, host, "store_settle");
}
function revisionOfStore(cluster, host) {
  return withStore(cluster, host, "store_revision");
}
function recoverStore(cluster, host, generation) {
  return withStore(cluster, host, "store_replay\nstore_place\nstore_start", generation);
}
function readKept(stdout) {
  return /^kept /m.test(stdout);
}
var statusShape = looseObject({ revision: int().nonnegative() });
function readRevision(stdout) {
  try {
    return statusShape.parse(parseJson(stdout, Error)).revision;
  } catch {
    return void 0;
  }
}
function withStore({ binDir, etcd, name }, host, calls, generation = "") {
  const peer = etcdPeerUrl(host.address);
  const set = {
    BIN: binDir,
    DATA: etcd.dataDir,
    NAME: host.name,
    PEER: peer,
    INITIAL: `${host.name}=${peer}`,
    TOKEN: `${name}-${generation}`
  };
  const lines = Object.entries(set).map(([variable, value]) => `${variable}=${shellQuoted(value)}`);
  return [...lines, script, calls].join("\n");
}

// src/plan/recovery.ts
function planRecovery(cluster, facts) {
  const { survivor, observed, wasRecovered } = facts;
  const answering = [...observed].find(([, { list }]) => list !== void 0)?.[0];
  if (answering !== void 0 && wasRecovered && observed.get(survivor)?.list) return { do: "continue" };
  if (answering !== void 0) return { refusals: [answers(answering)] };
  const refusals = [...unasked(cluster, facts), ...unfit(cluster, facts), ...tooMany(cluster, facts), ...newer(facts)];
  return refusals.length > 0 ? { refusals } : { do: "recover" };
}
function answers(host) {
  return {
    code: "QUORUM_NOT_LOST",
    host,
    message: "etcd has a quorum: this member answers",
    hint: "Nothing is lost: run a deployment. It replaces members whose hosts came back without data."
  };
}
function voters(cluster) {
  return [...hostsWith(cluster, "etcd"), ...cluster.removed.filter(({ roles }) => roles.includes("etcd"))];
}
var hasData = (said) => said !== void 0 && said.data !== "none";
function unasked(cluster, { observed }) {
  const silent = hostsWith(cluster, "etcd").filter(({ name }) => !observed.has(name));
  return silent.map(({ name }) => ({
    code: "ETCD_MEMBERS_UNKNOWN",
    host: name,
    message: "this host gives no answer about its etcd, so it may be part of a quorum",
    hint: "Start the host. If the machine is gone for good, write state: removed on its line, or put an empty machine in its place."
  }));
}
function unfit({ etcd }, { survivor, observed }) {
  const said = observed.get(survivor);
  const wal = etcd.extraArgs.find(({ name }) => name === "wal-dir");
  const why = !said ? void 0 : typeof said.data !== "object" ? `it has ${said.data === "none" ? "no data of etcd" : "data that cannot be read"}` : wal && `its log is apart from its data (wal-dir: ${wal.value})`;
  if (why === void 0) return [];
  const others = [...observed].filter(([name, each]) => name !== survivor && hasData(each)).map(([name]) => name);
  const hint = others.length > 0 ? `Hosts with data: ${others.join(", ")}.` : "Restore a backup.";
  return [{ code: "SURVIVOR_UNFIT", host: survivor, message: `etcd cannot come back from this host: ${why}`, hint }];
}
function tooMany(cluster, { survivor, observed }) {
  const idOf = (said) => typeof said?.data === "object" ? said.data.cluster : void 0;
  const id = idOf(observed.get(survivor));
  if (id === void 0) return [];
  const peers = [...observed].filter(([, said]) => idOf(said) === id).map(([name]) => name);
  const needed = quorumOf(voters(cluster).length);
  if (peers.length < needed) return [];
  return [
    {
      code: "QUORUM_NOT_LOST",
      message: `${peers.join(", ")} have their data, and ${needed} members are a quorum`,
      hint: "Start etcd there (`systemctl start etcd`, `journalctl -u etcd`). If one of them cannot start for good, move its data directory away and run again."
    }
  ];
}
function newer({ survivor, observed, revisions }) {
  const own = revisions.get(survivor);
  const others = [...observed].filter(([name, said]) => name !== survivor && hasData(said)).map(([name]) => name);
  return others.flatMap((name) => {
    const its = revisions.get(name);
    if (own !== void 0 && its !== void 0 && its <= own) return [];
    const known = own !== void 0 && its !== void 0;
    return [
      {
        code: "SURVIVOR_UNFIT",
        host: survivor,
        message: known ? `${name} has newer data: its revision is ${its}, ${its - own} more than ${own} here` : `${name} has data too, and it is unknown which of the two is newer`,
        hint: `Run again with survivor: ${name}. If the data of ${name} is not to be used, move its data directory away first.`
      }
    ];
  });
}

// src/phases/recover-quorum.ts
var recoverSeconds = 1800;
var electionMs = 2e3;
function recoverQuorum(survivor) {
  return {
    title: "Recover etcd from one member",
    async run(run, signal) {
      const host = hostsWith(run.cluster, "etcd").find(({ name }) => name === survivor);
      if (!host) throw new Error(`${survivor} is no host of etcd`);
      await reachMembers(run, signal);
      const wasRecovered = !run.dryRun && await settled(run, host);
      const observed = await observePatiently(run, signal);
      const revisions = await revisionsOf(run, observed);
      const recovery = planRecovery(run.cluster, { survivor, observed, revisions, wasRecovered });
      if ("refusals" in recovery)
        throw new AggregateError(recovery.refusals.map(problemOf), "etcd was not recovered, and nothing was changed");
      if (recovery.do === "continue") return run.log.info(`${survivor}: an earlier run has recovered etcd from it`);
      run.log.info(recoveryInWords(run, host));
      if (!run.dryRun) await recover(run, host);
    }
  };
}
function recoveryInWords({ dryRun }, { name }) {
  const what = "begin etcd again as a cluster of this member alone, with its data";
  const why = "the other members have lost theirs, and there is no quorum";
  return stepInWords({ host: name, do: what, reason: why, interrupts: "nothing: no member serves writes" }, dryRun);
}
async function settled(run, host) {
  return readKept(await output(run, host, settleStore(run.cluster, host), 180));
}
async function observePatiently(run, signal) {
  const first = await observeMembers(run);
  const said = [...first.values()];
  if (said.some(({ list }) => list) || !said.some(({ active }) => active)) return first;
  await delay(electionMs, void 0, { signal });
  return await observeMembers(run);
}
async function revisionsOf(run, observed) {
  const hosts = [...run.cluster.hosts, ...run.cluster.removed].filter(
    ({ name }) => typeof observed.get(name)?.data === "object"
  );
  if (hosts.length < 2) return /* @__PURE__ */ new Map();
  const asked = hosts.map(async (host) => {
    const { stdout } = await sessionOf(run, host).run(revisionOfStore(run.cluster, host), { timeoutSeconds: 300 });
    const revision = readRevision(stdout);
    return revision === void 0 ? [] : [[host.name, revision]];
  });
  return new Map((await Promise.all(asked)).flat());
}
async function recover(run, host) {
  const begin = performance.now();
  const generation = run.now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  await output(run, host, recoverStore(run.cluster, host, generation), recoverSeconds);
  run.objects.push(`etcd recovered from ${host.name}`);
  const seconds = ((performance.now() - begin) / 1e3).toFixed(1);
  run.log.info(
    `${host.name}: etcd serves again after ${seconds} s; its former data is kept in ${run.cluster.etcd.dataDir}/before-\u2026`
  );
}
async function output(run, host, lines, timeoutSeconds) {
  const { status, stdout, stderr } = await sessionOf(run, host).run(lines, { timeoutSeconds });
  if (status === 0) return stdout;
  const said = redactLines(stderr.slice(-4096)).filter((line) => line.trim() !== "");
  throw new Problem(`the data of etcd was not recovered: ${said.at(-1) ?? `status ${status}`}`, {
    code: "RECOVERY_FAILED",
    host: host.name,
    detail: said.slice(-10),
    hint: "Its data is where it was, or beside it in a directory before-\u2026: nothing was deleted. Correct the cause and run again: it continues."
  });
}

// src/actions/work/after-restore.ts
var deployMasters = [
  planEtcdMembers,
  prepareSecrets,
  fetchBinaries,
  changeEtcdMembers(),
  applyRole("etcd", "Apply etcd"),
  waitForEtcdMembers,
  applyMasters,
  waitForMasters
];
function deployNodes(clusterFile) {
  return [
    observeAddons,
    applyBootstrapManifests(clusterFile),
    joinNodes,
    settleNodes,
    removeHosts,
    applyAddons(clusterFile)
  ];
}

// src/actions/work/restore.ts
var halfDone = "The cluster may be half restored: run restore again with the same inputs, it continues.";
async function restore({ clusterFile, survivor, ...inputs }) {
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  const ending = { signal: cancellation({ hint: halfDone }) };
  const lockfile = checkLockfile(clusterFile, "warns");
  const hosts = [connectHosts("first"), gatherFacts, ...hostChecks];
  const before = [...hosts, observe, lockfile, recoverQuorum(survivor)];
  if (run.dryRun) return await reporting("Restore", run, () => runPhases(run, before, ending));
  const phases = [...before, gatherFacts, ...deployMasters, ...deployNodes(clusterFile)];
  await reporting("Restore", run, () => runPhases(run, phases, ending));
}
export {
  restore
};
