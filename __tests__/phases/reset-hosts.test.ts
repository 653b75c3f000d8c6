import { expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import type { Change, HostSession } from '../../src/host/engine.ts';
import { resetHosts } from '../../src/phases/reset-hosts.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, notCancelled, sceneOf } from './scene.ts';

const seed = seedCluster();
const names = ['etcd-1', 'etcd-2', 'node-1'];

/** A run whose hosts answer in the wrong order; those without changes fail. */
function sceneWith(dryRun: boolean, changes: Readonly<Record<string, readonly Change[] | undefined>>) {
  const scene = sceneOf(seed, { dryRun });
  const reached = names.map((name) => hostOf(seed, name));
  for (const [index, host] of reached.entries()) {
    const reset: HostSession['reset'] = async (_log, onChange) => {
      await new Promise((resolve) => setTimeout(resolve, 30 - 10 * index));
      const done = changes[host.name];
      if (!done) throw new Problem('a mount', { code: 'RESET_BUSY', host: host.name });
      for (const change of done) onChange?.(change);
      return done;
    };
    scene.run.sessions.set(host.name, { ...closable(host, async () => undefined), reset });
  }
  return { ...scene, stage: { ...scene.run, reached, unreached: [] as readonly Problem[] } };
}

const gone = (subject: string): Change => ({ kind: 'remove', subject, reason: 'placed' });

test('A dry run lists the hosts in the order of the file, a run as each is done', async () => {
  const all = { 'etcd-1': [gone('/a')], 'etcd-2': [gone('/b')], 'node-1': [] };
  const dry = sceneWith(true, all);
  await resetHosts.run(dry.stage, notCancelled);
  expect(dry.log.lines).toEqual([
    'etcd-1: would remove /a (placed)',
    'etcd-2: would remove /b (placed)',
    'node-1: nothing is left of the cluster',
  ]);
  const wet = sceneWith(false, all);
  await resetHosts.run(wet.stage, notCancelled);
  expect(wet.log.lines).toEqual([
    'node-1: nothing is left of the cluster',
    'etcd-2: removed /b (placed)',
    'etcd-1: removed /a (placed)',
  ]);
  expect(wet.run.results.map(({ host, phase, changes }) => [host, phase, changes.length])).toEqual([
    ['node-1', 'reset', 0],
    ['etcd-2', 'reset', 1],
    ['etcd-1', 'reset', 1],
  ]);
});

test('A host that fails and one that was not reached are reported together, when all others are done', async () => {
  const { stage, run } = sceneWith(false, { 'etcd-1': [gone('/a')], 'node-1': [gone('/c')] });
  const away = new Problem('no answer', { code: 'HOST_UNREACHABLE', host: 'node-1' });
  const error = await errorOf(() => resetHosts.run({ ...stage, unreached: [away] }, notCancelled));
  if (!(error instanceof AggregateError)) throw error;
  expect(error.errors.map(({ code, fields }: Problem) => [code, fields.host])).toEqual([
    ['HOST_UNREACHABLE', 'node-1'],
    ['RESET_BUSY', 'etcd-2'],
  ]);
  expect(run.results.map(({ host }) => host).toSorted()).toEqual(['etcd-1', 'node-1']);
});
