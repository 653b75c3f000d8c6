# shellcheck shell=dash
# A reset of the system itself: users, name, settings of the kernel, swap, units that ran before.

reset_users() {
  reset_pick user >"$TMP/users"
  while IFS=$TAB read -r _ reset_name _ _ reset_extra; do
    if [ "$reset_extra" != created ] || ! id -u "$reset_name" >/dev/null 2>&1; then continue; fi
    does remove "$reset_name" user || continue
    userdel "$reset_name" 2>"$TMP/error" || die USER_FAILED "cannot remove the user $reset_name" detail "$(cat "$TMP/error")"
  done <"$TMP/users"
}

# Name, settings of the kernel, swap.
reset_kernel() {
  reset_pick sysctl tuned >"$TMP/settings"
  while IFS=$TAB read -r _ reset_key reset_was _ reset_path; do
    case $reset_was in absent | unknown) continue ;; esac
    found_value=absent
    found_setting "/proc/sys/$reset_path"
    case $found_value in "$reset_was" | absent) continue ;; esac
    does restore "$reset_key" "$found_value → $reset_was" || continue
    { printf '%s\n' "$reset_was" >"/proc/sys/$reset_path"; } 2>/dev/null || log "left: $reset_key is $found_value, the kernel refuses $reset_was"
  done <"$TMP/settings"
  reset_pick hostname | {
    IFS=$TAB read -r _ _ reset_was _
    IFS= read -r reset_name </proc/sys/kernel/hostname
    [ "${reset_was:-unknown}" != unknown ] && [ "$reset_was" != "$reset_name" ] || exit 0
    does restore hostname "$reset_name → $reset_was" || exit 0
    ! grep -q "^file$TAB/etc/hostname${TAB}absent" "$TMP/plan" || rm -f /etc/hostname
    hostname "$reset_was" 2>/dev/null || printf '%s\n' "$reset_was" >/proc/sys/kernel/hostname
  }
}

# systemd forgets our units; what ran before runs again.
reset_services() {
  grep -Eq "^(unit|swap)$TAB" "$TMP/plan" || return 0
  if [ "$RESET" = wet ]; then
    systemctl daemon-reload 2>"$TMP/error" || die RELOAD_FAILED 'systemctl daemon-reload failed' detail "$(cat "$TMP/error")"
    # shellcheck disable=SC2046
    systemctl reset-failed $(reset_names unit) 2>/dev/null
  fi
  reset_pick device >"$TMP/devices"
  while IFS=$TAB read -r _ reset_path reset_was _; do
    ! grep -q "^${reset_path}[ $TAB]" /proc/swaps || continue
    does restore "$reset_path" 'swap on' || continue
    case $reset_was in -*) set -- "$reset_path" ;; *) set -- -p "$reset_was" "$reset_path" ;; esac
    swapon "$@" 2>"$TMP/error" || log "left: swap on $reset_path is off: $(cat "$TMP/error")"
  done <"$TMP/devices"
  reset_pick unit >"$TMP/units"
  while IFS=$TAB read -r _ reset_unit reset_was _; do
    [ "$reset_was" = active ] || continue
    ! systemctl is-active -q "$reset_unit" || continue
    does restore "$reset_unit" 'was running' || continue
    reset_watch systemctl start "$reset_unit" 2>/dev/null || log "left: $reset_unit ran before, and does not start"
  done <"$TMP/units"
}
