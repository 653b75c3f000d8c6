# shellcheck shell=dash
# The first exchange: facts, and the state of the items in the host's ledgers. Raw lines in sections; the runner parses
# them, so that this side stays small and fast. Read-only.

# The runner compares this with its own clock, so it is sent before anything slow.
inspect_clock() { event clock now "$(date +%s.%N)"; }

# dpkg(1) has files in updates while it runs, and leaves them when it was interrupted; then it refuses every change until it has been
# repaired. After a run of ours that was killed, the next one does that.
DPKG=${K8S_HA_TEST_ROOT:-}/var/lib/dpkg
dpkg_runs() { facts_lock=$(stat -c %i "$DPKG/lock" 2>/dev/null) && grep -q ":$facts_lock " /proc/locks; }

inspect_facts() {
  section facts
  printf 'machine %s\n' "$(uname -m)"
  [ -e /sys/fs/cgroup/cgroup.controllers ] && printf 'cgroup 2\n'
  for facts_word in apt-get dnf zypper; do
    command -v "$facts_word" >/dev/null && printf 'package-manager %s\n' "$facts_word" && break
  done
  for facts_word in "$DPKG"/updates/[0-9]*; do
    [ -e "$facts_word" ] && ! dpkg_runs && [ ! -e "$INSTALLING" ] && printf 'dpkg interrupted\n' && break
  done
  # The library's file name has systemd's version, so systemctl need not run.
  for facts_word in /usr/lib/systemd/libsystemd-shared-*.so /usr/lib/*/systemd/libsystemd-shared-*.so; do
    [ -e "$facts_word" ] && printf 'systemd %s\n' "${facts_word##*/libsystemd-shared-}"
  done
  section file
  set --
  for facts_word in /etc/os-release /etc/machine-id /proc/sys/kernel/hostname /etc/hostname /proc/sys/kernel/osrelease \
    /proc/meminfo /proc/swaps /sys/devices/system/cpu/online /sys/fs/selinux/enforce /etc/ufw/ufw.conf \
    /proc/sys/kernel/modules_disabled /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_local_reserved_ports; do
    [ -r "$facts_word" ] && set -- "$@" "$facts_word"
  done
  awk 'FNR == 1 { print "=" FILENAME } { print "-" $0 }' "$@"
  section address
  if command -v ip >/dev/null; then ip -o addr show; else awk '
    /\|--/ { address = $2 } /32 host LOCAL/ { print "0: ? inet " address "/32" }' /proc/net/fib_trie | sort -u; fi
  section foreign
  for facts_word in /etc/kubernetes/manifests/*.yaml /var/lib/rancher /etc/rancher /var/lib/k0s /etc/k0s /var/snap/microk8s \
    /var/lib/minikube /etc/kubernetes/kubelet.conf /etc/kubernetes/admin.conf /opt/rke /etc/rke2; do
    [ -e "$facts_word" ] && printf '%s\n' "$facts_word"
  done
  for facts_word in kubelet kube-proxy kube-apiserver kube-controller-manager kube-scheduler etcd k3s k3s-agent rke2-server \
    rke2-agent k0scontroller k0sworker; do
    for facts_unit in "$UNITS/$facts_word.service" "/usr/lib/systemd/system/$facts_word.service" \
      "/lib/systemd/system/$facts_word.service"; do
      [ -e "$facts_unit" ] && printf '%s\n' "$facts_unit" && break
    done
  done
}

# Listening TCP sockets and UDP sockets without a peer, with the unit of the process that owns them: /proc only, one pass.
inspect_listening() {
  section listening
  # shellcheck disable=SC2012
  ls -l /proc/[0-9]*/fd 2>/dev/null | awk '
    function unit_of(pid,   line, found, n, part, i) {
      if (pid in units) return units[pid]
      while ((getline line < ("/proc/" pid "/cgroup")) > 0) {
        if (line !~ /^0::|name=systemd/) continue
        n = split(line, part, "/")
        for (i = n; i > 1 && found == ""; i--) if (part[i] ~ /\.(service|scope)$/) found = part[i]
      }
      close("/proc/" pid "/cgroup")
      return units[pid] = found
    }
    BEGIN {
      m = split("tcp tcp6 udp udp6", table, " ")
      for (i = 1; i <= m; i++) {
        while ((getline line < ("/proc/net/" table[i])) > 0) {
          split(line, f, " ")
          if (f[4] != (i < 3 ? "0A" : "07")) continue
          # Those of the kernel itself, such as of VXLAN, have no inode.
          inode = f[10] == "0" ? "kernel" ++kernels : f[10]
          if (!(inode in address)) { address[inode] = (i < 3 ? "" : "udp ") f[2]; order[++n] = inode }
        }
      }
    }
    /^\/proc\// { split($1, p, "/"); pid = p[3]; next }
    / -> socket:\[/ {
      inode = $NF; gsub(/[^0-9]/, "", inode)
      if ((inode in address) && !(inode in owner)) owner[inode] = unit_of(pid)
    }
    END { for (i = 1; i <= n; i++) print address[order[i]], owner[order[i]] }'
}

# inspect_disks PATH…: free kB and file system of each; for a path that does not exist, of its nearest existing parent.
inspect_disks() {
  section disk
  disk_count=$#
  while [ "$disk_count" -gt 0 ]; do
    disk_there=$1
    while [ ! -e "$disk_there" ]; do
      disk_there=${disk_there%/*}
      disk_there=${disk_there:-/}
    done
    set -- "$@" "$disk_there" "$1"
    shift
    disk_count=$((disk_count - 1))
  done
  disk_asked='' disk_paths=''
  while [ $# -gt 1 ]; do
    disk_asked="$disk_asked$1$NL" disk_paths="$disk_paths$2$NL"
    shift 2
  done
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    { stat -L -c '%d' -- $disk_asked; stat -f -c '%a %S' -- $disk_asked; printf '%s' "$disk_paths"; } 2>/dev/null
  ) | awk '
    NF == 1 && !/^\// { device[++devices] = $1; next }
    !/^\// { free[++sizes] = int($1 * $2 / 1024); next }
    { path[++paths] = $0 }
    END { if (devices == paths && sizes == paths) for (i = 1; i <= paths; i++) printf "%.0f %s %s\n", free[i], device[i], path[i] }'
}

# inspect_read PATTERN…: sizes and names, then all contents as one base64 text.
inspect_read() {
  set -- "$@"
  read_patterns=$(printf '%s\n' "$@")
  set --
  read_ifs=$IFS
  IFS=$NL
  for read_path in $read_patterns; do [ -f "$read_path" ] && set -- "$@" "$read_path"; done
  IFS=$read_ifs
  [ $# -gt 0 ] || return 0
  section read
  stat -L -c "%s$TAB%n" -- "$@"
  section content
  cat -- "$@" | base64
}

# certificates_only: filters stdin: the certificates up to the first private key.
certificates_only() {
  sed -n -e '/PRIVATE KEY/q' -e '/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/p'
}

one_line() { base64 | tr -d '\n'; }

# inspect_certificates PATH…: the certificates of each file, in base64; a key in the same file stays here.
inspect_certificates() {
  section certificates
  for read_path in "$@"; do
    [ -f "$read_path" ] || continue
    printf '%s\t' "$read_path"
    certificates_only <"$read_path" | one_line
    echo
  done
}

# inspect_withheld PATH…: facts about files with secrets, without their text. For each file: its hash; the hash of its text
# without a kubeconfig's key and without line ends at the end; the hash of the public key, "?" if this host can't compute it,
# "!" if there is no readable key; whether the key is "alone" or "among" other text; and the certificate in a kubeconfig, in base64.
# A master has a dozen of these files, and each process takes a millisecond: so the shell does what it can.
inspect_withheld() {
  section withheld
  for read_path in "$@"; do
    [ -f "$read_path" ] || continue
    withheld_hash=$(sha256sum <"$read_path") withheld_certificate=''
    # Without line ends at the end.
    withheld_text=$(cat -- "$read_path")
    withheld_rest=$withheld_text withheld_key=$withheld_text
    case $withheld_text in *client-key-data:* | *client-certificate-data:*) withheld_kubeconfig "$read_path" ;; esac
    withheld_rest=$(printf %s "$withheld_rest" | sha256sum)
    withheld_half
    withheld_place=$(printf '%s\n' "$withheld_key" | withheld_alone)
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$read_path" "${withheld_hash%% *}" "${withheld_rest%% *}" "$withheld_public" "$withheld_place" \
      "$withheld_certificate"
  done
}

# withheld_kubeconfig PATH: the key, the rest of the text and the certificate of a kubeconfig.
withheld_kubeconfig() {
  withheld_rest=$(sed 's/^\( *client-key-data: \).*/\1/' "$1")
  withheld_certificate=$(sed -n 's/^ *client-certificate-data: *//p' "$1" | base64 -d 2>/dev/null | certificates_only | one_line)
  ! grep -q '^ *client-key-data: ' "$1" || withheld_key=$(sed -n 's/^ *client-key-data: *//p' "$1" | base64 -d 2>/dev/null)
}

# withheld_half: sets withheld_public from the text, to the hash of the public key of the key in it.
withheld_half() {
  withheld_public='?'
  case $withheld_text in *EncryptionConfiguration*) case $withheld_text in *secret*) return ;; esac ;; esac
  if ! command -v openssl >/dev/null; then
    [ -n "$withheld_text" ] || withheld_public='!'
    return
  fi
  withheld_public=$(printf '%s\n' "$withheld_key" | openssl pkey -passin pass: -pubout -outform DER 2>/dev/null | sha256sum)
  withheld_public=${withheld_public%% *}
  # That of an empty text: openssl has written none.
  [ "$withheld_public" != e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ] || withheld_public='!'
}

# withheld_alone <TEXT: "alone" if the text is exactly one private key in PEM, otherwise "among".
withheld_alone() {
  awk '
    { sub(/\r$/, "") }
    /^[ \t]*$/ { if (state == 1) state = 3; next }
    state == 0 && /^-----BEGIN [A-Z ]*PRIVATE KEY-----$/ { state = 1; last = "-----END" substr($0, 11); next }
    state == 1 && $0 == last { state = 2; next }
    state == 1 && /^[A-Za-z0-9+\/]+=?=?$/ { next }
    { state = 3 }
    END { print state == 2 ? "alone" : "among" }'
}

# inspect_ask NUMBER COMMAND
inspect_ask() {
  section "ask $1"
  timeout 30 sh -c "$2" </dev/null 2>/dev/null
  ask_status=$?
  # Ends a last line without line end, so that the next section's mark is on its own line.
  printf '\n'
  section status
  printf '%s %s\n' "$1" "$ask_status"
}
