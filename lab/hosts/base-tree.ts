import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from '../command.ts';
import { messageOf } from '../error.ts';
import { inWords, type Progress, secondsSince, withTicks } from '../progress.ts';
import { BASE_PACKAGES, baseFiles, MASKED_UNITS } from './base-files.ts';
import { debianSources, RELEASE, type Release } from './debian-source.ts';

/** The name of the base tree: it differs for another list of packages, units or files. */
export function baseName(release: Release = RELEASE): string {
  const content = JSON.stringify([release, BASE_PACKAGES, MASKED_UNITS, baseFiles(release)]);
  return `${release}-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
}

function writeInto(tree: string, path: string, content: string, mode = 0o644): void {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  // Never through a link that leads outside the tree.
  rmSync(file, { force: true });
  writeFileSync(file, content, { mode });
}

function link(tree: string, path: string, target: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  rmSync(join(tree, path), { force: true });
  symlinkSync(target, join(tree, path));
}

function empty(directory: string): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
}

function finish(tree: string, release: Release): void {
  for (const { path, content, mode } of baseFiles(release)) writeInto(tree, path, content, mode);
  for (const unit of MASKED_UNITS) link(tree, `etc/systemd/system/${unit}`, '/dev/null');
  const wants = 'etc/systemd/system/sysinit.target.wants/k8s-ha-lab-host.service';
  link(tree, wants, '/etc/systemd/system/k8s-ha-lab-host.service');
  // Every host gets its own keys and name.
  for (const name of readdirSync(join(tree, 'etc/ssh'))) {
    if (name.startsWith('ssh_host_')) rmSync(join(tree, 'etc/ssh', name));
  }
  for (const path of ['etc/hostname', 'var/lib/dbus/machine-id']) rmSync(join(tree, path), { force: true });
  for (const path of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) empty(join(tree, path));
  for (const path of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial', 'var/log/journal']) {
    mkdirSync(join(tree, path), { recursive: true });
  }
}

async function build(tree: string, release: Release): Promise<void> {
  const [source] = await debianSources(release);
  if (!source) return;
  const include = `--include=${BASE_PACKAGES.join(',')}`;
  mkdirSync(dirname(tree), { recursive: true });
  await must(['debootstrap', '--variant=minbase', include, release, tree, source.uri]);
  finish(tree, release);
}

/**
 * Returns the path of the read-only tree that all hosts are overlays of; builds it if the cache does not have it.
 */
export async function ensureBaseTree(cache: string, progress: Progress, release: Release = RELEASE): Promise<string> {
  const tree = join(cache, 'base', baseName(release));
  if (existsSync(tree)) {
    progress('base system: from the cache');
    return tree;
  }
  const work = { what: 'base system: debootstrap', usualSeconds: 80 };
  progress(`${work.what}, once, about ${inWords(work.usualSeconds)}`);
  const start = Date.now();
  const partial = `${tree}.partial-${process.pid}`;
  try {
    await withTicks(progress, work, () => build(partial, release));
    renameSync(partial, tree);
  } catch (error) {
    // Another lab may have built the same tree meanwhile.
    if (!existsSync(tree)) throw error;
    progress(`base system: built by another lab meanwhile (${messageOf(error)})`);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  progress(`base system: built in ${secondsSince(start)}`);
  return tree;
}
