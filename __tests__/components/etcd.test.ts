import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { rollingMember } from '../../src/components/etcd-rolling.ts';
import { certainlyNot, mustNotRestart } from '../../src/host/state.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { clusterOf } from '../plan/support.ts';
import { fileOf, flag, flagsOf, hostNamed, seedWith, state, unitOf } from './support.ts';

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
function withEtcdctl(line: string, answers: string, before = ''): { status: number | null; stdout: string } {
  // Its clock goes on by 4 s a look, so that nothing is waited for.
  const clock = 'looks=0\nread() { looks=$((looks + 4)); now=$looks; }\nsleep() { :; }';
  const stub = `etcdctl() { ${answers}\n}\n${clock}\n${before}\n${line.replaceAll('/usr/local/bin/etcdctl', 'etcdctl')}`;
  const env = { ...process.env, TMPDIR: mkdtempSync(join(tmpdir(), 'etcd-test-')) };
  const { status, stdout } = spawnSync('sh', ['-c', stub], { encoding: 'utf8', env });
  rmSync(env.TMPDIR, { recursive: true });
  return { status, stdout };
}

const rolling = unit.rolling;
if (rolling === undefined) throw new Error('the seed rolls');
const live = (answers: string) => withEtcdctl(rolling.live, answers, 'n=0');
const leaderless = `{"Status":{"errors":["etcdserver: no leader"]}}`;

test('a restart is refused when the others make no quorum, by the names of those that do not answer', () => {
  expect(withEtcdctl(rolling.allow ?? '', 'return 0').status).toBe(0);
  expect(withEtcdctl(rolling.allow ?? '', 'case "$*" in *192.168.1.159*) return 1 ;; esac')).toEqual({
    status: 1,
    stdout: 'no answer from etcd-3, and 2 of the other 2 etcd members are needed for a quorum without etcd-2\n',
  });
  expect(withEtcdctl(rolling.allow ?? '', 'return 1').stdout).toContain('no answer from etcd-1 etcd-3,');
});

test('a member that has yet to join is none of the quorum', () => {
  const five = clusterOf(5);
  const allow = rollingMember(five, hostNamed(five, 'e1'), ['e1', 'e2', 'e3'])?.allow ?? '';
  expect(withEtcdctl(allow, 'case "$*" in *192.168.1.1[45]*) return 1 ;; esac').status).toBe(0);
  expect(withEtcdctl(allow, 'case "$*" in *192.168.1.12*) return 1 ;; esac').stdout).toContain('no answer from e2,');
  expect(rollingMember(five, hostNamed(five, 'e1'), ['e1'])).toBeUndefined();
});

test('one answer to a read of a quorum is enough to know that the cluster lives', () => {
  expect(live('return 0')).toEqual({ status: 0, stdout: '' });
  expect(live('case "$*" in *get*) ;; *) return 1 ;; esac').status).toBe(0);
});

test('a member without a leader for longer than an election is certainly no part of a living cluster', () => {
  const { status, stdout } = live(`case "$*" in *get*) return 1 ;; *) echo '${leaderless}' ;; esac`);
  expect([status, stdout]).toEqual([certainlyNot, 'this member has had no leader for 15 s\n']);
});

test.each([
  ['a member that follows a leader', `{"Status":{"leader":12}}`, 'it follows a leader'],
  ['a status that is refused', 'Error: context deadline exceeded', 'Error: context deadline exceeded'],
  ['no answer at all', '', 'and of this member: \n'],
])('%s, and no answer to a read of a quorum, leave it unknown whether the cluster lives', (_, says, shown) => {
  const { status, stdout } = live(`case "$*" in *get*) echo deadline >&2; return 1 ;; *) echo '${says}' ;; esac`);
  expect(status).toBe(1);
  expect(stdout).toContain('etcd answers no read of a quorum (deadline)');
  expect(stdout).toContain(shown);
});

test('a member that takes too long for a write keeps all members from restarting, and is named', () => {
  const slow = live('case "$*" in *192.168.1.159*" del "*) return 1 ;; esac');
  expect(slow.status).toBe(mustNotRestart);
  expect(slow.stdout).toMatch(/^a write takes more than 1 s on etcd-3; look at its disk\./);
});

test('so does the one on this host, whose status is left unanswered as well, while systemd has it running', () => {
  const silent = 'case "$*" in *192.168.1.158*" del "* | *192.168.1.158*status*) return 1 ;; esac';
  expect(live(silent)).toEqual({ status: 0, stdout: '' });
  const { status, stdout } = live(`${silent}; :\n}\nsystemctl() {\n:`);
  expect(status).toBe(mustNotRestart);
  expect(stdout).toMatch(/^a write takes more than 1 s on etcd-2; look at its disk\./);
});

test('without the others a restart is refused before the lock, unless somebody has that: a member may be restarting', () => {
  const silent = 'case "$*" in *=https://192.168.1.159*) return 1 ;; esac';
  const { status, stdout } = live(silent);
  expect(status).toBe(mustNotRestart);
  expect(stdout).toMatch(/^no answer from etcd-3, and 2 of the other 2 etcd members/);
  const queue = 'case "$*" in *" --prefix "*) echo k8s-ha-action/restart/1 ;; esac';
  expect(live(`${silent}; ${queue}`)).toEqual({ status: 0, stdout: '' });
  const alarm = 'case "$*" in *"endpoint status"*) echo alarm:NOSPACE ;; esac';
  expect(live(`${silent}; ${alarm}`)).toEqual({ status: 0, stdout: '' });
});

test('a member that is only slow at first may restart', () => {
  const seen = mkdtempSync(join(tmpdir(), 'etcd-slow-'));
  const answer = live(
    `case "$*" in *192.168.1.159*" del "*) mkdir ${seen}/once 2>/dev/null && return 1 ;; esac; return 0`,
  );
  rmSync(seen, { recursive: true });
  expect(answer).toEqual({ status: 0, stdout: '' });
});

test('without etcdctl it is unknown whether the cluster lives', () => {
  const { status, stdout } = withEtcdctl(rolling.live.replaceAll('/usr/local/bin/etcdctl', '/nowhere/etcdctl'), ':');
  expect(status).toBe(1);
  expect(stdout).toContain('not found');
});

test('a member that answers again in time may restart', () => {
  const seen = `/tmp/etcd-test-${process.pid}`;
  const twice = `case "$*" in *192.168.1.159*) [ -e ${seen} ] || { : >${seen}; return 1; } ;; esac`;
  const answer = withEtcdctl(rolling.allow ?? '', twice);
  rmSync(seen);
  expect(answer).toEqual({ status: 0, stdout: '' });
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

describe('while masters hold what their API servers ask etcd for', () => {
  const member = (address: string, id: string, leads: boolean, index: number) =>
    `echo 'https://${address}:2379, ${id}, 3.7.3, 3.7.0, 20 kB, 16 kB, 20%, 2.1 GB, ${leads}, false, 2, ${index}, ${index}, , , false'`;
  const answers = (held: number, applied: number) => `case "$*" in
    *move-leader*) echo "moved to $(echo "$*" | sed 's/.* //')" ;;
    *" del "*) [ "\${1#*192.168.1.159}" = "$1" ] ;;
    *" watch "*) for n in $(seq ${held}); do printf 'PUT\\nk8s-ha-action/held/%s\\nheld\\n' $n; done ;;
    *127.0.0.1* | *,*) ${member('127.0.0.1', 'aa', true, 14)}; ${member('192.168.1.157', 'dd', false, applied)} ;;
    *) ${member('192.168.1.157', 'dd', false, applied)} ;;
  esac`;
  const work = (held: number, applied: number, HOLD_TRY = '1') => {
    const stub = `etcdctl() { ${answers(held, applied)}\n}\n${rolling.hold?.work.replaceAll('/usr/local/bin/etcdctl', 'etcdctl')}`;
    const { status, stdout } = spawnSync(
      'sh',
      ['-c', stub.replaceAll('late 800', 'late 5').replaceAll('late 80', 'late 500')],
      { encoding: 'utf8', env: { ...process.env, HOLD_TRY } },
    );
    return { status, stdout };
  };

  test('a leader moves to a member that writes, when both are at the same entry', () => {
    expect(work(3, 14)).toEqual({ status: 0, stdout: 'moved to dd\n' });
  });

  test('a master that is off is waited for, and the last try does without it', () => {
    expect(work(2, 14)).toEqual({ status: 1, stdout: '' });
    expect(work(2, 14, '3')).toEqual({ status: 0, stdout: 'moved to dd\n' });
  });

  test('a leader does not move while the other is behind, and asks again', () => {
    expect(work(3, 12)).toEqual({ status: 1, stdout: '' });
  });

  test('a leader is left to the move without a hold when no master holds', () => {
    expect(work(0, 14)).toEqual({ status: 2, stdout: '' });
  });
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
  const answers = 'case "$*" in *lock*) echo "$*"; exit ;; esac';
  const { stdout } = withEtcdctl(rolling.lock.replaceAll('exec ', ''), answers, 'set -- sh -c x');
  expect(stdout.split('\n')[0]).toMatch(/ lock --ttl=30 -- k8s-ha-action\/restart sh -c x$/);
});

test('without space for a lock members take turns by the clock, while all others are well', () => {
  const full = `case "$*" in *status*) echo alarm:NOSPACE ;; esac`;
  // 2 of 3 has the second half minute of each minute and a half.
  const clock = 'date() { echo $((900 + n)); }\nsleep() { n=$((n + 5)); }\nn=0\nset -- true';
  const began = (more = '') =>
    withEtcdctl(`${rolling.lock.replaceAll('exec "$@"', 'echo "began at $n"; exit')}`, `${full}\n${more}`, clock);
  expect(began().stdout).toMatch(/take turns by the clock\nbegan at (30|35|40)\n$/);
  // Another one holds the lock of before, or does not answer: not in this turn.
  const busy = `case "$*" in *--prefix*) [ "$n" -gt 60 ] || echo k8s-ha-action/restart/1 ;; esac`;
  expect(began(busy).stdout).toMatch(/began at (12\d)\n$/);
});

test('members and API servers share one lock', () => {
  const small = smallCluster();
  const lockOf = (role: 'etcd' | 'master', name: string) =>
    / lock --ttl=\d+ -- (\S+)/.exec(unitOf(state(small, 'master-1', role), name).rolling?.lock ?? '')?.[1];
  expect(lockOf('etcd', 'etcd')).toBe('k8s-ha-action/restart');
  expect(lockOf('master', 'kube-apiserver')).toBe('k8s-ha-action/restart');
});
