import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { addLearner, promoteMember, removalLines, removeMember } from '../../src/etcd/change.ts';
import type { Member } from '../../src/etcd/members.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const cluster = seedCluster();
const members = [157, 158, 159].map(
  (last, index): Member => ({
    id: `a${index + 1}`,
    name: `etcd-${index + 1}`,
    peerUrls: [`https://192.168.1.${last}:2380`],
    clientUrls: [`https://192.168.1.${last}:2379`],
    learner: false,
  }),
);
const learner: Member = { id: 'b1', name: '', peerUrls: ['https://192.168.1.160:2380'], clientUrls: [], learner: true };

function seat(stderr: string, status = 1) {
  const asked: string[] = [];
  const run = async (command: string) => {
    asked.push(command);
    return { status, stdout: '', stderr };
  };
  const session = { host: { name: 'etcd-1' }, run } as unknown as HostSession;
  return { asked, at: { session, cluster, members: [...members, learner] } };
}

test('a change is made under the lock of the restarts, and only voters are asked', async () => {
  const { asked, at } = seat('', 0);
  await expect(addLearner(at, { name: 'etcd-4', peerUrl: 'https://192.168.1.160:2380' })).resolves.toBe('done');
  expect(asked[0]).toMatch(/^timeout 240 .*etcdctl .* lock --ttl=30 -- k8s-ha-action\/restart sh -c '/);
  expect(asked[0]).toContain('member add etcd-4 --learner --peer-urls=https://192.168.1.160:2380');
  expect(asked[0]).not.toContain('192.168.1.160:2379');
});

test.each([
  ['etcdserver: can only promote a learner member which is in sync with leader', 'later'],
  ['etcdserver: too many learner members in cluster', 'later'],
  ['etcdserver: unhealthy cluster', 'later'],
  ['etcdserver: not leader', 'later'],
  ['context deadline exceeded', 'later'],
  ['rpc error: code = Unavailable desc = transport is closing', 'later'],
  ['rpc error: code = Unknown desc = raft: stopped', 'later'],
  ['etcdserver: can only promote a learner member', 'done'],
  ['etcdserver: member not found', 'done'],
  ['etcdserver: Peer URLs already exists', 'done'],
])('%s: %s', async (reason, outcome) => {
  const answer = await promoteMember(seat(`{"level":"warn"}\nError: ${reason}\n`).at, 'b1');
  expect(answer).toEqual(outcome === 'later' ? { later: reason } : 'done');
});

test('any other refusal is a problem with etcd’s own reason', async () => {
  await expect(promoteMember(seat('Error: etcdserver: permission denied').at, 'b1')).rejects.toMatchObject({
    code: 'ETCD_CHANGE_FAILED',
    message: 'etcd refused a change of its members: etcdserver: permission denied',
  });
  const [first] = members;
  if (!first) throw new Error('no member');
  await expect(removeMember(seat('1 of the other 2 members answer', 3).at, first)).rejects.toMatchObject({
    code: 'ETCD_QUORUM',
  });
});

test('the lock of a removal is not held by way of the member that goes', async () => {
  const { asked, at } = seat('', 0);
  const [first] = members;
  if (!first) throw new Error('no member');
  await removeMember(at, first);
  const [lock] = asked[0]?.split(' lock ') ?? [];
  expect(lock).toContain('--endpoints=https://192.168.1.158:2379,https://192.168.1.159:2379 ');
});

/** Runs the lines of a removal with an etcdctl of the test's, and returns what it was asked to change. */
function removed(member: Member, answers: string) {
  const stub = `exec 3>&1; etcdctl() { case "$*" in *"member remove"* | *move-leader*) echo "$*" >&3 ;; esac; ${answers}; }\n`;
  const lines = removalLines({ cluster, members }, member).replaceAll(`${cluster.binDir}/etcdctl`, 'etcdctl');
  const { status, stdout } = spawnSync('sh', ['-c', stub + lines], { encoding: 'utf8' });
  return { status, asked: Array.from(stdout.matchAll(/(member remove|move-leader) \w+/g), ([words]) => words) };
}

test('a member is removed if the others answer, and one that leads first gives its leadership away', () => {
  const [first] = members;
  if (!first) throw new Error('no member');
  const leads = 'case "$*" in *"endpoint status"*) echo "x, y, 3.7, 20 kB, true, false, 2, 9, 9," ;; esac';
  expect(removed(first, 'return 0')).toEqual({ status: 0, asked: ['member remove a1'] });
  expect(removed(first, leads)).toEqual({ status: 0, asked: ['move-leader a2', 'member remove a1'] });
  const one = 'case "$*" in *192.168.1.158*get*) return 1 ;; esac';
  expect(removed(first, one)).toEqual({ status: 3, asked: [] });
});
