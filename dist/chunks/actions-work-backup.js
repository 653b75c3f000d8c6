import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  checkRecipients,
  openWith,
  sealBackup
} from "./backup.js";
import {
  readMemberList
} from "./etcd-members.js";
import {
  reachHost
} from "./phases-reach-masters.js";
import {
  hostNonsense,
  onHosts,
  runPhases,
  stateDirectory
} from "./host.js";
import {
  describeEtcd,
  etcdHealth,
  etcdVersions
} from "./etcd-health.js";
import {
  servedVersions
} from "./observe-api.js";
import {
  asMember,
  etcdctl,
  memberListOf,
  shellCommand,
  shellQuoted
} from "./etcd-etcdctl.js";
import "./kubernetes.js";
import {
  authorityFiles,
  authorityFingerprints,
  findAuthorities,
  newRun,
  roleSecrets,
  secretValues,
  sessionOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import {
  parseJson
} from "./entry-json.js";
import {
  uploadArtifactFile
} from "./github-artifact-client.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./github-server.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import {
  coerce_exports,
  hostsWith
} from "./cluster-cluster.js";
import {
  etcdClientUrl,
  loopback
} from "./layout-addresses.js";
import "./github-small-file.js";
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
import {
  Bytes
} from "./entry-bytes.js";
import {
  Problem,
  array,
  describeProblem,
  int,
  literal,
  looseObject,
  string,
  unlessProblem
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

// src/github/backup-store.ts
import { mkdtemp, rm as rm2 } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as join2 } from "node:path";

// src/github/backup-folder.ts
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
var staleMs = 24 * 36e5;
async function writeBackupFile(folder, name, data, check) {
  const beside = join(folder, `.${name}.part`);
  await onDisk(folder, () => mkdir(folder, { recursive: true, mode: 448 }));
  try {
    const bytes = await writeDurably(folder, beside, data);
    await check(readAgain(beside));
    await onDisk(folder, () => rename(beside, join(folder, name)));
    return bytes;
  } finally {
    await rm(beside, { force: true });
  }
}
async function* readAgain(path) {
  yield* createReadStream(path);
}
async function writeDurably(folder, path, data) {
  const file = await onDisk(folder, () => open(path, "w", 384));
  let bytes = 0;
  try {
    for await (const piece of data) {
      await onDisk(folder, () => file.writeFile(piece));
      bytes += piece.length;
    }
    await onDisk(folder, () => file.sync());
  } finally {
    await file.close();
  }
  return bytes;
}
async function onDisk(folder, work) {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = "Free some space, or set the input folder to a place that the runner may write to.";
    throw new Problem(`the backup can't be written to ${folder}: ${reason}`, { code: "BACKUP_UNWRITTEN", cause, hint });
  }
}
async function removeOldBackups(folder, cluster, keep) {
  const names = await onDisk(folder, () => readdir(folder));
  const own = names.filter((name) => isBackupOf(cluster, name)).toSorted();
  const old = own.slice(0, Math.max(0, own.length - keep));
  await onDisk(folder, () => Promise.all(old.map((name) => rm(join(folder, name)))));
  const parts = names.filter((name) => name.endsWith(".part") && isBackupOf(cluster, name.slice(1, -".part".length)));
  for (const name of parts) {
    const { mtimeMs } = await onDisk(folder, () => stat(join(folder, name)));
    if (Date.now() - mtimeMs > staleMs) await onDisk(folder, () => rm(join(folder, name), { force: true }));
  }
  return old;
}
function isBackupOf(cluster, name) {
  const begin = `k8s-ha-backup-${cluster}_`;
  return name.startsWith(begin) && /^\d{8}T\d{6}Z\.age$/.test(name.slice(begin.length));
}

// src/github/backup-store.ts
async function withBackupStore(places, work) {
  const scratch2 = places.folder ?? await mkdtemp(join2(process.env.RUNNER_TEMP || tmpdir(), "k8s-ha-backup-"));
  try {
    await work(storeIn(scratch2, places, performance.now()));
  } finally {
    if (places.folder === void 0) await rm2(scratch2, { recursive: true, force: true });
  }
}
function storeIn(folder, places, began) {
  const { cluster, artifact, backup: backup2 } = places;
  return {
    write: async (name, data, check) => await writeBackupFile(folder, name, data, check),
    async publish(name, { manifest, bytes }) {
      if (artifact) {
        await uploadArtifactFile(name, folder, backup2.artifactDays);
        info(`artifact: ${name}, kept for ${backup2.artifactDays} days`);
      }
      if (places.folder !== void 0) {
        const removed = await removeOldBackups(folder, cluster, backup2.keep);
        if (removed.length > 0) info(`removed from the folder: ${removed.join(", ")}`);
      }
      const seconds = ((performance.now() - began) / 1e3).toFixed(1);
      setOutput("file", places.folder === void 0 ? "" : join2(folder, name));
      setOutput("artifact", artifact ? name : "");
      setOutput("revision", String(manifest.snapshot.revision));
      setOutput("bytes", String(bytes));
      setOutput("seconds", seconds);
      await writeSummary(backupSummary(name, manifest, { bytes, milliseconds: Number(seconds) * 1e3 }));
    }
  };
}
function backupSummary(name, { cluster, snapshot: snapshot2, objects, versions }, { bytes, milliseconds }) {
  const rows = [
    ["file", name],
    ["bytes", String(bytes)],
    ["etcd", `revision ${snapshot2.revision} of ${snapshot2.host}, ${versions.etcd}`],
    ["Kubernetes", versions.kubernetes ?? "no API server answered"]
  ];
  const kinds = Object.entries(objects).map(([prefix, count2]) => [prefix, String(count2)]);
  const parts = [
    `## Backup of ${escaped(cluster.name)} in ${duration(milliseconds)}`,
    table(["", ""], rows),
    "An etcd that was started with the snapshot has the same keys as the cluster. The written file was decrypted and compared.",
    `<details><summary>Keys by kind</summary>

${table(["prefix", "keys:"], kinds)}

</details>`
  ];
  return `${parts.join("\n\n")}
`;
}

// src/phases/backup-sources.ts
var reachForBackup = {
  title: "Connect to the hosts",
  async run(run, signal) {
    const hosts = run.cluster.hosts.filter(({ roles }) => roles.includes("master") || roles.includes("etcd"));
    const refusals = (await Promise.all(hosts.map((host) => reachHost(run, host, void 0, signal)))).flat();
    for (const role of ["master", "etcd"])
      if (!hostsWith(run.cluster, role).some(({ name }) => run.connections.has(name)))
        throw new AggregateError(refusals, `no host with the role ${role} is reachable`);
    for (const refusal of refusals) run.log.warning(describeProblem(refusal));
    return { sessions: run.connections };
  }
};
var readAuthorities = {
  title: "Read the CAs",
  async run(run, signal) {
    const masters = hostsWith(run.cluster, "master").filter(({ name }) => run.sessions.has(name));
    const read = async (host) => {
      const { files: files2 } = await sessionOf(run, host).inspect({ read: roleSecrets("master").trust });
      return { host: host.name, files: files2 };
    };
    const found = findAuthorities(await onHosts(masters, read, signal), []);
    if (found.kind === "none")
      throw new Problem("no master that was reached has CAs", {
        code: "AUTHORITIES_UNKNOWN",
        hint: "Is the cluster deployed? Then bring up a master that has them."
      });
    const { authorities } = found;
    const files = authorityFiles(authorities);
    run.mask(secretValues({ cluster: run.cluster.name, host: "", authorities: {}, files }));
    run.log.info(`${masters.map(({ name }) => name).join(", ")}: the CAs agree`);
    return { authorities };
  }
};

// src/etcd/snapshot.ts
var snapshot = `# shellcheck shell=dash
# A snapshot of etcd, taken on a member's host and opened again there. Prints a report, and then the snapshot itself if it is asked for. All that
# is written is in DIRECTORY/work, which only root can read: it is removed at the end, also when the connection is cut. What a run left whose shell
# was killed is removed by the next one.
#
# Set by the caller: BIN, DIRECTORY, SIZE (of the database, in bytes), PREFIX (of Kubernetes' keys), SCRATCH (the text of scratch.sh), and the
# functions \`member\` (etcdctl with this host's member) and \`members\` (the list of the cluster's members).

WORK=$DIRECTORY/work
UNIT=k8s-ha-action-backup.service

fail() {
  echo "$*" >&2
  exit 1
}

say() {
  printf '%s ' "$1"
  printf '%s' "$2" | tr -d '\\n'
  echo
}

backup_leave() {
  trap - EXIT
  systemctl stop "$UNIT" 2>/dev/null
  rm -rf "$WORK"
}

# Ends with status 3 if another backup is at work here.
backup_begin() {
  umask 077
  mkdir -p "$DIRECTORY" || exit 1
  exec 9>"$DIRECTORY/lock" || exit 1
  flock -w 20 9 || exit 3
  # A reader that is gone must not end the shell before it has cleaned up.
  trap '' PIPE
  trap backup_leave EXIT
  trap 'exit 1' HUP INT TERM
  systemctl stop "$UNIT" 2>/dev/null
  systemctl reset-failed "$UNIT" 2>/dev/null
  rm -rf "$WORK"
  mkdir "$WORK" || exit 1
  # The snapshot, its copy in the scratch etcd, and that one's log.
  backup_need=$((2 * SIZE / 1024 + 262144))
  backup_free=$(df -Pk "$WORK" | awk 'END { print $4 }')
  [ "$backup_free" -ge "$backup_need" ] ||
    fail "$DIRECTORY needs $((backup_need / 1024)) MiB of free space and has $((backup_free / 1024)) MiB"
}

backup_save() {
  member --command-timeout=900s snapshot save "$WORK/etcd.db" >&2 || fail 'etcdctl does not save a snapshot'
  backup_status=$("$BIN/etcdutl" snapshot status "$WORK/etcd.db" --write-out=json) || fail 'etcdutl does not read the snapshot'
  REVISION=$(printf '%s' "$backup_status" | sed -n 's/.*"revision":\\([0-9]*\\).*/\\1/p')
  say status "$backup_status"
  say member-hash "$(member --command-timeout=300s --write-out=json endpoint hashkv --rev="$REVISION")"
  say members "$(members)"
  say bytes "$(stat -c %s "$WORK/etcd.db")"
  say sha256 "$(sha256sum <"$WORK/etcd.db" | cut -d ' ' -f 1)"
}

# The snapshot as an etcd of its own: with limits, in its own network, and with sockets in its own directory only.
backup_try() {
  printf '%s' "$SCRATCH" >"$WORK/scratch.sh"
  # Both limits are of the host's: a member next to it keeps the other half.
  systemd-run --quiet --wait --pipe --collect --unit="$UNIT" --working-directory="$WORK" \\
    --property=MemoryMax=50% --property=CPUQuota=100% --property=CPUWeight=20 --property=IOWeight=10 --property=Nice=19 \\
    --property=OOMScoreAdjust=1000 --property=RuntimeMaxSec=1200 --property=UMask=0077 --property=PrivateNetwork=yes \\
    --property=NoNewPrivileges=yes --property=ProtectSystem=strict --property=ReadWritePaths="$WORK" --property=PrivateTmp=yes \\
    /bin/sh "$WORK/scratch.sh" "$BIN" "$REVISION" "$PREFIX" </dev/null 9>&- || fail 'the snapshot could not be opened again'
  for backup_txn in "$WORK"/txn.*; do
    [ ! -f "$backup_txn" ] || say member-counts "$(member --write-out=json txn <"$backup_txn")"
  done
}

# The caller asks for the snapshot when it has read the report, or leaves.
backup_send() {
  echo 'report ends'
  read -r backup_answer
  [ "$backup_answer" = send ] || exit 0
  cat "$WORK/etcd.db" || exit 1
}

backup_begin
backup_save
backup_try
backup_send
`;
var scratch = `# shellcheck shell=dash
# Restores etcd.db in this directory, starts an etcd with it, and prints what it has. Arguments: the directory of the binaries, the snapshot's
# revision, the prefix of Kubernetes' keys.

BIN=$1 REVISION=$2 PREFIX=$3

fail() {
  echo "$1: $(tail -c 600 "$2")" >&2
  exit 1
}

say() {
  printf '%s ' "$1"
  printf '%s' "$2" | tr -d '\\n'
  echo
}

ask() {
  "$BIN/etcdctl" --endpoints=unix://client.sock:0 --command-timeout=300s "$@"
}

scratch_start() {
  "$BIN/etcdutl" snapshot restore etcd.db --data-dir=scratch >restore.log 2>&1 || fail 'etcdutl does not restore it' restore.log
  "$BIN/etcd" --data-dir=scratch --listen-client-urls=unix://client.sock:0 --advertise-client-urls=http://127.0.0.1:1 \\
    --listen-peer-urls=unix://peer.sock:0 >etcd.log 2>&1 &
  scratch_etcd=$!
  until ask get --limit=1 --keys-only "$PREFIX/" >/dev/null 2>&1; do
    kill -0 "$scratch_etcd" 2>/dev/null || fail 'etcd does not start with it' etcd.log
    sleep 0.2
  done
}

# Prints \`kind PREFIX\` for each kind of object, and adds a question for its keys to \`ops\`. One jump from kind to kind, so that it takes
# as long for a million objects as for one. "0" follows "/" in the order of keys.
scratch_kinds() {
  from=$PREFIX/
  while key=$(ask get "$from" --from-key --keys-only --limit=1 | head -n 1) && [ -n "$key" ]; do
    rest=\${key#"$PREFIX"/}
    [ "$rest" != "$key" ] || break
    kind=\${rest%%/*}
    case $kind in *.* | services) rest=\${rest#*/} kind=$kind/\${rest%%/*} ;; esac
    name=$PREFIX/$kind/ option=--prefix from=$PREFIX/\${kind}0
    case $key in "$name"*) ;; *) name=$key option='' from=$key/ ;; esac
    case $name in *[!A-Za-z0-9._:/@-]*) continue ;; esac
    echo "kind $name"
    echo "get \\"$name\\" $option --count-only --rev=$REVISION" >>ops
  done
}

# The numbers of keys, a hundred kinds in one request: etcd takes 128 operations. Only an index is read for them.
scratch_counts() {
  split -l 100 ops ops.
  for ops in ops.*; do
    { echo && cat "$ops" && echo && echo; } >"txn.\${ops#ops.}"
    say scratch-counts "$(ask --write-out=json txn <"txn.\${ops#ops.}")"
  done
}

scratch_canaries() {
  say namespace "$(ask get --count-only --write-out=fields "$PREFIX/namespaces/kube-system" | sed -n 's/^"Count" : //p')"
  say encrypted "$(ask get --prefix --limit=1 --print-value-only "$PREFIX/secrets/" | head -c 8 | tr -cd 'a-z0-9:')"
}

# The keys of all kinds together come first.
echo "kind $PREFIX/"
echo "get \\"$PREFIX/\\" --prefix --count-only --rev=$REVISION" >ops
scratch_start
say scratch-hash "$(ask --write-out=json endpoint hashkv --rev="$REVISION")"
scratch_kinds
scratch_counts
scratch_canaries
kill "$scratch_etcd"
wait
`;
var busyStatus = 3;
var wanted = "send\n";
var reportEnd = "report ends";
function registryPrefix({ apiServer }) {
  return apiServer.extraArgs.find(({ name }) => name === "etcd-prefix")?.value.replace(/\/+$/, "") ?? "/registry";
}
function snapshotCommand(cluster, host, size) {
  const own = [etcdClientUrl(loopback(host.address))];
  const set = {
    BIN: cluster.binDir,
    DIRECTORY: `${stateDirectory}/backup`,
    SIZE: String(size),
    PREFIX: registryPrefix(cluster),
    SCRATCH: scratch
  };
  return [
    ...Object.entries(set).map(([name, value]) => `${name}=${shellQuoted(value)}`),
    `member() { ${shellCommand(etcdctl(cluster, asMember, own))} "$@"; }`,
    `members() { ${memberListOf(cluster, asMember, own)}; }`,
    snapshot
  ].join("\n");
}

// src/etcd/snapshot-report.ts
var mostKinds = 1e4;
var count = int().min(0);
var status = looseObject({ revision: count, totalKey: count });
var hash = array(
  looseObject({
    HashKV: looseObject({ hash: count.default(0), compact_revision: int().default(0) })
  })
).length(1);
var counts = looseObject({
  succeeded: literal(true),
  responses: array(
    looseObject({ Response: looseObject({ response_range: looseObject({ count: count.default(0) }) }) })
  )
});
function readSnapshotReport(lines) {
  const saying = (mark) => lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(mark.length + 1));
  const one = (mark) => saying(mark)[0] ?? "";
  const kinds = saying("kind");
  try {
    const { revision, totalKey } = status.parse(json(one("status")));
    const list = readMemberList(one("members"));
    if (!list || kinds.length === 0 || kinds.length > mostKinds) return void 0;
    return {
      cluster: list.cluster,
      revision,
      keys: totalKey,
      bytes: coerce_exports.number().int().positive().parse(one("bytes")),
      sha256: string().regex(/^[0-9a-f]{64}$/).parse(one("sha256")),
      member: hashIn(one("member-hash")),
      scratch: hashIn(one("scratch-hash")),
      memberObjects: countsIn(kinds, saying("member-counts")),
      scratchObjects: countsIn(kinds, saying("scratch-counts")),
      hasSystemNamespace: one("namespace") === "1",
      secretsEncrypted: one("encrypted") === "" ? void 0 : one("encrypted") === "k8s:enc:"
    };
  } catch {
    return void 0;
  }
}
var json = (text) => parseJson(text, Error);
function hashIn(text) {
  const [first] = hash.parse(json(text));
  return { hash: first?.HashKV.hash ?? 0, compactRevision: first?.HashKV.compact_revision ?? 0 };
}
function countsIn(kinds, answers) {
  const all = answers.flatMap((answer) => counts.parse(json(answer)).responses);
  if (all.length !== kinds.length) throw new Error("some kinds were not counted");
  return Object.fromEntries(kinds.map((kind, at) => [kind, all[at]?.Response.response_range.count ?? 0]));
}
function wasCompacted({ member, scratch: scratch2 }) {
  return member.compactRevision !== scratch2.compactRevision;
}
function differencesIn(report) {
  const { member, scratch: scratch2, memberObjects, scratchObjects, hasSystemNamespace } = report;
  const kinds = Object.entries(memberObjects).filter(([kind, number]) => scratchObjects[kind] !== number);
  return [
    ...kinds.map(([kind, number]) => `${kind} has ${scratchObjects[kind] ?? 0} keys, and ${number} in the cluster`),
    ...member.hash === scratch2.hash ? [] : ["the hash of its keys is another one"],
    ...hasSystemNamespace ? [] : ["it has no namespace kube-system"]
  ];
}

// src/etcd/snapshot-stream.ts
var mostReport = 4 * 1024 * 1024;
var mostWords = 4096;
async function readSnapshot(command, host) {
  const text = await reportOf(command, host);
  const report = readSnapshotReport(text.split("\n"));
  if (!report) {
    command.end();
    throw hostNonsense("its report of a snapshot is not complete", host);
  }
  return { report, data: () => dataOf(command, host) };
}
async function reportOf(command, host) {
  const report = new Bytes(mostReport, (what) => hostNonsense(`its report of a snapshot has ${what}`, host));
  for (; ; ) {
    const { value, done } = await command.output.next();
    if (done) throw failed(host, await command.finish());
    report.add(value);
    if (report.view.subarray(-reportEnd.length - 1).equals(Buffer.from(`${reportEnd}
`))) return report.text();
  }
}
async function* dataOf(command, host) {
  try {
    command.send(wanted);
    yield* command.output;
    const end = await command.finish();
    if (end.status !== 0) throw failed(host, end);
  } finally {
    command.end();
  }
}
function failed(host, { status: status2, stderr }) {
  if (status2 === busyStatus)
    return new Problem("another backup is taken from this host", {
      code: "BACKUP_RUNNING",
      host,
      hint: "Wait for it, then run again."
    });
  const detail = redactLines(stderr.slice(-mostWords)).slice(-5);
  return new Problem(`no snapshot was taken: ${detail.at(-1) ?? `status ${status2}`}`, {
    code: "BACKUP_FAILED",
    host,
    detail,
    hint: "Nothing is left on the host. Follow its words, then run again."
  });
}

// src/phases/take-snapshot.ts
var mostSeconds = 7200;
var tries = 3;
var takeSnapshot = {
  title: "Take a snapshot of etcd",
  async run(run) {
    const health = await healthOf(run);
    const host = chosenHost(run, health);
    if (health.healthy < health.members.length || health.members.some(({ alarm }) => alarm !== void 0))
      run.log.warning(`etcd: ${describeEtcd(health)}`);
    const size = health.members.find((member) => member.host === host.name)?.space?.bytes ?? 0;
    const etcdVersion = (await etcdVersions(sessionOf(run, host), run.cluster)).get(host.name) ?? "";
    const { report, data } = await takeFrom(run, host, size);
    tell(run, host, report);
    return { snapshot: { host: host.name, report, etcdVersion, data } };
  }
};
async function healthOf(run) {
  const hosts = hostsWith(run.cluster, "etcd").filter(({ name }) => run.sessions.has(name));
  for (const host of hosts) {
    const health = await unlessProblem(() => etcdHealth(sessionOf(run, host), run.cluster));
    if (health) return health;
  }
  throw new Problem("etcdctl gives no answer on any host of etcd", {
    code: "ETCD_UNKNOWN",
    hint: "See `systemctl status etcd` and its journal on those hosts."
  });
}
function chosenHost(run, health) {
  const usable = health.members.filter(
    ({ host: host2, healthy, alarm = "" }) => healthy && !alarm.includes("CORRUPT") && run.sessions.has(host2)
  );
  const member = usable.find(({ leader }) => !leader) ?? usable[0];
  const host = member && hostsWith(run.cluster, "etcd").find(({ name }) => name === member.host);
  if (host) return host;
  throw new Problem(`no member of etcd can be backed up: ${describeEtcd(health)}`, {
    code: "ETCD_UNHEALTHY",
    hint: "A snapshot is taken from a healthy member whose host is reachable, and which has no alarm CORRUPT."
  });
}
async function takeFrom(run, host, size) {
  for (let tried = 1; ; tried += 1) {
    const session = sessionOf(run, host);
    const command = await session.start(snapshotCommand(run.cluster, host, size), { timeoutSeconds: mostSeconds });
    const taken = await readSnapshot(command, host.name);
    const differing = differencesIn(taken.report);
    if (differing.length === 0) return taken;
    command.end();
    if (!wasCompacted(taken.report) || tried === tries) throw unverified(host, differing);
    run.log.info(`${host.name}: etcd compacted its keys meanwhile; a new snapshot is taken`);
  }
}
function unverified(host, differing) {
  return new Problem(`the snapshot is not what the cluster has: ${differing.slice(0, 3).join("; ")}`, {
    code: "BACKUP_UNVERIFIED",
    host: host.name,
    detail: differing.slice(0, 20),
    hint: "The backup was not kept. Run again; if it happens again, compare the members with `etcdctl endpoint hashkv --cluster`."
  });
}
function tell(run, host, report) {
  const { revision, bytes, scratchObjects, secretsEncrypted } = report;
  const objects = scratchObjects[`${registryPrefix(run.cluster)}/`] ?? 0;
  run.log.info(
    `${host.name}: snapshot of revision ${revision}, ${bytes} bytes, ${objects} objects; an etcd that was started with it has the same keys`
  );
  if (secretsEncrypted === false)
    run.log.warning(
      `${host.name}: a Secret in etcd is not encrypted; only the backup's own encryption protects it there`
    );
}

// src/phases/write-backup.ts
function backupName(cluster, created) {
  const time = created.toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "");
  return `k8s-ha-backup-${cluster}_${time}.age`;
}
function writeBackup(store, recipients, texts) {
  return {
    title: "Write the backup",
    async run(run) {
      const { report, data } = run.snapshot;
      const { authorities } = run;
      const snapshot2 = { bytes: report.bytes, sha256: report.sha256, data: data() };
      const contents = { ...texts, authorities, snapshot: snapshot2, manifest: await manifestOf(run) };
      const sealed = await sealBackup(contents, recipients);
      const name = backupName(run.cluster.name, run.now);
      const bytes = await store.write(name, sealed.data, async (written) => {
        const again = await openWith(written, sealed.witness, { name, cluster: run.cluster.name });
        for await (const _ of again.snapshot) {
        }
      });
      run.log.info(`${name}: ${bytes} bytes, for ${recipients.length} recipients; read again, and complete`);
      await store.publish(name, { manifest: sealed.manifest, bytes });
    }
  };
}
async function manifestOf(run) {
  const { cluster, now, name, authorities, snapshot: snapshot2 } = run;
  const { report, host, etcdVersion } = snapshot2;
  const served = await servedVersions(run, hostsWith(cluster, "master"));
  const kubernetes = [...served.values()].find((version) => version !== void 0);
  return {
    cluster: { name: cluster.name, etcd: report.cluster, authorities: authorityFingerprints(authorities) },
    created: now.toISOString(),
    run: name,
    versions: { ...kubernetes !== void 0 && { kubernetes }, etcd: etcdVersion },
    snapshot: {
      host,
      revision: report.revision,
      hash: report.scratch.hash,
      compactRevision: report.scratch.compactRevision,
      keys: report.keys
    },
    objects: report.scratchObjects
  };
}

// src/actions/work/backup.ts
async function backup({ cluster, access, name, ...inputs }) {
  const { recipients } = inputs.backup;
  await checkRecipients(recipients);
  const run = newRun({ cluster, access, dryRun: false, name, log: githubLog, mask });
  await withBackupStore({ ...inputs, cluster: cluster.name }, async (store) => {
    const steps = [
      reachForBackup,
      readAuthorities,
      takeSnapshot,
      writeBackup(store, recipients, inputs.texts)
    ];
    await runPhases(run, steps, { signal: cancellation() });
  });
}
export {
  backup
};
