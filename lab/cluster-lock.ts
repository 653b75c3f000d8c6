import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { lockFileOf } from '../src/cluster/lock.ts';
import { lockText } from '../src/lockfile/make.ts';
import { cacheFolder } from './binaries/cache.ts';
import { findSum } from './binaries/sums.ts';
import { layoutFolder, readLayout } from './images/layout.ts';
import { MIRROR_URL } from './services.ts';

const heading = '# Of the builds of the lab: written again before each run of an action.\n';

/** A lock with all files and images that a lab serves: for its own builds no publisher has sums. */
export async function labLock({ stateDir }: { readonly stateDir: string }, cache = cacheFolder()): Promise<string> {
  const roots = [join(cache, 'mirror'), join(stateDir, 'mirror-files')];
  const binaries = roots.flatMap((root) =>
    ['dl.k8s.io', 'github.com'].flatMap((host) => filesBelow(root, host)).flatMap((file) => sumBeside(root, file)),
  );
  const images = (await readLayout(layoutFolder(cache))).map(
    ({ reference, manifest }) => [reference, manifest.digest] as const,
  );
  return heading + lockText({ file: '', binaries: new Map(binaries), images: new Map(images) });
}

/** Writes the lab's lock beside a cluster file that uses the lab's mirror, unless a test has put another one there. */
export async function writeLabLock(lab: { readonly stateDir: string }, clusterFile: string): Promise<void> {
  const file = lockFileOf(clusterFile);
  if (!existsSync(clusterFile) || !usesLab(readFileSync(clusterFile, 'utf8'))) return;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : heading;
  const text = await labLock(lab);
  if (!before.startsWith(heading) || before === text) return;
  // Another action may read it at the same time.
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** Whether a cluster file's text names the lab's mirror. */
export function usesLab(clusterText: string): boolean {
  return clusterText.includes(MIRROR_URL);
}

function filesBelow(root: string, host: string): readonly string[] {
  if (!existsSync(join(root, host))) return [];
  const entries = readdirSync(join(root, host), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** The entry of a file by the checksum file that its publisher has for it; none for a checksum file. */
function sumBeside(root: string, file: string): readonly (readonly [string, string])[] {
  const [, owner, name, , , tag] = file.split('/');
  const places = [
    ...['.sha256', '.sha256sum'].map((suffix) => file + suffix),
    ...['SHA256SUMS', 'runc.sha256sum'].map((sums) => join(dirname(file), sums)),
    `api.github.com/repos/${owner}/${name}/releases/tags/${tag}`,
  ];
  const found = places.find((place) => place !== file && existsSync(join(root, place)));
  const sum = found && findSum(readFileSync(join(root, found), 'utf8'), basename(file));
  return sum ? [[`https://${file}`, sum]] : [];
}
