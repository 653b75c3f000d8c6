import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cluster, endClaim, fastCluster, killed, leader, moments, names, prolongClaim } from '../killed-checks.ts';
import type { Killed, Moment } from '../killed-run.ts';
import { note } from '../note.ts';
import { powerCommand } from '../power.ts';
import { act, lab, logOf, succeeded } from '../seed-lab.ts';
import { smallDisk } from '../small-disk.ts';
import { untilWhole } from '../whole.ts';

fastCluster();

describe('a check with disk-full that dies', () => {
  // The disk must stay full until its member notices.
  const longer = 30;
  let disk: AsyncDisposable;
  beforeAll(async () => {
    disk = await smallDisk('etcd-3');
  }, 60_000);
  afterAll(async () => {
    await disk?.[Symbol.asyncDispose]();
    await untilWhole(30);
  }, 90_000);

  test.each(names)(
    '%s leaves a cluster that heals without anyone',
    async (name) => {
      const inputs = { fault: 'disk-full', target: 'etcd-3', 'heal-after-seconds': String(longer) };
      await killed(moments('disk-full', 'etcd-3')[name] as Moment, inputs);
      note(`disk-full, killed ${name}: whole after ${(await untilWhole(longer + 40)).toFixed(1)} s`);
    },
    180_000,
  );
});

describe('a check with poweroff that dies', () => {
  // Logs when a command begins; the command outlives the check.
  const marks = (action: string) => join(lab.stateDir, `power-${action}-began`);
  const script = join(lab.stateDir, 'power.sh');
  const inputs = { fault: 'poweroff', 'power-command': `sh ${script} {action} {host}` };
  const began = (action: string) => async () => existsSync(marks(action));
  const isOn = async (host: string) => (await lab.status()).hosts.find(({ name }) => name === host)?.power === 'on';

  beforeAll(() => {
    const command = powerCommand.replace('{action}', '$1').replace('{host}', '$2');
    writeFileSync(script, `touch ${lab.stateDir}/power-$1-began\n${command}\n`);
  });
  afterAll(() => rmSync(script, { force: true }));

  const kill = async (moment: Moment, target: string): Promise<Killed> => {
    for (const action of ['off', 'on']) rmSync(marks(action), { force: true });
    return await killed(moment, { ...inputs, target });
  };

  const at = (host: string): Readonly<Record<string, Moment>> => ({
    ...moments('poweroff', host),
    'while it begins': { seen: 'the API is asked through', when: began('off') },
    'while it is undone': { seen: `${host} is being restored`, when: began('on') },
  });

  test.each(names)(
    '%s leaves its host to the post step of its job',
    async (name) => {
      const target = await leader();
      const { state } = await kill(at(target)[name] as Moment, target);
      const post = succeeded(await act('verify-failover', { cluster, ...inputs, target }, { state }));
      expect(await isOn(target)).toBe(true);
      note(
        `poweroff, killed ${name}: whole ${(await untilWhole(60)).toFixed(1)} s after the post step, which took ${(post.milliseconds / 1000).toFixed(1)} s`,
      );
    },
    240_000,
  );

  test('and whose runner dies with it leaves its host off, which other faults report, and the next poweroff fixes', async () => {
    const target = await leader();
    await kill(at(target)['after it'] as Moment, target);
    expect(await isOn(target)).toBe(false);
    await prolongClaim();
    const soon = await act('verify-failover', { cluster, ...inputs, target: 'leader' });
    expect(logOf(soon)).toContain('another failover check runs in this cluster');
    await endClaim();
    const refused = await act('verify-failover', { cluster, fault: 'freeze' });
    expect(refused.status).toBe(1);
    expect(logOf(refused)).toContain(`${target} was switched off by a check that died before it could switch it on: `);
    expect(await isOn(target)).toBe(false);
    const next = succeeded(await act('verify-failover', { cluster, ...inputs, target: 'leader' }));
    expect(logOf(next)).toContain(`${target} is back, and the cluster is healthy`);
    await untilWhole(60);
  }, 300_000);
});
