import { expect, test } from '@jest/globals';
import { askMasters } from '../../src/phases/served-versions.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { sceneOf } from './scene.ts';

/** Asks the masters `times` times. Each time that they are really asked, the next of `answers` is theirs. */
async function asked(times: number, answers: readonly (string | undefined)[]) {
  const left = [...answers];
  const { run } = sceneOf(seedCluster());
  const servers = askMasters(run, async (_, masters) => {
    const version = left.shift();
    return new Map(masters.map(({ name }) => [name, version]));
  });
  const said: (string | undefined)[] = [];
  for (let turn = 0; turn < times; turn += 1) said.push(...new Set((await servers()).values()));
  return { said, unasked: left.length };
}

test('The API servers are asked for their versions once in a phase that joins nodes and upgrades others', async () => {
  expect(await asked(2, ['1.37.2', '1.37.3'])).toEqual({ said: ['1.37.2', '1.37.2'], unasked: 1 });
});

test('A master that has not answered is asked again', async () => {
  expect(await asked(3, [undefined, '1.37.2', '1.37.3'])).toEqual({
    said: [undefined, '1.37.2', '1.37.2'],
    unasked: 1,
  });
});
