# shellcheck shell=dash
# Locks that only sessions of ours can hold. For a flock an open file is enough: an ordinary user, or a pod that sees /run, could keep
# every run away for ever. Here a lock is a file in a directory that only root can write to, and it is held for as long as a process of
# the session lives that took it; a package manager that outlives the connection keeps others away. Nobody else can prolong that.
#
# The files of a lock are numbered: x.1, x.2 …; the highest one counts. Its first line names the session: its id (setsid(2)) and when its
# leader started; an empty file is a lock that was given back. Taking it over means to make the next number, which link(2) lets only one do.
# The last one stays when it is given back, so that a number is never used twice.

# lock_session: sets LOCK_ID, our session for the files of locks. Without a fork.
lock_session() {
  read -r lock_stat </proc/$$/stat
  # The name of a program may have blanks and brackets in it. Source: proc(5)
  lock_stat=${lock_stat##*) }
  # shellcheck disable=SC2086
  set -- $lock_stat
  lock_leader=$4
  read -r lock_stat 2>/dev/null <"/proc/$lock_leader/stat" || lock_stat=''
  lock_stat=${lock_stat##*) }
  # shellcheck disable=SC2086
  set -- $lock_stat
  LOCK_ID="$lock_leader ${20:-0}"
}

# lock_alive FILE: does a process of the session live that the file names? Sets LOCK_HOLDER to what it says of itself.
lock_alive() {
  lock_leader='' lock_start='' LOCK_HOLDER=''
  { read -r lock_leader lock_start && read -r LOCK_HOLDER; } 2>/dev/null <"$1"
  [ -n "$lock_start" ] || return 1
  # A leader of that id that started at another time is another session: an id is used again when all of the old one are gone.
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v leader="$lock_leader" -v start="$lock_start" '
    { pid = $1; sub(/^.*\) /, "") }
    $4 == leader && $1 !~ /[ZX]/ { alive = 1 }
    pid == leader && $20 != start && start != 0 { other = 1 }
    END { exit !(alive && !other) }'
}

# lock_newest DIRECTORY: sets LOCK_TOP to the highest number, 0 when there is none.
lock_newest() {
  LOCK_TOP=0
  for lock_file in "$1"/x.*; do
    lock_number=${lock_file##*.}
    [ "$lock_number" = '*' ] || [ "$lock_number" -le "$LOCK_TOP" ] || LOCK_TOP=$lock_number
  done
}

# lock_try DIRECTORY: takes the lock, or fails at once while another session holds it. Sets LOCK_FILE.
lock_try() {
  lock_newest "$1"
  [ "$LOCK_TOP" -eq 0 ] || ! lock_alive "$1/x.$LOCK_TOP" || return 1
  LOCK_FILE=$1/x.$((LOCK_TOP + 1))
  # With its content at once: an empty one is free.
  printf '%s\n%s\n' "$LOCK_ID" "$RUN (pid $$ there)" >"$1/.new.$$"
  ln "$1/.new.$$" "$LOCK_FILE" 2>/dev/null || { rm -f "$1/.new.$$" && return 1; }
  rm -f "$1/.new.$$"
  # Whoever looked at an old state of the directory may have made a number that was used before.
  lock_newest "$1"
  [ "$1/x.$LOCK_TOP" = "$LOCK_FILE" ] || { rm -f "$LOCK_FILE" && return 1; }
  for lock_file in "$1"/x.*; do [ "$lock_file" = "$LOCK_FILE" ] || rm -f "$lock_file"; done
}

# lock_free FILE: gives it back.
lock_free() { : >"$1"; }

# lock_shared DIRECTORY: beside others who share it, while nobody holds it alone. Sets LOCK_FILE.
lock_shared() {
  LOCK_FILE=$1/s.$$
  printf '%s\n%s\n' "$LOCK_ID" 'a dry run' >"$LOCK_FILE"
  lock_newest "$1"
  [ "$LOCK_TOP" -eq 0 ] || ! lock_alive "$1/x.$LOCK_TOP" || { rm -f "$LOCK_FILE" && return 1; }
}

# lock_alone DIRECTORY: are those gone who share the lock that we hold? What dead ones left is removed.
lock_alone() {
  for lock_sharer in "$1"/s.*; do
    [ -e "$lock_sharer" ] || continue
    ! lock_alive "$lock_sharer" || return 1
    rm -f "$lock_sharer"
  done
}

# locked DIRECTORY COMMAND…: runs a function of a moment's length while nobody else runs one of the same directory.
locked() {
  locked_directory=$1 locked_tries=100
  shift
  until lock_try "$locked_directory"; do
    locked_tries=$((locked_tries - 1))
    [ "$locked_tries" -gt 0 ] || die LOCK_FAILED "the lock $locked_directory is held by $LOCK_HOLDER"
    sleep 0.1
  done
  locked_file=$LOCK_FILE
  "$@"
  locked_status=$?
  lock_free "$locked_file"
  return "$locked_status"
}
