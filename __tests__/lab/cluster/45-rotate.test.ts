import { beforeAll, expect, test } from '@jest/globals';
import type { Kubectl } from '../../../lab/kubectl.ts';
import { killAt } from '../killed-run.ts';
import { note, seconds } from '../note.ts';
import { figuresOf, isGood } from '../requests.ts';
import { keysOnMasters, makeSecrets, secretSums, secretsByKey, storedSecrets, useSecrets } from '../rotation.ts';
import { act, logOf, standingCluster, succeeded } from '../seed-lab.ts';

// The key of encryption at rest, with etcd on hosts of its own. The other keys and more Secrets are in long/rotate.test.ts.

const what = { what: 'encryption-key' };
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await standingCluster();
  await makeSecrets(kubectl, 300);
}, 600_000);

test('a rotation that is killed while API servers restart is completed by the next run, and no request fails', async () => {
  const before = await secretSums(kubectl);
  expect([before.size, Object.keys(await secretsByKey())]).toEqual([300, ['key1']]);
  const stop = await useSecrets();
  const { killed } = await killAt({ seen: 'stage 2 of 3', after: 6000 }, 'rotate', what);
  expect(killed).toBe(true);
  const between = await keysOnMasters();
  note(`killed between the stages: ${between.join(', ')}`);
  expect(between.every((names) => names.includes('key1') && names.includes('key2'))).toBe(true);

  const resumed = succeeded(await act('rotate', what));
  const samples = await stop();
  note(`${seconds(resumed.milliseconds)} for the rest of the rotation; ${figuresOf(samples)}\n${logOf(resumed)}`);
  expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
  expect(await keysOnMasters()).toEqual(['key2', 'key2', 'key2']);
  expect(await secretsByKey()).toEqual({ key2: await storedSecrets() });
  expect(await secretSums(kubectl)).toEqual(before);
}, 900_000);

test('a deployment after it changes nothing', async () => {
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 300_000);
