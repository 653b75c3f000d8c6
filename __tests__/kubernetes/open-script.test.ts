// The shell that opens a backup on a master, with programs in the place of systemd’s: what it gets, and what it leaves.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openCommand, openInput } from '../../src/kubernetes/open-backup.ts';
import { readOpenReport } from '../../src/kubernetes/open-report.ts';
import { type Authorities, makeAuthorities } from '../../src/pki/index.ts';
import { inPieces, sha256Of, whole } from '../backup/backups.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { now } from '../pki/hosts.ts';

// Line ends, which a reader of lines must not take.
const snapshot = Buffer.from('\n\0\nsnapshot\n'.repeat(5000));
let authorities: Authorities;
let root: string;

beforeAll(async () => {
  authorities = await makeAuthorities(now);
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'k8s-ha-open-'));
  mkdirSync(join(root, 'bin'));
  program('systemctl', 'exit 0');
  program('systemd-run', `cp -r ${root}/state/work ${root}/seen`, 'umask', 'echo "namespace x"');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(root, 'bin', name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
}

async function opened(sha256 = sha256Of(snapshot)) {
  const toOpen = { bytes: snapshot.length, sha256, revision: 12, prefix: '/registry', kinds: ['pods', 'nodes'] };
  const command = openCommand(seedCluster(), toOpen).replace(
    'DIRECTORY=/var/lib/k8s-ha-action/backup-api',
    `DIRECTORY=${join(root, 'state')}`,
  );
  const input = await whole(openInput(authorities, 'a-token', inPieces(snapshot)));
  const env = { PATH: `${join(root, 'bin')}:${process.env.PATH}` };
  return spawnSync('sh', ['-c', command], { env, input, encoding: 'utf8' });
}

const seen = (name: string) => readFileSync(join(root, 'seen', name));

test('the unit has the snapshot, the keys of the backup and its script, which only root can read; then all is removed', async () => {
  const { status, stdout } = await opened();
  expect([status, stdout]).toEqual([0, '0077\nnamespace x\n']);
  expect(seen('etcd.db').equals(snapshot)).toBe(true);
  expect(String(seen('encryption-config.yaml'))).toBe(authorities.encryptionConfig);
  expect(String(seen('sa.key'))).toBe(authorities.serviceAccount.key);
  expect(JSON.parse(String(seen('kubeconfig')))).toMatchObject({ users: [{ user: { token: 'a-token' } }] });
  expect(String(seen('script.sh'))).toContain("KINDS='pods nodes'");
  expect(existsSync(join(root, 'state', 'work'))).toBe(false);
});

test('a snapshot that arrives otherwise is not opened, which is not the backup’s fault', async () => {
  const { status, stdout, stderr } = await opened('0'.repeat(64));
  expect(status).toBe(1);
  expect(existsSync(join(root, 'seen'))).toBe(false);
  expect(readOpenReport(stdout, stderr)).toEqual({
    kind: 'unasked',
    why: 'the snapshot did not arrive as it is in the backup',
  });
  expect(existsSync(join(root, 'state', 'work'))).toBe(false);
});
