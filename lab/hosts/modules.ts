import { run } from '../command.ts';

/** What hosts use and the kernel does not load by itself when they do; they have no modules of their own to load. */
const MODULES = ['overlay', 'br_netfilter', 'vxlan', 'nf_conntrack'] as const;

/** Loads them on this machine. Where it can't, they are built in or loaded from outside, or a host will tell what it lacks. */
export async function loadModules(): Promise<void> {
  // One at a time: modprobe stops at the first that it does not find.
  for (const name of MODULES) await run(['modprobe', '--quiet', name]).catch(() => undefined);
}
