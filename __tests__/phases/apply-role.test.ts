import { expect, test } from '@jest/globals';
import { hostsWith } from '../../src/cluster/cluster.ts';
import type { Change } from '../../src/host/engine.ts';
import { hostState } from '../../src/host/state.ts';
import { applyStates } from '../../src/phases/apply-role.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, sceneOf } from './scene.ts';

const seed = seedCluster();
const members = hostsWith(seed, 'etcd');
const missing: Change = { kind: 'file', subject: '/etc/hosts', reason: 'missing' };

/** Sessions in which the first host answers last, and one may fail. */
function sceneWith(dryRun: boolean, failing?: string) {
  const { run, log } = sceneOf(seed, { dryRun });
  const changed: string[] = [];
  const owners: (string | undefined)[] = [];
  // Hosts answer in the reverse of the file's order, each when what follows the answer of the one before is done.
  const answered = members.map(() => Promise.withResolvers<void>());
  for (const [index, host] of members.entries()) {
    const answer = async () => {
      await answered[index + 1]?.promise;
      setImmediate(() => answered[index]?.resolve());
      if (host.name === failing) throw new Error('its disk is full');
      return [missing];
    };
    run.sessions.set(host.name, {
      ...closable(host, async () => undefined),
      difference: answer,
      apply: async (_scope, { owner }) => {
        changed.push(host.name);
        owners.push(owner);
        return { changes: await answer(), started: [], restarted: [], milliseconds: 1 };
      },
    });
  }
  return { log, work: () => applyStates(run, members, 'etcd', () => hostState({})), run, changed, owners };
}

test('a plan lists the hosts in the order of the file, in any order of answers', async () => {
  const { log, work, run, changed } = sceneWith(true);
  await work();
  expect(changed).toEqual([]);
  expect(log.lines).toEqual(members.map(({ name }) => `${name}: would write /etc/hosts (missing)`));
  expect(run.results.map(({ host }) => host)).toEqual(members.map(({ name }) => name));
});

test('each host’s list gets the name of its cluster with the first thing that is placed', async () => {
  const { work, owners } = sceneWith(false);
  await work();
  expect(owners).toEqual(members.map(() => seed.name));
});

test('a run reports each host as soon as it is done', async () => {
  const { log, work } = sceneWith(false);
  await work();
  expect(log.lines).toEqual(members.map(({ name }) => `${name}: wrote /etc/hosts (missing)`).reverse());
});

test.each([true, false])('one failing host does not keep others from being reported (dry run: %s)', async (dryRun) => {
  const { log, work } = sceneWith(dryRun, 'etcd-2');
  const error = await errorOf(work);
  expect(error).toMatchObject({ errors: [{ message: 'its disk is full' }] });
  expect(log.lines.map((line) => line.split(':')[0]).sort()).toEqual(['etcd-1', 'etcd-3']);
});
