# shellcheck shell=dash
# What others have configured on the host that decides beside us: what is applied at boot after our settings, what is merged into our
# units, which name servers pods would get, what another cluster left, what the firewall drops. Lines of fields with tabs between; the
# first one is the kind. Read-only, and by one awk for all files.

BESIDE=${K8S_HA_TEST_ROOT:-}
BESIDE_FILES='' BESIDE_KEYS='' BESIDE_PATHS='' BESIDE_REAL=''

# beside_begin: starts the questions to the kernel's tables, which take long in a large cluster, in the background.
beside_begin() {
  : >"$TMP/firewall"
  beside_firewall >"$TMP/firewall" 2>/dev/null &
  beside_pid=$!
}

# beside_end: all that was asked for.
beside_end() {
  section beside
  beside_read
  wait "$beside_pid"
  section firewall
  [ ! -s "$TMP/firewall" ] || cat "$TMP/firewall"
}

# beside_file KIND PATH [UNIT]
beside_file() {
  [ -f "$2" ] && [ -r "$2" ] || return 0
  BESIDE_FILES="${BESIDE_FILES}kind=$1${NL}unit=${3:-}$NL$2$NL"
}

# beside_fragments KIND DIRECTORY: of files of one name only the first counts (sysctl.d(5), tmpfiles.d(5)).
beside_fragments() {
  beside_seen=' '
  for beside_word in "$BESIDE/etc/$2"/*.conf "$BESIDE/run/$2"/*.conf "$BESIDE/usr/local/lib/$2"/*.conf \
    "$BESIDE/usr/lib/$2"/*.conf "$BESIDE/lib/$2"/*.conf; do
    case $beside_seen in *" ${beside_word##*/} "*) continue ;; esac
    beside_seen="$beside_seen${beside_word##*/} "
    beside_file "$1" "$beside_word"
  done
}

# beside_places PATH…: how the file systems of these are mounted, and what empties them at boot. On some systems /usr/local or /opt is a link.
beside_places() {
  beside_real=$(for beside_word in "$@"; do printf '%s\n' "$BESIDE$beside_word"; done | tr '\n' '\000' | xargs -0 readlink -m --)
  for beside_word in "$@"; do
    BESIDE_PATHS="$BESIDE_PATHS$beside_word$NL"
    beside_line=${beside_real%%"$NL"*}
    beside_real=${beside_real#"$beside_line"}
    beside_real=${beside_real#"$NL"}
    case $beside_line in "$BESIDE"/*) beside_line=${beside_line#"$BESIDE"} ;; *) beside_line=$beside_word ;; esac
    BESIDE_REAL="$BESIDE_REAL$beside_line$NL"
  done
  beside_file mounts "$BESIDE/proc/self/mounts"
  beside_fragments tmpfiles tmpfiles.d
}

# beside_sysctls KEY…: ufw has a file of its own.
beside_sysctls() {
  BESIDE_KEYS=$*
  beside_fragments sysctl sysctl.d
  beside_file sysctl "$BESIDE/etc/ufw/sysctl.conf"
  beside_ifs=$IFS
  for beside_key in "$@"; do
    IFS=.
    # shellcheck disable=SC2086
    set -- $beside_key
    IFS=/
    beside_word="$BESIDE/proc/sys/$*"
    IFS=$beside_ifs
    # Of a container, as a rule. A part of /proc/sys may be read-only.
    [ ! -f "$beside_word" ] || [ -w "$beside_word" ] || BESIDE_LOCKED="${BESIDE_LOCKED:-}$beside_key$TAB$(tr '\t' ' ' <"$beside_word")$NL"
  done
}

# beside_secure DIRECTORY…: whether others could change what root runs there.
beside_secure() {
  beside_word=$(for beside_place in "$@"; do printf '%s\n' "$BESIDE$beside_place"; done | tr '\n' '\000' | xargs -0 readlink -m --)
  beside_ifs=$IFS
  IFS=$NL
  set -f
  # shellcheck disable=SC2086
  BESIDE_OPEN=$(open_place $beside_word)
  set +f
  IFS=$beside_ifs
  BESIDE_OPEN=${BESIDE_OPEN#"$BESIDE"}
}

# beside_units UNIT…: drop-ins of services that are not ours: of the unit, of its kind by its first words (kube-.service.d), of all services.
beside_units() {
  for beside_place in etc/systemd/system.control run/systemd/system.control run/systemd/transient etc/systemd/system \
    run/systemd/system usr/local/lib/systemd/system usr/lib/systemd/system; do
    [ -d "$BESIDE/$beside_place" ] || continue
    for beside_unit in "$@"; do
      beside_word=${beside_unit%.service}
      beside_drop_ins "$beside_unit"
      while [ "$beside_word" != "${beside_word%-*}" ]; do
        beside_word=${beside_word%-*}
        beside_drop_ins "$beside_word-.service"
      done
    done
    beside_drop_ins service
  done
}

beside_drop_ins() {
  [ -d "$BESIDE/$beside_place/$1.d" ] || return 0
  for beside_conf in "$BESIDE/$beside_place/$1.d"/*.conf; do
    [ "${beside_conf##*/}" = 10-k8s-ha-action.conf ] || beside_file dropin "$beside_conf" "$1"
    # Masked: a link to /dev/null.
    [ ! -c "$beside_conf" ] || BESIDE_MASKS="${BESIDE_MASKS:-}${beside_conf#"$BESIDE"}$TAB$1$NL"
  done
}

# beside_swap: what is started at boot beside swap.target, which we mask: swap units that hang elsewhere, and the programs of services.
beside_swap() {
  for beside_word in "$BESIDE"/etc/systemd/system/*.wants/* "$BESIDE"/etc/systemd/system/*.requires/* \
    "$BESIDE"/run/systemd/generator/*.wants/* "$BESIDE"/run/systemd/generator.late/*.wants/*; do
    beside_unit=${beside_word##*/}
    case $beside_word in */swap.target.*) continue ;; esac
    case $beside_unit in
      *.service | *.swap) ;;
      *.timer)
        # The service of its name, next to it or of a package.
        beside_masked "$beside_unit" && continue
        beside_unit=${beside_unit%.timer}.service
        beside_word=$BESIDE/etc/systemd/system/$beside_unit
        [ -f "$beside_word" ] || beside_word=$BESIDE/usr/lib/systemd/system/$beside_unit
        [ -f "$beside_word" ] || beside_word=$BESIDE/lib/systemd/system/$beside_unit
        ;;
      *) continue ;;
    esac
    beside_masked "$beside_unit" && continue
    case $beside_unit in
      *.swap) BESIDE_SWAPS="${BESIDE_SWAPS:-}$beside_unit$NL" ;;
      *) beside_file exec "$beside_word" "$beside_unit" ;;
    esac
  done
  beside_file azure "$BESIDE/etc/waagent.conf"
  for beside_word in "$BESIDE"/etc/udev/rules.d/*.rules; do beside_file udev "$beside_word"; done
  for beside_word in "$BESIDE/etc/crontab" "$BESIDE"/etc/cron.d/* "$BESIDE"/var/spool/cron/crontabs/root "$BESIDE"/var/spool/cron/root; do
    beside_file cron "$beside_word"
  done
}

# beside_services UNIT…: those that are started at boot; and what fapolicyd, if it is one of them, lets run.
beside_services() {
  for beside_unit in "$@"; do
    beside_masked "$beside_unit" && continue
    for beside_word in "$BESIDE"/etc/systemd/system/*.wants/"$beside_unit" "$BESIDE"/usr/lib/systemd/system/*.wants/"$beside_unit"; do
      [ -e "$beside_word" ] || [ -L "$beside_word" ] || continue
      BESIDE_SERVICES="${BESIDE_SERVICES:-}$beside_unit$NL"
      break
    done
  done
  for beside_word in "$BESIDE/etc/fapolicyd/fapolicyd.conf" "$BESIDE/etc/fapolicyd/fapolicyd.rules" "$BESIDE"/etc/fapolicyd/rules.d/*.rules; do
    beside_file allow "$beside_word"
  done
}

# A masked unit is a link to /dev/null.
beside_masked() { [ -e "$BESIDE/etc/systemd/system/$1" ] && [ ! -f "$BESIDE/etc/systemd/system/$1" ]; }

# beside_resolvers PATH…: the name servers in each file that exists.
beside_resolvers() {
  for beside_word in "$@"; do
    [ -f "$BESIDE$beside_word" ] || continue
    BESIDE_RESOLVERS="${BESIDE_RESOLVERS:-}$beside_word$NL"
    beside_file resolver "$BESIDE$beside_word"
  done
}

# beside_left PATTERN…: what exists of these.
beside_left() {
  beside_ifs=$IFS
  IFS=$NL
  for beside_pattern in "$@"; do
    # shellcheck disable=SC2231
    for beside_word in $BESIDE$beside_pattern; do
      [ ! -e "$beside_word" ] || BESIDE_LEFT="${BESIDE_LEFT:-}${beside_word#"$BESIDE"}$NL"
    done
  done
  IFS=$beside_ifs
}

# beside_modules [NAME CHECK]…: those that are not there and that modprobe cannot load or may not. A kernel whose lists are not in the
# host's own file system, as in a container, says nothing.
beside_modules() {
  beside_names=''
  while [ $# -gt 1 ]; do
    BESIDE_MODULES="${BESIDE_MODULES:-}$1 "
    module_there "$1" "$2" || beside_names="$beside_names|$1"
    shift 2
  done
  for beside_word in "$BESIDE"/etc/modprobe.d/*.conf "$BESIDE"/run/modprobe.d/*.conf "$BESIDE"/usr/lib/modprobe.d/*.conf; do
    beside_file modprobe "$beside_word"
  done
  [ -n "$beside_names" ] && kernel_lists || return 0
  # Where no module can be loaded any more, only those count that are built in.
  beside_word=$KERNEL_LISTS/modules.dep
  [ "$(cat "$BESIDE/proc/sys/kernel/modules_disabled" 2>/dev/null)" != 1 ] || beside_word=/dev/null
  beside_known=$(grep -hoE "^[^:]*/(${beside_names#|})\.ko" "$KERNEL_LISTS/modules.builtin" "$beside_word")
  beside_ifs=$IFS
  IFS='|'
  for beside_word in ${beside_names#|}; do
    case "$beside_known$NL" in *"/$beside_word.ko$NL"*) ;; *) BESIDE_MISSING="${BESIDE_MISSING:-}$beside_word$NL" ;; esac
  done
  IFS=$beside_ifs
}

# beside_kernel: what the kernel offers to the kubelet: controllers of cgroup v2, or those of v1 that are on; what SELinux lets haproxy do.
beside_kernel() {
  beside_file controllers "$BESIDE/sys/fs/cgroup/cgroup.controllers"
  [ -f "$BESIDE/sys/fs/cgroup/cgroup.controllers" ] || beside_file cgroups "$BESIDE/proc/cgroups"
  beside_file boolean "$BESIDE/sys/fs/selinux/booleans/haproxy_connect_any"
}

# beside_firewall: the chains that packets to this host and through it pass, of nftables and of the older iptables.
beside_firewall() {
  # Only if nftables is there: the question alone would load its module.
  if command -v nft >/dev/null && { [ -e /sys/module/nf_tables ] || ! kernel_lists || module_told nf_tables; }; then
    # iptables-nft may have rules that nft cannot print; it prints the others.
    # One command for each: with several, nft 1.0 finds only the chains of the last one.
    timeout 10 nft list chains | awk '
      $1 == "table" { table = $2 " " $3 }
      $1 == "chain" { chain = $2 }
      $1 == "type" && $4 ~ /^(input|forward)$/ { print table, chain }' | while read -r beside_family beside_table beside_chain; do
      timeout 10 nft list chain "$beside_family" "$beside_table" "$beside_chain" </dev/null
    done | grep -E '^table|chain|hook|drop|reject'
  fi
  [ -r /proc/net/ip_tables_names ] && command -v iptables-legacy >/dev/null || return 0
  while read -r beside_table; do
    [ "$beside_table" = filter ] || continue
    iptables-legacy -w 2 -S INPUT
    iptables-legacy -w 2 -S FORWARD
  done </proc/net/ip_tables_names
}
