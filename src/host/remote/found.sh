# shellcheck shell=dash
# What was on the host before something was placed there for the first time: $STATE/found, a line of kind, subject and value for each
# entry of the host's lists. A reset restores it. What was overwritten is in $STATE/kept.

FOUND=$STATE/found

# found_note FILE: records the entries of a ledger that this host's lists do not have yet. Before anything is changed.
found_note() {
  found_wanted=$1
  # Lists without a record are of an earlier version: what is in their places may already be ours.
  found_how=found_look
  set -- "$FOUND"
  for found_scope in "$STATE"/scopes/*; do [ ! -f "$found_scope" ] || set -- "$@" "$found_scope"; done
  if [ ! -f "$FOUND" ]; then
    [ $# -eq 1 ] || found_how=found_unknown
    : >"$FOUND" 2>"$TMP/error" || write_failed "$FOUND"
  fi
  : >"$TMP/again"
  # What was missing when one entry was recorded was missing for every other entry of that path: since then it is ours.
  awk -F '\t' -v OFS='\t' -v wanted="$found_wanted" -v own="$STATE/" -v again="$TMP/again" '
    { key = $1 FS $2 }
    FILENAME != wanted { known[key] = 1; if ($3 == "absent") missing[$2] = 1; next }
    (key in known) || index($2, own) == 1 { next }
    { known[key] = 1 }
    ($2 in missing) && $2 ~ /^\// { print $1, $2, "absent" >again; next }
    { print $1, $2, $3 }' "$@" "$found_wanted" >"$TMP/new"
  [ -s "$TMP/new" ] || [ -s "$TMP/again" ] || return 0
  { "$found_how" <"$TMP/new" >"$TMP/noted" && cat "$FOUND" "$TMP/again" "$TMP/noted" >"$STATE/.found" && sync_paths "$STATE/.found" &&
    mv -f "$STATE/.found" "$FOUND"; } 2>"$TMP/error" || write_failed "$FOUND"
}

found_unknown() { awk -F '\t' -v OFS='\t' '{ print $1, $2, "unknown" }'; }

# found_look: stdin: entries; prints a line for each. Without a fork for what does not exist.
found_look() {
  found_units='' found_parents=''
  while IFS=$TAB read -r found_kind found_subject found_extra; do
    found_value=
    # shellcheck disable=SC2086
    case $found_kind in
      file | link | download | directory | tree) found_path ;;
      sysctl | tuned) found_setting "/proc/sys/$found_extra" ;;
      module) if [ -e "/sys/module/$found_subject" ]; then found_value=loaded; else found_value=absent; fi ;;
      package) if command_there "$found_subject" $found_extra; then found_value=present; else found_value=absent; fi ;;
      interface) if [ -e "/sys/class/net/$found_subject" ]; then found_value=present; else found_value=absent; fi ;;
      table) if found_table "$found_subject"; then found_value=present; else found_value=absent; fi ;;
      chain) [ -n "${found_tables:-}" ] || found_base_tables ;;
      hostname) found_hostname ;;
      swap) found_swaps ;;
      unit) found_units="$found_units $found_subject" ;;
    esac
    [ -z "$found_value" ] || printf '%s\t%s\t%s\n' "$found_kind" "$found_subject" "$found_value"
  done
  # shellcheck disable=SC2086
  [ -z "$found_units" ] || show_units $found_units | awk -v OFS='\t' '{ print "unit", $1, $2 }'
}

# found_path: sets found_value for found_subject; also prints missing parents, and what is in a directory that will be emptied.
found_path() {
  if [ -d "$found_subject" ] && [ "$found_kind" != link ]; then
    # A link to a directory serves as one.
    found_value="directory $(stat -L -c '%a %U:%G' "$found_subject")"
    [ "$found_kind" != tree ] || found_inside
  elif [ -L "$found_subject" ]; then
    found_value="link $(found_keep "$found_subject") $(readlink "$found_subject")"
  elif [ -e "$found_subject" ]; then
    found_value="file $(found_keep "$found_subject") $(stat -c '%a %U:%G' "$found_subject")"
  else
    found_value=absent
    found_parent=${found_subject%/*}
    while [ -n "$found_parent" ] && [ ! -d "$found_parent" ]; do
      case $found_parents in *"$NL$found_parent$NL"*) break ;; esac
      found_parents="$found_parents$NL$found_parent$NL"
      printf 'parent\t%s\tabsent\n' "$found_parent"
      found_parent=${found_parent%/*}
    done
  fi
}

# What is in a directory that a reset empties, and what is mounted below it.
found_inside() {
  awk -v OFS='\t' -v root="$found_subject/" 'index($5, root) == 1 { print "mounted", $5, "present" }' /proc/self/mountinfo
  for found_name in "$found_subject"/* "$found_subject"/.[!.]*; do
    [ -e "$found_name" ] || [ -L "$found_name" ] || continue
    printf 'inside\t%s\tpresent\n' "$found_name"
  done
}

# found_keep PATH: keeps what will be overwritten; prints its number. A big file gets a second name: it is replaced, not written to. A copy
# is on the disk before its original goes.
found_keep() {
  make_directories "$STATE/kept"
  found_number=1
  while [ -e "$STATE/kept/$found_number" ] || [ -L "$STATE/kept/$found_number" ]; do found_number=$((found_number + 1)); done
  if [ "$(stat -c %s "$1")" -le 1048576 ] || ! ln -P "$1" "$STATE/kept/$found_number" 2>/dev/null; then
    cp -pP "$1" "$STATE/kept/$found_number" 2>"$TMP/error" || write_failed "$1"
    [ -L "$1" ] || sync_paths "$STATE/kept/$found_number"
  fi
  printf '%s' "$found_number"
}

# found_setting FILE: the value of a kernel setting, on one line.
found_setting() {
  found_value=absent
  [ ! -r "$1" ] || found_value=$(tr '\t' ' ' <"$1" 2>/dev/null)
}

found_table() {
  # shellcheck disable=SC2086
  command -v nft >/dev/null && nft list table $1 >/dev/null 2>&1
}

# iptables makes these tables when a rule needs them.
found_base_tables() {
  found_tables=1
  for found_base in 'ip filter' 'ip nat' 'ip mangle' 'ip raw' 'ip6 filter' 'ip6 nat' 'ip6 mangle' 'ip6 raw'; do
    ! found_table "$found_base" || printf 'base\t%s\tpresent\n' "$found_base"
  done
}

found_hostname() {
  IFS= read -r found_value </proc/sys/kernel/hostname
  found_kept=$found_value found_kind=file found_subject=/etc/hostname
  found_path
  printf 'file\t/etc/hostname\t%s\n' "$found_value"
  found_kind=hostname found_subject=hostname found_value=$found_kept
}

# The devices and files that are swapped to, with their priority.
found_swaps() {
  while read -r found_device _ _ _ found_priority; do
    [ "$found_device" = Filename ] || printf 'device\t%s\t%s\n' "$found_device" "$found_priority"
  done </proc/swaps
  found_value=seen
}
