import { describe, expect, test } from '@jest/globals';
import type { HostSession } from '../../src/host/engine.ts';
import { takeSnapshot } from '../../src/phases/take-snapshot.ts';
import { commandOf, reportLines } from '../etcd/snapshots.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, notCancelled, sceneOf } from './scene.ts';

const seed = seedCluster();
const addresses = ['157', '158', '159'].map((last) => `https://192.168.1.${last}:2379`);

interface Member {
  readonly down?: boolean;
  readonly alarm?: string;
  readonly version?: string;
}

/** Members of etcd, the first of which leads, and hosts that print these reports one after another. */
function etcdOf(members: readonly Member[], reports = [reportLines()], reached = ['etcd-1', 'etcd-2', 'etcd-3']) {
  const { run, log } = sceneOf(seed);
  const health = members.map(({ down, alarm }, at) => {
    const error = down ? 'context deadline exceeded' : alarm && `Active Alarm(s): ${alarm}`;
    return { endpoint: addresses[at], health: error === undefined, ...(error !== undefined && { error }) };
  });
  const status = members.flatMap(({ down, version = '3.7.3' }, at) =>
    down
      ? []
      : {
          Endpoint: addresses[at],
          Status: { header: { member_id: at + 1 }, leader: 1, ...(version !== '' && { version }), dbSize: 20_480 },
        },
  );
  const started: string[] = [];
  const left = [...reports];
  for (const name of reached) {
    const session: HostSession = {
      ...closable(hostOf(seed, name), async () => undefined),
      run: async (command) => {
        const both = `${JSON.stringify(health)}\n---\n${JSON.stringify(status)}`;
        return { status: 0, stdout: command.includes('---') ? both : JSON.stringify(status), stderr: '' };
      },
      start: async () => {
        started.push(name);
        return commandOf([`${left.shift()?.join('\n')}\nreport ends\n`]).command;
      },
    };
    run.sessions.set(name, session);
  }
  return { run, log, started };
}

const take = async ({ run }: ReturnType<typeof etcdOf>) => (await takeSnapshot.run(run, notCancelled)).snapshot;

describe('The member', () => {
  test('is a healthy one that does not lead', async () => {
    const etcd = etcdOf([{}, {}, {}]);
    expect(await take(etcd)).toMatchObject({ host: 'etcd-2', etcdVersion: '3.7.3', report: { revision: 12 } });
    expect(etcd.log.lines.join('\n')).toContain('etcd-2: snapshot of revision 12, 20512 bytes, 2 objects');
  });

  test('is the leader if no other one can be used; ill members and alarms are named', async () => {
    const etcd = etcdOf([{ alarm: 'NOSPACE' }, { down: true }, { alarm: 'CORRUPT' }]);
    expect((await take(etcd)).host).toBe('etcd-1');
    const lines = etcd.log.lines.join('\n');
    expect(lines).toContain('etcd-1: alarm NOSPACE');
    expect(lines).toContain('etcd-2: context deadline exceeded');
    expect(lines).toContain('etcd-3: alarm CORRUPT');
  });

  test('is never one that is corrupt or not reached', async () => {
    const corrupt = etcdOf([{ down: true }, { alarm: 'CORRUPT' }, {}], [], ['etcd-2']);
    expect(await errorOf(() => take(corrupt))).toMatchObject({ code: 'ETCD_UNHEALTHY' });
    expect(corrupt.started).toEqual([]);
  });
});

test('A member that does not say its version is not backed up', async () => {
  const etcd = etcdOf([{}, { version: '' }, {}]);
  expect(await errorOf(() => take(etcd))).toMatchObject({ code: 'ETCD_UNKNOWN', fields: { host: 'etcd-2' } });
  expect(etcd.started).toEqual([]);
});

describe('A snapshot that differs from the cluster', () => {
  test('is refused, with the kinds that differ', async () => {
    const error = await errorOf(() => take(etcdOf([{}, {}, {}], [reportLines({ pods: 1 })])));
    expect(error).toMatchObject({ code: 'BACKUP_UNVERIFIED', fields: { host: 'etcd-2' } });
    expect((error as Error).message).toContain('/registry/pods/ has 1 keys, and 2 in the cluster');
  });

  test('because etcd compacted meanwhile is taken again, three times at most', async () => {
    const compacted = reportLines({ compacted: 9, scratchHash: 7 });
    const once = etcdOf([{}, {}, {}], [compacted, reportLines()]);
    expect((await take(once)).report.revision).toBe(12);
    expect(once.started).toEqual(['etcd-2', 'etcd-2']);
    const always = etcdOf([{}, {}, {}], [compacted, compacted, compacted]);
    expect(await errorOf(() => take(always))).toMatchObject({ code: 'BACKUP_UNVERIFIED' });
    expect(always.started).toHaveLength(3);
  });
});
