# shellcheck shell=dash
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
  systemd-run --quiet --collect --unit="$REPLAY" --uid=etcd --gid=etcd --working-directory="$WORK" \
    --property=Type=notify --property=UMask=0077 --property=TimeoutStartSec=900 --property=RuntimeMaxSec=60 \
    "$BIN/etcd" --name="$NAME" --data-dir="$WORK/copy" --force-new-cluster \
    --listen-client-urls=unix://client.sock:0 --advertise-client-urls=http://127.0.0.1:1 \
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
  [ "${store_sum%% *}" = "$1" ] || fail 'the snapshot did not arrive as it is in the backup'
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

# store_restore DATABASE FLAG…: a member of a new cluster. Revisions continue far above all that a client may have seen, and older ones count as
# compacted, so that each watch of an API server ends and lists again (etcd.io, operations guide, disaster recovery).
store_restore() {
  "$BIN/etcdutl" snapshot restore "$@" --bump-revision="$ABOVE" --mark-compacted --name="$NAME" \
    --initial-cluster="$INITIAL" --initial-advertise-peer-urls="$PEER" --initial-cluster-token="$TOKEN" \
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
