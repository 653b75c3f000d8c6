# shellcheck shell=dash
# A look at things by name: those that the host's own lists name (snapshot_ledger) and those that the runner asks for.

SNAPSHOT_UNITS='' SNAPSHOT_LINKS='' SNAPSHOT_SYSCTLS=''

snapshot_begin() { : >"$TMP/paths"; }
snapshot_paths() { printf '%s\n' "$@" >>"$TMP/paths"; }
snapshot_links() { for snapshot_word in "$@"; do SNAPSHOT_LINKS="$SNAPSHOT_LINKS$snapshot_word$NL"; done; }
snapshot_units() { SNAPSHOT_UNITS="$SNAPSHOT_UNITS $*"; }

# snapshot_sysctl KEY PATH_UNDER_PROC_SYS
snapshot_sysctl() { SNAPSHOT_SYSCTLS="$SNAPSHOT_SYSCTLS$1$TAB$2$NL"; }

# command_there COMMAND [ANOTHER]…: is one of them there? Each does the same.
command_there() {
  for there_word in "$@"; do command -v "$there_word" >/dev/null && return; done
  return 1
}

snapshot_command() { command_there "$@" && section command && printf '%s\n' "$1"; :; }
snapshot_user() { id -u "$1" >/dev/null 2>&1 && section user && printf '%s\n' "$1"; :; }

# kernel_lists: sets KERNEL_LISTS to the directory of the kernel's lists of modules. Fails if they are not in the host's own file system,
# as in a container.
kernel_lists() {
  IFS= read -r KERNEL_LISTS </proc/sys/kernel/osrelease
  KERNEL_LISTS=${K8S_HA_TEST_ROOT:-}/lib/modules/$KERNEL_LISTS
  [ -f "$KERNEL_LISTS/modules.dep" ] && [ -f "$KERNEL_LISTS/modules.builtin" ]
}

# module_told NAME: a feature that shows no sign: built in by the kernel's lists, or without them tried by an earlier run.
module_told() {
  if kernel_lists; then grep -q "/$1\.ko\$" "$KERNEL_LISTS/modules.builtin"; else grep -q "^$1$TAB" "$STATE/modules" 2>/dev/null; fi
}

# module_there NAME [CHECK]
module_there() {
  case ${2:-} in
    '') [ -e "/sys/module/$1" ] ;;
    untellable) [ -e "/sys/module/$1" ] || module_told "$1" ;;
    filesystem:*) grep -qw "${2#filesystem:}" /proc/filesystems ;;
    *) [ -e "$2" ] ;;
  esac
}

snapshot_module() { module_there "$1" "${2:-}" && section module && printf '%s\n' "$1"; :; }

# snapshot_ledger: the lists of all scopes, and a look at all that they name.
snapshot_ledger() {
  for snapshot_scope in "$STATE"/scopes/*; do
    [ -f "$snapshot_scope" ] || continue
    section scope
    printf '%s\n' "${snapshot_scope##*/}"
    section ledger
    cat "$snapshot_scope"
    while IFS=$TAB read -r snapshot_kind snapshot_subject snapshot_extra; do
      # shellcheck disable=SC2086
      case $snapshot_kind in
        file | directory | download | absent) printf '%s\n' "$snapshot_subject" >&4 ;;
        link) SNAPSHOT_LINKS="$SNAPSHOT_LINKS$snapshot_subject$NL" ;;
        unit) SNAPSHOT_UNITS="$SNAPSHOT_UNITS $snapshot_subject" ;;
        sysctl) snapshot_sysctl "$snapshot_subject" "${snapshot_extra%%"$TAB"*}" ;;
        module) snapshot_module "$snapshot_subject" "${snapshot_extra%%"$TAB"*}" ;;
        package) snapshot_command "$snapshot_subject" $snapshot_extra ;;
        user) snapshot_user "$snapshot_subject" ;;
      esac
    done <"$snapshot_scope" 4>>"$TMP/paths"
  done
  if [ -f "$RUNTIME/reset" ]; then section reset && cat "$RUNTIME/reset"; fi
  for snapshot_word in sums modules; do
    [ -f "$STATE/$snapshot_word" ] && section "$snapshot_word" && cat "$STATE/$snapshot_word"
  done
  if [ -f "$STATE/pending" ]; then section pending && cat "$STATE/pending"; fi
  for snapshot_word in "$STATE"/staged/*; do
    if [ -d "$snapshot_word" ]; then section staged && printf '%s\n' "${snapshot_word##*/}"; fi
  done
}

# snapshot_end: what is cheaper asked once for all.
snapshot_end() {
  snapshot_unit_records
  section path
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2046
    set -- $(sort -u "$TMP/paths")
    [ $# -eq 0 ] || HASH_ALL=1 describe "$@"
  )
  section link
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    set -- $SNAPSHOT_LINKS
    [ $# -eq 0 ] || stat -c '%N' -- "$@" 2>/dev/null
  )
  section sysctl
  # By awk: the kernel returns a number only in one piece, and read of dash requests single bytes.
  [ -z "$SNAPSHOT_SYSCTLS" ] || printf '%s' "$SNAPSHOT_SYSCTLS" | awk -F '\t' '
    { file = "/proc/sys/" $2; if ((getline value < file) > 0) print $1 "\t" value; close(file) }'
  section hostname
  IFS= read -r snapshot_word </proc/sys/kernel/hostname && printf '%s\n' "$snapshot_word"
  section swap
  while IFS= read -r snapshot_word; do printf '%s\n' "$snapshot_word"; done </proc/swaps
  section hosts
  cat "${K8S_HA_TEST_ROOT:-}/etc/hosts" 2>/dev/null
  section unit
  # shellcheck disable=SC2086
  set -- systemd-resolved.service firewalld.service ufw.service $SNAPSHOT_UNITS
  systemctl show -p Id -p LoadState -p ActiveState -p SubState -p InvocationID -p NeedDaemonReload "$@" 2>/dev/null
}

# The records of units: what each read at its last start, and what it reads in general.
snapshot_unit_records() {
  # shellcheck disable=SC2086
  for snapshot_word in $SNAPSHOT_UNITS; do
    for snapshot_kind in started reads; do
      [ -f "$STATE/$snapshot_kind/$snapshot_word" ] || continue
      section "$snapshot_kind $snapshot_word"
      cat "$STATE/$snapshot_kind/$snapshot_word"
      [ "$snapshot_kind" = started ] || cat "$STATE/reads/$snapshot_word" >>"$TMP/paths"
    done
  done
}
