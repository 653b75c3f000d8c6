import { describe, expect, test } from '@jest/globals';
import { registryPrefix, snapshotCommand } from '../../src/etcd/snapshot.ts';
import { differencesIn, readSnapshotReport, wasCompacted } from '../../src/etcd/snapshot-report.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf } from '../phases/scene.ts';
import { reportLines } from './snapshots.ts';

describe('A report', () => {
  test('is read: revision, hashes, and the keys of each kind', () => {
    expect(readSnapshotReport(reportLines())).toEqual({
      cluster: 'cdf818194e3a8c32',
      revision: 12,
      keys: 11,
      bytes: 20_512,
      sha256: 'a'.repeat(64),
      member: { hash: 2460, compactRevision: 5 },
      scratch: { hash: 2460, compactRevision: 5 },
      memberObjects: { '/registry/': 2, '/registry/pods/': 2, '/registry/leases/': 0 },
      scratchObjects: { '/registry/': 2, '/registry/pods/': 2, '/registry/leases/': 0 },
      hasSystemNamespace: true,
      secretsEncrypted: true,
    });
  });

  test('of a cluster without Secrets does not say whether they are encrypted', () => {
    const lines = reportLines().map((line) => (line.startsWith('encrypted') ? 'encrypted ' : line));
    expect(readSnapshotReport(lines)?.secretsEncrypted).toBeUndefined();
  });

  test.each([...reportLines().keys()])('without its line %i is none, or has a difference', (at) => {
    const read = readSnapshotReport(reportLines().filter((_, line) => line !== at));
    const without = reportLines()[at]?.split(' ')[0];
    if (without === 'namespace') expect(read && differencesIn(read)).toEqual(['it has no namespace kube-system']);
    else if (without === 'encrypted') expect(read?.secretsEncrypted).toBeUndefined();
    else expect(read).toBeUndefined();
  });
});

describe('The comparison', () => {
  const differences = (parts: Parameters<typeof reportLines>[0]) => {
    const report = readSnapshotReport(reportLines(parts));
    if (!report) throw new Error('no report');
    return { differing: differencesIn(report), compacted: wasCompacted(report) };
  };

  test('finds nothing in an equal etcd', () => expect(differences({})).toEqual({ differing: [], compacted: false }));

  test('names each kind with other numbers, another hash, and a missing namespace', () => {
    expect(differences({ pods: 1, scratchHash: 7, namespace: '' }).differing).toEqual([
      '/registry/ has 1 keys, and 2 in the cluster',
      '/registry/pods/ has 1 keys, and 2 in the cluster',
      'the hash of its keys is another one',
      'it has no namespace kube-system',
    ]);
  });

  test('tells when the member has compacted since', () => {
    expect(differences({ scratchHash: 7, compacted: 9 })).toEqual({
      differing: ['the hash of its keys is another one'],
      compacted: true,
    });
  });
});

test('the command has no secret and no other place than the project’s own', () => {
  const seed = seedCluster();
  const command = snapshotCommand(seed, hostOf(seed, 'etcd-1'), 1024);
  expect(command).toContain('DIRECTORY=/var/lib/k8s-ha-action/backup\nSIZE=1024\nPREFIX=/registry\n');
  expect(command).not.toContain('PRIVATE KEY');
});

test('the prefix of the API server’s keys is its flag’s', () => {
  const seed = seedCluster();
  const prefixOf = (...values: string[]) => {
    const extraArgs = values.map((value) => ({ name: 'etcd-prefix', value }));
    return registryPrefix({ ...seed, apiServer: { ...seed.apiServer, extraArgs } });
  };
  expect(prefixOf()).toBe('/registry');
  for (const same of ['/k8s/', '/k8s', 'k8s', 'k8s//']) expect(prefixOf('/other', same)).toBe('/k8s');
});
