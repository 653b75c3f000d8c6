import { expect, test } from '@jest/globals';
import { difference } from '../../src/host/difference.ts';
import { expand } from '../../src/host/expand.ts';
import { parseFacts } from '../../src/host/facts.ts';
import { answersOf, filesOf } from '../../src/host/inspection.ts';
import { parseSnapshot, parseUnits } from '../../src/host/snapshot.ts';
import { snapshotCovers } from '../../src/host/snapshot-script.ts';
import { hostState } from '../../src/host/state.ts';

const nonsense = expect.objectContaining({ code: 'HOST_NONSENSE' });
const factsOf = (name: string, ...lines: readonly string[]) =>
  parseFacts(new Map([[name, lines]]), new Map(), { clockSkewMs: 0, clockErrorMs: 0 });
const file = (path: string, ...lines: readonly string[]) => ['file', `=${path}`, ...lines.map((line) => `-${line}`)];

test.each<[what: string, section: readonly string[]]>([
  ['memory that is no number', file('/proc/meminfo', 'MemTotal: many kB')],
  ['memory of more digits than a number has', file('/proc/meminfo', `MemTotal: ${'9'.repeat(400)} kB`)],
  ['negative memory', file('/proc/meminfo', 'MemTotal: -1 kB')],
  ['memory as a power', file('/proc/meminfo', 'MemTotal:')],
  ['CPUs that are none', file('/sys/devices/system/cpu/online', '0-1e9')],
  ['fewer than no CPUs', file('/sys/devices/system/cpu/online', '5-2')],
  ['a version of systemd that is none', ['facts', 'systemd Infinity']],
  ['free space that is none', ['disk', 'NaN 1 /var']],
  ['free space without a path', ['disk', '-']],
  ['an address that is none', ['address', '2: eth0    inet 10.0.0.256/24 brd x']],
  ['a prefix that is none', ['address', '2: eth0    inet 10.0.0.5/1e9 brd x']],
  ['a socket without a port', ['listening', '0100007F etcd.service']],
  ['a socket of another base', ['listening', '0100007F:65536 etcd.service']],
  ['signs of other clusters without an end', ['foreign', ...Array.from({ length: 1000 }, (_, i) => `/etc/k${i}`)]],
])('%s is nonsense', (_, [name = '', ...lines]) => {
  expect(() => factsOf(name, ...lines)).toThrow(nonsense);
});

test('a missing fact is 0 or empty, and names such as __proto__ are ordinary names', () => {
  expect(parseFacts(new Map(), new Map(), { clockSkewMs: 0, clockErrorMs: 0 })).toMatchObject({
    cpus: 0,
    memoryMiB: 0,
    systemdVersion: 0,
    addresses: [],
  });
  const { freeMiB } = factsOf('disk', '2048 1 __proto__', '4096 1 constructor');
  expect(Object.entries(freeMiB)).toEqual([
    ['__proto__', 2],
    ['constructor', 4],
  ]);
  expect(parseUnits(['Id=__proto__', 'ActiveState=active', '__proto__=x']).get('__proto__')?.active).toBe('active');
});

test.each<[what: string, events: readonly (readonly [s: string, v: string])[]]>([
  ['a path without a mode', [['path', '/etc/x\t\troot:root']]],
  ['a path with a mode that is none', [['path', '/etc/x\trw-r--r--\troot:root']]],
  ['a sum that is none', [['path', `/etc/x\t81a4\troot:root\t1:2:3:4\t${'x'.repeat(64)}`]]],
  ['a scope that can be none', [['scope', '../../etc']]],
  ['a list of a million entries', Array.from({ length: 20_001 }, (_, i) => ['ledger', `file\t/x${i}\t`] as const)],
])('in a snapshot, %s is nonsense', (_, events) => {
  expect(() => parseSnapshot(events.map(([s, v]) => ({ t: 'line', s, v })))).toThrow(nonsense);
});

test('a list with the maximum number of entries is compared within a second', () => {
  const entries = Array.from({ length: 20_000 }, (_, i) => ({ t: 'line', s: 'ledger', v: `file\t/srv/${i % 9000}\t` }));
  const now = parseSnapshot([{ t: 'line', s: 'scope', v: 'demo' }, ...entries]);
  const wanted = expand('demo', hostState({}));
  const began = performance.now();
  expect(snapshotCovers(now, new Set(), wanted)).toBe(true);
  expect(difference(wanted, now).changes).toEqual([]);
  expect(performance.now() - began).toBeLessThan(1000);
});

test('files match their sizes, or they changed meanwhile', () => {
  const content = Buffer.from('onetwo').toString('base64');
  const files = (...read: readonly string[]) =>
    filesOf(
      new Map([
        ['read', read],
        ['content', [content]],
      ]),
    );
  expect([...files('3\t/a', '3\t/b')]).toEqual([
    ['/a', 'one'],
    ['/b', 'two'],
  ]);
  const changed = expect.objectContaining({ code: 'HOST_FILES_CHANGED' });
  expect(() => files('3\t/a')).toThrow(changed);
  expect(() => files('3\t/a', '999999999\t/b')).toThrow(changed);
  for (const line of ['-3\t/a', '1e3\t/a', '3', '3\ta', '3.5\t/a', '\t/a']) expect(() => files(line)).toThrow(nonsense);
  expect(() => filesOf(new Map([['content', ['%%%']]]))).toThrow(nonsense);
});

test('each status belongs to a question', () => {
  const answers = (...lines: readonly string[]) => answersOf(new Map([['status', lines]]), 2);
  expect(answers('1 3', '7 0')).toEqual([
    { status: 255, stdout: '' },
    { status: 3, stdout: '' },
  ]);
  for (const line of ['x 0', '0 x', '0', '-1 0', '0 1e3']) expect(() => answers(line)).toThrow(nonsense);
});
