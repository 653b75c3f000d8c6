import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TreeCopy } from '../mutants/copy.ts';
import { mutants } from '../mutants/list.ts';

// `npm run mutants`: checks that tests notice the mistakes that they must notice. `npm run mutants -- -t unit` needs no lab.
let copy: TreeCopy;

beforeAll(async () => {
  copy = await TreeCopy.of(join(import.meta.dirname, '../..'));
}, 60_000);

afterAll(() => copy.remove());

describe('unit', () => {
  const inUnit = mutants.filter(({ lab }) => !lab);

  test('without a mutant all their tests pass', async () => {
    const counts = await copy.test('unit', [...new Set(inUnit.map(({ tests }) => tests))]);
    expect(counts).toMatchObject({ numFailedTests: 0 });
    expect(counts.numPassedTests).toBeGreaterThan(100);
  }, 600_000);

  test.each(inUnit)(
    'is noticed: $name',
    async (mutant) => {
      expect((await copy.with(mutant)).numFailedTests).toBeGreaterThan(0);
    },
    300_000,
  );
});

describe('lab', () => {
  test.each(mutants.filter(({ lab }) => lab))(
    'is noticed: $name',
    async (mutant) => {
      expect((await copy.with(mutant)).numFailedTests).toBeGreaterThan(0);
    },
    1_200_000,
  );
});
