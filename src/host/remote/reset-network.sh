# shellcheck shell=dash
# A reset of the network: interfaces, routes, rules.

reset_network() {
  reset_pick interface >"$TMP/interfaces"
  while IFS=$TAB read -r _ reset_name reset_was _; do
    if [ "$reset_was" = present ] || [ ! -e "/sys/class/net/$reset_name" ]; then continue; fi
    for reset_port in "/sys/class/net/$reset_name/brif"/*; do
      [ ! -e "$reset_port" ] || reset_interface "${reset_port##*/}"
    done
    reset_interface "$reset_name"
  done <"$TMP/interfaces"
  for reset_subnet in $(reset_names route); do reset_routes "$reset_subnet"; done
  reset_rules
}

reset_interface() {
  does remove "$1" interface || return 0
  ip link delete "$1" 2>"$TMP/error" || [ ! -e "/sys/class/net/$1" ] || die RESET_BUSY "the interface $1 cannot be removed" detail "$(cat "$TMP/error")"
}

reset_routes() {
  command -v ip >/dev/null || return 0
  case $1 in *:*) reset_family=-6 ;; *) reset_family=-4 ;; esac
  [ -n "$(ip "$reset_family" route show root "$1" 2>/dev/null)" ] || return 0
  does remove "$1" routes || return 0
  ip "$reset_family" route flush root "$1" 2>/dev/null
}

# The rules of iptables, of both its kinds, then ipsets, then tables of nftables.
reset_rules() {
  reset_names chain >"$TMP/chains"
  if [ -s "$TMP/chains" ]; then
    for reset_tool in iptables ip6tables; do
      if command -v "$reset_tool-nft-save" >/dev/null; then
        reset_chains "$reset_tool-nft"
        reset_chains "$reset_tool-legacy"
      else
        reset_chains "$reset_tool"
      fi
    done
    reset_sets
  fi
  command -v nft >/dev/null || return 0
  reset_pick table >"$TMP/tables"
  while IFS=$TAB read -r _ reset_name reset_was _; do
    if [ "$reset_was" = present ] || ! found_table "$reset_name"; then continue; fi
    # shellcheck disable=SC2086
    does remove "table $reset_name" nftables && nft delete table $reset_name
  done <"$TMP/tables"
  [ ! -s "$TMP/chains" ] || [ "$RESET" = dry ] || reset_base_tables
}

# reset_chains TOOL: the rules that lead to the listed chains, and the chains, in one transaction a table.
reset_chains() {
  command -v "$1-save" >/dev/null || return 0
  "$1-save" 2>/dev/null | awk -v prefixes="$TMP/chains" '
    BEGIN { while ((getline line < prefixes) > 0) prefix[++n] = line }
    function ours(name,   i) { for (i = 1; i <= n; i++) if (index(name, prefix[i]) == 1) return 1; return 0 }
    /^\*/ { table = $0; rules = chains = flushes = ""; next }
    /^:/ { name = substr($1, 2); if (ours(name)) { flushes = flushes ":" name " - [0:0]\n"; chains = chains "-X " name "\n" }; next }
    /^-A / {
      if (ours($2)) next
      for (i = 3; i < NF; i++) if (($i == "-j" || $i == "-g") && ours($(i + 1))) { sub(/^-A/, "-D"); rules = rules $0 "\n"; break }
      next
    }
    /^COMMIT/ { if (rules flushes != "") printf "%s\n%s%s%sCOMMIT\n", table, flushes, rules, chains }' >"$TMP/undo"
  [ -s "$TMP/undo" ] || return 0
  does remove "$(grep -c '^-X' "$TMP/undo") chains and $(grep -c '^-D' "$TMP/undo") rules" "$1" || return 0
  "$1-restore" --noflush <"$TMP/undo" 2>"$TMP/error" || die RESET_BUSY "$1 does not remove the rules" detail "$(cat "$TMP/error")"
}

reset_sets() {
  command -v ipset >/dev/null || return 0
  ipset list -name 2>/dev/null | awk -v prefixes="$TMP/chains" '
    BEGIN { while ((getline line < prefixes) > 0) prefix[++n] = line }
    { for (i = 1; i <= n; i++) if (index($0, prefix[i]) == 1) { print; break } }' >"$TMP/sets"
  while IFS= read -r reset_name; do
    does remove "$reset_name" ipset && ipset destroy "$reset_name" 2>/dev/null
  done <"$TMP/sets"
}

# iptables leaves the tables that it made, without a rule. Those that were not there before go.
reset_base_tables() {
  for reset_name in 'ip filter' 'ip nat' 'ip mangle' 'ip raw' 'ip6 filter' 'ip6 nat' 'ip6 mangle' 'ip6 raw'; do
    ! grep -q "^base$TAB$reset_name$TAB" "$TMP/plan" || continue
    # shellcheck disable=SC2086
    nft list table $reset_name 2>/dev/null | awk '
      /^#/ || /^table / || /^[ \t]*}?$/ { table = table || /^table /; next }
      /^[ \t]*chain [^ ]+ {$/ { next }
      /^[ \t]*type .* policy accept;$/ { next }
      { full = 1 }
      END { exit !(table && !full) }' && nft delete table $reset_name 2>/dev/null
  done
}
