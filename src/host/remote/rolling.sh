# shellcheck shell=dash
# A restart while other members serve: under a cluster-wide lock, only if allowed, and complete when the unit is healthy again.

# rolling NAME LIVE LOCK TURN ALLOW BEFORE HEALTHY SECONDS HINT AFTER HOLD HELD FAILED RECORD: each command is lines of sh; '' for none.
rolling() {
  printf '%s\n' "$2" >"$TMP/$1.live"
  printf '%s\n' "$3" >"$TMP/$1.lock"
  printf '%s' "$4" >"$TMP/$1.turn"
  printf '%s' "$5" >"$TMP/$1.allow"
  printf '%s' "$6" >"$TMP/$1.before"
  printf '%s' "$7" >"$TMP/$1.healthy"
  printf '%s\n' "$8" >"$TMP/$1.healthy-seconds"
  printf '%s\n' "$9" >"$TMP/$1.healthy-hint"
  printf '%s' "${10}" >"$TMP/$1.after"
  printf '%s' "${11}" >"$TMP/$1.hold"
  printf '%s' "${12}" >"$TMP/$1.held"
  printf '%s' "${13}" >"$TMP/$1.failed"
  printf '%s' "${14}" >"$TMP/$1.record"
}

# attempt NAME: for the lines of sh that run under the lock.
attempt() {
  ATTEMPT=$1
  export ATTEMPT
}

# rolling_alive NAME: does a running cluster depend on the unit? 0: yes, 10: certainly not, 11: yes, but it must not restart,
# other: unknown; the reason is in NAME.alive.
rolling_alive() {
  timeout 90 sh "$TMP/$1.live" </dev/null >"$TMP/$1.alive" 2>&1 &
  alive_pid=$!
  while kill -0 "$alive_pid" 2>/dev/null; do
    sleep 0.1
    now
    [ "$NOW" = "${alive_ticked:-}" ] || tick
    alive_ticked=$NOW
  done
  wait "$alive_pid"
}

# roll NAME: waits for the lock; the output of the work under it is relayed from a file, because the lock's command owns stdout.
roll() {
  roll_name=$1
  roll_file=$TMP/$1.roll
  # A script file, because the lock's command would parse sh's options as its own.
  printf '%s\n' "$PROGRAM" "roll_locked '$TMP' '$1'" >"$TMP/roll.sh"
  : >"$roll_file"
  log "$1 must restart, waiting for the lock"
  (
    # With a limit: restarting too early costs less than not restarting.
    [ ! -s "$TMP/$roll_name.turn" ] || timeout 300 sh "$TMP/$roll_name.turn"
    exec sh "$TMP/$roll_name.lock" sh "$TMP/roll.sh"
  ) >"$TMP/lock-output" 2>&1 </dev/null &
  roll_pid=$!
  # The lock's command may be killed while it waits, but never between a stop and a start.
  trap 'kill $WORKERS 2>/dev/null; [ -e "$TMP/rolling" ] || kill "$roll_pid" 2>/dev/null' EXIT
  roll_waited=0
  roll_lines=0
  # A started restart is completed, even if the lock's command was killed meanwhile.
  while kill -0 "$roll_pid" 2>/dev/null || [ -e "$TMP/rolling" ]; do
    tick
    roll_relay
    sleep 0.2
    [ -e "$TMP/rolling" ] && continue
    roll_waited=$((roll_waited + 1))
    [ "$roll_waited" -lt 3000 ] || die LOCK_TIMEOUT "waited 600 s for the lock to restart $1" unit "$1"
  done
  wait "$roll_pid" || ! grep -q '"t":"over"' "$roll_file" || log "the lock was lost while $1 restarted"
  roll_relay
  [ -s "$roll_file" ] || die LOCK_FAILED "cannot take the lock to restart $1" unit "$1" detail "$(tail -n 5 "$TMP/lock-output")"
  grep -q '"t":"over"' "$roll_file" || die UNIT_FAILED "the restart of $1 under the lock did not complete" unit "$1" detail "$(tail -n 5 "$TMP/lock-output")"
}

# roll_relay: forwards new lines; an error among them ends the request.
roll_relay() {
  roll_forward
  grep -q '"t":"problem"' "$roll_file" || return 0
  wait "$roll_pid"
  # It may have been written after the lines were counted.
  roll_forward
  exit 1
}

roll_forward() {
  roll_all=$(wc -l <"$roll_file")
  [ "$roll_all" -gt "$roll_lines" ] || return 0
  sed -n "$((roll_lines + 1)),${roll_all}p" "$roll_file" || exit 1
  roll_lines=$roll_all
}

# roll_locked TMP NAME: runs under the lock, in a separate process.
roll_locked() {
  TMP=$1
  # Once started, it is completed, even without a runner: the session keeps the files that it needs.
  : >"$TMP/rolling"
  trap 'roll_end' EXIT
  trap '' PIPE
  exec >>"$TMP/$2.roll"
  read -r _ _ _ _ roll_invocation <<EOF
$(show_units "$2")
EOF
  if [ -z "$(restart_reason "$2" "$(cat "$TMP/$2.hash")" "$roll_invocation")" ]; then
    event over
    return
  fi
  roll_stopped "$2"
  roll_step allow "$2" || die RESTART_REFUSED "$2 must not restart now: $(tail -n 3 "$TMP/answer")" unit "$2"
  roll_hold "$2"
  roll_step before "$2" || die RESTART_REFUSED "the step before the restart of $2 failed: $(tail -n 3 "$TMP/answer")" unit "$2"
  log "restarting $2 under the lock"
  roll_attempt "$2" || roll_back "$2"
  former_forget "$2"
  if roll_step after "$2" && [ -s "$TMP/answer" ]; then event log level warning text "$(tail -n 3 "$TMP/answer")"; fi
  event unit name "$2" did restarted
  event over
}

# roll_attempt NAME: restarts it and waits until it is healthy. Fails with the code and the reason in $TMP/failure, and does not end the request.
roll_attempt() (
  trap - EXIT
  # shellcheck disable=SC2317
  die() {
    printf '%s\n%s\n' "$1" "$2" >"$TMP/failure"
    exit 1
  }
  ready_base=$TMP/roll-restarts
  show_units "$1" >"$ready_base"
  now
  roll_began=$NOW
  # A start without its own time limit must not hold the lock: systemd continues it, and the checks below judge it.
  timeout 120 systemctl restart "$1" 2>"$TMP/answer"
  case $? in 0 | 124) ;; *) unit_broken "$1" 'has failed' ;; esac
  unit_ready "$1" "$TMP/$1.ready" "$(cat "$TMP/$1.seconds")" "$1"
  cp "$TMP/$1.healthy-hint" "$TMP/$1.hint"
  unit_ready "$1" "$TMP/$1.healthy" "$(cat "$TMP/$1.healthy-seconds")" "$1"
  now
  log "$1 is healthy again after $((NOW - roll_began)) s"
)

# roll_back NAME: after a failed restart: the former files are put back, and the unit is restarted with them. Always ends the request.
roll_back() {
  { read -r back_code && IFS= read -r back_reason; } <"$TMP/failure"
  back_detail=$(unit_journal "$1")
  back_hint=$(cat "$TMP/$1.hint")
  # Of other hosts: also where nothing can be put back here.
  roll_step record "$1" || log "the failure could not be recorded for other hosts: $(tail -n 1 "$TMP/answer")"
  former_restore "$1" || die "$back_code" "$back_reason" unit "$1" detail "$back_detail" hint "$back_hint"
  log "$back_reason: restarting it with its former files"
  roll_attempt "$1" || die "$back_code" "$back_reason, and does not start with its former files either" unit "$1" detail "$back_detail" hint "$back_hint"
  die RESTART_REVERTED "$back_reason with its new files; the former ones are back, and it runs with them" unit "$1" detail "$back_detail" hint "$back_hint"
}

# roll_stopped NAME: after a failed restart on another host in this attempt, this unit is not restarted, and its former files are put back.
roll_stopped() {
  [ -s "$TMP/$1.failed" ] || return 0
  roll_step failed "$1"
  case $? in
    0) ;;
    1) return 0 ;;
    *) die RESTART_REFUSED "it is unknown whether another host of this run has failed: $(tail -n 1 "$TMP/answer")" unit "$1" ;;
  esac
  stopped_where=$(tail -n 1 "$TMP/answer")
  stopped_files='its former files are back'
  former_restore "$1" || stopped_files='its new files stay, because the former ones were not kept'
  die RESTART_STOPPED "$1 was not restarted, because its restart on $stopped_where failed; $stopped_files" unit "$1"
}

# roll_end: without a session, whose files and lock it kept, the restart removes both.
roll_end() {
  rm -f "$TMP/rolling"
  [ -e "$TMP/ended" ] || return
  read -r roll_lock <"$TMP/ended"
  [ -z "$roll_lock" ] || lock_free "$roll_lock"
  rm -rf "$TMP"
}

# roll_hold UNIT: work during which the runner holds the unit's clients. If the runner is gone or cannot reach them, the work is skipped.
roll_hold() {
  [ -s "$TMP/$1.hold" ] || return 0
  for roll_try in 1 2 3; do
    roll_step hold "$1" || return 0
    event hold unit "$1"
    HOLD_TRY=$roll_try
    export HOLD_TRY
    roll_step held "$1"
    roll_held=$?
    [ "$roll_held" = 1 ] || break
  done
  [ "$roll_held" = 0 ] || log "the clients of $1 could not be held (status $roll_held, try $roll_try)"
}

# roll_step NAME UNIT: runs its lines of sh; does nothing if there are none.
roll_step() {
  : >"$TMP/answer"
  [ -s "$TMP/$2.$1" ] || return 0
  timeout 60 sh "$TMP/$2.$1" </dev/null >"$TMP/answer" 2>&1
}
