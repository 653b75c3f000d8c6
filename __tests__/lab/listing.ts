import type { SeedHost } from './seed-hosts.ts';
import { onHost } from './seed-lab.ts';

/**
 * The files and processes of a host. A file's change time represents its content: no program can write, chmod or chown it,
 * or rename it there and back, without a new one. A folder's change time shows that a file was there for a moment.
 */
export async function listingOf(host: Pick<SeedHost, 'name'>): Promise<readonly string[]> {
  const roots = '/ /var/lib/containerd /var/lib/kubelet /var/lib/etcd';
  // These change with logins and over time.
  const not =
    '-path /var/log -o -path /var/lib/systemd -o -path /tmp -o -path /run -o -path /proc -o -path /sys -o -path /dev';
  const shown = await onHost(
    host.name,
    `find ${roots} -xdev \\( ${not} \\) -prune -o -printf '%p %y %m %U:%G %s %C@ %l\\n'
hostname; cat /proc/mounts /proc/sys/net/ipv4/ip_forward
systemctl list-units --type=service,socket,timer --state=active --plain --no-legend | cut -d ' ' -f 1`,
  );
  return shown.split('\n').filter((line) => !/^(session-|user-|user@)/.test(line));
}

/** The product's files in memory and in temporary folders: a claim, a lock, left-over files; the empty folders of locks stay until a reboot. */
export async function passingOf({ name }: Pick<SeedHost, 'name'>): Promise<readonly string[]> {
  const shown = `-xdev ! -path '*/systemd-private-*' -printf '%p %y %m %s %C@\\n' 2>/dev/null`;
  const line = `find /run/k8s-ha-action -mindepth 1 ! -name lock ! -name claim-lock ${shown}; find /tmp /var/tmp /dev/shm ${shown}; true`;
  return (await onHost(name, line)).split('\n');
}

/** Lines that only one of two listings has. */
export function differenceOf(before: readonly string[], after: readonly string[]): readonly string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
}
