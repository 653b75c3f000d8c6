# shellcheck shell=dash
# Reads the files that beside.sh has found, by one awk, and prints a line for each matter.

beside_print() {
  beside_ifs=$IFS
  IFS=$NL
  for beside_word in $2; do printf '%s\t%s\n' "$1" "$beside_word"; done
  IFS=$beside_ifs
}

# beside_read: reads all files, and those programs of services that are scripts.
beside_read() {
  beside_print left "${BESIDE_LEFT:-}"
  beside_print swap "${BESIDE_SWAPS:-}"
  beside_print service "${BESIDE_SERVICES:-}"
  beside_print locked "${BESIDE_LOCKED:-}"
  beside_print open "${BESIDE_OPEN:-}"
  beside_print resolver "${BESIDE_RESOLVERS:-}"
  beside_print missing "${BESIDE_MISSING:-}"
  beside_print dropin "${BESIDE_MASKS:-}"
  beside_tries=3
  until beside_awk >"$TMP/beside" 2>"$TMP/error"; do
    beside_tries=$((beside_tries - 1))
    [ "$beside_tries" -gt 0 ] || { printf 'unread\t%s\n' "$(tail -n 1 "$TMP/error")"; break; }
    beside_again
  done
  cat "$TMP/beside"
}

# beside_again: only what is still there. mawk ends at a file that vanished after it was found, and knows nothing of the others then.
beside_again() {
  beside_ifs=$IFS
  IFS=$NL
  set -f
  # shellcheck disable=SC2086
  set -- $BESIDE_FILES
  set +f
  IFS=$beside_ifs
  BESIDE_FILES=''
  while [ $# -gt 2 ]; do
    beside_file "${1#kind=}" "$3" "${2#unit=}"
    shift 3
  done
}

beside_awk() {
  [ -n "$BESIDE_FILES" ] || return 0
  (
    set -f
    IFS=$NL
    export BESIDE_PATHS BESIDE_REAL
    # shellcheck disable=SC2086
    exec awk -v root="$BESIDE" -v keys="$BESIDE_KEYS" -v modules="${BESIDE_MODULES:-}" -v OFS='\t' "$BESIDE_AWK" $BESIDE_FILES
  )
}

# shellcheck disable=SC2016
BESIDE_AWK='
  function trim(text) { gsub(/^[ \t]+|[ \t\r]+$/, "", text); return text }
  function split_line() { at = index($0, "="); name = trim(substr($0, 1, at - 1)); value = trim(substr($0, at + 1)) }
  BEGIN {
    n = split(keys, key, " "); for (i = 1; i <= n; i++) { gsub(/[.\/]/, ".", key[i]); wanted[key[i]] = 1 }
    n = split(modules, key, " "); for (i = 1; i <= n; i++) loads[key[i]] = 1
    places = split(ENVIRON["BESIDE_PATHS"], place, "\n") - 1
    split(ENVIRON["BESIDE_REAL"], real, "\n")
    for (i = 1; i <= places; i++) if (real[i] == "") real[i] = place[i]
  }
  # Whether a pattern of sysctl.d(5) has one of the wanted keys.
  function covers(pattern,   each) {
    gsub(/\./, "\\.", pattern); gsub(/\*/, "[^.]*", pattern)
    for (each in wanted) if (each ~ "^" pattern "$") return 1
    return 0
  }
  function holds(outer, inner) { return outer == "/" || outer == inner || index(inner, outer "/") == 1 }
  FNR == 1 { path = substr(FILENAME, length(root) + 1) }
  /^[ \t]*([#;]|$)/ { next }
  kind == "resolver" { if ($1 == "nameserver") print kind, path, $2; next }
  kind == "cron" { if (/^[ \t]*@reboot.*swapon/) print "swap", path; next }
  kind == "controllers" { for (i = 1; i <= NF; i++) print kind, $i; next }
  kind == "cgroups" { if ($4 == 1) print "controllers", $1; next }
  kind == "boolean" { print kind, $1; next }
  kind == "udev" { if (/RUN[^,]*swapon/) print "swap", path; next }
  kind == "allow" && /^[ \t]*permissive[ \t]*=[ \t]*1/ { print kind, "/" }
  kind == "allow" { if ($1 ~ /^allow/ && /perm=(any|execute)/) for (i = 2; i <= NF; i++) if ($i ~ /^dir=\//) print kind, substr($i, 5); next }
  kind == "modprobe" { if (($1 == "blacklist" || ($1 == "install" && $3 ~ /\/(true|false)$/)) && ($2 in loads)) print kind, path, $2; next }
  kind == "mounts" {
    for (i = 1; i <= places; i++) if (holds($2, real[i]) && length($2) >= length(mount[i])) { mount[i] = $2; type[i] = $3; options[i] = "," $4 "," }
    next
  }
  kind == "tmpfiles" {
    # Removed at each boot, or emptied by age.
    if ($1 !~ /^[rRD]/ && ($1 !~ /^[devqQ]/ || $6 == "" || $6 == "-")) next
    for (i = 1; i <= places; i++) if (holds($2, place[i]) || holds(place[i], $2) || holds($2, real[i]) || holds(real[i], $2)) { print kind, path, $2; next }
    next
  }
  kind == "azure" { if (/^[ \t]*ResourceDisk\.EnableSwap[ \t]*=[ \t]*y/) print "swap", path; next }
  !index($0, "=") { next }
  { split_line() }
  kind == "sysctl" {
    sub(/^-[ \t]*/, "", name)
    plain = name
    gsub(/[.\/]/, ".", plain)
    if ((plain in wanted) || (index(plain, "*") && covers(plain))) print kind, path, name, value
  }
  kind == "dropin" && name ~ /^(UMask|ProcSubset|MountFlags|TemporaryFileSystem)$|^(Private|Protect)[A-Z]|Paths$/ { print kind, path, unit, name, value; next }
  kind == "dropin" { print kind, path, unit, name }
  kind == "exec" && name ~ /^ExecStart(Pre|Post)?$/ && value != "" {
    # swapspace makes swap files by itself, and is no script.
    if (value ~ /(^|[^a-z])(swapon|swapspace)([^a-z]|$)/) { swaps[unit] = 1; next }
    n = split(value, word, /[ \t;"\047]+/)
    sub(/^[-@:+!]+/, "", word[1])
    if (word[1] !~ /\//) for (i = split("/usr/sbin/ /usr/bin/ /usr/local/sbin/ /usr/local/bin/", bin, " "); i > 0; i--) runs(bin[i] word[1])
    runs(word[1])
    # Only a shell reads a script from its words. What is no file could block the look.
    if (word[1] ~ /(^|\/)([a-z]*sh|env)$/) for (i = 2; i <= n; i++) if (word[i] !~ /^\/(dev|proc|run|sys)\//) runs(word[i])
  }
  function runs(program) { if (program ~ /^\//) scripts[program] = scripts[program] unit "\n" }
  function turns_swap_on(file,   line, on, first) {
    first = (getline line < file) > 0 && line ~ /^#!/
    while (first && !on && (getline line < file) > 0) on = line !~ /^[ \t]*#/ && line ~ /(^|[^a-z_])swapon([^a-z]|$)/
    close(file)
    return on
  }
  END {
    for (program in scripts) if (turns_swap_on(root program)) {
      n = split(scripts[program], word, "\n")
      for (i = 1; i < n; i++) swaps[word[i]] = 1
    }
    for (unit in swaps) print "swap", unit
    for (i = 1; i <= places; i++) {
      if (options[i] ~ /,noexec,/) print "noexec", place[i], mount[i]
      if (options[i] ~ /,ro,/) print "readonly", place[i], mount[i]
      if (type[i] ~ /^(tmpfs|ramfs)$/) print "volatile", place[i], mount[i]
      if (type[i] ~ /^(nfs4?|cifs|smb3|ceph|9p|fuse\..*|glusterfs)$/) print "network", place[i], mount[i]
    }
  }'
