import { run } from '../command.ts';

/** Modules that hosts use but that the kernel does not load automatically; hosts cannot load modules themselves. */
const MODULES = ['overlay', 'br_netfilter', 'vxlan', 'nf_conntrack'] as const;

/** Loads them on this machine. If that fails, they are built in or loaded already, or a host will report what it lacks. */
export async function loadModules(): Promise<void> {
  // One at a time: modprobe stops at the first missing one.
  for (const name of MODULES) await run(['modprobe', '--quiet', name]).catch(() => undefined);
}
