# shellcheck shell=dash
# Changes of the system itself: name, swap, kernel, packages, users.

set_hostname() {
  hostnamectl set-hostname "$1" 2>/dev/null || { printf '%s\n' "$1" >/etc/hostname && hostname "$1"; } 2>"$TMP/error" ||
    write_failed /etc/hostname
  sync_paths /etc/hostname
}

# All swap units depend on swap.target: masked (by our link), they stay off, and fstab stays unchanged.
swap_off() {
  RELOAD=1
  swapoff -a 2>"$TMP/error" || die SWAP_STAYS 'swapoff failed' detail "$(cat "$TMP/error")"
}

# load_module NAME CHECK: does nothing if the feature is built in; a loadable module is also loaded at boot.
# With check `untellable`, a host without the kernel's lists cannot say whether the feature is built in: a failure of modprobe is ignored
# there, and the attempt recorded.
load_module() {
  module_there "$1" "$2" || modprobe "$1" 2>"$TMP/error" || module_there "$1" "$2" || { [ "$2" = untellable ] && ! kernel_lists; } ||
    die MODULE_MISSING "the kernel feature $1 is missing and modprobe cannot load it" detail "$(cat "$TMP/error")"
  if modprobe -n -q "$1" 2>/dev/null; then module_boots=yes; else module_boots=no; fi
  { grep -v "^$1$TAB" "$STATE/modules" 2>/dev/null
    printf '%s\t%s\n' "$1" "$module_boots"; } >"$TMP/modules"
  cp "$TMP/modules" "$STATE/modules" 2>"$TMP/error" || write_failed "$STATE/modules"
  modules_at_boot
}

modules_at_boot() {
  module_file=${K8S_HA_TEST_ROOT:-}/etc/modules-load.d/k8s-ha-action.conf
  module_names=$(awk -F '\t' '$2 == "yes" { print $1 }' "$STATE/modules")
  if [ -n "$module_names" ]; then
    make_directories "${module_file%/*}"
    { printf '%s\n' "$module_names" >"$module_file" && chmod 644 "$module_file"; } 2>"$TMP/error" || write_failed "$module_file"
    sync_paths "$module_file" "$STATE/modules"
  else
    rm -f "$module_file"
  fi
}

forget_module() {
  sed -i "/^$1$TAB/d" "$STATE/modules" 2>/dev/null
  modules_at_boot
}

# set_sysctl PATH_UNDER_PROC_SYS VALUE
set_sysctl() {
  { printf '%s\n' "$2" >"/proc/sys/$1"; } 2>"$TMP/error" ||
    die SYSCTL_REFUSED "the kernel refuses $2 for $1" detail "$(cat "$TMP/error")"
}

# use_proxy HTTP HTTPS NO_PROXY: the proxy for downloads and package managers only.
use_proxy() { PROXY_HTTP=$1 PROXY_HTTPS=$2 PROXY_NONE=$3; }

# export_proxy: in a subshell, before the program that uses it.
export_proxy() {
  [ -z "${PROXY_HTTP:-}" ] || export http_proxy="$PROXY_HTTP"
  [ -z "${PROXY_HTTPS:-}" ] || export https_proxy="$PROXY_HTTPS"
  [ -z "${PROXY_NONE:-}" ] || export no_proxy="$PROXY_NONE"
}

package_manager() {
  for manager in apt-get dnf zypper; do command -v "$manager" >/dev/null && return; done
  die NO_PACKAGE_MANAGER 'the host has none of apt-get, dnf, zypper'
}

# Seconds for which a package manager that another process uses is waited for: unattended upgrades take minutes.
INSTALL_PATIENCE=600

# Exists while packages are installed: a run that was killed then leaves a package manager that needs a repair.
INSTALLING=$STATE/installing

# install_packages APT DNF ZYPPER: each a list of names separated by spaces.
install_packages() {
  package_manager
  install_repairs=no
  [ ! -e "$INSTALLING" ] || install_repairs=yes
  make_directories "$STATE"
  : >"$INSTALLING"
  case $manager in
    apt-get) install_names=$1 ;;
    dnf) install_names=$2 ;;
    *) install_names=$3 ;;
  esac
  log "installing $install_names"
  install_left=$((INSTALL_PATIENCE * 2)) install_told=$install_left
  until install_once "$install_names"; do
    { install_is_locked && [ "$install_left" -gt 0 ]; } || install_failed
    for install_word in 1 2 3 4 5 6; do install_wait; done
  done
  # rpm does not sync the files that it writes, and neither does dpkg where images set force-unsafe-io.
  sync -f -- / /usr /etc /var 2>/dev/null || sync
  rm -f "$INSTALLING"
}

install_failed() {
  rm -f "$INSTALLING"
  grep -q 'No space left' "$TMP/install" && die DISK_FULL "no space left to install $install_names"
  die PACKAGE_FAILED "$manager cannot install $install_names" detail "$(tail -n 15 "$TMP/install")"
}

# install_once NAMES: one try; a package manager may wait for the lock by itself.
install_once() {
  install_run "$1" >"$TMP/install" 2>&1 &
  install_pid=$!
  while kill -0 "$install_pid" 2>/dev/null; do install_wait; done
  wait "$install_pid"
  set -- $?
  install_pid=0
  return "$1"
}

# install_wait: half a second; reports a process that holds the lock, at once and then every 30 s.
install_wait() {
  tick
  sleep 0.5
  install_is_locked || return
  install_left=$((install_left - 1))
  [ "$install_left" -lt "$install_told" ] || return
  install_told=$((install_left - 60))
  log "waiting for another process that uses $manager: $(install_newest | grep -E "$INSTALL_LOCKED" | head -n 1)"
}

# How apt, dnf, dnf5 (which does not wait), zypper and rpm name a lock that another process holds.
INSTALL_LOCKED='Could not get lock|Unable to lock|Unable to acquire the dpkg|is another process using it|Waiting for process|[Ww]aiting for .*lock|lock is held|[Ll]ocked by|Failed to obtain (the|rpm) transaction lock|transaction lock on .*temporarily unavailable|currently holding the .*lock'
install_is_locked() { install_newest | grep -qE "$INSTALL_LOCKED"; }

# install_newest: what the package manager says now. Its wait is of the past when it says more, as dnf does in a long install; of one
# that has ended, the lock may be the reason of a later line.
install_newest() { tail -n 10 "$TMP/install" | grep . | if [ "$install_pid" = 0 ]; then cat; else tail -n 1; fi; }

install_run() {
  export_proxy
  # shellcheck disable=SC2086
  case $manager in
    # One source that fails must not keep packages of the others away.
    apt-get)
      [ "$install_repairs" = no ] || DEBIAN_FRONTEND=noninteractive dpkg --force-confold --force-confdef --configure -a
      install_apt $1 || { apt-get -q update; install_apt $1; }
      ;;
    dnf) dnf -y --setopt=install_weak_deps=False install $1 ;;
    zypper) ZYPP_LOCK_TIMEOUT=60 zypper --non-interactive --quiet install --no-recommends $1 ;;
  esac
}

install_apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 \
    -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef install "$@"
}

# A package's own service must not start: it would take our unit's port.
hold_unit() { systemctl mask --runtime "$1" >/dev/null 2>&1; :; }
release_unit() {
  systemctl unmask --runtime "$1" >/dev/null 2>&1
  systemctl disable --now "$1" >/dev/null 2>&1
  :
}

# need_command COMMAND [ANOTHER]…: after an install, one of them is there.
need_command() {
  command_there "$@" || die PACKAGE_FAILED "the command $1 is still missing after its package was installed"
}

# add_user NAME HOME: a group of its name, of a directory service or of an earlier user, becomes its group.
add_user() {
  id -u "$1" >/dev/null 2>&1 && return
  add_shell=/usr/sbin/nologin
  [ -x "$add_shell" ] || add_shell=/sbin/nologin
  if getent group "$1" >/dev/null 2>&1; then add_group="--gid=$1"; else add_group=--user-group; fi
  useradd --system "$add_group" --home-dir "$2" --no-create-home --shell "$add_shell" "$1" 2>"$TMP/error" ||
    die USER_FAILED "cannot add the user $1" detail "$(cat "$TMP/error")"
}

remove_user() {
  userdel "$1" 2>"$TMP/error" || log "kept the user $1: $(cat "$TMP/error")"
}
