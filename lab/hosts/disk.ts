import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../command.ts';
import type { LabPaths } from '../identity.ts';
import { hostDir } from '../state.ts';

/** Directories that must not be on an overlay: containerd stacks overlays of its own, and etcd's speed depends on the disk. */
export const REAL_DIRECTORIES = ['containerd', 'kubelet', 'etcd'] as const;

/** The mount point of a host's tree while the lab is up. */
export const diskRoot = (paths: LabPaths, host: string): string => join(hostDir(paths, host), 'root');

/** A real directory of a host, to be bound to /var/lib/<name>. */
export const realDirectory = (paths: LabPaths, host: string, name: string): string =>
  join(hostDir(paths, host), 'disks', name);

/** What a host has written over the lower layers. */
export const upperFolder = (paths: LabPaths, host: string): string => join(hostDir(paths, host), 'upper');

const layersFile = (paths: LabPaths, host: string): string => join(hostDir(paths, host), 'layers.json');

/** The layers of a checkpoint between the host's own writes and the base tree, the uppermost first; usually none. */
export function layersOf(paths: LabPaths, host: string): readonly string[] {
  const file = layersFile(paths, host);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
}

/** Puts layers of a checkpoint below a host's disk, before its first mount. */
export const putLayers = (paths: LabPaths, host: string, layers: readonly string[]): void =>
  writeFileSync(layersFile(paths, host), JSON.stringify(layers));

/** Mount points at or below a directory, the deepest first, from the text of /proc/self/mountinfo. */
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

/** Whether a host's own files are in its tree. */
export const isPersonal = (paths: LabPaths, host: string): boolean =>
  existsSync(join(hostDir(paths, host), 'personal'));

/** Records that a host's own files are in its tree. */
export const markPersonal = (paths: LabPaths, host: string): void =>
  writeFileSync(join(hostDir(paths, host), 'personal'), '');

const generationFile = (paths: LabPaths, host: string): string => join(hostDir(paths, host), 'generation');

/** How often a host was replaced by a new machine with its name. */
export function generationOf(paths: LabPaths, host: string): number {
  const file = generationFile(paths, host);
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}

/** Empties the disk of a host that is off, which then counts as another machine. */
export async function wipeDisk(paths: LabPaths, host: string): Promise<void> {
  await unmountBelow(diskRoot(paths, host));
  writeFileSync(generationFile(paths, host), String(generationOf(paths, host) + 1));
  for (const name of ['personal', 'layers.json', 'upper', 'work', 'disks'])
    rmSync(join(hostDir(paths, host), name), { recursive: true, force: true });
}

/** Mounts a host's tree: its own layer over the shared base tree. A host that was on before keeps its disk. */
export async function mountDisk(paths: LabPaths, host: string, base: string): Promise<string> {
  const root = diskRoot(paths, host);
  const [upper, work] = [upperFolder(paths, host), join(hostDir(paths, host), 'work')];
  for (const path of [root, upper, work]) mkdirSync(path, { recursive: true });
  for (const name of REAL_DIRECTORIES) {
    mkdirSync(realDirectory(paths, host, name), { recursive: true, mode: 0o700 });
  }
  if (isMounted(root)) return root;
  const lower = [...layersOf(paths, host), base].join(':');
  await must(['mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`, root]);
  for (const name of REAL_DIRECTORIES) mkdirSync(join(root, 'var/lib', name), { recursive: true, mode: 0o700 });
  return root;
}
