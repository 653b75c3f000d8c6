import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { expand } from '../../src/host/expand.ts';
import { hostState, leavings } from '../../src/host/index.ts';
import { LocalHost, shells } from './local-host.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

/** Every path of a host with type, mode and content; without what is in memory. */
function listing({ root }: LocalHost): readonly string[] {
  const below = (folder: string): readonly string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const info = lstatSync(path);
      const line = `${relative(root, path)} ${(info.mode & 0o7777).toString(8)}`;
      if (info.isSymbolicLink()) return [`${line} → ${readlinkSync(path)}`];
      return info.isDirectory() ? [line, ...below(path)] : [`${line} ${readFileSync(path, 'utf8')}`];
    });
  return below(root)
    .filter((line) => !line.startsWith('run/'))
    .sort();
}

const file = (path: string, content: string) => ({ path, content, mode: '600', owner: 'root:root', secret: false });

/** A state of two scopes over a host that has things of its own in some of its places. */
function furnish(host: LocalHost) {
  mkdirSync(host.path('etc/app'), { mode: 0o750 });
  chmodSync(host.path('etc/app'), 0o750);
  writeFileSync(host.path('etc/app/own.conf'), 'its own\n', { mode: 0o640 });
  writeFileSync(host.path('etc/app/beside'), 'untouched\n');
  symlinkSync('/etc/elsewhere', host.path('etc/app/link'));
  mkdirSync(host.path('var/lib/data'));
  writeFileSync(host.path('var/lib/data/earlier'), 'earlier\n');
  return hostState({
    owner: 'seed',
    hostEntries: [{ address: '10.0.0.1', names: ['one'] }],
    directories: [
      { path: host.path('etc/app'), mode: '700', owner: 'root:root' },
      { path: host.path('srv/a/b'), mode: '755', owner: 'root:root' },
    ],
    files: [
      file(host.path('etc/app/own.conf'), 'ours\n'),
      file(host.path('etc/app/link'), 'ours\n'),
      file(host.path('etc/app/new.conf'), 'ours\n'),
      file(host.path('opt/made/for/it/file'), 'ours\n'),
    ],
    leaves: leavings(
      'tree',
      host.path('var/lib/data'),
      host.path('var/lib/made'),
      host.path('etc/app/written'),
      host.path('var/log/app-*'),
    ),
  });
}

/** What the programs of the state write while they run. */
function use(host: LocalHost): void {
  mkdirSync(host.path('var/lib/data/deep/er'), { recursive: true });
  mkdirSync(host.path('var/lib/made'), { recursive: true });
  mkdirSync(host.path('var/log'), { recursive: true });
  for (const path of [
    'var/lib/data/deep/er/x',
    'var/lib/data/.hidden',
    'var/lib/made/x',
    'etc/app/written',
    'var/log/app-1',
  ])
    writeFileSync(host.path(path), 'x\n');
}

describe.each(shells)('a reset under %s', (_, shell) => {
  test('gives the host back as it was found, once, and says first what it would do', async () => {
    using host = new LocalHost(shell);
    const state = furnish(host);
    mkdirSync(host.path('var/log'));
    const before = listing(host);
    const session = await host.open();
    await session.apply('binaries', hostState({ owner: 'seed', files: state.files.slice(0, 1) }), host.log);
    await session.apply('demo', state, host.log);
    use(host);
    const during = listing(host);
    await session.close();
    const dry = await host.open({ dryRun: true });
    const planned = await dry.reset(host.log);
    await dry.close();
    expect(listing(host)).toEqual(during);
    const again = await host.open();
    expect(await again.inspect({})).toMatchObject({ owners: ['seed'], scopes: ['binaries', 'demo'], isReset: false });
    const changes = await again.reset(host.log);
    expect(listing(host)).toEqual(before);
    const places = (all: typeof changes) => all.map(({ kind, subject }) => `${kind} ${subject.replace(host.root, '')}`);
    // Whether a directory is empty is only known when the rest is gone.
    expect(places(planned)).toEqual(places(changes));
    expect(places(changes)).toEqual(
      expect.arrayContaining([
        'restore /etc/app/own.conf',
        'restore /etc/app/link',
        'restore /etc/app',
        'remove /etc/app/new.conf',
        'remove /var/lib/data/deep',
        'remove /var/log/app-1',
        'remove /etc/hosts',
        'remove /opt',
      ]),
    );
    expect(statSync(host.path('etc/app/own.conf')).mode & 0o7777).toBe(0o640);
    expect(await again.inspect({})).toMatchObject({ owners: ['seed'], scopes: [], isReset: true });
    expect(await again.reset(host.log)).toEqual([]);
    await again.close();
  });

  test('leaves what others put into a directory of ours, and says so', async () => {
    using host = new LocalHost(shell);
    const state = hostState({ directories: [{ path: host.path('srv/app'), mode: '755', owner: 'root:root' }] });
    const session = await host.open();
    await session.apply('demo', state, host.log);
    writeFileSync(host.path('srv/app/notes'), 'mine\n');
    await session.reset(host.log);
    await session.close();
    expect(readFileSync(host.path('srv/app/notes'), 'utf8')).toBe('mine\n');
    expect(host.log.lines.join('\n')).toContain(`left: ${host.path('srv/app')}, with what others put there`);
    expect(existsSync(host.path('var/lib/k8s-ha-action'))).toBe(false);
  });

  test('is completed by the next one, wherever it was killed', async () => {
    using host = new LocalHost(shell);
    const state = furnish(host);
    mkdirSync(host.path('var/log'));
    const before = listing(host);
    const session = await host.open();
    await session.apply('demo', state, host.log);
    use(host);
    // As after a kill: some is gone, what was replaced is back in part, the lists are there.
    rmSync(host.path('opt'), { recursive: true });
    rmSync(host.path('var/lib/made'), { recursive: true });
    rmSync(host.path('etc/app/link'));
    await session.reset(host.log);
    await session.close();
    expect(listing(host)).toEqual(before);
  });
});

test('a host that was never ours has no owner, no list and no mark of a reset', async () => {
  using host = new LocalHost('/bin/dash');
  const session = await host.open();
  expect(await session.inspect({})).toMatchObject({ owners: [], scopes: [], isReset: false });
  await session.close();
});

test('what a program leaves stays on the list when the program is no longer wanted, until a reset', async () => {
  using host = new LocalHost('/bin/dash');
  const session = await host.open();
  const parts = { owner: 'seed', files: [file(host.path('etc/conf'), 'x\n')] };
  await session.apply('demo', hostState({ ...parts, leaves: leavings('tree', host.path('var/lib/made')) }), host.log);
  await session.apply('demo', hostState(parts), host.log);
  mkdirSync(host.path('var/lib/made'));
  await session.reset(host.log);
  await session.close();
  expect(existsSync(host.path('var/lib/made'))).toBe(false);
});

test.each([
  ['tree', '/var'],
  ['tree', '/var/lib'],
  ['tree', '/var/lib/*'],
  ['tree', '/'],
  ['tree', 'relative/path'],
  ['tree', '/srv/../etc/app'],
  ['chain', 'KUBE\n'],
  ['interface', '$(reboot)'],
] as const)('a %s named %j is refused as something to remove', (kind, subject) => {
  const state = hostState({ leaves: [{ kind, subject }] });
  expect(() => expand('demo', state)).toThrow(Problem);
});
