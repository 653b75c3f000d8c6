import { basename } from 'node:path';
import type { Metafile } from 'esbuild';

type Output = Metafile['outputs'][string];
type Counts = ReadonlyMap<string, number>;

/**
 * A name for each chunk, by what is in it rather than by a hash: `host`, `node-ssh`, `phases-join-nodes`. A changed line of
 * the source leaves all names as they are, so that it is a changed line in `dist/`, too.
 *
 * The room of src (or, where there is none, the package) with the most files in a chunk names it: alone, where the chunk has
 * more than half of that room's files, else with the first of them in the chunk. A module is in one chunk only, so no two share a name.
 *
 * @returns by the chunk's path in the metafile, the name without folder and extension.
 * @throws Error if two chunks would get the same name.
 */
export function chunkNames(outputs: Metafile['outputs']): ReadonlyMap<string, string> {
  const filesOfRooms = countRooms(Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  const names = new Map<string, string>();
  for (const [path, output] of Object.entries(outputs)) {
    if (!isChunk(path)) continue;
    const name = nameOf(output, filesOfRooms);
    const other = [...names].find(([, taken]) => taken === name)?.[0];
    if (other) throw new Error(`${other} and ${path} are both named ${name}`);
    names.set(path, name);
  }
  return names;
}

/** Puts those names into the text of a bundle, wherever it imports a chunk. */
export function renameImports(text: string, names: ReadonlyMap<string, string>): string {
  const byFile = new Map([...names].map(([path, name]) => [basename(path), `${name}.js`]));
  return text.replaceAll(
    /(?<=["'](?:\.|\.\.\/chunks)\/)([\w.-]+\.js)(?=["'])/g,
    (file: string) => byFile.get(file) ?? file,
  );
}

/** Whether an output is no action's entry: that one's name is its action's. */
function isChunk(path: string): boolean {
  return /(^|[\\/])chunks[\\/][^\\/]+$/.test(path);
}

function nameOf({ entryPoint, inputs }: Output, filesOfRooms: Counts): string {
  // A package that is loaded when it is needed, while other chunks hold its code: this one only passes it on.
  if (entryPoint && !(entryPoint in inputs)) return `load-${plain(entryPoint)}`;
  const files = Object.keys(inputs).sort();
  const room = entryPoint ? roomOf(entryPoint) : largestRoom(files);
  // Only the bundler's own functions, which are no input.
  if (room === undefined) return 'runtime';
  const own = files.filter((file) => roomOf(file) === room);
  const most = own.length * 2 > (filesOfRooms.get(room) ?? 0);
  return plain(most ? room : (own[0] ?? room));
}

/** By files and not by bytes, which change with every line. */
function largestRoom(files: readonly string[]): string | undefined {
  const ours = files.filter((file) => file.startsWith('src/'));
  const rooms = [...countRooms(ours.length > 0 ? ours : files)];
  return rooms.sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))[0]?.[0];
}

function countRooms(files: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(roomOf(file), (counts.get(roomOf(file)) ?? 0) + 1);
  return counts;
}

/** `src/host` of `src/host/remote/x.ts`; a package's folder name; else what a plugin calls it. */
function roomOf(file: string): string {
  const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  return name ?? file.split(/[/:]/).slice(0, 2).join('/');
}

/** A path as a file's name: what says nothing (src, node_modules, index.js) is left out. */
function plain(path: string): string {
  return path
    .replace(/^(.*node_modules|src)\//, '')
    .replace(/(\/lib)?(\/index)?\.[cm]?[jt]s$/, '')
    .replaceAll(/[^\w.]+/g, '-')
    .replace(/^-/, '');
}
