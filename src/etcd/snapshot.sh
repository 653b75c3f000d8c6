# shellcheck shell=dash
# A snapshot of etcd, taken on a member's host and opened again there. Prints a report, and then the snapshot itself if it is asked for. All that
# is written is in DIRECTORY/work, which only root can read: it is removed at the end, also when the connection is cut. What a run left whose shell
# was killed is removed by the next one.
#
# Set by the caller: BIN, DIRECTORY, SIZE (of the database, in bytes), PREFIX (of Kubernetes' keys), SCRATCH (the text of scratch.sh), and the
# functions `member` (etcdctl with this host's member) and `members` (the list of the cluster's members).

WORK=$DIRECTORY/work
UNIT=k8s-ha-action-backup.service

fail() {
  echo "$*" >&2
  exit 1
}

say() {
  printf '%s ' "$1"
  printf '%s' "$2" | tr -d '\n'
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
  REVISION=$(printf '%s' "$backup_status" | sed -n 's/.*"revision":\([0-9]*\).*/\1/p')
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

# The snapshot as an etcd of its own: with limits, in its own network, and with sockets in its own directory only.
backup_try() {
  printf '%s' "$SCRATCH" >"$WORK/scratch.sh"
  # Both limits are of the host's: a member next to it keeps the other half.
  systemd-run --quiet --wait --pipe --collect --unit="$UNIT" --working-directory="$WORK" \
    --property=MemoryMax=50% --property=CPUQuota=100% --property=CPUWeight=20 --property=IOWeight=10 --property=Nice=19 \
    --property=OOMScoreAdjust=1000 --property=RuntimeMaxSec=1200 --property=UMask=0077 --property=PrivateNetwork=yes \
    --property=NoNewPrivileges=yes --property=ProtectSystem=strict --property=ReadWritePaths="$WORK" --property=PrivateTmp=yes \
    /bin/sh "$WORK/scratch.sh" "$BIN" "$REVISION" "$PREFIX" </dev/null 9>&- || fail 'the snapshot could not be opened again'
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
