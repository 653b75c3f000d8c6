import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { labPaths, linkName } from '../../../lab/identity.ts';
import { scratchFolder } from '../scratch.ts';

describe('the names of a lab', () => {
  test('differ between two checkouts, and are the same for every path to a checkout', async () => {
    await using scratch = await scratchFolder();
    const [one, two, way] = ['one', 'two', 'way'].map((name) => join(scratch.path, name)) as [string, string, string];
    mkdirSync(one);
    mkdirSync(two);
    symlinkSync(one, way);
    expect(labPaths(one, {}).id).not.toBe(labPaths(two, {}).id);
    expect(labPaths(way, {})).toMatchObject({ id: labPaths(one, {}).id, stateDir: labPaths(one, {}).stateDir });
  });

  test("give links that fit the kernel's 15 characters", () => {
    const paths = labPaths('/', { K8S_HA_LAB_ID: 'a-rather-long-name-for-a-lab' });
    expect(linkName(paths, '192.168.1.254')).toMatch(/^vb-[0-9a-f]{8}-254$/);
    expect(linkName(paths, '192.168.1.254')).toHaveLength(15);
  });

  test.each(['../x', 'A', '-a', 'a b', 'a'.repeat(33)])('never lead out of their folder: %s is refused', (id) => {
    expect(() => labPaths('/', { K8S_HA_LAB_ID: id })).toThrow("can't name a lab");
  });
});
