import { describe, test } from '@jest/globals';
import { fastCluster, healSeconds, killed, leader, moments, names } from '../killed-checks.ts';
import type { Moment } from '../killed-run.ts';
import { note } from '../note.ts';
import { untilWhole } from '../whole.ts';

fastCluster();

describe.each(['freeze', 'cut-network'])('a check with %s that dies', (fault) => {
  test.each(names)(
    '%s leaves a cluster that heals without anyone',
    async (name) => {
      const target = await leader();
      await killed(moments(fault, target)[name] as Moment, { fault, target });
      note(`${fault}, killed ${name}: whole after ${(await untilWhole(healSeconds + 40)).toFixed(1)} s`);
    },
    180_000,
  );
});
