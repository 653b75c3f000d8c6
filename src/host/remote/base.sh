# shellcheck shell=dash disable=SC2034
# The base of the remote program: its directories, and its JSON answer lines.

# A unit's start also runs it, with systemd's environment; a session has its own environment (as-root.ts).
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV
umask 077

# Tests without a host set these directories.
STATE=${K8S_HA_TEST_ROOT:-}/var/lib/k8s-ha-action
UNITS=${K8S_HA_TEST_ROOT:-}/etc/systemd/system
TAB=$(printf '\t')
NL='
'

# json TEXT: sets JSON to the text as a JSON string. Forks only if characters need escaping.
json() {
  case $1 in
    *[!\ -~]* | *[\\\"]*)
      JSON=$(printf '%s\n' "$1" | awk '
        NR > 1 { text = text "\\n" }
        { gsub(/[\\"]/, "\\\\&"); gsub(/\t/, "\\t"); gsub(/[\001-\037\177]/, ""); text = text $0 }
        END { print "\"" text "\"" }')
      ;;
    *) JSON="\"$1\"" ;;
  esac
}

# event KIND [NAME VALUE]…: one line of JSON for the runner. Exits if the connection is closed.
event() {
  event_line="{\"t\":\"$1\""
  shift
  while [ $# -gt 1 ]; do
    json "$2"
    event_line="$event_line,\"$1\":$JSON"
    shift 2
  done
  printf '%s}\n' "$event_line" 2>/dev/null || exit 1
}

log() { event log text "$1"; }

# A keep-alive: it restarts the runner's silence timer, and ends this program when the connection is gone.
tick() { event tick; }

# die CODE MESSAGE [NAME VALUE]…: reports an error to the runner and ends the request.
die() {
  die_code=$1 die_message=$2
  shift 2
  event problem code "$die_code" message "$die_message" "$@"
  exit 1
}

# write_failed PATH: dies with the error in $TMP/error of the last command, which failed to write PATH.
write_failed() {
  write_error=$(cat "$TMP/error" 2>/dev/null)
  case $write_error in
    *'No space left'* | *'quota exceeded'*) die DISK_FULL "no space left to write $1" file "$1" ;;
    *'Read-only file system'*) die DISK_READ_ONLY "the file system of $1 is read-only" file "$1" ;;
    *) die WRITE_FAILED "cannot write $1" file "$1" detail "$write_error" ;;
  esac
}

# request_begin MARK: the first call of each request. The runner chooses a random mark: earlier output belongs to
# another request, and no data contains the mark, so data cannot be taken for a section's name.
request_begin() {
  MARK=$1
  event begin id "$1"
}

# section NAME: starts a section; it ends at the next one.
section() { printf '\001%s %s\n' "$MARK" "$1"; }

# as_lines: turns a stream of sections into events. A mark can be in the middle of a line, after a file without a last line end.
# The mark is not in the arguments, because every user of the host can read those.
as_lines() {
  MARK=$MARK awk '
    function plain(text) {
      gsub(/[\\"]/, "\\\\&", text)
      gsub(/\t/, "\\t", text)
      gsub(/[\001-\037\177]/, "", text)
      return text
    }
    BEGIN { mark = "\001" ENVIRON["MARK"] " "; size = length(mark) }
    function tell(text) { print "{\"t\":\"line\",\"s\":\"" name "\",\"v\":\"" plain(text) "\"}" }
    { at = index($0, mark) }
    at == 0 { tell($0); next }
    at > 1 { tell(substr($0, 1, at - 1)) }
    { name = plain(substr($0, at + size)) }'
}
