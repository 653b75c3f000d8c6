import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import type { Problem } from '../../src/errors.ts';
import { compactHistory, defragment, disarmAlarms, type EtcdSeat } from '../../src/etcd/space.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf } from '../phases/scene.ts';

const cluster = seedCluster();
const member = hostOf(cluster, 'etcd-2');

/** A host whose etcdctl is this text of sh; each call is recorded with the words after the options. */
function seat(etcdctl: string): { readonly at: EtcdSeat; readonly calls: string[] } {
  const calls: string[] = [];
  const run = async (command: string) => {
    const stub = `etcdctl() { echo "call $*" >&2; ${etcdctl}; }\ntimeout() { shift; "$@"; }\n`;
    const line = stub + command.replaceAll(`${cluster.binDir}/etcdctl`, 'etcdctl');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    const lines = stderr.split('\n').filter(Boolean);
    calls.push(...lines.filter((each) => each.startsWith('call ')));
    const rest = lines.filter((each) => !each.startsWith('call '));
    return { status: status ?? 255, stdout, stderr: rest.join('\n') };
  };
  return { at: { cluster, session: { ...closable(member, async () => undefined), run } }, calls };
}

test('history is removed up to the revision of this moment, and waits until it is', async () => {
  const { at, calls } = seat(
    `case "$*" in *get*) echo '{"header":{"cluster_id":1,"revision":4711,"raft_term":2}}' ;; *' compact --physical 4711') : ;; *) return 1 ;; esac`,
  );
  await compactHistory(at);
  expect(calls).toHaveLength(1);
});

test('what another run has removed at the same revision is no failure, and any other refusal is', async () => {
  const says = (words: string) =>
    seat(`case "$*" in *get*) echo '"revision":7' ;; *) echo "Error: ${words}" >&2; return 1 ;; esac`);
  await compactHistory(says('etcdserver: mvcc: required revision has been compacted').at);
  const error = (await errorOf(() => compactHistory(says('etcdserver: no leader').at))) as Problem;
  expect(error.code).toBe('ETCD_SPACE');
  expect(error.message).toBe('etcd: its history was not removed: etcdserver: no leader');
});

test('one member is defragmented, with the lock of restarts unless etcd has no space for it', async () => {
  const own = `--endpoints=https://${member.address}:2379`;
  const locked = seat(':');
  await defragment(locked.at, member, true);
  expect(locked.calls.join('\n')).toMatch(/ lock --ttl=30 -- k8s-ha-action\/restart etcdctl /);
  expect(locked.calls.join('\n')).toContain(`${own} `);
  const { at, calls } = seat(':');
  await defragment(at, member, false);
  expect(calls.join('\n')).toMatch(/ defrag$/);
  expect(calls.join('\n')).not.toContain('lock');
  await disarmAlarms(at);
  expect(calls.at(-1)).toMatch(/ alarm disarm$/);
});
