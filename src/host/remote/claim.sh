# shellcheck shell=dash
# The claim: which run has this host, also between its jobs, when nobody holds the lock. A file in memory, which a reboot
# forgets: until when nobody else may take the host, in seconds since boot; then the runs that had it, the last one first.

CLAIM=$RUNTIME/claim

# claim_read: sets CLAIM_UNTIL and CLAIM_RUN, and NOW.
claim_read() {
  CLAIM_UNTIL=0 CLAIM_RUN=''
  [ ! -s "$CLAIM" ] || { read -r CLAIM_UNTIL && read -r CLAIM_RUN; } <"$CLAIM"
  now
}

# claim_write SECONDS: after claim_read, and under a lock. Without a fork, as it is in the way of every job.
claim_write() {
  claim_text="$((NOW + $1))$NL$RUN$NL" claim_line=0
  [ ! -e "$CLAIM" ] || while read -r claim_name; do
    claim_line=$((claim_line + 1))
    [ "$claim_line" -eq 1 ] || [ "$claim_line" -gt 50 ] || [ "$claim_name" = "$RUN" ] || claim_text=$claim_text$claim_name$NL
  done <"$CLAIM"
  printf '%s' "$claim_text" >"$CLAIM"
}

claim_ours() { [ "$CLAIM_RUN" = "$RUN" ]; }

# Is it kept for another run?
claim_kept() { [ -n "$CLAIM_RUN" ] && ! claim_ours && [ "$CLAIM_UNTIL" -gt "$NOW" ]; }

# Did we have it before another run took it?
claim_lost() { ! claim_ours && [ -e "$CLAIM" ] && grep -Fqx -e "$RUN" "$CLAIM"; }

# claim_wait SECONDS: until no other run has the host. Its jobs need the lock meanwhile.
claim_wait() {
  now
  claim_deadline=$((NOW + $1)) claim_told=''
  while claim_read && claim_kept; do
    [ -n "$claim_told" ] || event waiting holder "$CLAIM_RUN"
    claim_told=1
    give_lock
    [ "$NOW" -lt "$claim_deadline" ] || die RIVAL_RUN "another run has this cluster: $CLAIM_RUN; unless it goes on, it lets go in $((CLAIM_UNTIL - NOW)) s"
    sleep 1
    tick
    [ "$MODE" = n ] || take_lock "$MODE" "$LOCK_SECONDS"
  done
}

# claim_take: a first job does, when it has every host's lock; a later one has it.
claim_take() { [ "$CLAIM_HOW" != first ] || claim_put 0; }

# claim_put SECONDS: the host is this run's, and for so long nobody else's.
claim_put() { locked "$RUNTIME/claim-lock" claim_set "$1" || die WRITE_FAILED "cannot write $CLAIM"; }

claim_set() {
  claim_read
  claim_write "$1"
}

# claim_renew SECONDS: the same, while no other run has taken it; those who only ask come without the host's lock.
claim_renew() { locked "$RUNTIME/claim-lock" claim_prolong "$1"; }

claim_prolong() {
  claim_read
  claim_kept || claim_lost || claim_write "$1"
}

# claim_begin HOW SECONDS: the first job of a run waits for its turn. A later one goes on where the first was, and so does a
# job that is a run of its own.
claim_begin() {
  CLAIM_KEEP=0
  case $1 in
    first) claim_wait "$2" ;;
    later | last)
      CLAIM_KEEP=$2
      claim_read
      ! claim_lost || die RUN_OVERTAKEN "another run has taken this cluster since: $CLAIM_RUN"
      claim_wait "$LOCK_SECONDS"
      claim_renew "$2"
      ;;
  esac
}

# claim_end HOW: however the session ended. The time begins anew, or the host is given back.
claim_end() {
  case $1 in
    later) claim_renew "$CLAIM_KEEP" ;;
    last) claim_renew 0 ;;
  esac
}
