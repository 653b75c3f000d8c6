import { expect, test } from '@jest/globals';
import { run } from '../../../lab/command.ts';

test('a command ends at its limit, even if a child keeps its pipes open', async () => {
  const begin = performance.now();
  const { status, stdout } = await run(['sh', '-c', 'sleep 8 & echo begun; wait'], { timeout: 500 });
  expect([status, stdout]).toEqual([137, 'begun\n']);
  expect(performance.now() - begin).toBeLessThan(6_000);
});

test('a command that ends before its limit is not affected by it', async () => {
  expect(await run(['sh', '-c', 'cat; exit 3'], { input: 'said', timeout: 60_000 })).toMatchObject({
    ...{ status: 3, stdout: 'said' },
  });
});
