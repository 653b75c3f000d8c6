import { LAB_ADDRESS } from '../cluster-file.ts';
import { RELEASE, type Release } from './debian-source.ts';

/**
 * The packages of a small Debian server. Packages that the product itself must install on a host (haproxy, conntrack, iptables …)
 * are missing on purpose and come from the lab's apt source.
 */
export const BASE_PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'sudo',
  'iproute2',
  'kmod',
  'ca-certificates',
  'procps',
  'util-linux',
  'curl',
] as const;

/** Units that have no use on a host of the lab, or that change the kernel it shares with the machine. */
export const MASKED_UNITS = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'console-getty.service',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'getty-static.service',
  'getty@tty1.service',
  'modprobe@configfs.service',
  'modprobe@dm_mod.service',
  'modprobe@drm.service',
  'modprobe@efi_pstore.service',
  'modprobe@fuse.service',
  'modprobe@loop.service',
  'proc-sys-fs-binfmt_misc.automount',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-binfmt.service',
  'systemd-pstore.service',
  'systemd-timesyncd.service',
] as const;

/** Sets the host up at each boot, before any ordinary unit: its address, and defaults of nspawn that are too strict or too open. */
const HOST_SETUP = `#!/bin/sh
set -eu
. /etc/k8s-ha-lab/host
ip link set host0 up
ip address replace "$ADDRESS" dev host0
ip route replace default via "$GATEWAY"
# The kernel is shared: a crash asked for here would be the outer machine's.
if [ -e /proc/sysrq-trigger ]; then mount --bind /dev/null /proc/sysrq-trigger; fi
# nspawn leaves the trees of cgroup v1 read-only; kubelet and containerd make cgroups in them.
while read -r _ _ _ _ target options _ rest; do
  case "$target:$options:$rest" in
    /sys/fs/cgroup/*:ro*:*cgroup*) mount -o remount,rw,bind "$target" ;;
  esac
done </proc/self/mountinfo
`;

const HOST_SETUP_UNIT = `[Unit]
Description=Address and kernel interfaces of a host of the lab
DefaultDependencies=no
After=local-fs.target systemd-tmpfiles-setup.service
Before=sysinit.target network.target shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/k8s-ha-lab/host-setup

[Install]
WantedBy=sysinit.target
`;

/** A file of the base tree. */
export interface BaseFile {
  readonly path: string;
  readonly content: string;
  readonly mode?: number;
}

/** The folder of the mirror with a release's packages for the hosts. */
export const aptFolder = (release: Release): string => (release === RELEASE ? 'apt' : `apt-${release}`);

/** The files that turn a Debian tree of a release into a host of the lab. */
export function baseFiles(release: Release): readonly BaseFile[] {
  return BASE_FILES.map((file) => ({ ...file, content: file.content.replace('/apt/', `/${aptFolder(release)}/`) }));
}

const BASE_FILES: readonly BaseFile[] = [
  { path: 'usr/lib/k8s-ha-lab/host-setup', content: HOST_SETUP, mode: 0o755 },
  { path: 'etc/systemd/system/k8s-ha-lab-host.service', content: HOST_SETUP_UNIT },
  { path: 'etc/apt/sources.list', content: `deb [trusted=yes] http://${LAB_ADDRESS}:8080/apt/ ./\n` },
  // No translations: the lab's source has none, and apt would ask for them each time.
  { path: 'etc/apt/apt.conf.d/90lab', content: 'Acquire::Languages "none";\n' },
  // No server answers at this address, but CoreDNS does not start with a file without a name server.
  { path: 'etc/resolv.conf', content: `nameserver ${LAB_ADDRESS}\n` },
  { path: 'etc/hosts', content: '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' },
  // Otherwise systemd would create one id, and every host would have the same.
  { path: 'etc/machine-id', content: '' },
  { path: 'etc/ssh/sshd_config.d/lab.conf', content: 'UseDNS no\nPasswordAuthentication no\n' },
  { path: 'etc/systemd/journald.conf.d/lab.conf', content: '[Journal]\nStorage=persistent\nSystemMaxUse=64M\n' },
];
