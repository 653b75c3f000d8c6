import { describe, test } from '@jest/globals';
import { fastCluster, healSeconds, killed, leader, moments, names } from '../killed-checks.ts';
import type { Moment } from '../killed-run.ts';
import { note } from '../note.ts';
import { masters } from '../seed-hosts.ts';
import { lab } from '../seed-lab.ts';
import { untilWhole } from '../whole.ts';

fastCluster();

describe.each(['stop-services', 'kill'])('a check with %s that dies', (fault) => {
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

test('if a check dies while other candidates are stopped for its target, they stay stopped no longer than a fault', async () => {
  const led = await leader();
  const target = masters.find(({ name }) => name !== led)?.name ?? '';
  const stopped = async () =>
    (await lab.exec(led, ['systemctl', '--quiet', 'is-active', 'kube-controller-manager'])).status !== 0;
  await killed({ seen: 'is made to lead first', when: stopped }, { fault: 'kill', target });
  note(`killed while ${target} was made to lead: whole after ${(await untilWhole(healSeconds + 40)).toFixed(1)} s`);
}, 180_000);
