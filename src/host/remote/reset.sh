# shellcheck shell=dash
# A reset: the host becomes what it was before the first thing was placed on it. It works from the host's own lists (scopes, found), and
# they go last: a reset that is killed is completed by the next one. A dry one reports the same and changes nothing.

GONE=${STATE%/*}/.k8s-ha-action.gone
RESET_MARK=$RUNTIME/reset

# reset_host wet|dry
reset_host() {
  RESET=$1
  [ "$RESET" = dry ] || rm -rf "$GONE"
  reset_plan
  reset_units
  reset_processes
  reset_mounts
  reset_network
  reset_trees
  reset_files
  reset_users
  reset_kernel
  reset_directories
  reset_services
  reset_left
  reset_end
}

# does KIND SUBJECT REASON: reports a change; true if it is to be made.
does() {
  event change kind "$1" subject "$2" reason "$3"
  [ "$RESET" = wet ]
}

# reset_plan: $TMP/plan: kind, subject, what was found, whether it is on a list, and the rest of its entry; and the owners, for the end.
reset_plan() {
  set -- "$TMP/found"
  cat "$FOUND" >"$TMP/found" 2>/dev/null
  for reset_scope in "$STATE"/scopes/*; do [ ! -f "$reset_scope" ] || set -- "$@" "$reset_scope"; done
  awk -F '\t' -v OFS='\t' -v found="$TMP/found" '
    { key = $1 FS $2 }
    FILENAME == found { was[key] = $3; if (!(key in order)) { order[key] = ++n; keys[n] = key } next }
    { listed[key] = 1; if (!(key in rest) || $3 != "") rest[key] = $3; if (!(key in order)) { order[key] = ++n; keys[n] = key } }
    END {
      for (i = 1; i <= n; i++) {
        key = keys[i]
        print key, was[key] == "" ? "unknown" : was[key], key in listed ? "listed" : "found", rest[key] == "" ? "-" : rest[key]
      }
    }' "$@" >"$TMP/plan"
  reset_pick owner | cut -f 2 >"$TMP/owners"
}

# reset_pick KIND…: the plan's lines of these kinds.
reset_pick() {
  awk -F '\t' -v kinds=" $* " 'index(kinds, " " $1 " ")' "$TMP/plan"
}

# reset_names KIND: the subjects of the listed entries of a kind.
reset_names() { awk -F '\t' -v kind="$1" '$1 == kind && $4 == "listed" { print $2 }' "$TMP/plan"; }

# reset_watch COMMAND…: runs it in the background, with keep-alives, and returns its status.
reset_watch() {
  "$@" &
  reset_job=$!
  while kill -0 "$reset_job" 2>/dev/null; do
    tick
    sleep 0.1
  done
  wait "$reset_job"
}

# The units end at once: what they would still do for their clients and data, the reset undoes.
reset_units() {
  reset_running=''
  # shellcheck disable=SC2046
  set -- $(reset_names unit)
  [ $# -gt 0 ] || return 0
  reset_healers
  show_units "$@" >"$TMP/units"
  while read -r reset_unit reset_active _; do
    [ "$reset_active" != inactive ] || continue
    does stop "$reset_unit" "$reset_active" && reset_running="$reset_running $reset_unit"
  done <"$TMP/units"
  [ -n "$reset_running" ] || return 0
  # shellcheck disable=SC2086
  systemctl kill --kill-who=main --signal=KILL $reset_running 2>/dev/null
  # shellcheck disable=SC2086
  reset_watch systemctl stop $reset_running 2>"$TMP/error" || die UNIT_FAILED "systemd does not stop$reset_running" detail "$(cat "$TMP/error")"
}

# A check of the failover that was killed has a timer that undoes its fault: it runs now, while what it needs is still there.
reset_healers() {
  systemctl list-units --all --plain --no-legend 'k8s-ha-action-*' 2>/dev/null | cut -d ' ' -f 1 >"$TMP/healers"
  while read -r reset_unit; do
    does stop "$reset_unit" 'of an earlier run' || continue
    case $reset_unit in
      *.timer) systemctl start "${reset_unit%.timer}.service" 2>/dev/null ;;
    esac
    systemctl stop "$reset_unit" 2>/dev/null
  done <"$TMP/healers"
}

# Containers outlive the runtime, and their processes are not in its unit.
reset_processes() {
  reset_tries=100
  while reset_pids && [ -s "$TMP/pids" ]; do
    does stop "$(wc -l <"$TMP/pids") processes" 'of containers' || break
    reset_tries=$((reset_tries - 1))
    [ "$reset_tries" -gt 0 ] || die RESET_BUSY "processes of containers do not end: $(tr '\n' ' ' <"$TMP/pids")"
    xargs kill -KILL <"$TMP/pids" 2>/dev/null
    sleep 0.1
    tick
  done
  for reset_name in $(reset_names cgroup); do reset_cgroup "$reset_name"; done
}

# reset_pids: $TMP/pids: the processes in the listed control groups, the listed programs, and the descendants of these.
reset_pids() {
  reset_groups=$(reset_names cgroup)
  reset_programs=$(reset_names program)
  [ -n "$reset_groups$reset_programs" ] || return 1
  # shellcheck disable=SC2012
  {
    ls -l /proc/[0-9]*/exe 2>/dev/null
    cat /proc/[0-9]*/stat 2>/dev/null
    grep -E '^[0-9]+:' /proc/[0-9]*/cgroup 2>/dev/null
  } | awk -v groups="$reset_groups" -v programs="$reset_programs" '
    BEGIN {
      n = split(groups, part, "\n"); for (i = 1; i <= n; i++) group[part[i]] = 1
      n = split(programs, part, "\n"); for (i = 1; i <= n; i++) program[part[i]] = 1
    }
    match($0, /\/proc\/[0-9]+\/exe -> /) {
      target = substr($0, RSTART + RLENGTH); sub(/ \(deleted\)$/, "", target)
      split(substr($0, RSTART), p, "/")
      if (target in program) mine[p[3]] = 1
      next
    }
    /^\/proc\// {
      split($0, p, "/"); pid = p[3]
      n = split(substr($0, index($0, ":") + 1), part, "/")
      for (i = 2; i <= n; i++) { name = part[i]; sub(/\.slice$/, "", name); if (name in group) mine[pid] = 1 }
      next
    }
    {
      pid = $1; line = $0; sub(/^.*\) /, "", line); split(line, f, " ")
      if (f[1] !~ /[ZX]/) parent[pid] = f[2]
    }
    END {
      do {
        more = 0
        for (pid in parent) if (!(pid in mine) && parent[pid] in mine) { mine[pid] = 1; more = 1 }
      } while (more)
      for (pid in mine) if (pid in parent) print pid
    }' >"$TMP/pids"
}

# reset_cgroup NAME: the empty groups, of systemd's or of the kubelet's own making.
reset_cgroup() {
  if systemctl is-active -q "$1.slice" 2>/dev/null; then
    does stop "$1.slice" active && systemctl stop "$1.slice" 2>/dev/null
  fi
  awk -v name="$1" '$3 ~ /^cgroup2?$/ { print $2 "/" name; print $2 "/" name ".slice" }' /proc/mounts >"$TMP/groups"
  while IFS= read -r reset_group; do
    [ -d "$reset_group" ] || continue
    does remove "$reset_group" 'control group' || continue
    find "$reset_group" -depth -type d -exec rmdir {} + 2>/dev/null
  done <"$TMP/groups"
}

# reset_mounts: what is mounted below the listed trees, the last one first. Nothing may be left there when they are removed: it could be
# a volume with data of others.
reset_mounts() {
  reset_names tree >"$TMP/trees"
  awk -F '\t' '$1 == "mounted" { print $2 }' "$TMP/plan" >"$TMP/mounted"
  reset_mounted "$TMP/mounts"
  while IFS= read -r reset_mount; do
    does unmount "$reset_mount" mounted || continue
    umount "$reset_mount" 2>/dev/null || umount -l "$reset_mount" 2>"$TMP/error" || log "$(cat "$TMP/error")"
    tick
  done <"$TMP/mounts"
  [ "$RESET" = wet ] || return 0
  reset_mounted "$TMP/mounts"
  [ ! -s "$TMP/mounts" ] || die RESET_BUSY "$(head -n 1 "$TMP/mounts") cannot be unmounted" file "$(head -n 1 "$TMP/mounts")"
}

# reset_mounted FILE: writes the mount points below the trees, but for those that were there before; of a tree with a pattern also those
# that it matches.
reset_mounted() {
  [ -s "$TMP/trees" ] || { : >"$1" && return; }
  awk -v trees="$TMP/trees" -v mounted="$TMP/mounted" '
    BEGIN {
      while ((getline line < mounted) > 0) kept[line] = 1
      while ((getline line < trees) > 0) { n++; whole[n] = line !~ /[*?]/; sub(/[*?].*$/, "", line); root[n] = whole[n] ? line "/" : line }
    }
    $5 in kept { next }
    {
      path = $5
      gsub(/\\040/, " ", path); gsub(/\\011/, "\t", path); gsub(/\\134/, "\\", path)
      for (i = 1; i <= n; i++) if (index(path, root[i]) == 1) { found[++m] = path; break }
    }
    END { for (i = m; i > 0; i--) print found[i] }' /proc/self/mountinfo >"$1"
}

# reset_left: what stays, because others may use it.
reset_left() {
  reset_left=$(awk -F '\t' '
    $1 == "package" && $3 == "absent" { packages = packages " " $2 }
    $1 == "module" && $3 == "absent" { modules = modules " " $2 }
    ($1 == "sysctl" || $1 == "tuned") && $3 == "unknown" { settings = settings " " $2 }
    END {
      if (packages) print "left: the packages that brought" packages
      if (modules) print "left until a restart of the host: the kernel modules" modules
      if (settings) print "left: the kernel settings" settings ", as their earlier values are not known"
    }' "$TMP/plan")
  [ -z "$reset_left" ] || printf '%s\n' "$reset_left" | while IFS= read -r reset_line; do log "$reset_line"; done
}

# reset_end: the lists go last, and at once. The mark is in memory: it lets a later run tell this host from one that never was ours.
reset_end() {
  [ "$RESET" = wet ] || return 0
  if [ -d "$STATE" ]; then
    cp "$TMP/owners" "$RESET_MARK" 2>"$TMP/error" || write_failed "$RESET_MARK"
    sync
    mv "$STATE" "$GONE" 2>"$TMP/error" || write_failed "$STATE"
  fi
  rm -rf "$GONE"
}
