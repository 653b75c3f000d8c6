# shellcheck shell=dash disable=SC2034
# What every part of the remote program builds on: its places, and the lines of JSON it answers with.

# A unit's start runs it too, with systemd's environment; a session has one of its own already (as-root.ts).
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV
umask 077

# The places may be moved by tests that have no host of their own to change.
STATE=${K8S_HA_TEST_ROOT:-}/var/lib/k8s-ha-action
UNITS=${K8S_HA_TEST_ROOT:-}/etc/systemd/system
TAB=$(printf '\t')
NL='
'

# json TEXT: sets JSON to the text as a JSON string. Forks only for what needs escaping.
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

# event KIND [NAME VALUE]…: one line of JSON for the runner. When nobody listens any more, nothing goes on.
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

# A sign of life: it keeps the runner patient, and ends us when the connection is gone.
tick() { event tick; }

# die CODE MESSAGE [NAME VALUE]…: tells the runner what went wrong and ends the request.
die() {
  die_code=$1 die_message=$2
  shift 2
  event problem code "$die_code" message "$die_message" "$@"
  exit 1
}

# write_failed PATH: die over what the last command wrote to $TMP/error while it meant to write PATH.
write_failed() {
  write_error=$(cat "$TMP/error" 2>/dev/null)
  case $write_error in
    *'No space left'* | *'quota exceeded'*) die DISK_FULL "no space left to write $1" file "$1" ;;
    *'Read-only file system'*) die DISK_READ_ONLY "the file system of $1 is read-only" file "$1" ;;
    *) die WRITE_FAILED "cannot write $1" file "$1" detail "$write_error" ;;
  esac
}

# request_begin MARK: the first call of each request. The runner makes the mark, at random: what came before it on our output
# answers something else, and no data can have it, so that none can pass for a section's name.
request_begin() {
  MARK=$1
  event begin id "$1"
}

# section NAME: the lines that follow are this section's, up to the next one.
section() { printf '\001%s %s\n' "$MARK" "$1"; }

# as_lines: turns a stream of sections into events. A mark may be in the middle of a line, behind a file without a last line end.
# It is not among the arguments, which every user of the host may see.
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
