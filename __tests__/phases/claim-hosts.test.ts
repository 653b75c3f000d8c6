import { expect, test } from '@jest/globals';
import { claimOf, lockLeader } from '../../src/phases/claim-hosts.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf, sceneOf } from './scene.ts';

const seed = seedCluster();
const { run } = sceneOf(seed);

test('Two runs lock the same master first, for any order of their files', () => {
  const turned = sceneOf({ ...seed, hosts: seed.hosts.toReversed() });
  expect(lockLeader(run)?.name).toBe('master-1');
  expect(lockLeader(turned.run)?.name).toBe('master-1');
});

test('A first job waits at that master for longer than a killed run’s reservation, and only briefly at the others, whose locks it would hold', () => {
  const wait = (name: string) => claimOf(run, hostOf(seed, name), 'first');
  const kept = claimOf(run, hostOf(seed, 'master-2'), 'later');
  if (kept.as === 'first') throw new Error('a later job is no first one');
  const first = wait('master-1');
  expect(first.as === 'first' && first.waitSeconds).toBeGreaterThan(kept.holdSeconds);
  expect(wait('master-2')).toEqual({ as: 'first', waitSeconds: 10 });
  expect(wait('node-1')).toEqual({ as: 'first', waitSeconds: 10 });
});

test('Between a run’s jobs only masters exclude other runs; every host records its last run', () => {
  for (const host of seed.hosts) {
    const holdSeconds = host.roles.includes('master') ? 300 : 0;
    expect(claimOf(run, host, 'later')).toEqual({ as: 'later', holdSeconds });
    expect(claimOf(run, host, 'last')).toEqual({ as: 'last', holdSeconds });
  }
});
