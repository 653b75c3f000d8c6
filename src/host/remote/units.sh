# shellcheck shell=dash
# Starts, restarts and reloads. A unit is restarted if the files that it read at its last start differ from those on disk, or reloaded if that is enough.

# unit NAME TEXT_HASH SECONDS READY HINT REASON…: one of the units that must run, in order of start; for these reasons it is only reloaded.
unit() {
  UNIT_NAMES="${UNIT_NAMES:-} $1"
  printf '%s\n' "$2" >"$TMP/$1.hash"
  printf '%s\n' "$3" >"$TMP/$1.seconds"
  printf '%s' "$4" >"$TMP/$1.ready"
  printf '%s\n' "$5" >"$TMP/$1.hint"
  unit_name=$1
  shift 5
  printf '%s' "$@" >"$TMP/$unit_name.rereads"
}

# restart_reason NAME TEXT_HASH INVOCATION: prints the reason for a restart, or if there is none, for a reload; prints nothing if none is due.
restart_reason() {
  [ -f "$STATE/started/$1" ] || { printf 'no record of the configuration it was started with\n' && return; }
  describe_reads "$1" | awk -F '\t' -v hash="$2" -v invocation="$3" -v started="$STATE/started/$1" -v rereads="$TMP/$1.rereads" "$describe_identity"'
    function why(text) { if (!(text in reread)) { if (!printed) print text; printed = 1 } else if (soft == "") soft = text }
    BEGIN {
      while ((getline line < started) > 0) { split(line, f, "\t"); was[f[1]] = f[2] }
      while ((getline line < rereads) > 0) reread[line]
    }
    NF == 1 { order[++n] = $1; next }
    { big[$1] = identity($4); sum[$1] = $5 == "" ? "other" : $5 }
    END {
      if (was["invocation"] != "" && was["invocation"] != invocation) why("no record of the configuration it was started with")
      if (was["loaded"] != hash) why("its unit text changed since its start")
      for (i = 1; i <= n; i++) {
        path = order[i]
        now = path in sum ? sum[path] : "absent"
        if (was[path] != now && !(path in big && was[path] == big[path])) why(path " changed since its start")
      }
      if (!printed && soft != "") print soft
    }'
}

# show_units NAME…: name, active state, sub-state, number of restarts and invocation, one line each.
show_units() {
  systemctl show -p Id -p ActiveState -p SubState -p InvocationID -p NRestarts "$@" 2>/dev/null | awk -F = '
    function out() { if (v["Id"] != "") print v["Id"], v["ActiveState"], v["SubState"], v["NRestarts"] + 0, v["InvocationID"]; split("", v) }
    $0 == "" { out(); next }
    { v[$1] = $2 }
    END { out() }'
}

# units_apply: starts and restarts units so that all run with the files on disk.
units_apply() {
  [ -z "$RELOAD" ] || systemctl daemon-reload 2>"$TMP/error" || die RELOAD_FAILED 'systemctl daemon-reload failed' detail "$(cat "$TMP/error")"
  # shellcheck disable=SC2086
  [ -z "${UNIT_NAMES:-}" ] || units_run $UNIT_NAMES
}

# units_run NAME…: units up to the first that takes its turn, or up to the last that may take turns and starts, start in parallel, ordered
# by systemd. Those behind it follow when it is ready: a controller-manager must not be newer than its API server, and a new cluster's
# API server does not know its rights before, so that its first request fails, and it waits for seconds.
units_run() {
  units_start='' units_restart='' units_reload='' units_roll='' units_behind='' units_wait='' units_first='' units_last=''
  for unit_name in "$@"; do [ ! -f "$TMP/$unit_name.live" ] || units_last=$unit_name; done
  show_units "$@" >"$TMP/units"
  # All units are checked before any is changed.
  while read -r unit_name unit_active unit_sub _ unit_invocation; do
    if [ -n "$units_first" ]; then units_behind="$units_behind $unit_name"; else unit_classify; fi
  done <"$TMP/units"
  [ -z "$units_start" ] || log "starting$units_start"
  for unit_name in $units_start; do event unit name "$unit_name" did started; done
  for unit_name in $units_restart; do
    log "restarting $unit_name: $(cat "$TMP/$unit_name.reason")"
    event unit name "$unit_name" did restarted
  done
  # shellcheck disable=SC2086
  {
    [ -z "$units_start" ] || systemctl reset-failed $units_start 2>/dev/null
    [ -z "$units_start" ] || systemctl start --no-block $units_start 2>"$TMP/error" || units_refused $units_start
    [ -z "$units_restart" ] || systemctl restart --no-block $units_restart 2>"$TMP/error" || units_refused $units_restart
  }
  for unit_name in $units_reload; do unit_reload "$unit_name"; done
  # shellcheck disable=SC2086
  units_ready $units_wait
  for unit_name in $units_roll; do roll "$unit_name"; done
  # shellcheck disable=SC2086
  [ -z "$units_behind" ] || units_run $units_behind
}

# Sorts a unit into those to start, to restart, or to restart with care.
unit_classify() {
  case $unit_active in
    active | reloading | activating) ;;
    *)
      units_start="$units_start $unit_name" units_wait="$units_wait $unit_name"
      unit_leads
      return
      ;;
  esac
  restart_reason "$unit_name" "$(cat "$TMP/$unit_name.hash")" "$unit_invocation" >"$TMP/$unit_name.reason"
  if [ ! -s "$TMP/$unit_name.reason" ]; then
    [ "$unit_active" != active ] || return 0
    units_wait="$units_wait $unit_name"
  elif [ "$unit_active" = active ] && grep -qxF -f "$TMP/$unit_name.reason" "$TMP/$unit_name.rereads"; then
    units_reload="$units_reload $unit_name" units_wait="$units_wait $unit_name"
  elif unit_serves; then
    units_roll="$units_roll $unit_name" units_first=$unit_name
  else
    units_restart="$units_restart $unit_name" units_wait="$units_wait $unit_name"
  fi
  unit_leads
}

# unit_reload NAME: what it reads now is recorded, as at a start. A reload that fails leaves the unit as it was.
unit_reload() {
  log "reloading $1: $(cat "$TMP/$1.reason")"
  {
    head -n 2 "$STATE/started/$1"
    fingerprint "$1"
  } >"$STATE/started/.$1"
  timeout 60 systemctl reload "$1" 2>"$TMP/error" || unit_broken "$1" "refuses to reload: $(tail -n 1 "$TMP/error")"
  mv -f "$STATE/started/.$1" "$STATE/started/$1"
  event unit name "$1" did reloaded
}

# The units behind the last that may take turns wait for it, also when it starts or restarts without a turn.
unit_leads() { [ "$unit_name" != "$units_last" ] || units_first=$unit_name; }

# Must the unit take turns, because a running cluster depends on it? Dies if that is unknown, unless FORCE_RESTART is set.
unit_serves() {
  [ -f "$TMP/$unit_name.live" ] && [ "$unit_active" = active ] || return 1
  rolling_alive "$unit_name"
  unit_alive=$?
  case $unit_alive in
    0) return 0 ;;
    11) die RESTART_REFUSED "$unit_name must not restart now: $(tail -n 1 "$TMP/$unit_name.alive")" unit "$unit_name" ;;
    10) log "$unit_name restarts without waiting for others: $(tail -n 1 "$TMP/$unit_name.alive")" ;;
    *)
      [ "$unit_alive" != 124 ] || echo 'no answer within 90 s' >>"$TMP/$unit_name.alive"
      [ -n "${FORCE_RESTART:-}" ] || die RESTART_UNKNOWN "nothing was restarted, because it is unknown whether a running cluster depends on $unit_name" \
        unit "$unit_name" detail "$(tail -n 5 "$TMP/$unit_name.alive")"
      log "$unit_name restarts although it is unknown whether a running cluster depends on it: force-restart"
      ;;
  esac
  return 1
}

units_refused() { die UNIT_FAILED "systemd refuses to start $*" unit "$1" detail "$(cat "$TMP/error")"; }

# unit_journal NAME: the last lines, for an error.
unit_journal() { journalctl -u "$1" -n 15 -o cat --no-pager 2>/dev/null; }

# unit_broken NAME WHAT
unit_broken() {
  die UNIT_FAILED "$1 $2" unit "$1" detail "$(unit_journal "$1")" hint "$(cat "$TMP/$1.hint")"
}

# units_ready NAME…: waits for each, and watches all of them meanwhile, so a failure is noticed at once.
units_ready() {
  [ $# -gt 0 ] || return 0
  ready_base=$TMP/restarts
  show_units "$@" >"$ready_base"
  now
  ready_began=$NOW
  for ready_name in "$@"; do
    unit_ready "$ready_name" "$TMP/$ready_name.ready" "$(cat "$TMP/$ready_name.seconds")" "$@"
    now
    log "$ready_name is ready after $((NOW - ready_began)) s"
  done
  ready_unchecked=
  for ready_name in "$@"; do
    [ -s "$TMP/$ready_name.ready" ] || ready_unchecked=1
    case $ready_name in *.service) ;; *) record_other "$ready_name" ;; esac
  done
  # A process that exits at once is active for a moment; a successful check excludes that.
  [ -z "$ready_unchecked" ] || sleep 0.3
  units_alive "$@"
}

# Sets NOW to the seconds since boot, without a fork, because loops call it often and seven lab hosts share two cores.
now() {
  IFS=. read -r NOW _ </proc/uptime
}

# unit_ready NAME COMMAND_FILE SECONDS NAME…: waits until the first is ready, and watches all.
unit_ready() {
  ready_unit=$1 ready_file=$2 ready_seconds=$3
  shift 3
  now
  ready_start=$NOW
  ready_watched=$NOW
  ready_settled=
  until unit_settled "$ready_unit" "$ready_file" && unit_answers "$ready_file"; do
    now
    if [ $((NOW - ready_start)) -ge "$ready_seconds" ]; then
      units_alive "$@"
      die UNIT_NOT_READY "$ready_unit is not ready after $ready_seconds s$(ready_last)" unit "$ready_unit" \
        detail "$(unit_journal "$ready_unit")" hint "$(cat "$TMP/$ready_unit.hint")"
    fi
    if [ "$NOW" != "$ready_watched" ]; then
      ready_watched=$NOW
      units_alive "$@"
      tick
    fi
    sleep 0.15
  done
}

# The last output of the check, if any.
ready_last() { [ ! -s "$TMP/answer" ] || printf ': %s' "$(tail -n 1 "$TMP/answer")"; }

unit_active() { systemctl is-active -q "$1"; }

# unit_settled NAME CHECK_FILE: active, and without a pending stop or start job: before that, a check could be answered
# by the process that is about to stop. A unit with a check may also still be starting: the first etcd member
# reports readiness only with a quorum, and the other members may be set up by later runs.
# Checked until it is true, and then not again: from then on only the readiness check counts.
unit_settled() {
  [ -z "$ready_settled" ] || return 0
  case $(systemctl show -p ActiveState -p SubState -p Job "$1" 2>/dev/null) in
    *SubState=start"$NL"* | *SubState=start) [ -s "$2" ] || return 1 ;;
    *Job=[1-9]*) return 1 ;;
    *ActiveState=active*) ;;
    *) return 1 ;;
  esac
  ready_settled=1
}

# unit_answers FILE: an empty check is always true.
unit_answers() {
  [ -s "$1" ] || return 0
  timeout 20 sh "$1" </dev/null >"$TMP/answer" 2>&1
}

# units_alive NAME…: dies if one has failed or keeps restarting.
units_alive() {
  show_units "$@" >"$TMP/alive"
  while read -r alive_name alive_active alive_sub alive_restarts _; do
    [ "$alive_active" != failed ] || unit_failed "$alive_name"
    alive_base=$(awk -v name="$alive_name" '$1 == name { print $4 }' "$ready_base")
    # systemd resets its counter after a manual start.
    [ "$alive_restarts" -ge "${alive_base:-0}" ] || alive_base=0
    [ $((alive_restarts - ${alive_base:-0})) -lt 3 ] || unit_broken "$alive_name" "keeps failing and restarting ($alive_restarts times)"
    [ "$alive_active" != inactive ] || unit_stopped "$alive_name"
  done <"$TMP/alive"
}

has_job() { systemctl show -p Job "$1" | grep -q 'Job=[1-9]'; }

# A unit that was stopped while it was waiting to start is shown as failed for a moment before it starts again.
unit_failed() {
  has_job "$1" || ! systemctl is-failed -q "$1" || unit_broken "$1" 'has failed'
}

# No pending job and not running: a dependency failed, or it exited.
unit_stopped() {
  has_job "$1" || unit_active "$1" || unit_broken "$1" 'does not run'
}

# Only services run the script that records what they read; for other units it is recorded here.
record_other() {
  {
    printf 'invocation\t\nloaded\t%s\n' "$(cat "$TMP/$1.hash")"
    fingerprint "$1"
  } >"$STATE/started/.$1" && mv -f "$STATE/started/.$1" "$STATE/started/$1"
}

# remove_unit NAME: before its files go.
remove_unit() {
  RELOAD=1
  systemctl disable --now "$1" >/dev/null 2>&1
  systemctl reset-failed "$1" 2>/dev/null
  rm -f "$STATE/started/$1" "$STATE/reads/$1"
}
