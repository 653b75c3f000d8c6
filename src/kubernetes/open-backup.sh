# shellcheck shell=dash
# Opens a backup on a master, by an etcd and an API server of its own (scratch-server.sh). stdin: lines `NAME BASE64` with files, the line
# `snapshot`, and the snapshot of etcd. All that is written is in DIRECTORY/work (scratch-work.sh).
#
# Set by the caller: DIRECTORY, UNIT, SIZE and SHA256 (of the snapshot), SCRIPT (for the unit), and the functions of scratch-work.sh.

open_receive() {
  # read takes no byte behind a line, and printf is no process of its own: what is in the files is never on a command line.
  while read -r open_name open_content && [ "$open_name" != snapshot ]; do
    printf '%s' "$open_content" | base64 -d >"$WORK/$open_name" || fail "$open_name cannot be written to $WORK"
  done
  cat >"$WORK/etcd.db" || fail "the snapshot cannot be written to $WORK"
  open_sum=$(sha256sum <"$WORK/etcd.db")
  [ "${open_sum%% *}" = "$SHA256" ] || fail 'the snapshot did not arrive as it is in the backup'
}

scratch_begin
# The snapshot, and the data and the log of the etcd that is started with it.
scratch_room $((3 * SIZE / 1024 + 262144))
open_receive
printf '%s' "$SCRIPT" >"$WORK/script.sh"
scratch_unit /bin/sh "$WORK/script.sh"
