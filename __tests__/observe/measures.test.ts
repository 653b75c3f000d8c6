import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { askMeasures, readMeasures } from '../../src/observe/measures.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf } from '../phases/scene.ts';

const cluster = seedCluster();

const answer = `space Filesystem     1024-blocks      Used Available Capacity Mounted on
space overlay            263174212  41943040  54525952      44% /
space overlay            263174212  41943040  54525952      44% /
space tmpfs                   2048      2048         0     100% /mnt/a b
inodes Filesystem      Inodes  IUsed   IFree IUse% Mounted on
inodes overlay       16777216 900000 15877216    6% /
inodes /dev/vda15           0      0        0     - /boot/efi
etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 7
etcd_disk_wal_fsync_duration_seconds_bucket{le="8.192"} 1.2e+06
etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 1.2e+06
etcd_disk_wal_fsync_duration_seconds_count 1.2e+06
key 1764244800
backup 1764244800 1234 k8s-ha-backup-seed_20251127T120000Z.age
`;

test('reads each file system once, etcd’s histogram the time of the key and the newest backup', () => {
  expect(readMeasures(answer)).toEqual({
    disks: [
      { mount: '/', percent: 44, of: 'space' },
      { mount: '/mnt/a b', percent: 100, of: 'space' },
      { mount: '/', percent: 6, of: 'inodes' },
    ],
    logWrites: {
      count: 1_200_000,
      within: new Map([
        [0.001, 7],
        [8.192, 1_200_000],
      ]),
    },
    keyWritten: new Date('2025-11-27T12:00:00Z'),
    backup: {
      made: new Date('2025-11-27T12:00:00Z'),
      revision: 1234,
      name: 'k8s-ha-backup-seed_20251127T120000Z.age',
    },
  });
});

test('what a host did not say is absent, and other lines are ignored', () => {
  expect(readMeasures('')).toEqual({ disks: [] });
  expect(readMeasures('space x 1 1 1 200000% /\nkey -1\nspace\n'.repeat(1000))).toEqual({ disks: [] });
});

test('a master says that it has no record of a backup', () => {
  const { stdout } = spawnSync('sh', ['-c', askMeasures(hostOf(cluster, 'master-1'), [])], { encoding: 'utf8' });
  expect(readMeasures(stdout)).toMatchObject({ backup: 'none' });
  expect(readMeasures('backup 12 x y\nbackup none of it\n')).toEqual({ disks: [] });
});

test('a real host answers with its file systems, without those of directories that are not there', () => {
  const line = askMeasures(hostOf(cluster, 'node-1'), ['/nowhere', '/tmp']);
  const { status, stdout } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  expect(status).toBe(0);
  const { disks } = readMeasures(stdout);
  expect(disks.map(({ mount }) => mount)).toContain('/');
  for (const { percent } of disks) expect(percent).toBeLessThanOrEqual(100);
});

test('masters are asked for their key, and hosts of etcd for the writes of their member', () => {
  const asks = (name: string) => askMeasures(hostOf(cluster, name), []);
  expect(asks('master-1')).toContain("stat -c 'key %Y' /etc/kubernetes/encryption-config.yaml");
  expect(asks('etcd-1')).toContain('http://127.0.0.1:2381/metrics');
  expect(asks('node-1')).not.toMatch(/key|http/);
});
