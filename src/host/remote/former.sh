# shellcheck shell=dash
# The way back of a unit that rolls: the files that it and the units behind it run with are kept until its restart has succeeded.
# $STATE/former/UNIT has their paths, one per line; the file of line N is in the file N, unless there was none.

# former_keep UNIT PATH…: keeps these files, which the request is about to replace. Files that a killed run has kept stay: what is on the disk
# by then may be new, and the unit does not run with it.
former_keep() {
  former_unit=$1 former=$STATE/former/$1
  shift
  former_active='' former_invocation=''
  read -r _ former_active _ _ former_invocation <<EOF
$(show_units "$former_unit")
EOF
  if [ "$former_active" != active ]; then
    rm -rf "$former"
    return 0
  fi
  # A link that a killed run has made changes the times by which a big file is known.
  # shellcheck disable=SC2034
  former_reason=$(HASH_ALL=1 && restart_reason "$former_unit" "$(sum_of "$UNITS/$former_unit")" "$former_invocation")
  if [ -z "$former_reason" ]; then
    rm -rf "$former"
  elif [ ! -s "$former/paths" ]; then
    # It runs with files that are gone.
    log "$former_unit has no way back: $former_reason"
    return 0
  fi
  make_directories "$former"
  touch "$former/paths" "$former/sums"
  for former_path in "$@"; do
    grep -Fqx -- "$former_path" "$former/paths" || former_copy "$former_path"
  done
  sync_paths "$former"/*
}

# former_copy PATH: a link where possible, because a binary is big.
former_copy() {
  former_copied=$former/$(($(wc -l <"$former/paths") + 1))
  if [ -e "$1" ]; then
    ln -f -- "$1" "$former_copied" 2>/dev/null || cp -p -- "$1" "$former_copied" 2>"$TMP/error" || write_failed "$former_copied"
  fi
  [ ! -f "$STATE/sums" ] || awk -F '\t' -v OFS='\t' -v path="$1" '$1 == path { print $1, $3, $4, $5 }' "$STATE/sums" >>"$former/sums"
  printf '%s\n' "$1" >>"$former/paths"
}

# former_restore UNIT: puts the kept files back; fails if there are none.
former_restore() {
  former=$STATE/former/$1
  [ -s "$former/paths" ] || return 1
  : >"$TMP/renames"
  : >"$TMP/records"
  former_number=0
  while IFS= read -r former_path; do
    former_number=$((former_number + 1))
    former_back "$former/$former_number" "$former_path"
  done <"$former/paths"
  commit_files
  cat "$former/sums" >>"$TMP/records"
  # Before the stats are recorded: a file's last change is also that of the number of its links.
  former_forget "$1"
  records_write
  timeout 60 systemctl daemon-reload
}

# former_forget UNIT…: the restart has succeeded.
former_forget() {
  for former_unit in "$@"; do rm -rf "$STATE/former/$former_unit"; done
  rmdir "$STATE/former" 2>/dev/null
  :
}

# former_back KEPT PATH
former_back() {
  if [ ! -e "$1" ]; then
    rm -f -- "$2"
    forget_record "$2"
  elif [ "$(stat -c %d:%i "$1")" != "$(stat -c %d:%i "$2" 2>/dev/null)" ]; then
    temp_path "$2"
    ln -- "$1" "$TEMP_PATH" 2>/dev/null || cp -p -- "$1" "$TEMP_PATH" 2>"$TMP/error" || write_failed "$2"
    printf '%s\t%s\n' "$TEMP_PATH" "$2" >>"$TMP/renames"
  fi
}
