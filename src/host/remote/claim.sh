# shellcheck shell=dash
# The claim: which run has reserved this host, also between its jobs, when the lock is free. A file in memory, which a reboot
# deletes. First line: the time until which no other run may take the host, in seconds since boot, and, if the newest run has one, its commit
# and when it began; then the runs that had it, newest first.

CLAIM=$RUNTIME/claim

# claim_read: sets CLAIM_UNTIL, CLAIM_COMMIT, CLAIM_TIME and CLAIM_RUN, and NOW.
claim_read() {
  CLAIM_UNTIL=0 CLAIM_COMMIT='' CLAIM_TIME='' CLAIM_RUN=''
  [ ! -s "$CLAIM" ] || { read -r CLAIM_UNTIL CLAIM_COMMIT CLAIM_TIME && read -r CLAIM_RUN; } <"$CLAIM"
  now
}

# claim_write SECONDS: after claim_read, and under a lock. Without a fork, because every job waits for it.
claim_write() {
  claim_text="$((NOW + $1))${COMMIT:+ $COMMIT $TIME}$NL$RUN$NL" claim_line=0
  [ ! -e "$CLAIM" ] || while read -r claim_name; do
    claim_line=$((claim_line + 1))
    [ "$claim_line" -eq 1 ] || [ "$claim_line" -gt 50 ] || [ "$claim_name" = "$RUN" ] || claim_text=$claim_text$claim_name$NL
  done <"$CLAIM"
  printf '%s' "$claim_text" >"$CLAIM"
}

claim_ours() { [ "$CLAIM_RUN" = "$RUN" ]; }

# Is it reserved for another run?
claim_kept() { [ -n "$CLAIM_RUN" ] && ! claim_ours && [ "$CLAIM_UNTIL" -gt "$NOW" ]; }

# Did this run have it before another run took it?
claim_lost() { ! claim_ours && [ -e "$CLAIM" ] && grep -Fqx -e "$RUN" "$CLAIM"; }

# Is this run older than the one that changed the host last, with another commit, and so perhaps with an older file? It had the host before that one, or
# it has a smaller number: GitHub counts runs, and one that is started again keeps its number and its commit.
claim_older() {
  [ -n "$COMMIT" ] && [ -n "$CLAIM_COMMIT" ] && [ "$COMMIT" != "$CLAIM_COMMIT" ] || return 1
  claim_lost || { [ "${RUN% run *}" = "${CLAIM_RUN% run *}" ] && claim_before "${RUN##* run }" "${CLAIM_RUN##* run }"; }
}

# claim_before NUMBER NUMBER: false for what is no number.
claim_before() {
  case $1$2 in *[!0-9]*) return 1 ;; esac
  [ "$1" -lt "$2" ]
}

claim_refuse_older() {
  ! claim_older || die RUN_OVERTAKEN "another run has changed this cluster since: $CLAIM_RUN, with commit $CLAIM_COMMIT, at $CLAIM_TIME"
}

# claim_wait SECONDS: waits until no other run has reserved the host. That run's jobs need the lock meanwhile.
claim_wait() {
  now
  claim_deadline=$((NOW + $1)) claim_told=''
  while claim_read && claim_kept; do
    [ -n "$claim_told" ] || event waiting holder "$CLAIM_RUN"
    claim_told=1
    give_lock
    [ "$NOW" -lt "$claim_deadline" ] || die RIVAL_RUN "another run has reserved this cluster: $CLAIM_RUN; unless it continues, the reservation ends in $((CLAIM_UNTIL - NOW)) s"
    sleep 1
    tick
    [ "$MODE" = n ] || take_lock "$MODE" "$LOCK_SECONDS"
  done
}

# claim_take: the first job takes the claim when it has every host's lock; later jobs have it already.
claim_take() { [ "$CLAIM_HOW" != first ] || claim_put 0; }

# claim_put SECONDS: reserves the host for this run for SECONDS.
claim_put() { locked "$RUNTIME/claim-lock" claim_set "$1" || die WRITE_FAILED "cannot write $CLAIM"; }

claim_set() {
  claim_read
  claim_write "$1"
}

# claim_renew SECONDS: the same, unless another run has taken it; read-only sessions do this without the host's lock.
claim_renew() { locked "$RUNTIME/claim-lock" claim_prolong "$1"; }

claim_prolong() {
  claim_read
  claim_kept || claim_lost || claim_write "$1"
}

# claim_begin HOW SECONDS: the first job of a run waits for its turn. Later jobs proceed if the first job of the same run holds the claim;
# so does a single-job run.
claim_begin() {
  CLAIM_KEEP=0
  case $1 in
    first)
      claim_wait "$2"
      claim_refuse_older
      ;;
    later | last)
      CLAIM_KEEP=$2
      claim_read
      claim_refuse_older
      ! claim_lost || die RUN_OVERTAKEN "another run has changed this cluster since: $CLAIM_RUN"
      claim_wait "$LOCK_SECONDS"
      claim_renew "$2"
      ;;
  esac
}

# claim_end HOW: at the end of a session, for any reason. Restarts the time of the claim, or releases the host.
claim_end() {
  case $1 in
    later) claim_renew "$CLAIM_KEEP" ;;
    last) claim_renew 0 ;;
  esac
}
