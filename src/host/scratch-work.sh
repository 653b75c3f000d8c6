# shellcheck shell=dash
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
  printf '%s' "$2" | tr -d '\n'
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

# scratch_unit COMMAND…: runs it with limits, in its own network, and with access to this directory only. Both limits are of the host's: what
# serves there keeps the other half.
scratch_unit() {
  systemd-run --quiet --wait --pipe --collect --unit="$UNIT" --working-directory="$WORK" \
    --property=MemoryMax=50% --property=CPUQuota=100% --property=CPUWeight=20 --property=IOWeight=10 --property=Nice=19 \
    --property=OOMScoreAdjust=1000 --property=RuntimeMaxSec=1200 --property=UMask=0077 --property=PrivateNetwork=yes \
    --property=NoNewPrivileges=yes --property=ProtectSystem=strict --property=ReadWritePaths="$WORK" --property=PrivateTmp=yes \
    "$@" </dev/null 9>&-
}
