import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { groupsOf } from './groups.ts';

const root = join(import.meta.dirname, '../..');
const all = groupsOf(root);

test('every lab test is in one group', () => {
  const files = all.flatMap((group) => group.files);
  expect(files.length).toBeGreaterThan(30);
  expect(new Set(files).size).toBe(files.length);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect(files).toContain('__tests__/lab/cluster/50-failover.test.ts');
  expect(files).toContain('__tests__/lab/api-client.test.ts');
});

test('the groups’ names give each group its own lab', () => {
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  // With the checkout's eight characters and a dash they are a lab's name, which may have 32.
  expect(names.filter((name) => name.length > 32 - 9)).toEqual([]);
});

test('groups that measure times are marked as timed', () => {
  const timed = all.filter((group) => group.timed).flatMap(({ files }) => files);
  expect(timed).toContain('__tests__/lab/host-changes.test.ts');
  for (const name of ['40-change', '50-failover', '51-faults', '56-etcd-loss', '57-etcd-roll', '90-small'])
    expect(timed).toContain(`__tests__/lab/cluster/${name}.test.ts`);
});
