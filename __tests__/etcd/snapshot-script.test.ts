// The shell of a snapshot, with programs in the place of etcd’s and systemd’s: what it leaves when it is cut off or killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { snapshotCommand } from '../../src/etcd/snapshot.ts';
import { readSnapshotReport } from '../../src/etcd/snapshot-report.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf } from '../phases/scene.ts';
import { reportLines } from './snapshots.ts';

let root: string;

/** What one of the report's lines says, for the program that prints it. */
const said = (mark: string) =>
  reportLines()
    .find((line) => line.startsWith(`${mark} `))
    ?.slice(mark.length + 1);

function program(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(root, 'bin', name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'k8s-ha-snapshot-'));
  mkdirSync(join(root, 'bin'));
  program(
    'etcdctl',
    'case "$*" in',
    `*"snapshot save"*) for path; do :; done; printf 'a snapshot' >"$path"; umask >${root}/umask ;;`,
    `*hashkv*) echo '${said('member-hash')}' ;;`,
    `*"member list"*) echo '${said('members')}' ;;`,
    `*txn*) cat >/dev/null; echo '${said('member-counts')}' ;;`,
    'esac',
  );
  program('etcdutl', `echo '${said('status')}'`);
  program('systemctl', 'exit 0');
  // In place of the scratch etcd: it prints what that one would, and leaves a question for the member.
  const scratch = reportLines().filter((line) => /^(kind|scratch-|namespace|encrypted)/.test(line));
  writeFileSync(join(root, 'scratch'), `${scratch.join('\n')}\n`);
  program('systemd-run', `[ ! -e ${root}/broken ] || exit 1`, `cat ${root}/scratch`, `: >${root}/state/work/txn.aa`);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const work = () => join(root, 'state', 'work');

function start(): {
  readonly child: ChildProcess;
  readonly text: () => string;
  readonly status: Promise<number | null>;
} {
  const seed = { ...seedCluster(), binDir: join(root, 'bin') };
  const command = snapshotCommand(seed, hostOf(seed, 'etcd-1'), 1024).replace(
    'DIRECTORY=/var/lib/k8s-ha-action/backup',
    `DIRECTORY=${join(root, 'state')}`,
  );
  const child = spawn('sh', ['-c', command], { env: { PATH: `${join(root, 'bin')}:${process.env.PATH}` } });
  let text = '';
  child.stdout.on('data', (piece) => {
    text += piece;
  });
  const status = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, text: () => text, status };
}

async function reported({ text }: ReturnType<typeof start>): Promise<void> {
  while (!text().endsWith('report ends\n')) await delay(10);
}

test('it prints a report, sends the snapshot when it is asked, and leaves nothing', async () => {
  const run = start();
  await reported(run);
  expect(readSnapshotReport(run.text().split('\n'))).toMatchObject({
    revision: 12,
    bytes: 10,
    hasSystemNamespace: true,
  });
  expect(readFileSync(join(root, 'umask'), 'utf8')).toBe('0077\n');
  run.child.stdin?.write('send\n');
  expect(await run.status).toBe(0);
  expect(run.text().endsWith('report ends\na snapshot')).toBe(true);
  expect(readdirSync(join(root, 'state'))).toEqual(['lock']);
}, 30_000);

test('it leaves nothing when its reader is gone, with or without an answer', async () => {
  const silent = start();
  await reported(silent);
  silent.child.stdin?.end();
  expect(await silent.status).toBe(0);
  expect(existsSync(work())).toBe(false);
  const cut = start();
  await reported(cut);
  cut.child.stdout?.destroy();
  cut.child.stdin?.end('send\n');
  expect(await cut.status).not.toBeNull();
  expect(existsSync(work())).toBe(false);
}, 30_000);

test('what it leaves when it is killed, the next one removes', async () => {
  const killed = start();
  await reported(killed);
  killed.child.kill('SIGKILL');
  await killed.status;
  expect(existsSync(join(work(), 'etcd.db'))).toBe(true);
  writeFileSync(join(work(), 'more'), '');
  const next = start();
  await reported(next);
  expect(existsSync(join(work(), 'more'))).toBe(false);
  next.child.stdin?.end();
  await next.status;
  expect(existsSync(work())).toBe(false);
}, 30_000);

test('a snapshot that cannot be opened again is a failure, and leaves nothing', async () => {
  writeFileSync(join(root, 'broken'), '');
  const run = start();
  expect(await run.status).toBe(1);
  expect(run.text()).not.toContain('report ends');
  expect(existsSync(work())).toBe(false);
}, 30_000);

test('a member that has compacted the revision meanwhile fails the snapshot with its own words', async () => {
  program(
    'etcdctl',
    `case "$*" in *hashkv*) echo 'mvcc: required revision has been compacted' >&2; exit 1 ;; *"snapshot save"*) for path; do :; done; : >"$path" ;; esac`,
  );
  const run = start();
  let words = '';
  run.child.stderr?.on('data', (piece) => {
    words += piece;
  });
  expect(await run.status).toBe(1);
  expect(words).toContain('required revision has been compacted\nthe member does not hash its keys at revision 12');
  expect(existsSync(work())).toBe(false);
}, 30_000);
