# shellcheck shell=dash
# Locks that only our sessions can hold. flock needs only an open file: an ordinary user, or a pod that can read /run, could block
# every run permanently. Here a lock is a file in a directory that only root can write to. It is held while any process of the session
# that took it is running; so a package manager that outlives the connection still excludes other runs. No other process can extend that.
# The files of a lock are numbered: x.1, x.2 …; the highest one counts. Its first line names the session: its id (setsid(2)) and the start
# time of its leader; an empty file is a released lock. To take the lock, a session creates the next number, which link(2) allows only
# one session to do. The last file stays after a release, so a number is never used twice.

# lock_session: sets LOCK_ID, the id of this session in lock files. Without a fork.
lock_session() {
  read -r lock_stat </proc/$$/stat
  # A program's name can contain spaces and brackets. Source: proc(5)
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

# lock_alive FILE: is a process of the session in the file running? Sets LOCK_HOLDER to its name.
lock_alive() {
  lock_leader='' lock_start='' LOCK_HOLDER=''
  { read -r lock_leader lock_start && read -r LOCK_HOLDER; } 2>/dev/null <"$1"
  [ -n "$lock_start" ] || return 1
  # A leader with that id and another start time is another session: an id is reused when all processes of the old session are gone.
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
  # Created with its content, because an empty file is a free lock.
  printf '%s\n%s\n' "$LOCK_ID" "$RUN (pid $$ there)" >"$1/.new.$$"
  ln "$1/.new.$$" "$LOCK_FILE" 2>/dev/null || { rm -f "$1/.new.$$" && return 1; }
  rm -f "$1/.new.$$"
  # A session with an old view of the directory may have created a number that was used before.
  lock_newest "$1"
  [ "$1/x.$LOCK_TOP" = "$LOCK_FILE" ] || { rm -f "$LOCK_FILE" && return 1; }
  for lock_file in "$1"/x.*; do [ "$lock_file" = "$LOCK_FILE" ] || rm -f "$lock_file"; done
}

# lock_free FILE: releases it.
lock_free() { : >"$1"; }

# lock_shared DIRECTORY: takes a shared lock, while no session holds the exclusive one. Sets LOCK_FILE.
lock_shared() {
  LOCK_FILE=$1/s.$$
  printf '%s\n%s\n' "$LOCK_ID" 'a dry run' >"$LOCK_FILE"
  lock_newest "$1"
  [ "$LOCK_TOP" -eq 0 ] || ! lock_alive "$1/x.$LOCK_TOP" || { rm -f "$LOCK_FILE" && return 1; }
}

# lock_alone DIRECTORY: are all holders of the shared lock gone? Removes the files of dead ones.
lock_alone() {
  for lock_sharer in "$1"/s.*; do
    [ -e "$lock_sharer" ] || continue
    ! lock_alive "$lock_sharer" || return 1
    rm -f "$lock_sharer"
  done
}

# locked DIRECTORY COMMAND…: runs a short function while no other session runs one for the same directory.
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
