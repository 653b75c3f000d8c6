# shellcheck shell=dash
# The session: takes the host's lock, then executes requests one after the other until the connection ends.

# The runtime files of sessions, in memory: a reboot deletes them. Only root can read them.
RUNTIME=${K8S_HA_TEST_ROOT:-}/run/k8s-ha-action
HOST_LOCK=$RUNTIME/lock
RESTART_LEFT='a restart that an earlier run started'

# runtime_make: creates the directories of all sessions; the umask closes them to other users.
runtime_make() {
  [ -d "$HOST_LOCK" ] && [ -d "$RUNTIME/claim-lock" ] && return
  mkdir -p "$HOST_LOCK" "$RUNTIME/claim-lock" || die WRITE_FAILED "cannot make $RUNTIME"
}

# try_lock MODE: x: exclusive; s: shared with other read-only sessions.
try_lock() {
  if [ "$1" = s ]; then
    lock_shared "$HOST_LOCK"
    return
  fi
  # Already held while the sharing sessions end.
  [ -n "$LOCK_HELD" ] || { lock_try "$HOST_LOCK" && LOCK_HELD=$LOCK_FILE; } || return 1
  lock_alone "$HOST_LOCK"
}

# take_lock MODE SECONDS
take_lock() {
  LOCK_HELD=''
  try_lock "$1" && LOCK_HELD=$LOCK_FILE && return
  event waiting holder "${LOCK_HOLDER:-another run}"
  lock_tries=$(($2 * 2)) lock_patience=600
  while [ "$lock_tries" -gt 0 ]; do
    sleep 0.5
    try_lock "$1" && LOCK_HELD=$LOCK_FILE && return
    # Work that a dead run has started ends by itself, within its own limits.
    if [ "$lock_patience" -gt 0 ] && [ "$LOCK_HOLDER" = "$RESTART_LEFT" ]; then lock_patience=$((lock_patience - 1)); else lock_tries=$((lock_tries - 1)); fi
    tick
  done
  lock_holder=$LOCK_HOLDER
  give_lock
  die HOST_LOCKED "another run holds this host's lock: ${lock_holder:-another run}"
}

# give_lock: a shared lock's file is deleted; an exclusive lock's file is emptied.
give_lock() {
  case ${LOCK_HELD:-} in
    '') ;;
    */s.*) rm -f "$LOCK_HELD" ;;
    *) lock_free "$LOCK_HELD" ;;
  esac
  LOCK_HELD=''
}

# remove_left: removes the files of killed runs. Under the lock no other session changes the host, but some may
# read from it: their files stay while they run.
remove_left() {
  rm -rf "$RUNTIME"/tmp.??????
  for left_place in "$RUNTIME"/ask.*; do
    left_pid=${left_place##*/ask.}
    kill -0 "${left_pid%%.*}" 2>/dev/null || rm -rf "$left_place"
  done
}

# A restart that continues under the cluster's lock needs its files and the host's lock: it removes both at its end, or
# the next session does.
session_end() {
  claim_end "$CLAIM_HOW"
  # Written before the question, so that a restart that ends in between finds it.
  printf '%s\n' "${LOCK_HELD:-}" >"$TMP/ended"
  if [ -e "$TMP/rolling" ]; then
    printf '%s\n%s\n' "$LOCK_ID" "$RESTART_LEFT" >"$TMP/left" && mv -f "$TMP/left" "$LOCK_HELD"
  else
    give_lock
    rm -rf "$TMP"
  fi
}

# need_commands: commands that every distribution has, but minimal container images may lack.
need_commands() {
  need_missing=
  for need_word in awk base64 cat chmod cut date df grep head ln mktemp sed sha256sum sort stat tail timeout tr xargs; do
    command -v "$need_word" >/dev/null || need_missing="$need_missing $need_word"
  done
  [ -z "$need_missing" ] || die HOST_UNFIT "these commands are missing:$need_missing"
}

# session MODE SECONDS RUN [HOW SECONDS [COMMIT TIME]]: MODE is x (exclusive), s (shared, for dry runs) or n (no lock, for read-only sessions); RUN is the name of this run; the rest is for the claim, see claim_begin: COMMIT is what this run applies, TIME when it began.
session() {
  need_commands
  MODE=$1 LOCK_SECONDS=$2 RUN=$3 CLAIM_HOW=${4:-} COMMIT=${6:-} TIME=${7:-}
  runtime_make
  lock_session
  trap 'give_lock' EXIT
  [ "$MODE" = n ] || take_lock "$MODE" "$LOCK_SECONDS"
  claim_begin "$CLAIM_HOW" "${5:-0}"
  [ "$MODE" != x ] || remove_left
  session_place=tmp
  [ "$MODE" != n ] || session_place=ask.$$
  TMP=$(mktemp -d "$RUNTIME/$session_place.XXXXXX") || die WRITE_FAILED "cannot make a directory in $RUNTIME"
  trap 'session_end' EXIT
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
