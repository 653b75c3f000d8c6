# shellcheck shell=dash
# Verified downloads. A partial file is kept under the name of the sum it is to have, so a later run resumes it.

# want SHA URL: queues a download.
want() { printf '%s\t%s\n' "$1" "$2" >>"$TMP/queue"; }

# fetch_start: three at a time, in the background, while the rest of the request continues.
fetch_start() {
  [ -s "$TMP/queue" ] || return 0
  make_directories "$STATE/downloads"
  for fetch_worker in 1 2 3; do
    fetch_queue &
    WORKERS="$WORKERS $!"
  done
}

# One worker: takes what no other has taken.
fetch_queue() {
  transfer_pid=
  trap '[ -z "$transfer_pid" ] || kill "$transfer_pid" 2>/dev/null; exit 1' TERM HUP INT PIPE
  trap - EXIT
  while IFS=$TAB read -r fetch_sum fetch_url; do
    mkdir "$TMP/taken.$fetch_sum" 2>/dev/null || continue
    fetch "$fetch_sum" "$fetch_url"
  done <"$TMP/queue"
}

# sum_of FILE: by openssl where the host has it, which uses the processor's SHA instructions: a quarter of coreutils' time.
sum_of() {
  sum_hex=$(openssl dgst -sha256 -r <"$1" 2>/dev/null | cut -c 1-64)
  [ "${#sum_hex}" -eq 64 ] || sum_hex=$(sha256sum <"$1" | cut -c 1-64)
  printf '%s\n' "$sum_hex"
}

# fetch SHA URL: leaves the verified content in $STATE/downloads/SHA, or dies.
fetch() {
  fetch_file=$STATE/downloads/$1
  fetch_errors=$TMP/transfer.$1
  if [ -s "$fetch_file" ] && [ "$(sum_of "$fetch_file")" = "$1" ]; then return; fi
  if fetch_staged "$1"; then return; fi
  fetch_try=1
  while :; do
    fetch_resumed=
    [ -s "$fetch_file" ] && fetch_resumed=1
    if transfer "$2" "$fetch_file"; then
      fetch_got=$(sum_of "$fetch_file")
      if [ "$fetch_got" = "$1" ]; then
        log "downloaded ${2##*/}"
        return
      fi
      rm -f "$fetch_file"
      # The resumed part may be from another file: downloads again from the start.
      [ -n "$fetch_resumed" ] || die DOWNLOAD_SUM_MISMATCH "$2 has the sha256 $fetch_got, expected $1" url "$2"
    else
      fetch_failed "$2" "$?"
    fi
    fetch_try=$((fetch_try + 1))
    if [ "$fetch_try" -gt 3 ]; then
      die DOWNLOAD_FAILED "cannot download $2: $(tail -n 1 "$fetch_errors")" url "$2"
    fi
    sleep 1
  done
}

# fetch_staged SHA: uses what an earlier request has staged. What is staged for another scope stays there.
fetch_staged() {
  for fetch_from in "$STATE"/staged/*/"$1"; do
    [ -f "$fetch_from" ] || continue
    [ "$(sum_of "$fetch_from")" = "$1" ] || continue
    if [ "$fetch_from" = "$STATE/staged/${STAGING:-$SCOPE}/$1" ]; then
      mv -f "$fetch_from" "$fetch_file" && return
    else
      cp "$fetch_from" "$fetch_file" && return
    fi
  done
  return 1
}

# staging SCOPE: the downloads of this request are for a scope that places them later.
staging() { STAGING=$1; }

# stage [SHA]…: keeps these downloads, and removes those that earlier runs have staged for the scope.
stage() {
  stage_place=$STATE/staged/$STAGING
  make_directories "$stage_place"
  for stage_file in "$stage_place"/*; do
    case " $* " in *" ${stage_file##*/} "*) ;; *) rm -f "$stage_file" ;; esac
  done
  for stage_sum in "$@"; do
    mv -f "$STATE/downloads/$stage_sum" "$stage_place/$stage_sum" 2>"$TMP/error" || write_failed "$stage_place/$stage_sum"
  done
  rmdir "$stage_place" "$STATE/staged" 2>/dev/null
  :
}

# transfer URL FILE: in the background, so that a signal to us ends it too. Without the host's .curlrc and wgetrc.
transfer() {
  if command -v curl >/dev/null; then
    (
      export_proxy
      exec curl -q -fsSL --connect-timeout 15 --speed-limit 1000 --speed-time 30 -C - -o "$2" "$1"
    ) 2>"$fetch_errors" &
  else
    (
      export_proxy
      # Busybox' wget reads no configuration, and doesn't know the option.
      case $(wget --version 2>/dev/null) in *GNU*) set -- "$1" "$2" --no-config ;; esac
      # shellcheck disable=SC2086
      exec wget ${3:-} -q -c -O "$2" "$1"
    ) 2>"$fetch_errors" &
  fi
  transfer_pid=$!
  wait "$transfer_pid"
  transfer_status=$?
  transfer_pid=
  return "$transfer_status"
}

# fetch_failed URL STATUS: dies at once on errors that a retry cannot fix.
fetch_failed() {
  case $2 in
    # The server cannot resume (33), or the part is longer than the whole (416).
    33) rm -f "$fetch_file" ;;
    3 | 23) [ "$(df -Pk "$fetch_file" | awk 'NR == 2 { print $4 }')" -ge 1024 ] || {
      rm -f "$fetch_file"
      die DISK_FULL "no space left to download $1" file "$fetch_file"
    } ;;
    22) case $(cat "$fetch_errors") in
      *416*) rm -f "$fetch_file" ;;
      *40[0134]*) die DOWNLOAD_FAILED "cannot download $1: $(tail -n 1 "$fetch_errors")" url "$1" ;;
    esac ;;
  esac
}

# fetch_wait: until all are there.
fetch_wait() {
  fetch_status=0
  for fetch_worker in $WORKERS; do
    while kill -0 "$fetch_worker" 2>/dev/null; do
      tick
      sleep 0.2
    done
    wait "$fetch_worker" || fetch_status=1
  done
  WORKERS=''
  [ "$fetch_status" = 0 ] || exit 1
}

# place_file SHA URL MODE PATH: a download that is the file itself.
place_file() {
  temp_path "$4"
  mv -f "$STATE/downloads/$1" "$TEMP_PATH" 2>"$TMP/error" || write_failed "$4"
  chmod_download "$TEMP_PATH" "$3"
  printf '%s\t%s\n' "$TEMP_PATH" "$4" >>"$TMP/renames"
  record "$4" "$1" "$2" "$1"
}

# place_members SHA URL MODE [MEMBER PATH]…: only these members leave the archive.
place_members() {
  place_sum=$1 place_url=$2 place_mode=$3 place_dir=$STATE/downloads/$1.d
  shift 3
  rm -rf "$place_dir"
  make_directories "$place_dir"
  place_names=
  place_count=$#
  while [ "$place_count" -gt 0 ]; do
    place_names="$place_names$1$NL"
    set -- "$@" "$1" "$2"
    shift 2
    place_count=$((place_count - 2))
  done
  unpack "$STATE/downloads/$place_sum" "$place_dir" || write_failed "$place_dir"
  while [ $# -gt 1 ]; do
    { [ -f "$place_dir/$1" ] && [ ! -L "$place_dir/$1" ]; } || die ARCHIVE_MEMBER_MISSING "$place_url holds no file $1" url "$place_url"
    temp_path "$2"
    mv -f "$place_dir/$1" "$TEMP_PATH" 2>"$TMP/error" || write_failed "$2"
    chmod_download "$TEMP_PATH" "$place_mode"
    printf '%s\t%s\n' "$TEMP_PATH" "$2" >>"$TMP/renames"
    record "$2" "$(sum_of "$TEMP_PATH")" "$place_url" "$place_sum"
    shift 2
  done
}

# unpack ARCHIVE DIRECTORY: the members in place_names. Some archives write their names with ./ before them.
unpack() {
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    set -- "$1" "$2" $place_names
    unpack_from=$1
    cd "$2" || exit 1
    shift 2
    tar -xzof "$unpack_from" -- "$@" 2>"$TMP/error" && exit
    grep -q 'No space left' "$TMP/error" && exit 1
    unpack_left=$#
    while [ "$unpack_left" -gt 0 ]; do
      set -- "$@" "./$1"
      shift
      unpack_left=$((unpack_left - 1))
    done
    tar -xzof "$unpack_from" -- "$@" 2>"$TMP/error"
    grep -q 'No space left' "$TMP/error" && exit 1
    exit 0
  )
}

chmod_download() { { chmod "$2" "$1" && chown root:root "$1"; } 2>"$TMP/error" || write_failed "$1"; }

# record PATH SHA URL ARCHIVE_SHA: the file at PATH, written to the checksum list by records_write.
record() { printf '%s\t%s\t%s\t%s\n' "$@" >>"$TMP/records"; }

# forget_record PATH
forget_record() { printf '%s\n' "$1" >>"$TMP/records"; }

# records_write: a stat is only worth something after the rename.
records_write() {
  [ -s "$TMP/records" ] || return 0
  cut -f 1 "$TMP/records" | tr '\n' '\000' | xargs -0 stat -L -c "%n${TAB}%i:%s:%.9Y:%.9Z" 2>/dev/null >"$TMP/stats"
  touch "$STATE/sums"
  {
    awk -F '\t' -v OFS='\t' -v records="$TMP/records" -v stats="$TMP/stats" '
      BEGIN {
        while ((getline line < stats) > 0) { split(line, f, "\t"); stat[f[1]] = f[2] }
        while ((getline line < records) > 0) {
          n = split(line, f, "\t"); gone[f[1]] = 1
          if (n == 4 && f[1] in stat) print f[1], stat[f[1]], f[2], f[3], f[4]
        }
      }
      !($1 in gone)' "$STATE/sums" >"$STATE/.sums" && sync_paths "$STATE/.sums" && mv -f "$STATE/.sums" "$STATE/sums"
  } 2>"$TMP/error" || write_failed "$STATE/sums"
}
