import { expect, test } from '@jest/globals';
import { mutants } from '../mutants/list.ts';
import { placesOf } from '../mutants/source.ts';
import { filesMatching, root } from './tree.ts';

// What `npm run mutants` would find after an hour.
test.each(mutants)('the mutant “$name” changes one place, and its tests are there', ({ find, by, tests }) => {
  expect(placesOf(root, find)).toHaveLength(1);
  expect(by).not.toBe(find);
  expect(filesMatching(new RegExp(`${tests}.*\\.test\\.ts$`))).not.toEqual([]);
});
