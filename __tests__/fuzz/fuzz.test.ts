import { jest, test } from '@jest/globals';
import { targets } from './targets.ts';

jest.setTimeout(120_000);

// npm run test:long does the same with 100,000 cases each.
test.each(targets)('$name are read or refused, with any content', async ({ check }) => await check(300));
