import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { must } from '../command.ts';
import { aptFolder } from '../hosts/base-files.ts';
import { debianSources, RELEASE, type Release, sourcesList } from '../hosts/debian-source.ts';
import { type Progress, secondsSince, withTicks } from '../progress.ts';

/** The packages that the product's hosts get from their distribution, so the base tree lacks them. */
const HOST_PACKAGES = [
  'haproxy',
  'conntrack',
  'iptables',
  'nftables',
  'socat',
  'ebtables',
  'ethtool',
  'ipset',
] as const;

function aptOptions(work: string, status: string): string[] {
  const settings = {
    'Dir::State::lists': join(work, 'lists'),
    // Resolved against a host's packages, so that exactly the missing ones are downloaded.
    'Dir::State::status': status,
    'Dir::Cache': join(work, 'cache'),
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'APT::Architecture': 'amd64',
    'APT::Architectures::': 'amd64',
    // The cache may be in a folder that apt's own user cannot read.
    'APT::Sandbox::User': 'root',
    'APT::Update::Post-Invoke::': '',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/**
 * Downloads packages and those of their dependencies that the base tree lacks.
 *
 * @param base the base tree; absent: nothing is there yet.
 * @param release the base tree's, or any suite if there is none.
 * @returns their folder in `work`.
 */
export async function fetchPackages(
  work: string,
  base: string | undefined,
  packages: readonly string[],
  release: string = RELEASE,
): Promise<string> {
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  writeFileSync(join(work, 'sources.list'), sourcesList(await debianSources(release)));
  const none = join(work, 'status');
  if (base === undefined) writeFileSync(none, '');
  const options = aptOptions(work, base === undefined ? none : join(base, 'var/lib/dpkg/status'));
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await must(['apt-get', ...options, '-qq', 'update'], { env });
  const install = ['-qq', '--yes', '--no-install-recommends', '--download-only', 'install'];
  await must(['apt-get', ...options, ...install, ...packages], { env });
  return join(work, 'cache/archives');
}

/** Turns a folder of packages into a source that apt reads by `deb [trusted=yes] URL ./`. */
async function index(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.deb')) rmSync(join(folder, name), { recursive: true });
    // An escaped colon in a name must be escaped again in its URL.
    else if (name.includes('%3a')) renameSync(join(folder, name), join(folder, name.replaceAll('%3a', '.')));
  }
  const packages = await must(['apt-ftparchive', 'packages', '.'], { cwd: folder });
  writeFileSync(join(folder, 'Packages'), packages);
  writeFileSync(join(folder, 'Packages.gz'), gzipSync(packages));
  writeFileSync(join(folder, 'Release'), await must(['apt-ftparchive', 'release', '.'], { cwd: folder }));
}

/**
 * The apt source of the lab's hosts of a release, in the mirror's folder as {@link aptFolder}; downloaded if the cache does not have it.
 *
 * @param base the base tree, for which the packages are chosen.
 */
export async function ensureAptSource(
  cache: string,
  base: string,
  progress: Progress,
  release: Release = RELEASE,
): Promise<void> {
  const source = join(cache, 'mirror', aptFolder(release));
  const wanted = createHash('sha256')
    .update(JSON.stringify([release, HOST_PACKAGES, base]))
    .digest('hex');
  const mark = join(source, 'made-from');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) {
    progress('packages for the hosts: from the cache');
    return;
  }
  const start = Date.now();
  progress(`packages for the hosts: fetching ${HOST_PACKAGES.join(', ')} and what they need`);
  const work = join(cache, `packages.partial-${process.pid}`);
  try {
    const what = 'packages for the hosts: apt-get';
    const fetched = () => fetchPackages(work, base, HOST_PACKAGES, release);
    const folder = await withTicks(progress, { what, usualSeconds: 10 }, fetched);
    await index(folder);
    writeFileSync(join(folder, 'made-from'), wanted);
    mkdirSync(join(cache, 'mirror'), { recursive: true });
    rmSync(source, { recursive: true, force: true });
    renameSync(folder, source);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const count = readdirSync(source).filter((name) => name.endsWith('.deb')).length;
  progress(`packages for the hosts: ${count} fetched in ${secondsSince(start)}`);
}
