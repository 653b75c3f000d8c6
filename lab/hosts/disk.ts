import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../command.ts';
import type { LabPaths } from '../identity.ts';
import { hostDir } from '../state.ts';

/** What must not lie on an overlay: containerd stacks overlays of its own, and etcd's speed is the disk's. */
export const REAL_DIRECTORIES = ['containerd', 'kubelet', 'etcd'] as const;

/** Where a host's tree is mounted while the lab is up. */
export const diskRoot = (paths: LabPaths, host: string): string => join(hostDir(paths, host), 'root');

/** A real directory of a host, to be bound to /var/lib/<name>. */
export const realDirectory = (paths: LabPaths, host: string, name: string): string =>
  join(hostDir(paths, host), 'disks', name);

/** Mount points at or below a directory, the deepest first, out of the text of /proc/self/mountinfo. */
export function mountsBelow(mountinfo: string, directory: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 8)),
      ),
    )
    .filter((target) => target === directory || target.startsWith(`${directory}/`))
    .reverse();
}

const currentMounts = (directory: string): string[] =>
  mountsBelow(readFileSync('/proc/self/mountinfo', 'utf8'), directory);

/** Unmounts everything at or below a directory. */
export async function unmountBelow(directory: string): Promise<void> {
  for (const target of currentMounts(directory)) await must(['umount', '--lazy', target]);
}

/** Whether something is mounted at a path. */
export const isMounted = (path: string): boolean => currentMounts(path).includes(path);

/** Whether a host's tree has been made this host's own. */
export const isPersonal = (paths: LabPaths, host: string): boolean =>
  existsSync(join(hostDir(paths, host), 'personal'));

/** Notes that a host's tree has been made this host's own. */
export const markPersonal = (paths: LabPaths, host: string): void =>
  writeFileSync(join(hostDir(paths, host), 'personal'), '');

/** Mounts a host's tree: what it writes over the base tree that all share. A host that was on before keeps its disk. */
export async function mountDisk(paths: LabPaths, host: string, base: string): Promise<string> {
  const root = diskRoot(paths, host);
  const [upper, work] = ['upper', 'work'].map((name) => join(hostDir(paths, host), name)) as [string, string];
  for (const path of [root, upper, work]) mkdirSync(path, { recursive: true });
  for (const name of REAL_DIRECTORIES) {
    mkdirSync(realDirectory(paths, host, name), { recursive: true, mode: 0o700 });
  }
  if (isMounted(root)) return root;
  await must(['mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${base},upperdir=${upper},workdir=${work}`, root]);
  for (const name of REAL_DIRECTORIES) mkdirSync(join(root, 'var/lib', name), { recursive: true, mode: 0o700 });
  return root;
}
