// Hosts as users have them: for each, the lines of sh that make a clean host of the lab such a one. All of it is there again after a boot.

/** Text before, beside and without a line end around each command: a banner, sshd's rc, and a start-up file of bash. */
const loud = String.raw`
printf 'Authorized use only.\nAll activity is recorded.' >/etc/issue.net
echo 'Banner /etc/issue.net' >/etc/ssh/sshd_config.d/banner.conf
printf '%s\n' 'echo "Last backup: never"' 'printf "{\"t\":" >&2' >/etc/ssh/sshrc
cat >>/root/.bashrc <<'END'
printf '\033]0;%s\007' "$HOSTNAME"
printf 'Welcome! '
echo 'quota: command not found' >&2
umask 027
cd /tmp
alias ls='ls --color=always' rm='rm -i'
export GREP_OPTIONS=--color=always LC_ALL=tr_TR.UTF-8 CDPATH=/etc TMPDIR=/nonexistent
END
systemctl reload ssh`;

/**
 * A baseline that was written for servers without containers. The unit with which the lab sets its guests up at boot is exempt: the baseline
 * would give it a mount namespace of its own, and what it mounts must be there for all (base-files.ts).
 */
const hardened = String.raw`
cat >/etc/sysctl.d/99-hardening.conf <<'END'
kernel.panic = 60
kernel.panic_on_oops = 0
vm.overcommit_memory = 2
fs.inotify.max_user_instances = 128
-net.ipv4.ip_forward = 0
net/bridge/bridge-nf-call-iptables = 0
net.ipv4.conf.all.rp_filter = 1
END
echo 'net.ipv4.ip_forward = 0' >>/etc/sysctl.conf
sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=1
mkdir -p /etc/systemd/system/service.d
printf '[Service]\nLimitCORE=0\nLimitNOFILE=65536\nUMask=0027\nProtectHome=read-only\nPrivateTmp=yes\n' >/etc/systemd/system/service.d/50-hardening.conf
mkdir -p /etc/systemd/system/k8s-ha-lab-host.service.d
ln -s /dev/null /etc/systemd/system/k8s-ha-lab-host.service.d/50-hardening.conf
sed -i 's/^UMASK.*/UMASK 027/' /etc/login.defs
systemctl daemon-reload`;

/** unattended-upgrades, which waits for the network longer than the first apt-get of another. */
const busy = `
cat >/usr/local/sbin/upgrades <<'END'
use Fcntl;
for (@ARGV) {
  open(my $file, '>>', $_) or die;
  fcntl($file, F_SETLK, my $all = pack('s s l! l! i', F_WRLCK, 0, 0, 0, 0)) or die;
  push @held, $file;
}
sleep 1 until system('pgrep -x apt-get >/dev/null') == 0;
sleep 12;
END
systemd-run -q --unit=upgrades perl /usr/local/sbin/upgrades /var/lib/apt/lists/lock /var/lib/dpkg/lock-frontend`;

/**
 * Its programs on another file system, a resolver of its own whose servers NetworkManager knows, and something that runs when swap is
 * turned on: systemd knows no swap units in a container.
 */
const parted = String.raw`
mkdir -p /var/lib/etcd/disk
cp -a /usr/local/. /var/lib/etcd/disk
cat >/etc/systemd/system/usr-local.mount <<'END'
[Unit]
RequiresMountsFor=/var/lib/etcd
[Mount]
What=/var/lib/etcd/disk
Where=/usr/local
Type=none
Options=bind
[Install]
WantedBy=local-fs.target
END
echo 'nameserver 127.0.0.1' >/etc/resolv.conf
printf '%s\n' 'd /run/NetworkManager' 'f /run/NetworkManager/no-stub-resolv.conf 644 root root - nameserver 192.168.1.1' >/etc/tmpfiles.d/network.conf
systemd-tmpfiles --create /etc/tmpfiles.d/network.conf
printf '[Service]\nExecStart=touch /run/swapped\n[Install]\nWantedBy=swap.target\n' >/etc/systemd/system/disk-swap.service
systemctl daemon-reload
systemctl -q enable --now usr-local.mount disk-swap.service`;

/** By the names of the hosts. */
export const preparations = { loud, hardened, busy, parted } as const;
