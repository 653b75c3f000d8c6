import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAB_ADDRESS } from '../cluster-file.ts';
import { must } from '../command.ts';
import { debianSources } from '../hosts/debian-source.ts';
import { inWords, type Progress, withTicks } from '../progress.ts';

/** The release of virtual machines: its systemd needs cgroup v2, which the kernel of the other hosts may lack. */
const MACHINE_RELEASE = 'trixie';

/** A small Debian server with a kernel. The lab's apt source is of another release, so what a run would install is there already. */
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'systemd-resolved', 'dbus', 'udev', 'openssh-server', 'sudo', 'iproute2', 'kmod'],
  ...['linux-image-cloud-amd64', 'initramfs-tools', 'ca-certificates', 'procps', 'util-linux', 'curl', 'openssl'],
  ...['haproxy', 'conntrack', 'iptables', 'nftables', 'socat', 'ebtables', 'ethtool', 'ipset'],
];

const FILES: Readonly<Record<string, string>> = {
  'etc/apt/sources.list': '',
  'etc/systemd/network/lab.network': `[Match]\nName=en*\n[Network]\nAddress=@ADDRESS@/24\nGateway=${LAB_ADDRESS}\nDNS=${LAB_ADDRESS}\n`,
  'etc/ssh/sshd_config.d/lab.conf': 'UseDNS no\nPasswordAuthentication no\n',
};

/** The file in a tree that has the address of its machine, as a pattern in the tree of the cache. */
export const networkFile = 'etc/systemd/network/lab.network';

async function build(tree: string): Promise<void> {
  const [source] = await debianSources();
  if (!source) return;
  mkdirSync(dirname(tree), { recursive: true });
  const include = `--include=${PACKAGES.join(',')}`;
  await must(['debootstrap', '--variant=minbase', include, MACHINE_RELEASE, tree, source.uri]);
  for (const [path, content] of Object.entries(FILES)) writeFileSync(join(tree, path), content);
  const wants = join(tree, 'etc/systemd/system/multi-user.target.wants');
  mkdirSync(wants, { recursive: true });
  const unit = 'systemd-networkd.service';
  rmSync(join(wants, unit), { force: true });
  symlinkSync(`/usr/lib/systemd/system/${unit}`, join(wants, unit));
  for (const name of readdirSync(join(tree, 'etc/ssh')))
    if (name.startsWith('ssh_host_')) rmSync(join(tree, 'etc/ssh', name));
  for (const path of ['var/cache/apt', 'var/lib/apt/lists'])
    for (const name of readdirSync(join(tree, path))) rmSync(join(tree, path, name), { recursive: true });
}

/** The path of the tree that the disks of virtual machines are made from; builds it if the cache does not have it. */
export async function ensureMachineTree(cache: string, progress: Progress): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([PACKAGES, FILES]))
    .digest('hex');
  const tree = join(cache, 'machines', `${MACHINE_RELEASE}-${key.slice(0, 12)}`);
  if (existsSync(tree)) return tree;
  const work = { what: `virtual machines: debootstrap of ${MACHINE_RELEASE}`, usualSeconds: 150 };
  progress(`${work.what}, once, about ${inWords(work.usualSeconds)}`);
  const partial = `${tree}.partial-${process.pid}`;
  try {
    await withTicks(progress, work, () => build(partial));
    renameSync(partial, tree);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return tree;
}
