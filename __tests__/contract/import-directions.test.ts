import { expect, test } from '@jest/globals';
import { filesMatching, type Import, importsOf, linesMatching } from './tree.ts';

/** What a room may import of another: all of it, its types alone, or these files (as a pattern of their paths) and types of all. */
type Allowance = 'all' | 'types' | RegExp | { readonly andTypes: RegExp };

/** The arrows of docs/architecture.md. All other imports are forbidden; a room may always import itself. */
const arrows: Readonly<Record<string, Readonly<Record<string, Allowance>>>> = {
  'src/actions': {
    'src/lockfile': 'all',
    'src/github': 'all',
    'src/phases': 'all',
    'src/failover': 'all',
    'src/check': 'all',
    'src/backup': 'all',
    'src/kubernetes': 'all',
    'src/plan': 'all',
    'src/etcd': 'all',
    'src/components': 'all',
    'src/pki': 'all',
    'src/host': 'all',
    'src/cluster': 'all',
    'src/entry': 'all',
  },
  'src/github': {
    'src/phases': 'types',
    'src/check': 'all',
    'src/lockfile': /^src\/lockfile\/read\.ts$/,
    'src/cluster': 'all',
    'src/host': { andTypes: /^src\/host\/redact\.ts$/ },
    'src/entry': 'all',
  },
  'src/phases': {
    'src/lockfile': 'all',
    'src/failover': 'all',
    'src/check': 'all',
    'src/backup': 'all',
    'src/observe': 'all',
    'src/kubernetes': 'all',
    'src/plan': 'all',
    'src/etcd': 'all',
    'src/components': 'all',
    'src/pki': 'all',
    'src/host': 'all',
    'src/cluster': 'all',
  },
  // Judges what others have read.
  'src/check': {
    'src/etcd': 'types',
    'src/observe': 'types',
    'src/host': 'types',
    'src/pki': /^src\/pki\/x509-read\.ts$/,
    'src/cluster': 'all',
  },
  'src/failover': {
    'src/lockfile': /^src\/lockfile\/images\.ts$/,
    'src/kubernetes': 'all',
    'src/etcd': 'all',
    'src/pki': 'all',
    'src/host': 'all',
    'src/cluster': 'all',
    'src/entry': 'all',
  },
  'src/observe': {
    'src/kubernetes': 'all',
    'src/etcd': 'all',
    'src/components': 'all',
    'src/host': 'all',
    'src/cluster': 'all',
    'src/entry': 'all',
  },
  'src/kubernetes': { 'src/pki': 'all', 'src/host': 'all', 'src/cluster': 'all', 'src/entry': 'all' },
  // What was observed, and its readers: nothing that speaks with a host.
  'src/plan': {
    'src/etcd': /^src\/etcd\/(members|observe)\.ts$/,
    'src/observe': 'types',
    'src/host': 'types',
    'src/cluster': 'all',
  },
  'src/etcd': { 'src/host': 'all', 'src/cluster': 'all', 'src/entry': 'all' },
  'src/components': {
    'src/etcd': /^src\/etcd\/(etcdctl|restart-lock)\.ts$/,
    'src/pki': /^src\/pki\/secrets\.ts$/,
    'src/host': /^src\/host\/(shell-command|state)\.ts$/,
    'src/lockfile': 'all',
    'src/cluster': 'all',
  },
  'src/lockfile': { 'src/cluster': 'all' },
  'src/backup': { 'src/pki': 'all', 'src/entry': 'all' },
  'src/pki': { 'src/cluster': 'all', 'src/entry': 'all' },
  'src/host': { 'src/entry': 'all' },
  'src/cluster': {},
  'src/layout': {},
  'src/entry': {},
  // Named one by one below: the benchmarks, the demo and the tests drive the product, the lab itself does not.
  lab: { 'src/cluster': 'all', 'src/host': /^src\/host\/sums\.ts$/, 'src/lockfile': /^src\/lockfile\/make\.ts$/ },
};

/** The rooms of src/failover and what each may import of the others; `root` is result.ts, verdict.ts and what they need. */
const failoverArrows: Readonly<Record<string, readonly string[]>> = {
  faults: [],
  instruments: [],
  root: ['instruments'],
  check: ['faults', 'instruments', 'root'],
  upgrade: ['instruments', 'root'],
  report: ['instruments', 'root'],
};

/** Pure rooms: a test can call them with only data. node:crypto makes keys and reads certificates in src/pki. */
const withoutIo: Readonly<Record<string, RegExp>> = {
  'src/cluster': /^$/,
  'src/layout': /^$/,
  'src/entry': /^$/,
  // Functions on texts.
  'src/components': /^node:path\/posix$/,
  'src/lockfile': /^node:crypto$/,
  'src/check': /^$/,
  'src/plan': /^$/,
  'src/pki': /^node:(crypto|util)$/,
  // Streams through it what others read and write.
  'src/backup': /^node:(crypto|stream|stream\/promises)$/,
};

/** The file that cleans and masks all output. */
const theExit = 'src/github/runner.ts';

const files = filesMatching(/^(src|lab)\/.*\.ts$/);
const imports = files.flatMap(importsOf);

test('The tree has source files and their imports are found', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(imports.length).toBeGreaterThan(files.length);
});

test('Rooms import only along the arrows of the architecture', () => {
  expect(imports.filter((each) => isBetweenRooms(each) && !isAllowed(each)).map(shown)).toEqual([]);
});

test('Every room of src has its arrows in the table', () => {
  const rooms = new Set(files.filter((file) => file.split('/').length > 2).map(roomOf));
  expect([...rooms].filter((room) => !Object.hasOwn(arrows, room))).toEqual([]);
});

test('No file imports itself through others, types included, also not inside a room or in the tests', () => {
  const all = filesMatching(/^(?!dist\/).*\.ts$/);
  const targets = Map.groupBy(all.flatMap(importsOf), ({ file }) => file);
  const next = (file: string) => (targets.get(file) ?? []).map(({ target }) => target);
  expect(circlesOf(all, next)).toEqual([]);
});

test('A circle is found, also behind a file that is in none', () => {
  const targets: Readonly<Record<string, readonly string[]>> = { a: ['b'], b: ['c', 'd'], c: ['b'], d: [] };
  expect(circlesOf(['a', 'b', 'c', 'd'], (file) => targets[file] ?? [])).toEqual(['b → c → b']);
});

test('The rooms of src/failover import each other in one direction, and other rooms import only its index.ts', () => {
  const index = 'src/failover/index.ts';
  const inner = imports.filter(({ file, target }) => isFailover(file) && isFailover(target) && file !== index);
  const wrong = inner.filter(({ file, target }) => {
    const [from, to] = [failoverRoomOf(file), failoverRoomOf(target)];
    return target === index || (from !== to && !failoverArrows[from]?.includes(to));
  });
  expect(inner.length).toBeGreaterThan(50);
  expect(wrong.map(shown)).toEqual([]);
  const outside = imports.filter(
    ({ file, target }) => file.startsWith('src/') && !isFailover(file) && isFailover(target),
  );
  expect(outside.filter(({ target }) => target !== index).map(shown)).toEqual([]);
});

test('The script of the report’s page imports its own files and the types of the chart', () => {
  const page = imports.filter(({ file }) => file.startsWith('src/failover/report/page/'));
  const own = ({ target, typesOnly }: Import) =>
    target.startsWith('src/failover/report/page/') || (typesOnly && target === 'src/failover/report/chart.ts');
  expect(page.length).toBeGreaterThan(10);
  expect(page.filter((each) => !own(each)).map(shown)).toEqual([]);
});

test('Only src/github, and the entries that use it, depend on GitHub', () => {
  const knowing = imports.filter(({ target, file }) => target.startsWith('@actions/') && file.startsWith('src/'));
  expect(knowing.filter(({ file }) => !file.startsWith('src/github/')).map(shown)).toEqual([]);
});

test('All output for the log and the runner goes through one file', () => {
  const source = files.filter((file) => file.startsWith('src/') && file !== theExit);
  const core = imports.filter(({ target, file }) => target.startsWith('@actions/core') && file.startsWith('src/'));
  expect(core.filter(({ file }) => file !== theExit).map(shown)).toEqual([]);
  const ways =
    /\bconsole[.[]|\bprocess\.(stdout|stderr|_rawDebug|report|emitWarning)\b|\bfd: ?[12]\b|\bwrite(Sync|v)?\([12],|\/dev\/(stdout|stderr|fd|tty)|\/proc\/self\/fd\/[12]|GITHUB_(OUTPUT|STATE|ENV|PATH)\b/;
  expect(linesMatching(source, ways)).toEqual([]);
  // This file only checks whether there is a summary to write.
  expect(linesMatching(source, /GITHUB_STEP_SUMMARY/).map((line) => line.replace(/:.*/s, ''))).toEqual([
    'src/github/summary.ts',
  ]);
});

test('Two files start processes, in environments that they choose', () => {
  const starters = imports.filter(({ target }) =>
    /^(node:)?child_process$|^@actions\/exec$|^node:(cluster|worker_threads)$/.test(target),
  );
  const ours = starters.filter(({ file }) => file.startsWith('src/'));
  expect([...new Set(ours.map(({ file }) => file))]).toEqual(['src/github/id-token.ts', 'src/github/run-command.ts']);
});

test('Pure rooms import no I/O', () => {
  const io = imports.filter(({ file, target, typesOnly }) => {
    const allowed = withoutIo[roomOf(file)];
    return allowed !== undefined && target.startsWith('node:') && !typesOnly && !allowed.test(target);
  });
  expect(io.map(shown)).toEqual([]);
});

test('Components have no clock, no randomness and no environment', () => {
  const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandom(Bytes|UUID|Int)\(|\bprocess\.|\bperformance\./;
  expect(linesMatching(filesMatching(/^src\/components\/.*\.ts$/), impure)).toEqual([]);
});

test('Large packages are loaded only when they are used', () => {
  const heavy = new Set(['@actions/artifact', 'node-ssh', 'ssh2', 'age-encryption']);
  const early = imports.filter(({ target, typesOnly, whenUsed }) => heavy.has(target) && !typesOnly && !whenUsed);
  expect(early.filter(({ file }) => file.startsWith('src/')).map(shown)).toEqual([]);
});

const isFailover = (path: string) => path.startsWith('src/failover/');

/** `check` of `src/failover/check/verify.ts`; `root` of `src/failover/result.ts`. */
function failoverRoomOf(path: string): string {
  const [, , room = '', file] = path.split('/');
  return file === undefined ? 'root' : room;
}

/** Each import circle once, as `a.ts → b.ts → a.ts`. */
function circlesOf(all: readonly string[], next: (file: string) => readonly string[]): readonly string[] {
  const [finished, path, circles] = [new Set<string>(), [] as string[], [] as string[]];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(' → '));
    if (start >= 0 || finished.has(file)) return;
    path.push(file);
    for (const target of next(file)) visit(target);
    path.pop();
    finished.add(file);
  };
  for (const file of all) visit(file);
  return circles;
}

function isBetweenRooms({ file, target }: Import): boolean {
  return /^(src|lab|bench|docs|__tests__)\//.test(target) && roomOf(target) !== roomOf(file);
}

function isAllowed({ file, target, typesOnly }: Import): boolean {
  if (/^src\/(errors|error-codes|log|markdown|plain-text|trend|waiting)\.ts$/.test(target) && file.startsWith('src/'))
    return true;
  // The bottom: all rooms but the engine, which knows nothing of Kubernetes, and the readers of text.
  if (roomOf(target) === 'src/layout') return file.startsWith('src/') && !/^src\/(host|entry)\//.test(file);
  const allowance = arrows[roomOf(file)]?.[roomOf(target)];
  if (allowance === undefined) return false;
  if (allowance === 'all') return true;
  if (allowance === 'types') return typesOnly;
  return 'andTypes' in allowance ? typesOnly || allowance.andTypes.test(target) : allowance.test(target);
}

/** `src/pki` of `src/pki/keys.ts`; `src/errors.ts` is a room of its own. */
function roomOf(path: string): string {
  return path.startsWith('src/') ? path.split('/').slice(0, 2).join('/') : path.replace(/\/.*/, '');
}

function shown({ file, line, target, typesOnly }: Import): string {
  return `${file}:${line} imports ${typesOnly ? 'types of ' : ''}${target}`;
}
