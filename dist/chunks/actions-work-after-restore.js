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
  prepareBackedUpSecrets,
  prepareSecrets
} from "./phases-prepare-secrets.js";
import {
  comparedWith
} from "./trend.js";
import {
  joinNodes,
  settleNodes
} from "./phases-join-nodes.js";
import {
  hasJoined
} from "./phases-kubelet-certificate.js";
import {
  changeEtcdMembers
} from "./etcd-change.js";
import {
  observeMembers,
  observedAtFirst,
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
  applyState,
  gatherFacts,
  hostChecks,
  roleState
} from "./phases-apply-role.js";
import {
  removeHosts
} from "./observe-members.js";
import "./phases-check-reset.js";
import {
  applyAddons,
  applyBootstrapManifests
} from "./phases-apply-manifests.js";
import "./components-addons-bootstrap.js";
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
import {
  planVersions,
  withVersions
} from "./plan-kept-role.js";
import {
  countsIn,
  openBackup
} from "./backup.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import {
  connectHosts,
  hostState,
  onHosts,
  runPhases
} from "./host.js";
import "./etcd-health.js";
import "./observe-api.js";
import {
  asMember,
  etcdctl,
  quorumOf,
  shellCommand,
  shellQuoted
} from "./etcd-etcdctl.js";
import {
  correctRestored,
  withApi
} from "./kubernetes.js";
import {
  authorityFiles,
  inspectionOf,
  newRun,
  secretValues,
  seenFingerprints,
  sessionOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./p-limit.js";
import {
  jsonOrUndefined,
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
  etcdEndpoints,
  hostsWith,
  iso_exports
} from "./cluster-cluster.js";
import {
  components,
  etcdPeerUrl,
  unitsOfRole
} from "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import {
  writeSummary
} from "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  duration,
  githubLog,
  mask
} from "./github-log.js";
import "./entry-bytes.js";
import {
  Problem,
  boolean,
  int,
  literal,
  looseObject,
  number,
  string
} from "./errors.js";
import {
  escaped,
  info,
  setOutput,
  table
} from "./github-hidden-values.js";
import {
  redactLines
} from "./host-redact-keys.js";
import "./runtime.js";

// src/etcd/store.ts
var revisionsAbove = 1e9;
var script = `# shellcheck shell=dash
# The data of a member is made again: from a snapshot, or from what one member has left. The data that was there before is moved aside and
# never deleted. A killed run is completed by the next one: when WORK/ready exists, only the two moves are left.
#
# Set by the caller: BIN, DATA (etcd's data directory), NAME, PEER (its peer URL), INITIAL (initial-cluster), TOKEN,
# ABOVE (how far revisions are raised).

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
    # After a power cut between the moves, etcd starts without data: what it has then must not be taken for the cluster's.
    if [ -d "$DATA/member" ] && [ -d "$WORK/restored/member" ] && store_is_aside; then
      fail "a killed run has moved the data to $(cat "$WORK/placing"), and etcd has started without it: move $DATA/member away to complete that run, or $WORK to forget it"
    fi
    [ -e "$DATA/member" ] || [ ! -d "$WORK/restored/member" ] || store_place
    # With both there, nothing was moved yet, and the cluster may have a quorum by now.
    if [ ! -d "$WORK/restored/member" ]; then store_start; fi
  fi
  for store_kept in "$DATA"/before-*; do [ ! -d "$store_kept" ] || echo "kept $store_kept"; done
}

# store_look: what a restore asks: whether one has begun here and not ended, and the revision.
store_look() {
  [ ! -f "$DATA/restoring" ] || echo "restoring $(head -c 100 "$DATA/restoring")"
  [ ! -f "$DATA/member/snap/db" ] || store_revision
}

# store_complete: the restore has ended.
store_complete() {
  rm -f "$DATA/restoring"
}

# store_revision: the newest revision of the database as JSON. A copy is read: etcd locks the file while it runs.
store_revision() {
  store_copy=$DATA/recovery-revision.db
  trap 'rm -f "$store_copy"' EXIT
  trap 'exit 1' HUP INT TERM
  # What a killed run left counts as free.
  rm -f "$store_copy"
  cp --reflink=always "$DATA/member/snap/db" "$store_copy" 2>/dev/null || {
    # The member may serve: a full disk would end it.
    store_room $(($(stat -c %s "$DATA/member/snap/db") / 1024 + 262144))
    cp "$DATA/member/snap/db" "$store_copy" || exit 1
  }
  "$BIN/etcdutl" snapshot status "$store_copy" --write-out=json
}

# store_replay: what the member's log has and its database may lack. A copy runs for a moment as a cluster of one member, with sockets in
# its own directory only, and ends when it has written all of it.
store_replay() {
  store_size=$(du -sk "$DATA/member" | cut -f 1)
  store_room $((2 * store_size + 65536))
  # Until the data is moved, a failure leaves the host as it was.
  trap 'systemctl stop "$REPLAY" 2>/dev/null; systemctl start --no-block etcd.service' EXIT
  trap 'exit 1' HUP INT TERM
  systemctl stop etcd.service || fail 'etcd.service cannot be stopped'
  store_empty
  mkdir -m 700 "$WORK/copy"
  cp -a --reflink=auto "$DATA/member" "$WORK/copy/" || fail "$DATA/member cannot be copied"
  chown etcd:etcd "$WORK" "$WORK/copy"
  systemd-run --quiet --collect --unit="$REPLAY" --uid=etcd --gid=etcd --working-directory="$WORK" \\
    --property=Type=notify --property=UMask=0077 --property=TimeoutStartSec=900 --property=RuntimeMaxSec=60 \\
    "$BIN/etcd" --name="$NAME" --data-dir="$WORK/copy" --force-new-cluster \\
    --listen-client-urls=unix://client.sock:0 --advertise-client-urls=http://127.0.0.1:1 \\
    --listen-peer-urls=unix://peer.sock:0 --initial-advertise-peer-urls="$PEER" --initial-cluster="$NAME=$PEER" ||
    fail "etcd does not start with a copy of the data: $(journalctl --no-pager --output=cat --lines=20 --unit="$REPLAY" | tail -c 2000)"
  systemctl stop "$REPLAY"
  store_restore "$WORK/copy/member/snap/db" --skip-hash-check
}

# store_receive SHA256 KIB: a snapshot from stdin becomes the data of a member, beside that which is there. Nothing is stopped yet.
store_receive() {
  systemctl stop "$REPLAY" 2>/dev/null
  store_empty
  store_room $((3 * $2 + 65536))
  (umask 077 && cat >"$WORK/snapshot.db") || fail "the snapshot cannot be written to $WORK"
  store_sum=$(sha256sum "$WORK/snapshot.db")
  [ "\${store_sum%% *}" = "$1" ] || fail 'the snapshot did not arrive as it is in the backup'
  store_restore "$WORK/snapshot.db"
  rm -f "$WORK/snapshot.db"
}

# store_switch SHA256: the new data, of this snapshot, replaces the old one of a member that is stopped.
store_switch() {
  [ -e "$WORK/ready" ] || fail 'the restored data is not there'
  echo "$1 $(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$DATA/restoring" || exit 1
  # Without this mark, the new data would count as newer than the backup.
  sync
  store_place
  rm -rf "$WORK"
}

store_empty() {
  rm -rf "$WORK"
  mkdir -m 700 "$WORK"
}

# store_restore DATABASE FLAG\u2026: a member of a new cluster. Revisions continue far above all that a client may have seen, and older ones count as
# compacted, so that each watch of an API server ends and lists again (etcd.io, operations guide, disaster recovery).
store_restore() {
  "$BIN/etcdutl" snapshot restore "$@" --bump-revision="$ABOVE" --mark-compacted --name="$NAME" \\
    --initial-cluster="$INITIAL" --initial-advertise-peer-urls="$PEER" --initial-cluster-token="$TOKEN" \\
    --data-dir="$WORK/restored" >&2 || fail 'etcdutl does not restore the database'
  chown -R etcd:etcd "$WORK/restored"
  sync
  : >"$WORK/ready"
  sync
}

# store_is_aside: whether the first of the two moves was made.
store_is_aside() {
  [ -d "$(cat "$WORK/placing" 2>/dev/null)" ]
}

# store_place: the new data in the place of the old.
store_place() {
  trap - EXIT
  trap '' HUP INT TERM
  store_before=$DATA/before-$(date -u +%Y%m%dT%H%M%SZ)
  store_is_aside || echo "$store_before" >"$WORK/placing" || exit 1
  sync
  [ ! -d "$DATA/member" ] || mv "$DATA/member" "$store_before" || exit 1
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
function receiveStore(cluster, host, { sha256, bytes, generation }) {
  const call = `store_receive ${shellQuoted(sha256)} ${Math.ceil(bytes / 1024)}`;
  return withStore(cluster, host, call, generation, hostsWith(cluster, "etcd"));
}
function switchStore(cluster, host, { sha256 }) {
  return withStore(cluster, host, `store_switch ${shellQuoted(sha256)}`);
}
function lookAtStore(cluster, host) {
  return withStore(cluster, host, "store_look");
}
function completeStore(cluster, host) {
  return withStore(cluster, host, "store_complete");
}
function readBegunRestore(stdout) {
  return /^restoring ([0-9a-f]{64}) /m.exec(stdout)?.[1];
}
function generationAt(time) {
  return time.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
function readKept(stdout) {
  return /^kept /m.test(stdout);
}
var statusShape = looseObject({ revision: int().nonnegative() });
function readRevision(stdout) {
  try {
    return statusShape.parse(parseJson(stdout.slice(stdout.indexOf("{")), Error)).revision;
  } catch {
    return void 0;
  }
}
function withStore({ binDir, etcd, name }, host, calls, generation = "", members = [host]) {
  const set = {
    BIN: binDir,
    DATA: etcd.dataDir,
    NAME: host.name,
    PEER: etcdPeerUrl(host.address),
    INITIAL: members.map((member) => `${member.name}=${etcdPeerUrl(member.address)}`).join(","),
    TOKEN: `${name}-${generation}`,
    ABOVE: String(revisionsAbove)
  };
  const lines = Object.entries(set).map(([variable, value]) => `${variable}=${shellQuoted(value)}`);
  return [...lines, script, calls].join("\n");
}

// src/plan/restore.ts
function planRestore(backup, hosts, discardNewer) {
  const others = hosts.flatMap((host) => otherCluster(backup, host));
  if (others.length > 0) return { refusals: others };
  const members = hosts.filter(({ data }) => data !== void 0);
  const isBegun = members.length > 0 && members.every(({ data }) => data?.begun === backup.sha256);
  if (isBegun && members.some(({ data }) => data?.serves)) return { do: "continue" };
  if (discardNewer || isBegun) return { do: "restore" };
  const refusals = members.flatMap((host) => newerData(backup, host));
  return refusals.length > 0 ? { refusals } : { do: "restore" };
}
function otherCluster(backup, { host, owners, authorities }) {
  const owner = owners.find((each) => each !== backup.name);
  const differing = Object.entries(authorities).find(([name, print]) => backup.authorities[name] !== print)?.[0];
  if (owner === void 0 && differing === void 0) return [];
  const message = owner === void 0 ? `this host has another CA (${differing}) than the backup` : `this host belongs to the cluster ${owner}, and the backup is of ${backup.name}`;
  const hint = "Is it the right backup, and the right host? A host of another cluster is reset first, with the cluster.yaml of that cluster.";
  return [{ code: "RESTORE_OTHER_CLUSTER", host, message, hint }];
}
function newerData({ revision, created, sha256 }, { host, data }) {
  if (!data || data.begun === sha256) return [];
  const its = data.revision;
  if (its !== void 0 && its <= revision) return [];
  const difference = its === void 0 ? "has data whose revision cannot be read" : `has newer data: its revision is ${its}, ${its - revision} more than ${revision} in the backup of ${created}`;
  const message = `etcd on this host ${difference}`;
  const hint = data.serves ? "The cluster runs. To give up everything that was written since the backup, run again with discard-newer: true." : `If the other members are lost for good, survivor: ${host} loses less than the backup. To give up everything that was written since it, run again with discard-newer: true.`;
  return [{ code: "RESTORE_NEWER_DATA", host, message, hint }];
}

// src/phases/check-restore.ts
var lookSeconds = 300;
function checkRestore(discardNewer) {
  return {
    title: "Compare the backup with the hosts",
    async run(run, signal) {
      const { manifest, snapshot } = run.backup;
      const hosts = await onHosts(run.cluster.hosts, (host) => seen(run, host), signal);
      const source = { ...manifest.cluster, revision: manifest.snapshot.revision, created: manifest.created };
      const plan = planRestore({ ...source, sha256: snapshot.sha256 }, hosts, discardNewer);
      const { versions, notes, refusals } = planVersions(run.cluster, {
        served: servedIn(run),
        placed: [],
        addons: {}
      });
      const problems = [...refusals, ...("refusals" in plan ? plan.refusals : []).map(problemOf2)];
      if (problems.length > 0) throw new AggregateError(problems, "nothing was changed");
      for (const note of notes) run.log.info(note);
      const replacesData = "do" in plan && plan.do === "restore";
      if (!replacesData)
        run.log.info("an earlier run has restored the data of etcd from this backup: this run completes it");
      else run.log.info(`${run.dryRun ? "would restore" : "restores"} etcd at revision ${manifest.snapshot.revision}`);
      return { cluster: withVersions(run.cluster, versions), replacesData };
    }
  };
}
async function seen(run, host) {
  const { owners, files } = inspectionOf(run, host);
  const about = { host: host.name, owners, authorities: seenFingerprints(files) };
  if (!hostsWith(run.cluster, "etcd").includes(host)) return about;
  const said = observedAtFirst(run).get(host.name);
  if (said?.data === "none" && !said.active) return about;
  const { stdout } = await sessionOf(run, host).run(lookAtStore(run.cluster, host), { timeoutSeconds: lookSeconds });
  const data = { revision: readRevision(stdout), begun: readBegunRestore(stdout), serves: said?.list !== void 0 };
  return { ...about, data };
}
function servedIn({ backup: { manifest } }) {
  const { kubernetes, etcd } = manifest.versions;
  const host = "the backup";
  const server = kubernetes === void 0 ? [] : [{ host, component: "kube-apiserver", version: kubernetes }];
  return [...server, { host, component: "etcd", version: etcd }];
}
function problemOf2({
  code,
  host,
  message,
  hint
}) {
  return new Problem(message, { code, host, hint });
}

// src/phases/recover-quorum.ts
import { setTimeout as delay } from "node:timers/promises";

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

// src/phases/on-store.ts
async function onStore(run, host, lines, options) {
  const { status, stdout, stderr } = await sessionOf(run, host).run(lines, options);
  if (status === 0) return stdout;
  const said = redactLines(stderr.slice(-4096)).filter((line) => line.trim() !== "");
  throw new Problem(`the data of etcd was not made: ${said.at(-1) ?? `status ${status}`}`, {
    code: "RECOVERY_FAILED",
    host: host.name,
    detail: said.slice(-10),
    hint: "The former data is where it was, or beside it in a directory before-\u2026: nothing was deleted. Correct the cause and run again: it continues."
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
  return readKept(await onStore(run, host, settleStore(run.cluster, host), { timeoutSeconds: 180 }));
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
  await onStore(run, host, recoverStore(run.cluster, host, generationAt(run.now)), { timeoutSeconds: recoverSeconds });
  run.objects.push(`etcd recovered from ${host.name}`);
  const seconds = ((performance.now() - begin) / 1e3).toFixed(1);
  run.log.info(
    `${host.name}: etcd serves again after ${seconds} s; its former data is kept in ${run.cluster.etcd.dataDir}/before-\u2026`
  );
}

// src/phases/restore-objects.ts
var restartSeconds = 120;
var correctObjects = {
  title: "Correct restored objects",
  async run(run, signal) {
    const { revision } = run.backup.manifest.snapshot;
    const corrected = await withApi(run, (api) => correctRestored(api, revision));
    if (corrected.length > 0) run.log.info(`no longer as at the time of the backup: ${corrected.join(", ")}`);
    const kubelets = hostsWith(run.cluster, "node").filter((host) => hasJoined(run, host));
    const restart = `systemctl try-restart ${components.kubelet.unit}`;
    await onHosts(kubelets, (host) => sessionOf(run, host).run(restart, { timeoutSeconds: restartSeconds }), signal);
  }
};
var completeRestore = {
  title: "Complete the restore",
  async run(run, signal) {
    const complete = (host) => onStore(run, host, completeStore(run.cluster, host), {});
    await onHosts(hostsWith(run.cluster, "etcd"), complete, signal);
  }
};

// src/phases/verify-backup.ts
function verifyBackup(file) {
  const open = async (name) => await openBackup(file.read(), file.key, { name: file.name, cluster: name });
  return {
    title: "Verify the backup",
    async run({ cluster: { name }, mask: mask2, log }, signal) {
      const { manifest, authorities, snapshot } = await open(name);
      const files = authorityFiles(authorities);
      mask2(secretValues({ cluster: name, host: "the backup", authorities: {}, files }));
      for await (const _ of snapshot) signal.throwIfAborted();
      const part = manifest.parts.find((each) => each.name === "etcd.db");
      if (!part) throw new Error("a verified backup has a snapshot");
      log.info(`${file.name}: ${inWords(manifest)}; every byte was verified`);
      const readSnapshot = async function* () {
        yield* (await open(name)).snapshot;
      };
      return { backup: { manifest, authorities, snapshot: part, readSnapshot } };
    }
  };
}
function inWords({ cluster, created, versions, snapshot }) {
  const kubernetes = versions.kubernetes === void 0 ? "" : `Kubernetes ${versions.kubernetes}, `;
  return `the cluster ${cluster.name} at ${created} (${kubernetes}etcd ${versions.etcd}), ${snapshot.keys} keys, revision ${snapshot.revision}`;
}

// src/phases/restore-etcd.ts
var restoreSeconds = 1800;
var stopSeconds = 120;
var restoreEtcd = {
  title: "Restore etcd",
  async run(run, signal) {
    if (!run.replacesData) return { isRestored: true };
    const { cluster, backup } = run;
    const members = hostsWith(cluster, "etcd");
    const snapshot = { ...backup.snapshot, generation: generationAt(run.now) };
    const receive = async (host) => {
      await applyState(run, host, "etcd-data", placeOfData(roleState(run, host, "etcd")));
      const options = { input: backup.readSnapshot(), timeoutSeconds: restoreSeconds };
      await onStore(run, host, receiveStore(cluster, host, snapshot), options);
    };
    await onHosts(members, receive, signal);
    run.log.info(`all ${members.length} members have the data of the backup; API servers and etcd stop`);
    await onHosts(hostsWith(cluster, "master"), (host) => stop(run, host, unitsOfRole("master").toReversed()), signal);
    await onHosts(members, (host) => stop(run, host, [components.etcd.unit]), signal);
    await onHosts(members, (host) => onStore(run, host, switchStore(cluster, host, snapshot), {}), signal);
    run.objects.push("etcd restored");
    return { isRestored: true };
  }
};
function placeOfData({ users, directories, leaves }) {
  return hostState({ users, directories, leaves });
}
async function stop(run, host, units) {
  const lines = `for unit in ${units.join(" ")}; do ! systemctl cat "$unit" >/dev/null 2>&1 || systemctl stop "$unit" || exit 1; done`;
  await onStore(run, host, lines, { timeoutSeconds: stopSeconds });
}

// src/actions/work/after-restore.ts
var replaceData = [prepareBackedUpSecrets, fetchBinaries, restoreEtcd];
var prepareMasters = [prepareSecrets, fetchBinaries];
var deployMasters = [
  planEtcdMembers,
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

// src/github/drill-report.ts
var night = looseObject({
  schemaVersion: literal(1),
  cluster: string().max(253),
  began: iso_exports.datetime(),
  milliseconds: number().min(0),
  keys: int().min(0),
  passed: boolean()
});
var mostLines = 1e3;
var shown = 7;
async function reportDrill(drill, history) {
  const failures = failuresOf(drill);
  const text = await history.read();
  const tonight = nightOf(drill, failures.length === 0);
  setOutput("passed", String(failures.length === 0));
  setOutput("backup-created", drill.result.manifest.created);
  info(`restore drill: ${failures.length === 0 ? "passed" : "failed"} in ${duration(drill.milliseconds)}`);
  await writeSummary(drillSummary(drill, failures, nightsIn(text, drill)));
  await history.write(withNight(text, tonight));
  if (failures.length === 0) return;
  const hint = "The hosts of the drill are as it left them. Compare an older backup in the same way, and look at the log of the run that made this one.";
  throw new AggregateError(
    failures.map((failure) => new Problem(failure, { code: "DRILL_VERDICT", hint })),
    "the restore drill has failed"
  );
}
function failuresOf({ result, milliseconds, limitMs }) {
  const slow = `the restore took ${duration(milliseconds)}, and the limit is ${duration(limitMs)}`;
  return [...result.differing, ...milliseconds > limitMs ? [slow] : []];
}
function nightOf({ cluster, result, began, milliseconds }, passed) {
  const { keys } = result.manifest.snapshot;
  const ms = Math.round(milliseconds);
  return { schemaVersion: 1, cluster, began: began.toISOString(), milliseconds: ms, keys, passed };
}
function nightsIn(text, { cluster, began }) {
  return text.split("\n").flatMap((line) => night.safeParse(jsonOrUndefined(line)).data ?? []).filter((each) => each.cluster === cluster && each.began < began.toISOString());
}
function withNight(text, tonight) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return `${[...lines, JSON.stringify(tonight)].slice(-mostLines).join("\n")}
`;
}
function drillSummary(drill, failures, before) {
  const { cluster, result, milliseconds, began } = drill;
  const { created, snapshot, versions, objects } = result.manifest;
  const hours = (began.getTime() - Date.parse(created)) / 36e5;
  const verdict = failures.length === 0 ? "passed" : "failed";
  const rows = [
    ["backup", `of ${created}, ${hours.toFixed(1)} hours old`],
    ["etcd", `revision ${snapshot.revision}, ${versions.etcd}`],
    ["Kubernetes", versions.kubernetes ?? "not known"],
    ["compared", `${Object.keys(objects).length} kinds, ${result.differing.length} differ`],
    ["Secrets read by an API server", String(result.secrets)]
  ];
  const parts = [
    `## Restore drill of ${escaped(cluster)}: ${verdict} in ${duration(milliseconds)}`,
    failures.map((failure) => `- ${escaped(failure)}`).join("\n"),
    table(["", ""], rows),
    trend(drill, before)
  ];
  return `${parts.filter(Boolean).join("\n\n")}
`;
}
function trend({ milliseconds }, before) {
  if (before.length === 0) return "";
  const passed = before.filter((each) => each.passed).map((each) => each.milliseconds);
  const { median, regressed } = comparedWith(passed, Math.round(milliseconds));
  const rows = before.slice(-shown).map((each) => [each.began, duration(each.milliseconds), String(each.keys), each.passed ? "passed" : "failed"]);
  const usual = median === void 0 ? "" : `The median of the last drills that passed is ${duration(median)}.`;
  const worse = regressed ? " This one is clearly slower." : "";
  return `${table(["earlier drill", "time:", "keys:", "verdict"], rows)}

${usual}${worse}`.trim();
}

// src/etcd/restored-keys.ts
var perRequest = 100;
var plainName = /^[\w./:@-]+$/;
async function restoredKeys(session, cluster, kinds, revision) {
  const asked = kinds.filter((kind) => plainName.test(kind));
  const command = shellCommand(etcdctl(cluster, asMember, etcdEndpoints(cluster), "--write-out=json", "txn"));
  const counts = {};
  for (let from = 0; from < asked.length; from += perRequest) {
    const some = asked.slice(from, from + perRequest);
    const answer = await session.run(command, { input: questionsFor(some, revision + revisionsAbove) });
    Object.assign(counts, read(some, answer) ?? unknown(session, answer));
  }
  return counts;
}
function questionsFor(kinds, revision) {
  const lines = kinds.map((kind) => {
    const all = kind.endsWith("/") ? " --prefix" : "";
    return `get "${kind}"${all} --count-only --rev=${revision}`;
  });
  return `
${lines.join("\n")}


`;
}
function read(kinds, { status, stdout }) {
  if (status !== 0) return void 0;
  try {
    return countsIn(kinds, [stdout]);
  } catch {
    return void 0;
  }
}
function unknown({ host }, { status, stderr }) {
  throw new Problem(`the restored keys could not be counted: status ${status}`, {
    code: "ETCD_UNKNOWN",
    host: host.name,
    detail: redactLines(stderr.slice(-4096)).slice(-5),
    hint: "See `systemctl status etcd` and its journal there."
  });
}

// src/phases/drill-restore.ts
function requireSpareHosts(onSpare) {
  return {
    title: "Check that the hosts are spare",
    async run(run) {
      const problems = run.cluster.hosts.flatMap((host) => inUse(host, run) ?? []);
      if (problems.length > 0) throw new AggregateError(problems, "nothing was changed");
      onSpare();
    }
  };
}
function inUse(host, run) {
  const { scopes, isReset, files } = inspectionOf(run, host);
  const has = [
    ...scopes.length > 0 && !isReset ? [`what was deployed for ${scopes.join(", ")}`] : [],
    ...Object.keys(seenFingerprints(files)).length > 0 ? ["CAs of a cluster"] : []
  ];
  if (has.length === 0) return void 0;
  return new Problem(`a drill is for spare hosts, and this one has ${has.join(" and ")}`, {
    code: "DRILL_HOSTS",
    host: host.name,
    hint: "If it is left from a drill that was killed, reset it with the cluster file of the drill. Otherwise write another host into that file."
  });
}
function compareRestored(onCompared) {
  return {
    title: "Compare with the backup",
    async run(run) {
      const { manifest } = run.backup;
      const [host] = hostsWith(run.cluster, "etcd");
      if (!host) throw new Error("a cluster has a host of etcd");
      const kinds = Object.keys(manifest.objects);
      const found = await restoredKeys(sessionOf(run, host), run.cluster, kinds, manifest.snapshot.revision);
      const differing = Object.entries(manifest.objects).filter(([kind, count]) => found[kind] !== count).map(
        ([kind, count]) => `${kind} has ${found[kind] ?? "an unknown number of"} keys, and ${count} in the backup`
      );
      const secrets = (await withApi(run, (api) => api.list("/api/v1/secrets", { metadataOnly: true }))).items.length;
      run.log.info(`${kinds.length} kinds compared, ${differing.length} differ; ${secrets} Secrets read`);
      onCompared({ manifest, differing, secrets });
    }
  };
}

// src/actions/work/restore-drill.ts
var halfDone = "The hosts of the drill are half restored: reset them.";
async function restoreDrill(run, clusterFile, { backup, history, limitMs }) {
  const began = performance.now();
  let compared;
  const checks = [
    verifyBackup(backup),
    connectHosts("first"),
    gatherFacts,
    ...hostChecks,
    requireSpareHosts(() => setOutput("drill-began", "true")),
    checkRestore(false),
    checkLockfile(clusterFile, "warns")
  ];
  const compare = compareRestored((result) => {
    compared = result;
  });
  const work = [...replaceData, gatherFacts, ...deployMasters, compare, correctObjects];
  const ending = { signal: cancellation({ hint: halfDone }) };
  await reporting("Restore drill", run, async () => {
    if (run.dryRun) return await runPhases(run, checks, ending);
    await runPhases(run, [...checks, ...work], ending);
    if (!compared) throw new Error("a drill compares what it has restored");
    const milliseconds = performance.now() - began;
    await reportDrill({ cluster: run.cluster.name, result: compared, began: run.now, milliseconds, limitMs }, history);
  });
}

// src/actions/work/restore.ts
var halfDone2 = "The cluster may be half restored: run restore again with the same inputs, it continues.";
async function restore({ clusterFile, from, ...inputs }) {
  const run = newRun({ ...inputs, attempt: soleAttemptName(), log: githubLog, mask });
  if ("drill" in from && from.drill)
    return await restoreDrill(run, clusterFile, { ...from.drill, backup: from.backup });
  const ending = { signal: cancellation({ hint: halfDone2 }) };
  const hosts = [connectHosts("first"), gatherFacts, ...hostChecks];
  const lockfile = checkLockfile(clusterFile, "warns");
  const nodes = deployNodes(clusterFile);
  const work = async () => {
    if ("survivor" in from) {
      const before2 = [...hosts, observe, lockfile, recoverQuorum(from.survivor)];
      if (run.dryRun) return await runPhases(run, before2, ending);
      return await runPhases(run, [...before2, gatherFacts, ...prepareMasters, ...deployMasters, ...nodes], ending);
    }
    const before = [verifyBackup(from.backup), ...hosts, checkRestore(from.discardNewer), lockfile];
    if (run.dryRun) return await runPhases(run, before, ending);
    const masters = [...replaceData, gatherFacts, ...deployMasters, correctObjects];
    await runPhases(run, [...before, ...masters, ...nodes, completeRestore], ending);
  };
  await reporting("Restore", run, work);
}
export {
  restore
};
