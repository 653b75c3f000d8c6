# shellcheck shell=dash
# The end of the script that a unit's drop-in runs before each start: record-start UNIT TEXT_HASH.
# It records what the unit is about to read, so that a later run knows whether a restart is due.
# TEXT_HASH is in the drop-in, so it identifies the text that systemd has loaded, which may be older than the one on disk.

mkdir -p "$STATE/started" || exit 1
{
  printf 'invocation\t%s\n' "${INVOCATION_ID:-}"
  printf 'loaded\t%s\n' "$2"
  fingerprint "$1"
} >"$STATE/started/.$1" && mv -f "$STATE/started/.$1" "$STATE/started/$1"
