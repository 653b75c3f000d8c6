import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABS_DIR } from '../identity.ts';

const FILE = join(LABS_DIR, 'outer-sysctls.json');

/** Settings that kubelet and sysctl units of hosts may change in the kernel that they share with this machine. */
const ROOTS = ['kernel', 'vm', 'fs'];

/**
 * The settings that are saved and restored: of the kernel's settings only those that a host's services set, because this machine
 * itself may change others meanwhile.
 */
const SETTINGS =
  /^(kernel\.(panic|panic_on_\w+|keys\..+|pid_max|sysrq|core_\w+|printk|threads-max|msg\w+|sem|shm\w+|kptr_restrict|dmesg_restrict|perf_event_paranoid|unprivileged_bpf_disabled|numa_balancing)|vm\..+|fs\..+)$/;

/** Excluded: entries that are actions, counters or mounts. */
const NOT_SETTINGS = /^(vm\.(drop_caches|compact_memory|stat_refresh)|fs\.(binfmt_misc\..+|.*-(nr|state)))$/;

/** Values by name; the parts of a name are joined by dots. */
export type Sysctls = Readonly<Record<string, string>>;

function collect(root: string, path: readonly string[], found: Record<string, string>): void {
  for (const entry of readdirSync(join(root, ...path), { withFileTypes: true })) {
    const below = [...path, entry.name];
    const name = below.join('.');
    if (entry.isDirectory()) collect(root, below, found);
    else if (SETTINGS.test(name) && !NOT_SETTINGS.test(name)) readInto(join(root, ...below), name, found);
  }
}

function readInto(file: string, name: string, found: Record<string, string>): void {
  try {
    if ((statSync(file).mode & 0o600) !== 0o600) return;
    const value = readFileSync(file, 'utf8').trim();
    if (!value.includes('\n')) found[name] = value;
  } catch {
    // Some are write-only, or not writable in this kernel.
  }
}

/** The current settings of the shared kernel. */
export function readSysctls(root = '/proc/sys'): Sysctls {
  const found: Record<string, string> = {};
  for (const name of ROOTS) if (existsSync(join(root, name))) collect(root, [name], found);
  return found;
}

/** Writes back the settings that differ, and names them. */
export function writeSysctls(saved: Sysctls, root = '/proc/sys'): string[] {
  const now = readSysctls(root);
  const changed = Object.keys(saved).filter((name) => now[name] !== undefined && now[name] !== saved[name]);
  return changed.filter((name) => {
    try {
      writeFileSync(join(root, ...name.split('.')), saved[name] ?? '');
      return true;
    } catch {
      // Some settings, such as locks on others, cannot be undone.
      return false;
    }
  });
}

/** Saves the machine's settings before the first lab on it boots a host. */
export function saveOuterSysctls(): void {
  mkdirSync(LABS_DIR, { recursive: true });
  if (!existsSync(FILE)) writeFileSync(FILE, JSON.stringify(readSysctls(), null, 2), { flag: 'wx' });
}

/**
 * What nodes set in the kernel that all labs of this machine share (src/components/host-preparation.ts). Set before hosts boot: a host that is
 * reset restores what it found, and a kubelet of another lab does not start with the kernel's defaults.
 */
const SHARED: Sysctls = {
  'fs.inotify.max_user_instances': '8192',
  'fs.inotify.max_user_watches': '524288',
  'kernel.keys.root_maxbytes': '25000000',
  'kernel.keys.root_maxkeys': '1000000',
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
};

/** Sets what the nodes of all labs need. */
export function setSharedSysctls(): void {
  writeSysctls(SHARED);
}

/** Restores the machine's settings after the last lab on it is down. */
export function restoreOuterSysctls(): string[] {
  if (!existsSync(FILE)) return [];
  const restored = writeSysctls(JSON.parse(readFileSync(FILE, 'utf8')) as Sysctls);
  rmSync(FILE);
  return restored;
}
