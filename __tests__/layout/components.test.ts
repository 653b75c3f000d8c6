import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type ComponentRecord, components } from '../../src/layout/components.ts';
import { etcdPkiDir, paths, pkiDir, places } from '../../src/layout/paths.ts';
import { fixedPorts, openPorts, type PortSettings, portsOfRole } from '../../src/layout/ports.ts';
import { roles } from '../../src/layout/roles.ts';
import { state } from '../components/support.ts';
import { filesMatching, linesMatching } from '../contract/tree.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';

const records: readonly ComponentRecord[] = Object.values(components);
const units = records.flatMap(({ unit }) => unit ?? []);
const settings = {
  api: { port: 6443, localPort: 5002 },
  addons: { metricsServer: true },
  network: { plugin: 'flannel' },
  flannel: { backend: 'vxlan' },
} as const;
const numbersOf = (role: (typeof roles)[number], changes: Partial<PortSettings> = {}) =>
  portsOfRole({ ...settings, ...changes }, role).map(({ port }) => port);

test('every unit that a role places is a component’s, and each component’s unit is placed for its roles', () => {
  const cluster = smallCluster();
  for (const role of roles) {
    const placed = state(cluster, 'master-1', role).units.map(({ name }) => name);
    const wanted = records.filter((record) => record.roles.includes(role)).flatMap(({ unit }) => unit ?? []);
    expect(placed.toSorted()).toEqual(wanted.toSorted());
  }
});

test('no two components of the table have a port, and none has one twice', () => {
  const ports = fixedPorts(settings).map(({ port }) => port);
  expect(new Set(ports).size).toBe(ports.length);
  expect(ports).toEqual(ports.toSorted((a, b) => a - b));
});

test('a role listens on what cluster.yaml chooses, then on the rest', () => {
  expect(roles.map((role) => numbersOf(role))).toEqual([
    [2379, 2380, 2381, 2382],
    [6443, 2383, 10257, 10259],
    [5002, 4443, 8472, 10248, 10249, 10250, 10256],
  ]);
  expect(numbersOf('node', { addons: { metricsServer: false } })).not.toContain(4443);
  expect(numbersOf('node', { flannel: { backend: 'host-gw' } })).not.toContain(8472);
  expect(numbersOf('node', { network: { plugin: 'none' } })).not.toContain(8472);
  expect(openPorts(settings, 'node').filter(({ protocol }) => protocol === 'udp')).toEqual([
    { port: 8472, from: 'hosts', protocol: 'udp', clients: ['node'] },
  ]);
});

test('SECURITY.md says of each port whether other hosts must reach it', () => {
  const rows = [...readFileSync('SECURITY.md', 'utf8').matchAll(/^\| (etcd|master|node) \| (.*) \| (.*) \|$/gm)];
  expect(rows.map(([, role]) => role)).toEqual([...roles]);
  for (const [, role, open = '', loopback = ''] of rows) {
    const mine = records.filter((record) => record.roles.some((each) => each === role));
    for (const port of mine.flatMap(({ ports }) => Object.values(ports))) {
      const number = 'port' in port ? port.port : settings.api[port.key];
      const [where, elsewhere] = port.from === 'hosts' ? [open, loopback] : [loopback, open];
      expect([role, number, new RegExp(`\\b${number}\\b`).test(where)]).toEqual([role, number, true]);
      expect([role, number, new RegExp(`\\b${number}\\b`).test(elsewhere)]).toEqual([role, number, false]);
      const isUdp = 'protocol' in port && port.protocol === 'udp';
      expect([role, number, where.includes(`UDP ${number}`)]).toEqual([role, number, isUdp]);
    }
  }
});

test('the source names ports and units of the hosts in the table alone', () => {
  const files = filesMatching(/^src\/.*\.ts$/).filter((file) => !/^src\/(layout|host|entry)\//.test(file));
  const numbers = fixedPorts(settings).map(({ port }) => port);
  // Comments may name them, and the text of an error that a user reads.
  const literal = new RegExp(
    `^(?!\\s*(//|\\*|/\\*)).*(\\b(${numbers.join('|')})\\b|['"](${units.join('|').replaceAll('.', '\\.')})['"])`,
  );
  expect(linesMatching(files, literal)).toEqual([]);
});

test('the source names paths of hosts in the layout alone', () => {
  const files = filesMatching(/^src\/.*\.ts$/).filter((file) => !/^src\/(layout|host|entry)\//.test(file));
  const leaves = (tree: object): readonly string[] =>
    Object.values(tree).flatMap((value) => (typeof value === 'string' ? value : leaves(value)));
  const all = [...leaves(paths), ...leaves(places), pkiDir, etcdPkiDir].map((path) => path.replaceAll('.', '\\.'));
  // As a whole: an error may name a file below.
  const literal = new RegExp(`^(?!\\s*(//|\\*|/\\*)).*['"\`/=](${all.join('|')})['"\`]`);
  expect(all.length).toBeGreaterThan(50);
  expect(linesMatching(files, literal)).toEqual([]);
});

test('the seed’s cluster has no other unit', () => {
  const seed = seedCluster();
  const placed = seed.hosts.flatMap(({ name, roles }) => roles.flatMap((role) => state(seed, name, role).units));
  expect(placed.map(({ name }) => name).filter((name) => !units.includes(name))).toEqual([]);
});
