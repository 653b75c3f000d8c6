# shellcheck shell=dash
# A reset of files: data of the components, what was placed, directories.

# The data of the components. A directory that was there before is emptied of what was not in it.
reset_trees() {
  reset_pick tree >"$TMP/trees"
  awk -F '\t' '$1 == "inside" { print $2 }' "$TMP/plan" >"$TMP/inside"
  while IFS=$TAB read -r _ reset_tree reset_was _; do
    # shellcheck disable=SC2086
    case $reset_tree in
      *[*?]*) for reset_path in ${reset_tree%/*}/${reset_tree##*/}; do reset_tree "$reset_path" absent; done ;;
      *) reset_tree "$reset_tree" "$reset_was" ;;
    esac
  done <"$TMP/trees"
}

# reset_tree PATH FOUND
reset_tree() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  case $2 in
    directory*)
      for reset_name in "$1"/* "$1"/.[!.]*; do
        grep -Fqx -e "$reset_name" "$TMP/inside" || reset_delete "$reset_name"
      done
      ;;
    *)
      # A disk of its own may be mounted there since.
      if mountpoint -q "$1" 2>/dev/null; then reset_tree "$1" directory; else reset_delete "$1"; fi
      ;;
  esac
}

# reset_delete PATH: never into another file system.
reset_delete() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  does remove "$1" data || return 0
  reset_watch find "$1" -xdev -depth -delete 2>"$TMP/error"
  if [ -e "$1" ] || [ -L "$1" ]; then write_failed "$1"; fi
}

# What was placed goes; what it replaced comes back.
reset_files() {
  reset_pick file link download >"$TMP/files"
  while IFS=$TAB read -r _ reset_path reset_was reset_listed _; do
    case $reset_path in "$STATE"/*) continue ;; esac
    case $reset_was in
      file* | link*) reset_restore "$reset_path" "$reset_was" ;;
      *)
        [ "$reset_listed" = listed ] || continue
        [ -e "$reset_path" ] || [ -L "$reset_path" ] || continue
        ! does remove "$reset_path" placed || rm -f "$reset_path" 2>"$TMP/error" || write_failed "$reset_path"
        ;;
    esac
  done <"$TMP/files"
  ! grep -q "^module$TAB" "$TMP/plan" || reset_boot_modules
  reset_pick hosts >"$TMP/blocks"
  while IFS=$TAB read -r _ SCOPE _; do
    grep -Fqx "# BEGIN k8s-ha-action $SCOPE" "${K8S_HA_TEST_ROOT:-}/etc/hosts" || continue
    does remove "/etc/hosts" "the block $SCOPE" && put_hosts_block </dev/null
  done <"$TMP/blocks"
}

# reset_restore PATH FOUND: "file NUMBER MODE OWNER" or "link NUMBER TARGET". Without the kept file it is back already.
reset_restore() {
  # shellcheck disable=SC2086
  set -- "$1" $2
  reset_kept=$STATE/kept/$3
  [ -e "$reset_kept" ] || [ -L "$reset_kept" ] || return 0
  does restore "$1" "as it was found" || return 0
  temp_path "$1"
  { mv -f "$reset_kept" "$1" 2>/dev/null || { cp -pP "$reset_kept" "$TEMP_PATH" && { [ "$2" = link ] || sync_paths "$TEMP_PATH"; } &&
    mv -f "$TEMP_PATH" "$1" && rm -f "$reset_kept"; }; } 2>"$TMP/error" ||
    write_failed "$1"
  [ "$2" = link ] || set_owner "$1" "$4" "$5"
}

reset_boot_modules() {
  reset_path=${K8S_HA_TEST_ROOT:-}/etc/modules-load.d/k8s-ha-action.conf
  [ -e "$reset_path" ] || return 0
  does remove "$reset_path" placed && rm -f "$reset_path"
}

# The directories that are empty now, the deepest first. One with files of others stays.
reset_directories() {
  reset_names tree >"$TMP/names"
  reset_pick directory parent | LC_ALL=C sort -r -k 2 -t "$TAB" >"$TMP/directories"
  while IFS=$TAB read -r _ reset_path reset_was _; do
    case $reset_path in "$STATE" | "$STATE"/*) continue ;; esac
    [ -d "$reset_path" ] || continue
    case $reset_was in
      directory*) reset_dress "$reset_path" "$reset_was" ;;
      *)
        ! grep -Fqx -e "$reset_path" "$TMP/names" || continue
        [ "$RESET" = wet ] || { does remove "$reset_path" 'if nothing else is in it' || continue; }
        if rmdir "$reset_path" 2>/dev/null; then does remove "$reset_path" placed; else log "left: $reset_path, with what others put there"; fi
        ;;
    esac
  done <"$TMP/directories"
  reset_pick tree >"$TMP/trees"
  while IFS=$TAB read -r _ reset_path reset_was _; do
    case $reset_was in directory*) [ ! -d "$reset_path" ] || reset_dress "$reset_path" "$reset_was" ;; esac
  done <"$TMP/trees"
}

# reset_dress PATH FOUND: "directory MODE OWNER"
reset_dress() {
  # shellcheck disable=SC2086
  set -- "$1" $2
  [ "$(stat -L -c '%a %U:%G' "$1")" != "$3 $4" ] || return 0
  does restore "$1" "mode $3, owner $4" && set_owner "$1" "$3" "$4"
}
