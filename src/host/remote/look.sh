# shellcheck shell=dash
# A look at things by name: those that the host's own lists name (look_ledger) and those that the runner asks for.

LOOK_UNITS='' LOOK_LINKS='' LOOK_SYSCTLS=''

look_begin() { : >"$TMP/paths"; }
look_paths() { printf '%s\n' "$@" >>"$TMP/paths"; }
look_links() { for look_word in "$@"; do LOOK_LINKS="$LOOK_LINKS$look_word$NL"; done; }
look_units() { LOOK_UNITS="$LOOK_UNITS $*"; }

# look_sysctl KEY PATH_UNDER_PROC_SYS
look_sysctl() { LOOK_SYSCTLS="$LOOK_SYSCTLS$1$TAB$2$NL"; }

look_command() { command -v "$1" >/dev/null && section command && printf '%s\n' "$1"; :; }
look_user() { id -u "$1" >/dev/null 2>&1 && section user && printf '%s\n' "$1"; :; }

# module_there NAME [CHECK]
module_there() {
  case ${2:-} in
    '') [ -e "/sys/module/$1" ] ;;
    untellable) [ -e "/sys/module/$1" ] || grep -q "^$1$TAB" "$STATE/modules" 2>/dev/null ;;
    filesystem:*) grep -qw "${2#filesystem:}" /proc/filesystems ;;
    *) [ -e "$2" ] ;;
  esac
}

look_module() { module_there "$1" "${2:-}" && section module && printf '%s\n' "$1"; :; }

# look_ledger: the lists of all scopes, and a look at all that they name.
look_ledger() {
  for look_scope in "$STATE"/scopes/*; do
    [ -f "$look_scope" ] || continue
    section scope
    printf '%s\n' "${look_scope##*/}"
    section ledger
    cat "$look_scope"
    while IFS=$TAB read -r look_kind look_subject look_extra; do
      case $look_kind in
        file | directory | download | absent) printf '%s\n' "$look_subject" >&4 ;;
        link) LOOK_LINKS="$LOOK_LINKS$look_subject$NL" ;;
        unit) LOOK_UNITS="$LOOK_UNITS $look_subject" ;;
        sysctl) look_sysctl "$look_subject" "${look_extra%%"$TAB"*}" ;;
        module) look_module "$look_subject" "${look_extra%%"$TAB"*}" ;;
        package) look_command "$look_subject" ;;
        user) look_user "$look_subject" ;;
      esac
    done <"$look_scope" 4>>"$TMP/paths"
  done
  for look_word in sums modules; do
    [ -f "$STATE/$look_word" ] && section "$look_word" && cat "$STATE/$look_word"
  done
  if [ -f "$STATE/pending" ]; then section pending && cat "$STATE/pending"; fi
}

# look_end: what is cheaper asked once for all.
look_end() {
  look_unit_records
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
    set -- $LOOK_LINKS
    [ $# -eq 0 ] || stat -c '%N' -- "$@" 2>/dev/null
  )
  section sysctl
  # By awk: the kernel hands out a number in one piece only, and read of dash asks for one byte at a time.
  [ -z "$LOOK_SYSCTLS" ] || printf '%s' "$LOOK_SYSCTLS" | awk -F '\t' '
    { file = "/proc/sys/" $2; if ((getline value < file) > 0) print $1 "\t" value; close(file) }'
  section hostname
  IFS= read -r look_word </proc/sys/kernel/hostname && printf '%s\n' "$look_word"
  section swap
  while IFS= read -r look_word; do printf '%s\n' "$look_word"; done </proc/swaps
  section hosts
  cat "${K8S_HA_TEST_ROOT:-}/etc/hosts" 2>/dev/null
  section unit
  # shellcheck disable=SC2086
  set -- systemd-resolved.service firewalld.service ufw.service $LOOK_UNITS
  systemctl show -p Id -p LoadState -p ActiveState -p SubState -p InvocationID -p NeedDaemonReload "$@" 2>/dev/null
}

# The records of units: what each read at its last start, and what it reads in general.
look_unit_records() {
  # shellcheck disable=SC2086
  for look_word in $LOOK_UNITS; do
    for look_kind in started reads; do
      [ -f "$STATE/$look_kind/$look_word" ] || continue
      section "$look_kind $look_word"
      cat "$STATE/$look_kind/$look_word"
      [ "$look_kind" = started ] || cat "$STATE/reads/$look_word" >>"$TMP/paths"
    done
  done
}
