import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LAB_ADDRESS } from '../cluster-file.ts';
import { type Argv, type CommandResult, must, run } from '../command.ts';
import { isMounted, unmountBelow } from '../hosts/disk.ts';
import type { LabPaths } from '../identity.ts';

/** A bridge without a fixed address takes the lowest one of its links, and changes it when a host dies. */
const BRIDGE_MAC = '02:6b:38:73:00:01';

/**
 * The command line that runs a command in the lab's network and otherwise in this machine's environment:
 * `ip netns exec` would mount another /sys, in which nspawn finds no cgroups.
 */
export function insideNetwork(paths: LabPaths, argv: Argv): Argv {
  return ['nsenter', `--net=${paths.netns}`, ...argv];
}

/** Whether the lab's network exists. */
export const networkExists = (paths: LabPaths): boolean => existsSync(paths.netns) && isMounted(paths.netns);

/** Whether the network is complete: the bridge's address is set last. */
async function isComplete(paths: LabPaths): Promise<boolean> {
  if (!networkExists(paths)) return false;
  const { stdout } = await run(insideNetwork(paths, ['ip', '-4', '-oneline', 'address', 'show', 'dev', 'br0']));
  return stdout.includes(`${LAB_ADDRESS}/24`);
}

/** Makes the lab's network: a namespace of its own with a bridge that the hosts' links are plugged into. */
export async function makeNetwork(paths: LabPaths): Promise<void> {
  if (await isComplete(paths)) return;
  await removeNetwork(paths);
  mkdirSync(dirname(paths.netns), { recursive: true });
  writeFileSync(paths.netns, '');
  await must(['unshare', `--net=${paths.netns}`, 'true']);
  const inside = (...argv: Argv): Promise<CommandResult> => run(insideNetwork(paths, argv));
  const ip = (...args: string[]): Promise<string> => must(insideNetwork(paths, ['ip', ...args]));
  await ip('link', 'set', 'lo', 'up');
  await ip('link', 'add', 'br0', 'address', BRIDGE_MAC, 'type', 'bridge');
  await ip('link', 'set', 'br0', 'up');
  // The bridge is the lab's switch, which must not filter packets. Some kernels lack the setting.
  const setting = '/proc/sys/net/bridge/bridge-nf-call-iptables';
  await inside('sh', '-c', `[ ! -e ${setting} ] || echo 0 >${setting}`);
  await ip('address', 'add', `${LAB_ADDRESS}/24`, 'dev', 'br0');
}

/** Removes the lab's network; the kernel deletes it when no process uses it any more. */
export async function removeNetwork(paths: LabPaths): Promise<void> {
  await unmountBelow(paths.netns);
}
