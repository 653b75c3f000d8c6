# shellcheck shell=dash
# The current state of files, and what a unit read when it started. Shared with the script that runs at each start of a unit.

# describe PATH…: for each that exists, fields separated by tabs: path, raw mode in hex, owner, inode:size:mtime:ctime,
# sha256, and its origin: hashed, recorded (a download whose stat is unchanged) or '' (big and not recorded).
# With HASH_ALL=1 big files without a record are hashed too. Records have nanoseconds: a file may change in the second in which it was placed.
describe() {
  describe_stats=$(stat -L -c "%n${TAB}%f${TAB}%U:%G${TAB}%i:%s:%.9Y:%.9Z" -- "$@" 2>/dev/null)
  [ -n "$describe_stats" ] || return 0
  describe_marked=$(printf '%s\n' "$describe_stats" | awk -F '\t' -v OFS='\t' -v sums="$STATE/sums" -v all="${HASH_ALL:-0}" '
    function whole(stat) { gsub(/\.[0-9]+/, "", stat); return stat }
    BEGIN { while ((getline line < sums) > 0) { split(line, f, "\t"); recorded[f[1] "\t" f[2]] = f[3] } }
    {
      split($4, s, ":")
      if (length($2) != 4 || $2 !~ /^8/) how = ""
      else if (s[2] < 1048576) how = "hash"
      else if (($1 "\t" $4) in recorded) how = recorded[$1 "\t" $4]
      # By an earlier version, or with the stat of busybox.
      else if (($1 "\t" whole($4)) in recorded) how = recorded[$1 "\t" whole($4)]
      else how = all ? "hash" : ""
      print $0, how
    }')
  describe_hash=$(
    set -f
    IFS=$NL
    # shellcheck disable=SC2046
    set -- $(printf '%s\n' "$describe_marked" | awk -F '\t' '$5 == "hash" { print $1 }')
    [ $# -eq 0 ] || sha256sum -- "$@" 2>/dev/null
  )
  printf '%s\n%s\n' "$describe_hash" "$describe_marked" | awk -F '\t' -v OFS='\t' '
    NF == 1 { sum[substr($0, 67)] = substr($0, 1, 64); next }
    NF == 5 && $5 == "hash" { print $1, $2, $3, $4, sum[$1], "hashed"; next }
    NF == 5 { print $1, $2, $3, $4, $5, ($5 == "" ? "" : "recorded") }'
}

# describe_reads UNIT: the paths of the unit's file and of the files it reads, one per line, then their descriptions.
describe_reads() {
  describe_unit=$1
  set -- "$UNITS/$1"
  if [ -f "$STATE/reads/$describe_unit" ]; then
    while IFS= read -r describe_path; do set -- "$@" "$describe_path"; done <"$STATE/reads/$describe_unit"
  fi
  printf '%s\n' "$@"
  describe "$@"
}

# identity(STAT) for awk: inode:size:mtime of a big file in whole seconds, as the record of a unit's start has it.
describe_identity='function identity(stat, s) { split(stat, s, ":"); sub(/\..*/, "", s[3]); return s[1] ":" s[2] ":" s[3] }'

# fingerprint UNIT: path and value, one line each: the sha256, or the identity of a big file, or its type.
fingerprint() {
  describe_reads "$1" | awk -F '\t' "$describe_identity"'
    NF == 1 { order[++n] = $1; next }
    $5 != "" { value[$1] = $5; next }
    { value[$1] = length($2) == 4 && $2 ~ /^8/ ? identity($4) : "other" }
    END { for (i = 1; i <= n; i++) print order[i] "\t" ((order[i] in value) ? value[order[i]] : "absent") }'
}
