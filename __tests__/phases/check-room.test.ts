import { expect, test } from '@jest/globals';
import { roomPaths, roomProblems } from '../../src/phases/check-room.ts';
import { seedWith } from '../components/support.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { hostOf, inspectionOf } from './scene.ts';

const seed = seedCluster();
const small = smallCluster();

/** Free MiB by mount point; a path is in the file system of the longest one that it begins with. */
function problems(
  cluster: typeof seed,
  name: string,
  mounts: Readonly<Record<string, number>>,
  scopes: readonly string[] = [],
) {
  const host = hostOf(cluster, name);
  const mountOf = (path: string) =>
    Object.keys(mounts)
      .filter((mount) => mount === '/' || path === mount || path.startsWith(`${mount}/`))
      .toSorted((a, b) => b.length - a.length)[0] ?? '/';
  const paths = roomPaths(cluster, host);
  const freeMiB = Object.fromEntries(paths.map((path) => [path, mounts[mountOf(path)] ?? 0]));
  const fileSystems = Object.fromEntries(paths.map((path) => [path, mountOf(path)]));
  return roomProblems(cluster, host, inspectionOf(host, { freeMiB, fileSystems, memoryMiB: 16_000 }, { scopes })).map(
    ({ message }) => message,
  );
}

test('a separate file system needs room only for what goes there', () => {
  expect(problems(seed, 'node-1', { '/': 500, '/usr/local': 3_417, '/var': 40_000, '/opt': 300 })).toEqual([]);
  expect(problems(small, 'master-1', { '/': 500, '/usr/local': 5_859, '/var': 40_000, '/opt': 300 })).toEqual([]);
  expect(problems(seed, 'node-1', { '/': 20_000, '/usr/local': 400 })).toEqual([
    '400 MiB are free in /usr/local/bin, 600 are needed there for node',
  ]);
  expect(problems(seed, 'node-1', { '/': 20_000, '/opt': 50 })).toEqual([
    '50 MiB are free in /opt/cni/bin, 100 are needed there for node',
  ]);
});

test('what shares a file system is added up, for all roles of the host', () => {
  expect(problems(seed, 'node-1', { '/': 4_000 })).toEqual([]);
  expect(problems(seed, 'node-1', { '/': 3_999 })).toEqual([expect.stringMatching(/^3999 MiB.*4000 are needed/)]);
  expect(problems(small, 'master-1', { '/': 7_000 })).toEqual([expect.stringMatching(/etcd, master/)]);
});

test('an installed role needs room for new binaries alone', () => {
  expect(problems(seed, 'etcd-1', { '/': 1_000, '/var/lib/etcd': 10 }, ['etcd'])).toEqual([]);
  expect(problems(seed, 'etcd-1', { '/': 499 }, ['etcd'])).toHaveLength(1);
});

test('audit logs need room where extraArgs place them', () => {
  const chosen = seedWith('apiServer: { extraArgs: [{ name: audit-log-path, value: /srv/audit/log }] }');
  expect(problems(chosen, 'master-1', { '/': 20_000, '/var/log': 10 })).toEqual([]);
  expect(problems(chosen, 'master-1', { '/': 20_000, '/srv': 10 })).toEqual([
    '10 MiB are free in /srv/audit, 1000 are needed there for master',
  ]);
});
