# shellcheck shell=dash
# The session: takes the host's lock, then executes one framed request after the other until the connection ends.

# The lock is a flock on a directory that every host has, so that taking it writes nothing. The kernel drops it with the
# last process that holds descriptor 9: a package manager that outlives the connection still keeps others away.
LOCKED=${K8S_HA_TEST_ROOT:-}/run
HOLDER=$LOCKED/k8s-ha-action.holder

# take_lock FLAG SECONDS
take_lock() {
  exec 9<"$LOCKED" || die LOCK_FAILED "cannot open $LOCKED"
  flock -n "$1" 9 && return
  if restart_left; then lock_holder='a restart that an earlier run began'; else lock_holder=$(cat "$HOLDER" 2>/dev/null); fi
  event waiting holder "${lock_holder:-another run}"
  lock_tries=$(($2 * 2)) lock_patience=600
  while [ "$lock_tries" -gt 0 ]; do
    sleep 0.5
    flock -n "$1" 9 && return
    # What a dead run has begun ends by itself, and has limits of its own.
    if [ "$lock_patience" -gt 0 ] && restart_left; then lock_patience=$((lock_patience - 1)); else lock_tries=$((lock_tries - 1)); fi
    tick
  done
  lock_holder=$(cat "$HOLDER" 2>/dev/null)
  die HOST_LOCKED "another run holds this host's lock: ${lock_holder:-a dry run}"
}

# restart_left: does a restart go on whose session has ended?
restart_left() {
  [ ! -e "$HOLDER" ] || return 1
  for lock_rolling in "$LOCKED"/k8s-ha-action.tmp.*/rolling; do [ ! -e "$lock_rolling" ] || return 0; done
  return 1
}

# remove_left: what runs that were killed outright left behind. Under the lock nobody else changes the host, but some may
# ask it: what is theirs stays as long as they do.
remove_left() {
  rm -rf "$LOCKED"/k8s-ha-action.tmp.??????
  for left_place in "$LOCKED"/k8s-ha-action.ask.*; do
    left_pid=${left_place##*.ask.}
    kill -0 "${left_pid%%.*}" 2>/dev/null || rm -rf "$left_place"
  done
}

# What still runs under a lock needs its files; the next session removes them.
session_end() {
  claim_end "$CLAIM_HOW"
  [ "$MODE" != x ] || rm -f "$HOLDER"
  [ -e "$TMP/rolling" ] || rm -rf "$TMP"
}

# session MODE SECONDS RUN [HOW SECONDS]: MODE is x (exclusive), s (shared, for dry runs) or n (no lock, for those who
# only ask); RUN names who we are; the rest is about the claim, see claim_begin.
session() {
  command -v flock >/dev/null || die HOST_UNFIT 'the command flock (package util-linux) is missing'
  MODE=$1 LOCK_SECONDS=$2 RUN=$3 CLAIM_HOW=${4:-}
  [ "$MODE" = n ] || take_lock "-$MODE" "$LOCK_SECONDS"
  claim_begin "$CLAIM_HOW" "${5:-0}"
  [ "$MODE" != x ] || remove_left
  session_place=tmp
  [ "$MODE" != n ] || session_place=ask.$$
  TMP=$(mktemp -d "$LOCKED/k8s-ha-action.$session_place.XXXXXX") || die WRITE_FAILED "cannot make a directory in $LOCKED"
  trap 'session_end' EXIT
  [ "$MODE" != x ] || printf '%s (pid %s there)\n' "$RUN" "$$" >"$HOLDER"
  trap 'exit 1' HUP INT TERM PIPE
  TMPDIR=$TMP HOME=$TMP
  export TMPDIR HOME
  cd /
  event ready
  while IFS= read -r request_size; do
    head -c "$request_size" >"$TMP/request" || exit 1
    # shellcheck disable=SC1091
    (. "$TMP/request") </dev/null
    event end status "$?"
  done
}
