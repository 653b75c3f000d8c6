import { expect, test } from '@jest/globals';
import { readSnapshot } from '../../src/etcd/snapshot-stream.ts';
import { whole } from '../backup/backups.ts';
import { errorOf } from '../phases/scene.ts';
import { commandOf, reportLines } from './snapshots.ts';

const report = `${reportLines().join('\n')}\nreport ends\n`;

test('the snapshot follows the report when it is asked for, however the text is cut into pieces', async () => {
  const { command, calls } = commandOf([report.slice(0, 7), report.slice(7, -3), report.slice(-3), 'snap', 'shot']);
  const { report: read, data } = await readSnapshot(command, 'etcd-2');
  expect(read.revision).toBe(12);
  expect(calls.sent).toEqual([]);
  expect((await whole(data())).toString()).toBe('snapshot');
  expect(calls).toEqual({ sent: ['send\n'], ended: 1 });
});

test('a host that fails while it sends fails the backup', async () => {
  const { command } = commandOf([report, 'snap'], 1, 'cat: read error');
  const { data } = await readSnapshot(command, 'etcd-2');
  expect(await errorOf(() => whole(data()))).toMatchObject({ code: 'BACKUP_FAILED', fields: { host: 'etcd-2' } });
});

test('a host that ends before its report says why; one with another backup at work has its own code', async () => {
  const { command } = commandOf(['status {}\n'], 1, 'log\n/var/lib needs 300 MiB of free space and has 12 MiB');
  const failed = await errorOf(() => readSnapshot(command, 'etcd-2'));
  expect(failed).toMatchObject({
    code: 'BACKUP_FAILED',
    message: 'no snapshot was taken: /var/lib needs 300 MiB of free space and has 12 MiB',
  });
  const busy = commandOf([], 3);
  expect(await errorOf(() => readSnapshot(busy.command, 'etcd-2'))).toMatchObject({ code: 'BACKUP_RUNNING' });
});

test('a report that is not complete, or too long, is nonsense, and the command is ended', async () => {
  const { command, calls } = commandOf(['status {}\nreport ends\n']);
  expect(await errorOf(() => readSnapshot(command, 'etcd-2'))).toMatchObject({ code: 'HOST_NONSENSE' });
  expect(calls.ended).toBe(1);
  const endless = commandOf(Array.from({ length: 50 }, () => 'x'.repeat(100_000)));
  expect(await errorOf(() => readSnapshot(endless.command, 'etcd-2'))).toMatchObject({ code: 'HOST_NONSENSE' });
  expect(endless.calls.ended).toBe(1);
});
