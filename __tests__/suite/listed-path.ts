// A PATH with only the programs of a fresh machine on which `npm test` has installed its list: so a test that
// starts a program without an entry in lab/programs.ts fails on every machine, and not only on one that lacks the program.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readlinkSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { broughtByTheUser, programs } from '../../lab/programs.ts';
import { placeOf, programFolders } from '../../lab/setup.ts';

/** dpkg's record of an installed package. */
interface Package {
  /** Whether every Debian has it. */
  readonly always: boolean;
  readonly needs: readonly string[];
}

const { machines: _onlyInTheLongMode, ...ofTheSuite } = programs;

/** Every entry of the list that `npm test` needs. */
export const listed: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(ofTheSuite));

/**
 * Makes a folder of links to the listed programs, to those of packages that they need, and to those that every Debian has.
 *
 * @returns the PATH that leads there; undefined on a machine without dpkg, which can't say which package a file belongs to.
 */
export function listedPath(folder: string, path: string = process.env.PATH ?? ''): string | undefined {
  if (placeOf('dpkg-query') === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const places = new Map<string, string>();
  for (const place of filesOf(withNeeds(installedPackages()))) places.set(basename(place), place);
  for (const [name, place] of alternatives(new Set(places.values()))) places.set(name, place);
  const folders = programFolders(path);
  const names = [...broughtByTheUser, ...Object.keys(listed).filter((name) => !isAbsolute(name))];
  for (const name of names.flatMap((each) => each.split('|'))) {
    const place = placeOf(name, folders);
    if (place !== undefined) places.set(name, place);
  }
  for (const [name, place] of places) symlinkSync(place, join(folder, name));
  return [...path.split(delimiter).filter((each) => each.endsWith('node_modules/.bin')), folder].join(delimiter);
}

function dpkg(...args: string[]): string {
  return spawnSync('dpkg-query', args, { encoding: 'utf8', maxBuffer: 1 << 27 }).stdout;
}

function installedPackages(): ReadonlyMap<string, Package> {
  const fields = ['Status-Status', 'Package', 'Essential', 'Priority', 'Depends', 'Pre-Depends', 'Provides'];
  const format = fields.map((field, index) => `\${${index === 0 ? 'db:' : ''}${field}}`).join('\\t');
  const packages = new Map<string, Package>();
  for (const line of dpkg('--show', `--showformat=${format}\\n`).split('\n')) {
    const [status, name = '', essential, priority, depends = '', preDepends = '', provides = ''] = line.split('\t');
    if (status !== 'installed') continue;
    const always = essential === 'yes' || priority === 'required' || name === 'apt';
    packages.set(name, { always, needs: [...namesIn(depends), ...namesIn(preDepends)] });
    for (const virtual of namesIn(provides))
      if (!packages.has(virtual)) packages.set(virtual, { always: false, needs: [name] });
  }
  return packages;
}

/** The packages of a field such as `libc6 (>= 2.36), default-mta | mail-transport-agent`. */
function namesIn(field: string): readonly string[] {
  return field.split(/[,|]/).flatMap((part) => /^\s*([a-z0-9][a-z0-9+.-]+)/.exec(part)?.[1] ?? []);
}

function withNeeds(packages: ReadonlyMap<string, Package>): ReadonlySet<string> {
  const wanted = new Set<string>();
  const add = (name: string): void => {
    const known = packages.get(name);
    if (!known || wanted.has(name)) return;
    wanted.add(name);
    for (const need of known.needs) add(need);
  };
  for (const [name, { always }] of packages) if (always) add(name);
  for (const name of Object.values(listed)) add(name);
  return wanted;
}

function filesOf(names: ReadonlySet<string>): readonly string[] {
  return dpkg('--listfiles', ...names)
    .split('\n')
    .filter((place) => /^(\/usr)?\/s?bin\/[^/]+$/.test(place));
}

/** Names such as awk, which lead to a program of a package by way of /etc/alternatives. */
function alternatives(known: ReadonlySet<string>): readonly (readonly [name: string, place: string])[] {
  return ['/usr/bin', '/usr/sbin'].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const place = join(folder, entry.name);
      if (!entry.isSymbolicLink() || !readlinkSync(place).startsWith('/etc/alternatives/')) return [];
      try {
        return known.has(realpathSync(place)) ? [[entry.name, place] as const] : [];
      } catch {
        // Its target does not exist.
        return [];
      }
    }),
  );
}
