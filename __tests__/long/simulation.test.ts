import { test } from '@jest/globals';
import fc from 'fast-check';
import { converge } from '../simulation/converge.ts';
import { etcdScenes } from '../simulation/etcd-scenes.ts';
import { scenes } from '../simulation/events.ts';

test('from each of 100,000 states, runs reach the file’s state or refuse with a reason, and break nothing on the way', () => {
  fc.assert(fc.property(scenes, converge), { numRuns: 100_000 });
}, 1_800_000);

test('from each of 100,000 states of etcd, its members become those of the file or the run is refused, and never without a quorum', () => {
  fc.assert(fc.property(etcdScenes, converge), { numRuns: 100_000 });
}, 1_800_000);
