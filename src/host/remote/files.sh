# shellcheck shell=dash
# Changes of files. A new file is written to a temporary file in the same directory, synced with all others of the request, and renamed.

# apply_begin SCOPE: stdin: the scope's old and new ledger entries, so a kill at any moment leaves no unlisted file.
apply_begin() {
  SCOPE=$1 RELOAD='' WORKERS=''
  trap 'kill $WORKERS 2>/dev/null' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  make_directories "$STATE" "$STATE/scopes" "$STATE/started" "$STATE/reads"
  remove_pending
  base64 -d >"$TMP/ledger" 2>"$TMP/error" || write_failed "$STATE/scopes/$SCOPE"
  found_note "$TMP/ledger"
  ledger_write "$TMP/ledger"
  : >"$TMP/renames"
  : >"$TMP/records"
  # An earlier request of the session may have fetched the same.
  : >"$TMP/queue"
  rm -rf "$TMP"/taken.*
}

# ledger_write [FILE]: it becomes the scope's ledger; without it stdin, in base64.
ledger_write() {
  { { if [ $# -gt 0 ]; then cat "$1"; else base64 -d; fi; } >"$STATE/scopes/.$SCOPE" && sync_paths "$STATE/scopes/.$SCOPE" &&
    mv -f "$STATE/scopes/.$SCOPE" "$STATE/scopes/$SCOPE"; } 2>"$TMP/error" || write_failed "$STATE/scopes/$SCOPE"
}

# apply_end: removes the list of temporary files.
apply_end() {
  rm -rf "$STATE/pending" "$STATE/downloads" "$STATE/staged/$SCOPE"
  rmdir "$STATE/staged" 2>/dev/null
  # shellcheck disable=SC2086
  former_forget ${UNIT_NAMES:-}
}

# ledger_drop: removes an empty scope; the last one also removes the state directory.
ledger_drop() {
  rm -f "$STATE/scopes/$SCOPE"
  rmdir "$STATE/scopes" 2>/dev/null && rm -rf "$STATE"
  :
}

# pending: stdin, in base64: the temporary names that the request may leave if it is killed.
pending() { base64 -d >"$STATE/pending" 2>"$TMP/error" || write_failed "$STATE/pending"; }

remove_pending() {
  [ -f "$STATE/pending" ] || return 0
  while IFS= read -r pending_path; do rm -f "$pending_path"; done <"$STATE/pending"
  rm -f "$STATE/pending"
}

# An old sync does not accept file arguments; then everything is synced.
sync_paths() { sync -d -- "$@" 2>/dev/null || sync; }

# sync_directories: stdin: paths. What was renamed to them stays so after a power cut.
sync_directories() { sed 's|/[^/]*$||; s|^$|/|' | sort -u | tr '\n' '\000' | xargs -0 sync -- 2>/dev/null || sync; }

make_directories() { mkdir -p -- "$@" 2>"$TMP/error" || write_failed "$1"; }

# temp_path PATH: sets TEMP_PATH to a temporary name in the same directory, and creates the directory.
temp_path() {
  temp_path_dir=${1%/*}
  [ -d "${temp_path_dir:=/}" ] || {
    umask 022
    make_directories "$temp_path_dir"
    umask 077
  }
  [ ! -d "$1" ] || die WRONG_TYPE "$1 is a directory, but must be a file" file "$1"
  TEMP_PATH=$temp_path_dir/.k8s-ha-action.${1##*/}
  # Removes the file of an interrupted run or an attacker's one: a link would lead elsewhere, and an old file keeps its mode.
  rm -f "$TEMP_PATH"
}

# open_place DIRECTORY…: prints which of them or of their parents does not belong to root, or can be written by others: root runs the files
# there. The group staff counts as root: it owns /usr/local on upgraded Debian systems (Debian Policy 9.1.2).
open_place() {
  readlink -m -- "$@" | awk '
    { path = ""; n = split($0, step, "/"); for (i = 2; i <= n; i++) if (step[i] != "") { path = path "/" step[i]; if (!seen[path]++) print path } }' |
    tr '\n' '\000' | xargs -0 stat -c "%U$TAB%G$TAB%a$TAB%n" 2>/dev/null | awk -F '\t' -v root="${K8S_HA_TEST_ROOT:-}" '
    root != "" && (index($4, root) != 1 || $4 == root) { next }
    { others = $3 % 10; group = int($3 / 10) % 10 }
    $1 != "root" { print $4 " belongs to " $1; exit }
    others % 4 > 1 || (group % 4 > 1 && $2 != "root" && $2 != "staff") { print $4 " can be written by other users (mode " $3 ")"; exit }'
}

# secure_places DIRECTORY…: dies if one of them is open.
secure_places() {
  places_open=$(open_place "$@")
  [ -z "$places_open" ] || die PLACE_INSECURE "$places_open" file "${places_open%% *}"
}

# chmod_chown PATH MODE OWNER: for a temporary file, which is created with 600 root:root.
chmod_chown() {
  { [ "$2" = 600 ] || chmod "$2" "$1"; } 2>"$TMP/error" || write_failed "$1"
  { [ "$3" = root:root ] || chown "$3" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# put_file PATH MODE OWNER: stdin: the content in base64.
put_file() {
  temp_path "$1"
  # O_EXCL: does not follow a link that was created meanwhile.
  set -C
  base64 -d 2>|"$TMP/error" >"$TEMP_PATH" || write_failed "$1"
  set +C
  chmod_chown "$TEMP_PATH" "$2" "$3"
  printf '%s\t%s\n' "$TEMP_PATH" "$1" >>"$TMP/renames"
}

put_directory() {
  [ -d "$1" ] || { [ ! -e "$1" ] && [ ! -L "$1" ]; } || die WRONG_TYPE "$1 is not a directory, but must be one" file "$1"
  umask 022
  make_directories "$1"
  umask 077
  { chmod "$2" "$1" && chown "$3" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# put_link PATH TARGET
put_link() {
  temp_path "$1"
  { ln -sf "$2" "$TEMP_PATH" && mv -f "$TEMP_PATH" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# commit_files: one sync for all written files, then all renames, which are on the disk before anything that reads the files is started.
commit_files() {
  [ -s "$TMP/renames" ] || return 0
  set --
  while IFS=$TAB read -r commit_from commit_to; do set -- "$@" "$commit_from"; done <"$TMP/renames"
  sync_paths "$@"
  while IFS=$TAB read -r commit_from commit_to; do
    mv -f "$commit_from" "$commit_to" 2>"$TMP/error" || write_failed "$commit_to"
  done <"$TMP/renames"
  cut -f 2 "$TMP/renames" | sync_directories
  if [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null; then
    cut -f 2 "$TMP/renames" | tr '\n' '\000' | xargs -0 restorecon 2>/dev/null
  fi
  : >"$TMP/renames"
}

# set_owner PATH MODE OWNER: the content is already correct.
set_owner() { { chown "$3" "$1" && chmod "$2" "$1"; } 2>"$TMP/error" || write_failed "$1"; }

# put_hosts_block: stdin: the lines of the scope's block in /etc/hosts in base64; if empty, removes the block.
put_hosts_block() {
  hosts_file=${K8S_HA_TEST_ROOT:-}/etc/hosts
  base64 -d >"$TMP/block"
  {
    awk -v begin="# BEGIN k8s-ha-action $SCOPE" -v end="# END k8s-ha-action $SCOPE" '
      $0 == begin { inside = 1 } !inside { print } $0 == end { inside = 0 }' "$hosts_file"
    [ ! -s "$TMP/block" ] || {
      printf '# BEGIN k8s-ha-action %s\n' "$SCOPE"
      cat "$TMP/block"
      printf '# END k8s-ha-action %s\n' "$SCOPE"
    }
  } >"$TMP/hosts" 2>/dev/null
  temp_path "$hosts_file"
  # A bind-mounted hosts file cannot be replaced, only written.
  { cp "$TMP/hosts" "$TEMP_PATH" && chmod 644 "$TEMP_PATH" && sync_paths "$TEMP_PATH" && { mv -f "$TEMP_PATH" "$hosts_file" 2>/dev/null ||
    { rm -f "$TEMP_PATH" && cat "$TMP/hosts" >"$hosts_file" && sync_paths "$hosts_file"; }; }; } 2>"$TMP/error" || write_failed "$hosts_file"
}

# remove_path PATH: a file, link or empty directory of ours; a directory with other files stays.
remove_path() {
  if [ -d "$1" ] && [ ! -L "$1" ]; then
    rmdir "$1" 2>/dev/null || log "kept $1: it is not empty"
  else
    rm -f "$1" 2>"$TMP/error" || write_failed "$1"
  fi
}

remove_tree() { rm -rf "$1" 2>"$TMP/error" || write_failed "$1"; }
