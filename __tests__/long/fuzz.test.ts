import { jest, test } from '@jest/globals';
import { targets } from '../fuzz/targets.ts';

jest.setTimeout(7_200_000);

const cases = 100_000;

test.each(targets)('$name are read or refused, with any content', async ({ check }) => await check(cases));
