import { expect, test } from '@jest/globals';
import type { HostSession } from '../../src/host/engine.ts';
import { changeEtcdMembers } from '../../src/phases/change-etcd-members.ts';
import { planEtcdMembers } from '../../src/phases/plan-etcd-members.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const seed = seedCluster();
const address = (last: number) => `https://192.168.1.${last}`;
const started = (id: string, last: number) => ({
  ID: id,
  name: `etcd-${last - 156}`,
  peerURLs: [`${address(last)}:2380`],
  clientURLs: [`${address(last)}:2379`],
});
const learner = { ID: 'b2', peerURLs: [`${address(158)}:2380`], isLearner: true };
/** The beginning of a log of the cluster 12, member a1, with history by its name. */
const wal = Buffer.from([12, 0, 0, 0, 0, 0, 0, 0x84, 8, 1, 16, 0, 26, 6, 8, 0xa1, 1, 16, 0x12, 0]);

/** What a host with a healthy member says: these members. */
const said = (...members: readonly object[]) =>
  [
    'wal 0000000000000001-0000000000000100.wal',
    `data ${wal.toString('base64')}`,
    'unit active',
    `list ${JSON.stringify({ header: { cluster_id: '12' }, members })}`,
  ].join('\n');

/** A job of etcd-3, whose host is empty, beside a member on etcd-1 that gives these answers. */
function jobOf(answer: string) {
  const { run, log } = sceneOf(seed, { targets: new Map([['etcd', ['etcd-3']]]) });
  const asked: string[] = [];
  for (const [name, stdout] of [
    ['etcd-1', answer],
    ['etcd-2', 'wal \nunit inactive'],
    ['etcd-3', 'wal \nunit inactive'],
  ] as const) {
    const session: HostSession = {
      ...closable(hostOf(seed, name), async () => undefined),
      run: async (command) => {
        asked.push(command);
        return { status: 0, stdout, stderr: '' };
      },
    };
    run.sessions.set(name, session);
  }
  run.inspections.set(
    'etcd-3',
    inspectionOf(hostOf(seed, 'etcd-3'), {}, { answers: [{ status: 0, stdout: 'wal \nunit inactive' }] }),
  );
  return { run, log, asked };
}

test('a job waits for another job’s learner, with a limit and the reason', async () => {
  const { run, log, asked } = jobOf(said(started('a1', 157), learner));
  await planEtcdMembers.run(run, notCancelled);
  expect(log.lines).toContain('etcd-3: wait: b2 is a learner, and etcd has one at a time');
  const error = await errorOf(() => changeEtcdMembers(1).run(run, notCancelled));
  expect(error).toMatchObject({ code: 'ETCD_LEARNER_BEHIND', fields: { host: 'etcd-3' } });
  expect(asked.filter((line) => line.includes('member add'))).toEqual([]);
});

test('a job that cannot ask the other hosts changes nothing', async () => {
  const { run } = jobOf('nonsense');
  expect(await errorOf(() => planEtcdMembers.run(run, notCancelled))).toMatchObject({
    errors: [{ code: 'ETCD_MEMBERS_UNKNOWN', fields: { host: 'etcd-3' } }],
  });
});
