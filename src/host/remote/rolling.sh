# shellcheck shell=dash
# A restart while others of its kind serve: under a lock that all hosts share, allowed, and over when healthy again.

# rolling NAME LIVE LOCK TURN ALLOW BEFORE HEALTHY SECONDS HINT AFTER HOLD HELD: each command is lines of sh; '' stands for none.
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
}

# rolling_alive NAME: is there a living cluster to be careful about? 0: yes, 10: certainly not, 11: yes, but it must not restart,
# anything else: unknown; why is in NAME.alive.
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

# roll NAME: waits for the lock; what happens under it is relayed from a file, as the lock's command owns its output.
roll() {
  roll_name=$1
  roll_file=$TMP/$1.roll
  # A file, as the lock's command would take options of sh for its own.
  printf '%s\n' "$PROGRAM" "roll_locked '$TMP' '$1'" >"$TMP/roll.sh"
  : >"$roll_file"
  log "$1 has to restart, waiting for the lock"
  (
    # Not for ever: going earlier than it might costs less than not going.
    [ ! -s "$TMP/$roll_name.turn" ] || timeout 300 sh "$TMP/$roll_name.turn"
    exec sh "$TMP/$roll_name.lock" sh "$TMP/roll.sh"
  ) >"$TMP/lock-output" 2>&1 </dev/null &
  roll_pid=$!
  # The lock's command may be ended while it waits, never between a stop and a start.
  trap 'kill $WORKERS 2>/dev/null; [ -e "$TMP/rolling" ] || kill "$roll_pid" 2>/dev/null' EXIT
  roll_waited=0
  roll_lines=0
  # A restart that has begun is carried through, also when the lock's command was killed meanwhile.
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
  grep -q '"t":"over"' "$roll_file" || die UNIT_FAILED "the restart of $1 under the lock broke off" unit "$1" detail "$(tail -n 5 "$TMP/lock-output")"
}

# roll_relay: passes on the lines that are new; a problem among them ends the request.
roll_relay() {
  roll_all=$(wc -l <"$roll_file")
  [ "$roll_all" -gt "$roll_lines" ] || return 0
  sed -n "$((roll_lines + 1)),${roll_all}p" "$roll_file" || exit 1
  roll_lines=$roll_all
  ! grep -q '"t":"problem"' "$roll_file" || { wait "$roll_pid"; exit 1; }
}

# roll_locked TMP NAME: runs under the lock, in a process of its own.
roll_locked() {
  TMP=$1
  # Begun, it is carried through, also without a runner: the session leaves us what we need.
  : >"$TMP/rolling"
  trap 'rm -f "$TMP/rolling"' EXIT
  trap '' PIPE
  exec >>"$TMP/$2.roll"
  read -r _ _ _ _ roll_invocation <<EOF
$(show_units "$2")
EOF
  if [ -z "$(restart_reason "$2" "$(cat "$TMP/$2.hash")" "$roll_invocation")" ]; then
    event over
    return
  fi
  roll_step allow "$2" || die RESTART_REFUSED "$2 must not restart now: $(tail -n 3 "$TMP/answer")" unit "$2"
  roll_hold "$2"
  roll_step before "$2" || die RESTART_REFUSED "what comes before the restart of $2 failed: $(tail -n 3 "$TMP/answer")" unit "$2"
  log "restarting $2 under the lock"
  ready_base=$TMP/roll-restarts
  show_units "$2" >"$ready_base"
  now
  roll_began=$NOW
  # A start without a time limit of its own must not keep the lock for ever: systemd goes on with it, and the checks below judge it.
  timeout 120 systemctl restart "$2" 2>"$TMP/answer"
  case $? in 0 | 124) ;; *) unit_broken "$2" 'has failed' ;; esac
  unit_ready "$2" "$TMP/$2.ready" "$(cat "$TMP/$2.seconds")" "$2"
  cp "$TMP/$2.healthy-hint" "$TMP/$2.hint"
  unit_ready "$2" "$TMP/$2.healthy" "$(cat "$TMP/$2.healthy-seconds")" "$2"
  now
  log "$2 is healthy again after $((NOW - roll_began)) s"
  if roll_step after "$2" && [ -s "$TMP/answer" ]; then event log level warning text "$(tail -n 3 "$TMP/answer")"; fi
  event unit name "$2" did restarted
  event over
}

# roll_hold UNIT: work for which the runner holds the unit's clients. It may be gone, or not reach them: then the work is left.
roll_hold() {
  [ -s "$TMP/$1.hold" ] || return 0
  for roll_try in 1 2 3; do
    roll_step hold "$1" || return 0
    event hold unit "$1"
    roll_step held "$1"
    roll_held=$?
    [ "$roll_held" = 1 ] || break
  done
  [ "$roll_held" = 0 ] || log "the clients of $1 could not be held (status $roll_held, try $roll_try)"
}

# roll_step NAME UNIT: lines of sh; none is fine.
roll_step() {
  : >"$TMP/answer"
  [ -s "$TMP/$2.$1" ] || return 0
  timeout 60 sh "$TMP/$2.$1" </dev/null >"$TMP/answer" 2>&1
}
