import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPaths } from '../identity.ts';
import { type ProcessRecord, recordOf } from '../process.ts';

/** The layout of cgroups on the machine: one tree, or one tree for each controller. */
export type CgroupVersion = 'v1' | 'v2';

const MOUNT = '/sys/fs/cgroup';

/** The layout that a mount table (the text of /proc/mounts) shows at the usual place. */
export function cgroupVersionOf(mounts: string): CgroupVersion {
  return /^\S+ \/sys\/fs\/cgroup cgroup2 /m.test(mounts) ? 'v2' : 'v1';
}

/** Every cgroup tree in a mount table; in the hybrid layout, the second-version tree too. */
export function hierarchiesOf(mounts: string): string[] {
  const found = new Set<string>();
  for (const line of mounts.split('\n')) {
    const [, target, type] = line.split(' ');
    if (target && (type === 'cgroup' || type === 'cgroup2') && target.startsWith(MOUNT)) found.add(target);
  }
  return [...found];
}

const mounts = (): string => readFileSync('/proc/mounts', 'utf8');

/** The layout of cgroups on this machine. */
export const cgroupVersion = (): CgroupVersion => cgroupVersionOf(mounts());

function tryWrite(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch {
    // A controller that the machine does not have, or that is in use elsewhere.
  }
}

/** A new cpuset cgroup accepts no process until its CPUs and memory nodes are set. */
function inheritCpuset(parent: string, directory: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (!existsSync(join(parent, file)) || !existsSync(join(directory, file))) continue;
    tryWrite(join(directory, file), readFileSync(join(parent, file), 'utf8').trim());
  }
}

function makeCgroup(hierarchy: string, names: readonly string[]): string {
  let directory = hierarchy;
  for (const name of names) {
    const parent = directory;
    directory = join(parent, name);
    // The second version delegates controllers one level at a time.
    if (existsSync(join(parent, 'cgroup.subtree_control'))) {
      for (const controller of ['cpu', 'cpuset', 'io', 'memory', 'pids']) {
        tryWrite(join(parent, 'cgroup.subtree_control'), `+${controller}`);
      }
    }
    mkdirSync(directory, { recursive: true });
    if (existsSync(join(directory, 'cpuset.mems')) && !existsSync(join(directory, 'cgroup.controllers'))) {
      inheritCpuset(parent, directory);
    }
  }
  return join(directory, 'cgroup.procs');
}

/** The lab's share of the processors when other programs want them too: this many times theirs. */
function weigh(directory: string, times: number): void {
  if (existsSync(join(directory, 'cpu.shares')))
    tryWrite(join(directory, 'cpu.shares'), String(Math.round(1024 * times)));
  if (existsSync(join(directory, 'cpu.weight')))
    tryWrite(join(directory, 'cpu.weight'), String(Math.round(100 * times)));
}

/**
 * Makes a separate cgroup for a member of the lab (a host, or its servers) in every tree: guests that share one would
 * see and count each other's processes.
 *
 * @returns the cgroup.procs files by which a process enters.
 */
export function makeCgroups(paths: LabPaths, member: string): string[] {
  // A command without this variable, such as a power command in a test, does not change it.
  const times = Number(process.env.K8S_HA_LAB_CPU_WEIGHT);
  return hierarchiesOf(mounts()).map((hierarchy) => {
    const procs = makeCgroup(hierarchy, [paths.cgroup, member]);
    if (times > 0) weigh(join(hierarchy, paths.cgroup), times);
    return procs;
  });
}

function subfolders(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(directory, entry.name));
  } catch {
    return [];
  }
}

function processesBelow(directory: string, found: Set<number>): void {
  try {
    for (const line of readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n')) {
      if (line !== '' && line !== '0') found.add(Number(line));
    }
  } catch {
    // It ended meanwhile.
  }
  for (const below of subfolders(directory)) processesBelow(below, found);
}

/**
 * Every process in the cgroups of the lab, or of one member: exactly what the lab started, even if its records are lost.
 */
export function processesOf(paths: LabPaths, member = ''): ProcessRecord[] {
  const found = new Set<number>();
  for (const hierarchy of hierarchiesOf(mounts())) processesBelow(join(hierarchy, paths.cgroup, member), found);
  return [...found].flatMap((pid) => recordOf(pid) ?? []);
}

function removeTree(directory: string): boolean {
  for (const below of subfolders(directory)) removeTree(below);
  try {
    rmdirSync(directory);
  } catch {
    return !existsSync(directory);
  }
  return true;
}

/** Removes the cgroups of the lab, or of one member; false if one still contains a process. */
export function removeCgroups(paths: LabPaths, member = ''): boolean {
  return hierarchiesOf(mounts())
    .map((hierarchy) => removeTree(join(hierarchy, paths.cgroup, member)))
    .every(Boolean);
}
