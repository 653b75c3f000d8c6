import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { fileOf, flag, flagsOf, seedWith, state, unitOf } from './support.ts';

const seed = seedCluster();
const unit = unitOf(state(seed, 'etcd-2', 'etcd'), 'etcd');

test('a member listens for others on its own address and for itself on the loopback', () => {
  expect(flag(unit, 'listen-client-urls')).toBe('https://127.0.0.1:2379,https://192.168.1.158:2379');
  expect(flag(unit, 'listen-peer-urls')).toBe('https://192.168.1.158:2380');
  expect(flag(unit, 'listen-metrics-urls')).toBe('http://127.0.0.1:2381');
});

test('whom a member begins with is not a reason to restart it later', () => {
  const given = state(seed, 'etcd-2', 'etcd');
  expect(fileOf(given, '/etc/etcd/bootstrap.env')).toBe(
    [
      'ETCD_INITIAL_CLUSTER=etcd-1=https://192.168.1.157:2380,etcd-2=https://192.168.1.158:2380,etcd-3=https://192.168.1.159:2380',
      'ETCD_INITIAL_CLUSTER_STATE=new',
      'ETCD_INITIAL_CLUSTER_TOKEN=seed',
      '',
    ].join('\n'),
  );
  expect(unit.reads).not.toContain('/etc/etcd/bootstrap.env');
  expect(unit.content).not.toContain('192.168.1.157');
});

test('its data belongs to the user etcd alone', () => {
  expect(state(seed, 'etcd-1', 'etcd').directories).toContainEqual({
    path: '/var/lib/etcd',
    mode: '700',
    owner: 'etcd:etcd',
  });
  expect(unit.content).toContain('User=etcd\n');
});

test('a start waits for no other member', () => {
  expect(unit.content).toContain('TimeoutStartSec=infinity\n');
  expect(unit.ready?.command).not.toContain('etcdctl');
});

test('etcd 3.5 gets the names that its flags had', () => {
  const old = unitOf(state(seedWith('versions: { etcd: 3.5.24 }'), 'etcd-1', 'etcd'), 'etcd');
  expect(flag(old, 'experimental-initial-corrupt-check')).toBe('true');
  expect(flagsOf(old).has('feature-gates')).toBe(false);
  expect(flag(unit, 'feature-gates')).toBe('InitialCorruptCheck=true');
  expect(unit.content).not.toContain('experimental');
});

test('a data directory elsewhere is the one that is made and used', () => {
  const given = state(seedWith('etcd: { dataDir: /srv/etcd }'), 'etcd-1', 'etcd');
  expect(given.directories).toContainEqual({ path: '/srv/etcd', mode: '700', owner: 'etcd:etcd' });
  expect(flag(unitOf(given, 'etcd'), 'data-dir')).toBe('/srv/etcd');
});

test('a cluster of one member restarts plainly, since it can’t roll', () => {
  const one = parseCluster(
    'name: one\nhosts: [{ name: a, address: 192.168.1.1, roles: [etcd, master, node] }]\n',
    'cluster.yaml',
  );
  expect(unitOf(state(one, 'a', 'etcd'), 'etcd').rolling).toBeUndefined();
});

/** Runs a line of the rolling restart with an etcdctl that answers from a table instead of a cluster. */
function withEtcdctl(line: string, answers: string): { status: number | null; stdout: string } {
  const stub = `etcdctl() { ${answers}; }\nsystemctl() { :; }\nsleep() { :; }\n${line.replaceAll('/usr/local/bin/etcdctl', 'etcdctl')}`;
  const { status, stdout } = spawnSync('sh', ['-c', stub], { encoding: 'utf8' });
  return { status, stdout };
}

const rolling = unit.rolling;
if (rolling === undefined) throw new Error('the seed rolls');
const healthy = `echo '[{"endpoint":"a","health":true,"took":"1ms"},{"endpoint":"b","health":true,"took":"1ms"}]'`;
const oneSick = `echo '[{"endpoint":"a","health":true,"took":"1ms"},{"endpoint":"b","health":false,"error":"x"}]'; return 1`;

test('a restart is refused when the others make no quorum', () => {
  expect(withEtcdctl(rolling.allow ?? '', healthy).status).toBe(0);
  expect(withEtcdctl(rolling.allow ?? '', oneSick)).toEqual({
    status: 1,
    stdout: 'only 1 of the other 2 etcd members are healthy, and 2 are needed for a quorum without etcd-2\n',
  });
  expect(withEtcdctl(rolling.allow ?? '', 'return 1').stdout).toContain('only 0 of the other 2');
});

test('one healthy member is enough to know that the cluster lives', () => {
  expect(withEtcdctl(rolling.live, oneSick).status).toBe(0);
  expect(withEtcdctl(rolling.live, `echo '[{"endpoint":"a","health":false}]'; return 1`).status).toBe(1);
});

test('a member that is being mended is waited for', () => {
  const twice = `if [ -e "$seen" ]; then ${healthy}; else : >"$seen"; ${oneSick}; fi`;
  const answer = withEtcdctl(rolling.allow ?? '', twice.replaceAll('$seen', `/tmp/etcd-test-${process.pid}`));
  rmSync(`/tmp/etcd-test-${process.pid}`);
  expect(answer).toEqual({ status: 0, stdout: '' });
});

test('a member that does not stay up is mended without a turn', () => {
  const { status } = spawnSync('sh', ['-c', `systemctl() { return 3; }\n${rolling.live}`]);
  expect(status).toBe(3);
});

test('a leader hands over before it stops, and a follower does nothing', () => {
  const status = (isLeader: boolean) => `case "$*" in
    *move-leader*) echo "moved to $(echo "$*" | sed 's/.* //')" ;;
    *127.0.0.1*) echo 'https://127.0.0.1:2379, aa, 3.7.3, 3.7.0, 20 kB, 16 kB, 20%, 2.1 GB, ${isLeader}, false, 2, 14, 14, , , false' ;;
    *) echo 'https://192.168.1.157:2379, 1dd704ab9fdbde0d, 3.7.3, 3.7.0, 20 kB, 16 kB, 20%, 2.1 GB, false, false, 2, 14, 14, , , false' ;;
  esac`;
  expect(withEtcdctl(rolling.before ?? '', status(true)).stdout).toBe('moved to 1dd704ab9fdbde0d\n');
  expect(withEtcdctl(rolling.before ?? '', status(false)).stdout).toBe('');
});

test('a leader asks for its turn when nobody is in the queue any more, and a follower at once', () => {
  const asked = (isLeader: boolean) => `case "$*" in
    *get*) n=$(cat "$count" 2>/dev/null || echo 0); echo $((n + 1)) >"$count"; [ "$n" -ge 2 ] || echo k8s-ha-action/restart/1 ;;
    *) echo 'https://127.0.0.1:2379, aa, 3.7.3, 3.7.0, 20 kB, 16 kB, 20%, 2.1 GB, ${isLeader}, false, 2, 14, 14, , , false' ;;
  esac`;
  const count = `/tmp/etcd-test-turn-${process.pid}`;
  const looks = (isLeader: boolean) => {
    rmSync(count, { force: true });
    const line = `${rolling.turn}\ncat ${count} 2>/dev/null || echo 0`;
    return withEtcdctl(line, asked(isLeader).replaceAll('$count', count)).stdout.trim();
  };
  expect(looks(true)).toBe('3');
  expect(looks(false)).toBe('0');
  rmSync(count, { force: true });
});

test('what runs under the lock keeps its options', () => {
  expect(rolling.lock.slice(-2)).toEqual(['--', 'k8s-ha-action/restart']);
});

test('members and API servers share one lock', () => {
  const small = smallCluster();
  const lockOf = (role: 'etcd' | 'master', name: string) =>
    unitOf(state(small, 'master-1', role), name).rolling?.lock.at(-1);
  expect(lockOf('etcd', 'etcd')).toBe(lockOf('master', 'kube-apiserver'));
});
