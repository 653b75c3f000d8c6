import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { difference, finalLedger, hostLines } from '../../src/host/difference.ts';
import { expand, sha256, unitPath, type Wanted } from '../../src/host/expand.ts';
import { type HostState, hostState } from '../../src/host/index.ts';
import { entry } from '../../src/host/ledger.ts';
import type { PathInfo, Snapshot } from '../../src/host/snapshot.ts';

const whole: HostState = hostState({
  hostname: 'h1.example',
  swapOff: true,
  hostEntries: [{ address: '10.0.0.1', names: ['h1', 'h1.example'] }],
  modules: [{ name: 'overlay', check: 'filesystem:overlay' }],
  sysctls: { 'net.ipv4.ip_forward': '1' },
  packages: [{ command: 'haproxy', apt: 'haproxy', dnf: 'haproxy', zypper: 'haproxy' }],
  users: [{ name: 'etcd', home: '/var/lib/etcd' }],
  directories: [{ path: '/etc/app', mode: '0750', owner: 'root:etcd' }],
  files: [
    { path: '/etc/app/conf', content: 'one\n', mode: '640', owner: 'root:etcd', secret: false },
    { path: '/etc/app/key', content: 'secret value', mode: '600', owner: 'root:root', secret: true },
  ],
  downloads: [
    { url: 'https://x/app', sumUrl: 'https://x/app.sha256', mode: '755', place: '/usr/local/bin/app' },
    {
      url: 'https://x/a.tgz',
      sumUrl: 'https://x/a.tgz.sha256',
      mode: '755',
      place: { one: '/opt/one', two: '/opt/two' },
    },
  ],
  units: [
    {
      name: 'app.service',
      content: '[Service]\nExecStart=/usr/local/bin/app\n',
      reads: ['/etc/app/conf', '/usr/local/bin/app'],
    },
    { name: 'app.timer', content: '[Timer]\n[Install]\nWantedBy=timers.target\n', reads: [] },
  ],
  absent: ['/etc/app/old'],
});

const file = (sha: string, mode: string, owner: string): PathInfo => ({
  mode: 0o100000 | Number.parseInt(mode, 8),
  owner,
  stat: `7:5:1:1`,
  sha256: sha,
});

/** The snapshot of a host that has everything that is wanted. */
function perfect(wanted: Wanted): Snapshot {
  const { state } = wanted;
  const sumOf = (path: string) => sha256(`binary at ${path}`);
  const paths = new Map<string, PathInfo>([
    ...wanted.directories.map((d): [string, PathInfo] => [
      d.path,
      { ...file('', d.mode, d.owner), mode: 0o040000 | Number.parseInt(d.mode, 8) },
    ]),
    ...wanted.files.map((f): [string, PathInfo] => [f.path, file(sha256(f.content), f.mode, f.owner)]),
    ...wanted.downloads.map((d): [string, PathInfo] => [d.path, file(sumOf(d.path), d.download.mode, 'root:root')]),
  ]);
  const bare: Snapshot = {
    ledger: new Map(),
    paths,
    links: new Map(wanted.links.map((link) => [link.path, link.target])),
    sysctls: new Map(Object.entries(state.sysctls)),
    modules: new Set(state.modules.map((module) => module.name)),
    bootModules: new Map(state.modules.map((module) => [module.name, 'yes'])),
    commands: new Set(state.packages.map((need) => need.command)),
    users: new Set(state.users.map((user) => user.name)),
    sums: new Map(
      wanted.downloads.map((d) => [
        d.path,
        { stat: '7:5:1:1', sha256: sumOf(d.path), url: d.download.url, archive: 'a' },
      ]),
    ),
    units: new Map(
      state.units.map((unit) => [
        unit.name,
        { load: 'loaded', active: 'active', sub: 'running', invocation: 'i1', needReload: false },
      ]),
    ),
    started: new Map(
      state.units.map((unit) => [
        unit.name,
        new Map([
          ['invocation', unit.name.endsWith('.service') ? 'i1' : ''],
          ['loaded', sha256(unit.content)],
          ...[unitPath(unit.name), ...unit.reads].map((path): [string, string] => [
            path,
            paths.get(path)?.sha256 ?? 'absent',
          ]),
        ]),
      ]),
    ),
    reads: new Map(state.units.map((unit) => [unit.name, unit.reads])),
    hosts: [
      '127.0.0.1 localhost',
      `# BEGIN k8s-ha-action ${wanted.scope}`,
      ...hostLines(state.hostEntries).split('\n').slice(0, -1),
      `# END k8s-ha-action ${wanted.scope}`,
    ],
    pending: [],
    staged: new Set(),
    hostname: state.hostname ?? 'any',
    swap: false,
  };
  return { ...bare, ledger: new Map([[wanted.scope, finalLedger(wanted, bare)]]) };
}

const wanted = expand('app', whole);
const there = perfect(wanted);
const reported = (now: Snapshot, target = wanted) =>
  difference(target, now).changes.map(({ kind, subject, reason }) => `${kind} ${subject}: ${reason}`);
const without = <K, V>(map: ReadonlyMap<K, V>, key: K) => new Map([...map].filter(([k]) => k !== key));
const withPath = (path: string, info: Partial<PathInfo>) => {
  const before = there.paths.get(path);
  if (!before) throw new Error(path);
  return { ...there, paths: new Map([...there.paths, [path, { ...before, ...info }]]) };
};

test('a host that has everything needs nothing', () => {
  expect(difference(wanted, there)).toEqual({ steps: [], changes: [] });
});

test('a download that was placed before its checksum was decided is replaced, unless it has that checksum', () => {
  const locked = (app: string, archive: string) => {
    const [plain, packed] = whole.downloads;
    if (!plain || !packed) throw new Error('no downloads');
    const downloads = [
      { ...plain, sha256: app },
      { ...packed, sha256: archive },
    ];
    return difference(expand('app', { ...whole, downloads }), there).changes.map(({ subject, reason }) => [
      subject,
      reason,
    ]);
  };
  const placed = sha256('binary at /usr/local/bin/app');
  expect(locked(placed, 'a')).toEqual([]);
  const reason = 'not what the lock file names';
  expect(locked('other', 'a')).toContainEqual(['/usr/local/bin/app', reason]);
  expect(locked(placed, 'other')).toEqual([
    ['/opt/one', reason],
    ['/opt/two', reason],
  ]);
});

const unitInfo = { load: 'loaded', active: 'active', sub: 'running', invocation: 'i1', needReload: false };
test.each<[string, Snapshot, string[]]>([
  ['another host name', { ...there, hostname: 'old' }, ['hostname h1.example: old → h1.example']],
  ['a hosts file without the block', { ...there, hosts: [] }, ['hosts /etc/hosts: missing']],
  ['swap in use', { ...there, swap: true }, ['swap swap: in use']],
  [
    'swap not masked',
    { ...there, links: without(there.links, '/etc/systemd/system/swap.target') },
    ['swap /etc/systemd/system/swap.target: not masked'],
  ],
  ['a module that is not loaded', { ...there, modules: new Set<string>() }, ['module overlay: not loaded']],
  [
    'another sysctl value',
    { ...there, sysctls: new Map([['net.ipv4.ip_forward', '0']]) },
    ['sysctl net.ipv4.ip_forward: 0 → 1'],
  ],
  ['a missing command', { ...there, commands: new Set<string>() }, ['package haproxy: missing']],
  ['a missing user', { ...there, users: new Set<string>() }, ['user etcd: missing']],
  ['a missing directory', { ...there, paths: without(there.paths, '/etc/app') }, ['directory /etc/app: missing']],
  ['a file in place of a directory', withPath('/etc/app', { mode: 0o100750 }), ['directory /etc/app: is no directory']],
  [
    'a missing file that no unit reads',
    { ...there, paths: without(there.paths, '/etc/app/key') },
    ['file /etc/app/key: missing'],
  ],
  ['another mode', withPath('/etc/app/key', { mode: 0o100644 }), ['file /etc/app/key: mode 644 → 600']],
  [
    'another mode and owner',
    withPath('/etc/app/conf', { mode: 0o100600, owner: 'x:y' }),
    ['file /etc/app/conf: mode 600 → 640, owner x:y → root:etcd'],
  ],
  [
    'an edited file, which the unit has not read since',
    withPath('/etc/app/conf', { sha256: 'other' }),
    ['file /etc/app/conf: content differs'],
  ],
  [
    'an edited unit',
    withPath('/etc/systemd/system/app.service', { sha256: 'other' }),
    ['unit app.service: content differs'],
  ],
  [
    'a unit that is not enabled',
    { ...there, links: without(there.links, '/etc/systemd/system/timers.target.wants/app.timer') },
    ['unit app.timer: not enabled'],
  ],
  [
    'a stopped unit',
    { ...there, units: new Map([...there.units, ['app.service', { ...unitInfo, active: 'inactive' }]]) },
    ['start app.service: not running'],
  ],
  [
    'a failed unit',
    { ...there, units: new Map([...there.units, ['app.service', { ...unitInfo, active: 'failed' }]]) },
    ['start app.service: failed'],
  ],
  [
    'an unrecorded start',
    { ...there, started: without(there.started, 'app.service') },
    ['restart app.service: no record of the configuration it was started with'],
  ],
  [
    'a start after the recorded one',
    { ...there, units: new Map([...there.units, ['app.service', { ...unitInfo, invocation: 'i2' }]]) },
    ['restart app.service: no record of the configuration it was started with'],
  ],
  [
    'a path that must not be',
    { ...there, paths: new Map([...there.paths, ['/etc/app/old', file('', '644', 'root:root')]]) },
    ['remove /etc/app/old: must not exist'],
  ],
  ['a download that was edited', withPath('/opt/one', { sha256: 'other' }), ['download /opt/one: content differs']],
  [
    'a download of unknown origin',
    { ...there, sums: without(there.sums, '/opt/two') },
    ['download /opt/two: of unknown origin'],
  ],
  [
    'a download that a unit runs',
    { ...there, paths: without(there.paths, '/usr/local/bin/app') },
    ['download /usr/local/bin/app: missing', 'restart app.service: /usr/local/bin/app changed since its start'],
  ],
])('%s is one change, reported in words', (_, now, changes) => {
  expect(reported(now)).toEqual(changes);
});

describe('a restart is due', () => {
  const read = (path: string, value: string): Snapshot => {
    const values = new Map([...(there.started.get('app.service') ?? []), [path, value]]);
    return { ...there, started: new Map([...there.started, ['app.service', values]]) };
  };

  test('if the unit read other content than it would now', () => {
    expect(reported(read('/etc/app/conf', 'older'))).toEqual([
      'restart app.service: /etc/app/conf changed since its start',
    ]);
  });

  test('if systemd had loaded another text', () => {
    expect(reported(read('loaded', 'older'))).toEqual(['restart app.service: its unit text changed since its start']);
  });

  test('if a file that it reads will change', () => {
    const files = whole.files.map((f) => (f.path === '/etc/app/conf' ? { ...f, content: 'two\n' } : f));
    expect(reported(there, expand('app', { ...whole, files }))).toEqual([
      'file /etc/app/conf: content differs',
      'restart app.service: /etc/app/conf changed since its start',
    ]);
  });

  test('but only a reload if it reads all that changed again when it is reloaded', () => {
    const [app, ...rest] = whole.units;
    if (!app) throw new Error('no unit');
    const reloading = { ...whole, units: [{ ...app, rereads: ['/etc/app/conf'] }, ...rest] };
    const due = (conf: string, binary: string) => {
      const started = new Map([...(there.started.get('app.service') ?? [])]);
      started.set('/etc/app/conf', conf).set('/usr/local/bin/app', binary);
      const now = { ...there, started: new Map([...there.started, ['app.service', started]]) };
      return reported(now, expand('app', reloading)).at(-1);
    };
    const is = (path: string) => there.started.get('app.service')?.get(path) ?? '';
    expect(due('older', is('/usr/local/bin/app'))).toBe('reload app.service: /etc/app/conf changed since its start');
    expect(due('older', 'older')).toBe('restart app.service: /usr/local/bin/app changed since its start');
  });

  test('but not for a big file whose stat is unchanged, even if its sum was not known at the start', () => {
    expect(reported(read('/usr/local/bin/app', '7:5:1'))).toEqual([]);
    expect(reported(read('/usr/local/bin/app', '8:5:1'))).toHaveLength(1);
  });
});

test('a secret is never reported', () => {
  for (const now of [{ ...there, paths: new Map() }, withPath('/etc/app/key', { sha256: 'other' })]) {
    expect(JSON.stringify(difference(wanted, now).changes)).not.toContain('secret value');
  }
});

test('an entry that a state no longer lists is removed, unless another scope lists it: units first, directories last', () => {
  const nothing = expand('app', hostState({}));
  const others = {
    ...there,
    ledger: new Map([...there.ledger, ['other', [{ kind: 'file', subject: '/etc/app/conf', extra: '' }]]]),
  };
  expect(reported(others, nothing)).toEqual([
    'hosts /etc/hosts: content differs',
    'remove app.timer: no longer wanted',
    'remove app.service: no longer wanted',
    'remove /etc/sysctl.d/zzz-k8s-ha-action-app.conf: no longer wanted',
    'remove /etc/app/key: no longer wanted',
    'remove /etc/systemd/system/swap.target: no longer wanted',
    'remove /usr/local/bin/app: no longer wanted',
    'remove /opt/two: no longer wanted',
    'remove /opt/one: no longer wanted',
    'remove /etc/app: no longer wanted',
  ]);
});

test('a user that was there before is not removed', () => {
  const mine = reported(
    { ...there, ledger: new Map([['app', [{ kind: 'user', subject: 'etcd', extra: 'created' }]]]) },
    expand('app', hostState({ hostEntries: whole.hostEntries })),
  );
  const theirs = reported(
    { ...there, ledger: new Map([['app', [{ kind: 'user', subject: 'etcd', extra: '' }]]]) },
    expand('app', hostState({ hostEntries: whole.hostEntries })),
  );
  expect([mine, theirs]).toEqual([['remove etcd: no longer wanted'], []]);
});

test('files of an interrupted run are removed without a report', () => {
  const { steps, changes } = difference(wanted, { ...there, pending: ['/etc/app/.k8s-ha-action.conf'] });
  expect(changes).toEqual([]);
  expect(steps).toMatchObject([{ do: 'tidy' }]);
});

test('a list on the host that is not the final one is rewritten without a report', () => {
  const { steps, changes } = difference(wanted, {
    ...there,
    ledger: new Map([['app', [...(there.ledger.get('app') ?? []), { kind: 'file', subject: '/gone', extra: '' }]]]),
  });
  expect([steps.map((step) => step.do), changes]).toEqual([['ledger'], []]);
});

test.each([
  ['relative', 'etc/x'],
  ['with two dots', '/etc/../x'],
  ['with a line end', '/etc/a\nb'],
  ['with a quote', "/etc/a'b"],
  ['with nothing between slashes', '/etc//x'],
])('a path %s is refused', (_, path) => {
  const bad = { path, content: '', mode: '600', owner: 'root:root', secret: false };
  expect(() => expand('app', hostState({ files: [bad] }))).toThrow('cannot be the name');
  expect(() => expand('app', hostState({ files: [bad] }))).toThrow(expect.objectContaining({ code: 'BAD_NAME' }));
});

test('a top-level directory cannot be declared absent', () => {
  expect(() => expand('app', hostState({ absent: ['/etc'] }))).toThrow('/etc');
});

test.each([
  ['is removed where its program was placed', '/opt/app/write', ['/run/app/written']],
  ['stays where its program never was', '/opt/other/write', []],
])('a file that a program itself wrote %s', (_, placed, removed) => {
  const wanted = expand(
    'app',
    hostState({ absent: ['/run/app/written'], writers: { '/run/app/written': '/opt/app/write' } }),
  );
  const now = perfect(wanted);
  const ledger = new Map(now.ledger).set('app', [...(now.ledger.get('app') ?? []), entry('file', placed)]);
  const paths = new Map(now.paths).set('/run/app/written', file('1', '644', 'root:root'));
  const { changes } = difference(wanted, { ...now, ledger, paths });
  expect(changes.map(({ subject }) => subject)).toEqual(removed);
});

/** States of any size, for the rules that hold for all of them. */
const name = fc.stringMatching(/^[a-z]{1,6}$/);
const anyState = fc
  .record({
    files: fc.uniqueArray(fc.record({ name, content: fc.string(), mode: fc.constantFrom('600', '644', '0640') }), {
      selector: (f) => f.name,
    }),
    directories: fc.uniqueArray(name),
    units: fc.uniqueArray(fc.record({ name, reads: fc.array(name) }), { selector: (u) => u.name, maxLength: 4 }),
    sysctls: fc.dictionary(
      fc.stringMatching(/^[a-z]{1,4}\.[a-z_]{1,8}$/),
      fc.stringMatching(/^[0-9]{1,3}( [0-9]{1,3})?$/),
    ),
  })
  .map(({ files, directories, units, sysctls }) =>
    hostState({
      files: files.map((f) => ({
        path: `/f/${f.name}`,
        content: f.content,
        mode: f.mode,
        owner: 'root:root',
        secret: false,
      })),
      directories: directories.map((d) => ({ path: `/d/${d}`, mode: '755', owner: 'root:root' })),
      units: units.map((u) => ({
        name: `${u.name}.service`,
        content: `[Service]\nExecStart=${u.name}\n`,
        reads: u.reads.map((r) => `/f/${r}`),
      })),
      sysctls,
    }),
  );

test('for any state, a host that has it needs no step, and an empty host needs each part', () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const target = expand('any', state);
      const now = perfect(target);
      expect(difference(target, now)).toEqual({ steps: [], changes: [] });
      const bare: Snapshot = {
        ...now,
        ledger: new Map(),
        paths: new Map(),
        links: new Map(),
        sysctls: new Map(),
        units: new Map(),
        started: new Map(),
      };
      const { changes, steps } = difference(target, bare);
      const subjects = new Set(changes.map((change) => change.subject));
      for (const f of [...state.files, ...state.directories]) expect(subjects).toContain(f.path);
      for (const unit of state.units) expect(subjects).toContain(unit.name);
      expect(changes.length).toBe(new Set(changes.map((c) => `${c.kind} ${c.subject}`)).size);
      expect(difference(target, bare)).toEqual({ changes, steps });
    }),
    { numRuns: 100 },
  );
});

test('for any two states, going from one to the other restarts just the units whose reads or text differ', () => {
  fc.assert(
    fc.property(anyState, anyState, (before, after) => {
      const from = perfect(expand('any', before));
      const target = expand('any', after);
      const restarts = difference(target, from)
        .changes.filter((c) => c.kind === 'restart')
        .map((c) => c.subject);
      const contents = (state: HostState) => new Map(state.files.map((f) => [f.path, f.content]));
      const due = after.units
        .filter((unit) => {
          const old = before.units.find((u) => u.name === unit.name);
          if (!old) return false;
          const isNew = unit.reads.some((path) => !old.reads.includes(path));
          return isNew || unit.reads.some((path) => contents(before).get(path) !== contents(after).get(path));
        })
        .map((unit) => unit.name);
      expect(restarts).toEqual(due);
    }),
    { numRuns: 200 },
  );
});
