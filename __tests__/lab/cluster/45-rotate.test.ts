import { beforeAll, expect, test } from '@jest/globals';
import type { Kubectl } from '../../../lab/kubectl.ts';
import { keepPairs, metricsServerSees, trusted, useMetrics } from '../ca-rotation.ts';
import { killAt } from '../killed-run.ts';
import { note, seconds } from '../note.ts';
import { eventually } from '../repeatedly.ts';
import { figuresOf, isGood } from '../requests.ts';
import { keysOnMasters, makeSecrets, secretSums, secretsByKey, storedSecrets, useSecrets } from '../rotation.ts';
import { act, logOf, standingCluster, succeeded } from '../seed-lab.ts';

// The key of encryption at rest and the CA of the front proxy, with etcd on hosts of its own. The other keys, etcd's CA and more Secrets are in long/rotate.test.ts.

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

test('the CA of the front proxy: the old one is refused at the end, and no request for metrics fails', async () => {
  const before = await trusted('front-proxy');
  await keepPairs('old');
  expect(await metricsServerSees('old')).toContain('someone');
  const stop = await useMetrics(kubectl);
  const rotated = succeeded(await act('rotate', { what: 'front-proxy-ca' }));
  const samples = await stop();
  note(`${seconds(rotated.milliseconds)} for the CA of the front proxy; ${figuresOf(samples)}\n${logOf(rotated)}`);
  expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
  const after = await trusted('front-proxy');
  expect([after.length, before.includes(after[0] ?? '')]).toEqual([1, false]);
  await keepPairs('new');
  // metrics-server reads by watch what the rotation has published.
  await eventually(async () => !(await metricsServerSees('old')).includes('someone'));
  expect(await metricsServerSees('new')).toContain('someone');
}, 600_000);

test('a deployment after them changes nothing', async () => {
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 300_000);
