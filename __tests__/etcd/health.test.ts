import { expect, test } from '@jest/globals';
import { combine, describeEtcd, etcdHealth, waitForEtcd } from '../../src/etcd/health.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { quorumOf } from '../../src/layout/quorum.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const cluster = seedCluster();
const endpoint = (last: number) => `https://192.168.1.${last}:2379`;
/** In etcdctl 3.7's log format. */
const refused = String.raw`{"level":"warn","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0x6c/192.168.1.158:2379","error":"rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = \"transport: Error while dialing: dial tcp 192.168.1.158:2379: connect: connection refused\""}
Error: unhealthy cluster`;
const two = [
  { endpoint: endpoint(159), health: true },
  { endpoint: endpoint(157), health: true },
  { endpoint: endpoint(158), health: false, error: 'context deadline exceeded' },
];
const state = (last: number, raftAppliedIndex: number) => ({
  Endpoint: endpoint(last),
  Status: { leader: 7, header: { member_id: last === 159 ? 7 : 8 }, raftAppliedIndex },
});

test('a member that is down is reported with the reason from etcdctl’s log, not with its deadline', () => {
  const health = combine(cluster, {
    health: two,
    status: [state(157, 90), state(159, 91)],
    stderr: refused,
    asked: 'etcd-1',
  });
  expect(describeEtcd(health)).toBe('2 of 3 members healthy, quorum is 2; etcd-2: connection refused');
  expect(health.members.map(({ host, leader, applied }) => [host, leader, applied])).toEqual([
    ['etcd-1', false, 90],
    ['etcd-2', false, 0],
    ['etcd-3', true, 91],
  ]);
});

test('without a log, etcdctl’s error is used', () => {
  const health = combine(cluster, { health: two, status: undefined, stderr: '', asked: 'etcd-1' });
  expect(describeEtcd(health)).toContain('etcd-2: context deadline exceeded');
});

test.each([
  ['Active Alarm(s): NOSPACE ', 'NOSPACE'],
  ['Active Alarm(s): NOSPACE NOSPACE NOSPACE ', 'NOSPACE'],
  ['Active Alarm(s): NOSPACE CORRUPT ', 'NOSPACE CORRUPT'],
  ['Unable to fetch the alarm list', 'unknown'],
])('a member that answers its read counts for the quorum: %s', (error, alarm) => {
  const alarmed = [157, 158, 159].map((last) => ({ endpoint: endpoint(last), health: false, error }));
  const health = combine(cluster, { health: alarmed, status: undefined, stderr: refused, asked: 'etcd-1' });
  expect(health.healthy).toBe(3);
  expect(health.members.map((member) => [member.error, member.alarm])).toEqual(Array(3).fill([undefined, alarm]));
  expect(describeEtcd(health)).toContain(`etcd-2: alarm ${alarm}`);
});

test('a quorum is more than half', () => {
  expect([1, 2, 3, 4, 5].map(quorumOf)).toEqual([1, 2, 2, 3, 3]);
});

function answering(...answers: readonly string[]): { session: HostSession; asked: string[] } {
  const asked: string[] = [];
  const session = {
    host: { name: 'etcd-1' },
    run: async (command: string) => {
      asked.push(command);
      return { status: 1, stdout: answers[asked.length - 1] ?? answers.at(-1) ?? '', stderr: '' };
    },
  } as unknown as HostSession;
  return { session, asked };
}

const healthy = JSON.stringify(two.map((one) => ({ ...one, health: true })));

test('the wait ends as soon as there is a quorum, or all members if required', async () => {
  const first = answering(JSON.stringify(two));
  await expect(waitForEtcd(first.session, cluster, { need: 'quorum', timeoutMs: 1000 })).resolves.toMatchObject({
    healthy: 2,
  });
  const second = answering(JSON.stringify(two), healthy);
  await expect(waitForEtcd(second.session, cluster, { need: 'all', timeoutMs: 5000 })).resolves.toMatchObject({
    healthy: 3,
  });
  expect(second.asked).toHaveLength(2);
});

test('a wait that times out names the missing members and the reasons', async () => {
  const { session } = answering(JSON.stringify(two));
  await expect(waitForEtcd(session, cluster, { need: 'all', timeoutMs: 100 })).rejects.toMatchObject({
    code: 'ETCD_UNHEALTHY',
    message: expect.stringContaining('2 of 3 members healthy'),
  });
});

test('no answer at all does not count as an unhealthy cluster', async () => {
  await expect(etcdHealth(answering('').session, cluster)).rejects.toMatchObject({ code: 'ETCD_UNKNOWN' });
});
