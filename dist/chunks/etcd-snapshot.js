import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  stateDirectory
} from "./host.js";
import {
  asMember,
  etcdctl,
  memberListOf,
  shellCommand,
  shellQuoted
} from "./etcd-etcdctl.js";
import {
  etcdClientUrl,
  loopback
} from "./layout-addresses.js";

// src/etcd/snapshot.ts
import { join } from "node:path/posix";

// src/host/scratch-work.ts
var scratchWork = `# shellcheck shell=dash
# A directory for the work of one command, which only root can read: it is removed at the end, also when the connection is cut. What a run left whose
# shell was killed is removed by the next one.
#
# Set by the caller: DIRECTORY, UNIT (a transient unit that uses it).

WORK=$DIRECTORY/work

fail() {
  echo "$*" >&2
  exit 1
}

say() {
  printf '%s ' "$1"
  printf '%s' "$2" | tr -d '\\n'
  echo
}

scratch_leave() {
  trap - EXIT
  systemctl stop "$UNIT" 2>/dev/null
  rm -rf "$WORK"
}

# Ends with status 3 if another command is at work here.
scratch_begin() {
  umask 077
  mkdir -p "$DIRECTORY" || exit 1
  exec 9>"$DIRECTORY/lock" || exit 1
  flock -w 20 9 || exit 3
  # A reader that is gone must not end the shell before it has cleaned up.
  trap '' PIPE
  trap scratch_leave EXIT
  trap 'exit 1' HUP INT TERM
  systemctl stop "$UNIT" 2>/dev/null
  systemctl reset-failed "$UNIT" 2>/dev/null
  rm -rf "$WORK"
  mkdir "$WORK" || exit 1
}

# scratch_room KIB: whether the file system has room.
scratch_room() {
  scratch_free=$(df -Pk "$WORK" | awk 'END { print $4 }')
  [ "$scratch_free" -ge "$1" ] ||
    fail "$DIRECTORY needs $(($1 / 1024)) MiB of free space and has $((scratch_free / 1024)) MiB"
}

# scratch_unit COMMAND\u2026: runs it with limits, in its own network, and with access to this directory only. Both limits are of the host's: what
# serves there keeps the other half.
scratch_unit() {
  systemd-run --quiet --wait --pipe --collect --unit="$UNIT" --working-directory="$WORK" \\
    --property=MemoryMax=50% --property=CPUQuota=100% --property=CPUWeight=20 --property=IOWeight=10 --property=Nice=19 \\
    --property=OOMScoreAdjust=1000 --property=RuntimeMaxSec=1200 --property=UMask=0077 --property=PrivateNetwork=yes \\
    --property=NoNewPrivileges=yes --property=ProtectSystem=strict --property=ReadWritePaths="$WORK" --property=PrivateTmp=yes \\
    "$@" </dev/null 9>&-
}
`;

// src/etcd/snapshot.ts
var snapshot = `# shellcheck shell=dash
# A snapshot of etcd, taken on a member's host and opened again there. Prints a report, and then the snapshot itself if it is asked for. All that
# is written is in DIRECTORY/work (scratch-work.sh).
#
# Set by the caller: BIN, DIRECTORY, SIZE (of the database, in bytes), PREFIX (of Kubernetes' keys), SCRATCH (the text of scratch.sh), and the
# functions of scratch-work.sh, \`member\` (etcdctl with this host's member) and \`members\` (the list of the cluster's members).

backup_begin() {
  scratch_begin
  # The snapshot, its copy in the scratch etcd, and that one's log.
  scratch_room $((2 * SIZE / 1024 + 262144))
}

backup_save() {
  member --command-timeout=900s snapshot save "$WORK/etcd.db" >&2 || fail 'etcdctl does not save a snapshot'
  backup_status=$("$BIN/etcdutl" snapshot status "$WORK/etcd.db" --write-out=json) || fail 'etcdutl does not read the snapshot'
  REVISION=$(printf '%s' "$backup_status" | sed -n 's/.*"revision":\\([0-9]*\\).*/\\1/p')
  say status "$backup_status"
  # On a slow disk the member may have compacted this revision meanwhile: etcdctl says so.
  backup_hash=$(member --command-timeout=300s --write-out=json endpoint hashkv --rev="$REVISION") ||
    fail "the member does not hash its keys at revision $REVISION"
  say member-hash "$backup_hash"
  backup_members=$(members) || fail 'etcdctl does not list the members'
  say members "$backup_members"
  say bytes "$(stat -c %s "$WORK/etcd.db")"
  say sha256 "$(sha256sum <"$WORK/etcd.db" | cut -d ' ' -f 1)"
}

# The snapshot as an etcd of its own, with sockets in its own directory only.
backup_try() {
  printf '%s' "$SCRATCH" >"$WORK/scratch.sh"
  scratch_unit /bin/sh "$WORK/scratch.sh" "$BIN" "$REVISION" "$PREFIX" || fail 'the snapshot could not be opened again'
  for backup_txn in "$WORK"/txn.*; do
    [ -f "$backup_txn" ] || continue
    backup_counts=$(member --write-out=json txn <"$backup_txn") || fail "the member does not count its keys at revision $REVISION"
    say member-counts "$backup_counts"
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
  const given = apiServer.extraArgs.findLast(({ name }) => name === "etcd-prefix")?.value ?? "/registry";
  return join("/", given).replace(/\/$/, "");
}
function snapshotCommand(cluster, host, size) {
  const own = [etcdClientUrl(loopback(host.address))];
  const set = {
    BIN: cluster.binDir,
    UNIT: "k8s-ha-action-backup.service",
    DIRECTORY: `${stateDirectory}/backup`,
    SIZE: String(size),
    PREFIX: registryPrefix(cluster),
    SCRATCH: scratch
  };
  return [
    ...Object.entries(set).map(([name, value]) => `${name}=${shellQuoted(value)}`),
    scratchWork,
    `member() { ${shellCommand(etcdctl(cluster, asMember, own))} "$@"; }`,
    `members() { ${memberListOf(cluster, asMember, own)}; }`,
    snapshot
  ].join("\n");
}

export {
  scratchWork,
  busyStatus,
  wanted,
  reportEnd,
  registryPrefix,
  snapshotCommand
};
