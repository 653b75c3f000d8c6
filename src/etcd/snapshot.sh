# shellcheck shell=dash
# A snapshot of etcd, taken on a member's host and opened again there. Prints a report, and then the snapshot itself if it is asked for. All that
# is written is in DIRECTORY/work (scratch-work.sh).
#
# Set by the caller: BIN, DIRECTORY, SIZE (of the database, in bytes), PREFIX (of Kubernetes' keys), SCRATCH (the text of scratch.sh), and the
# functions of scratch-work.sh, `member` (etcdctl with this host's member) and `members` (the list of the cluster's members).

backup_begin() {
  scratch_begin
  # The snapshot, its copy in the scratch etcd, and that one's log.
  scratch_room $((2 * SIZE / 1024 + 262144))
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
