import { expect, test } from '@jest/globals';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { provideCsrReader } from '../../lab/csr-reader/index.ts';
import { neverDiffer } from '../kubernetes/request-readers.ts';

test('Go and the project never differ on what is approved, in 100,000 texts around right requests', async () => {
  const reader = await provideCsrReader({ cache: cacheFolder(), log: console.log });
  const { approved, readByGo } = neverDiffer(reader, 100_000);
  console.log(`${approved} approved, ${readByGo} read by Go`);
  expect(approved).toBeGreaterThan(5_000);
}, 600_000);
