import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findHost, parseHosts, readHosts } from '../../../lab/cluster-file.ts';
import { LabError } from '../../../lab/error.ts';

const seed = join(import.meta.dirname, '../../../examples/seed/cluster.yaml');

describe('the hosts of a cluster file', () => {
  test('are the seven of the seed', () => {
    const hosts = parseHosts(readFileSync(seed, 'utf8'));
    expect(hosts).toHaveLength(7);
    expect(hosts[0]).toEqual({ name: 'master-1', address: '192.168.1.153', user: 'root' });
  });

  test("log in as the host's own user, otherwise as the file's, otherwise as root", () => {
    const hosts = parseHosts(`
ssh: { user: ops }
hosts:
  - { name: a, address: 192.168.1.2 }
  - { name: b, address: 192.168.1.3, ssh: { user: root } }
`);
    expect(hosts.map(({ user }) => user)).toEqual(['ops', 'root']);
  });

  test.each([
    ['hosts: []', 'lists no hosts'],
    ['hosts: [', 'not valid YAML'],
    ['hosts: [{address: 192.168.1.2}]', 'hosts[0] has no usable name'],
    ['hosts: [{name: A b, address: 192.168.1.2}]', 'hosts[0] has no usable name'],
    ['hosts: [{name: a, address: 10.0.0.2}]', '10.0.0.2'],
    ['hosts: [{name: a, address: 192.168.1.1}]', "192.168.1.1, which the lab's network does not have"],
    ['hosts: [{name: a, address: 192.168.1.2}, {name: a, address: 192.168.1.3}]', 'two hosts have the name a'],
    ['hosts: [{name: a, address: 192.168.1.2}, {name: b, address: 192.168.1.2}]', 'two hosts have the address'],
  ])('%s is refused before anything is created', (source, problem) => {
    expect(() => parseHosts(source)).toThrow(problem);
  });

  test('that cannot be read are an error with the name of the file', () => {
    expect(() => readHosts('/nowhere/cluster.yaml')).toThrow(LabError);
    expect(() => readHosts('/nowhere/cluster.yaml')).toThrow('/nowhere/cluster.yaml');
  });

  test('are found by name or address, and the error for an unknown one lists those that exist', () => {
    const hosts = parseHosts('hosts: [{name: a, address: 192.168.1.2}, {name: b, address: 192.168.1.3}]');
    expect(findHost(hosts, 'b')).toBe(findHost(hosts, '192.168.1.3'));
    expect(() => findHost(hosts, 'c')).toThrow(expect.objectContaining({ hint: 'it has a, b' }));
  });
});
