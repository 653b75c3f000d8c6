import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, jest, test } from '@jest/globals';
import {
  completeStore,
  lookAtStore,
  readBegunRestore,
  readKept,
  readRevision,
  receiveStore,
  recoverStore,
  revisionOfStore,
  settleStore,
  switchStore,
} from '../../src/etcd/store.ts';
import { sha256Of } from '../backup/backups.ts';
import { clusterOf, urlOf } from '../plan/support.ts';

jest.setTimeout(60_000);

// The lines run under sh with programs that only write what they were called with: the moves of files are what is tested.
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-store-'));
const bin = join(place, 'bin');
const data = join(place, 'data');
const file = clusterOf(3);
const cluster = { ...file, binDir: bin, etcd: { ...file.etcd, dataDir: data } };
const host = cluster.hosts.find(({ name }) => name === 'e1') as (typeof cluster.hosts)[number];

/** Programs by name: the script's own arguments are `$@`. */
const programs: Readonly<Record<string, string>> = {
  systemctl: 'echo "systemctl $*" >>"$LOG"',
  journalctl: 'echo "the reason"',
  'systemd-run': 'echo "run $*" >>"$LOG"; [ -z "$BROKEN" ] && echo replayed >"$DATA_DIR/recovery/copy/member/snap/db"',
  chown: ':',
  sync: ':',
  mv: 'n=$(($(cat "$MOVES" 2>/dev/null || echo 0) + 1)); echo $n >"$MOVES"; [ "$n" != "$KILL_AT" ] || kill -9 $PPID; [ "$n" = "$KILL_AT" ] || exec /bin/mv "$@"',
  etcdutl: `if [ "$2" = status ]; then echo '{"hash":1,"revision":42,"totalKey":1}'; exit; fi
echo "etcdutl $*" >>"$LOG"
for each in "$@"; do case $each in --data-dir=*) to=\${each#--data-dir=} ;; esac; done
mkdir -p "$to/member/snap"; { cat "$3"; echo restored; } >"$to/member/snap/db"`,
};

beforeEach(() => {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  mkdirSync(join(data, 'member/snap'), { recursive: true });
  writeFileSync(join(data, 'member/snap/db'), 'old\n');
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

function run(lines: string, more: Readonly<Record<string, string>> = {}, input = '') {
  rmSync(join(place, 'moves'), { force: true });
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    LOG: join(place, 'log'),
    MOVES: join(place, 'moves'),
    DATA_DIR: data,
    ...more,
  };
  return spawnSync('sh', ['-c', lines], { env, input, encoding: 'utf8' });
}
const database = () => readFileSync(join(data, 'member/snap/db'), 'utf8');
const kept = () => readdirSync(data).filter((name) => name.startsWith('before-'));
const log = () => readFileSync(join(place, 'log'), 'utf8');
const recover = recoverStore(cluster, host, '20261127T000000Z');

test('the new data is made from a copy of the old, which is kept, and the member starts', () => {
  expect(run(recover)).toMatchObject({ status: 0 });
  expect(database()).toBe('replayed\nrestored\n');
  expect(kept()).toHaveLength(1);
  expect(readFileSync(join(data, kept()[0] ?? '', 'member/../snap/db'), 'utf8')).toBe('old\n');
  expect(existsSync(join(data, 'recovery'))).toBe(false);
  const lines = log();
  expect(lines).toMatch(/etcd --name=e1 .*--force-new-cluster --listen-client-urls=unix:/);
  expect(lines).toMatch(
    /--bump-revision=1000000000 --mark-compacted .*--initial-cluster-token=simulated-20261127T000000Z/,
  );
  expect(lines.trim().split('\n').at(-1)).toBe('systemctl start etcd.service');
  expect(readKept(run(settleStore(cluster, host)).stdout)).toBe(true);
});

test('a copy that etcd does not start with changes nothing, and the member is started again', () => {
  const { status, stderr } = run(recover, { BROKEN: 'yes' });
  expect(status).toBe(1);
  expect(stderr).toContain('etcd does not start with a copy of the data: the reason');
  expect(database()).toBe('old\n');
  expect(kept()).toEqual([]);
  expect(log()).toContain('systemctl start --no-block etcd.service');
});

test.each(['1', '2'])('a run that was killed at move %s is completed, and nothing is lost', (at) => {
  expect(run(recover, { KILL_AT: at }).status).not.toBe(0);
  expect(run(settleStore(cluster, host)).status).toBe(0);
  if (at === '1') {
    // Nothing was moved: the cluster is judged again before anything is.
    expect(database()).toBe('old\n');
    expect(run(recover).status).toBe(0);
  }
  expect(database()).toBe('replayed\nrestored\n');
  expect(kept()).toHaveLength(1);
  expect(existsSync(join(data, 'recovery'))).toBe(false);
});

test('a member that has started without data between the moves is not taken for the cluster', () => {
  expect(run(recover, { KILL_AT: '2' }).status).not.toBe(0);
  mkdirSync(join(data, 'member/snap'), { recursive: true });
  writeFileSync(join(data, 'member/snap/db'), 'empty\n');
  const { status, stderr } = run(settleStore(cluster, host));
  expect([status, stderr]).toEqual([1, expect.stringContaining(`/${kept()[0]}, and etcd has started without it`)]);
  expect(database()).toBe('empty\n');
  rmSync(join(data, 'member'), { recursive: true });
  expect(run(settleStore(cluster, host)).status).toBe(0);
  expect(database()).toBe('replayed\nrestored\n');
  expect(kept()).toHaveLength(1);
  expect(existsSync(join(data, 'recovery'))).toBe(false);
});

test('a run that was killed after the moves is completed by a start of the member', () => {
  run(recover.replace(/store_start$/, 'kill -9 $$'));
  expect(database()).toBe('replayed\nrestored\n');
  expect(log()).not.toContain('systemctl start');
  run(settleStore(cluster, host));
  expect(log()).toContain('systemctl start etcd.service');
  expect(database()).toBe('replayed\nrestored\n');
});

test('the revision of a member is read from a copy', () => {
  const { stdout, status } = run(revisionOfStore(cluster, host));
  expect(status).toBe(0);
  expect(readRevision(stdout)).toBe(42);
  expect(readdirSync(data)).toEqual(['member']);
  expect([readRevision(''), readRevision('{"revision":"x"}'), readRevision('[')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('no copy is made where it would fill the disk of a member that may serve, and none is left', () => {
  const replace = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  // A file system that cannot share blocks.
  replace('cp', 'case $1 in --reflink=always) exit 1 ;; esac; exec /bin/cp "$@"');
  replace('df', "printf 'Filesystem 1024-blocks Used Available\\nfs 1 1 2048 50%% /\\n'");
  const { status, stdout, stderr } = run(revisionOfStore(cluster, host));
  expect([status, readRevision(stdout)]).toEqual([1, undefined]);
  expect(stderr).toContain('needs 256 MiB of free space and has 2 MiB');
  rmSync(join(bin, 'df'));
  replace('etcdutl', 'kill -TERM $PPID; sleep 1');
  expect(run(revisionOfStore(cluster, host)).status).not.toBe(0);
  expect(readdirSync(data)).toEqual(['member']);
});

const snapshot = { sha256: sha256Of(Buffer.from('a snapshot\n')), bytes: 11, generation: 'g' };

test('a snapshot becomes data beside that of a member that runs, and replaces it when the member is stopped', () => {
  const received = run(receiveStore(cluster, host, snapshot), {}, 'a snapshot\n');
  expect([received.status, received.stderr]).toEqual([0, '']);
  expect(database()).toBe('old\n');
  expect(log()).not.toMatch(/(stop|start) etcd/);
  const peers = ['e1', 'e2', 'e3'].map((name) => `${name}=${urlOf(file, name)}`).join(',');
  expect(log()).toContain(
    `--initial-cluster=${peers} --initial-advertise-peer-urls=${urlOf(file, 'e1')} --initial-cluster-token=simulated-g`,
  );
  expect(log()).not.toContain('--skip-hash-check');
  expect(run(switchStore(cluster, host, snapshot)).status).toBe(0);
  expect(database()).toBe('a snapshot\nrestored\n');
  expect(kept()).toHaveLength(1);
  const looked = run(lookAtStore(cluster, host)).stdout;
  expect([readBegunRestore(looked), readRevision(looked)]).toEqual([snapshot.sha256, 42]);
  run(completeStore(cluster, host));
  expect(readBegunRestore(run(lookAtStore(cluster, host)).stdout)).toBeUndefined();
});

test('a snapshot that did not arrive whole is no data', () => {
  const { status, stderr } = run(receiveStore(cluster, host, snapshot), {}, 'a snap');
  expect([status, stderr]).toEqual([1, 'the snapshot did not arrive as it is in the backup\n']);
  expect(run(switchStore(cluster, host, snapshot)).status).toBe(1);
  expect(database()).toBe('old\n');
});

test('the script follows the rules of sh', () => {
  const script = new URL('../../src/etcd/store.sh', import.meta.url).pathname;
  const { status, stdout } = spawnSync('shellcheck', ['--exclude=SC2154', script], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '']);
});
