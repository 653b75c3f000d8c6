import { expect, test } from '@jest/globals';
import { mutants } from '../mutants/list.ts';
import { placesOf } from '../mutants/source.ts';
import { filesMatching, root, textOf } from './tree.ts';

// Mistakes that `npm run mutants` would only report after an hour.
test.each(mutants)('the mutant “$name” changes one place, and its tests exist', ({ find, by, tests, named = '' }) => {
  expect(placesOf(root, find)).toHaveLength(1);
  expect(by).not.toBe(find);
  const files = filesMatching(new RegExp(`${tests}.*\\.test\\.ts$`));
  expect(files.filter((path) => textOf(path).includes(named))).not.toEqual([]);
});
