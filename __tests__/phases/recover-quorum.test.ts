import { expect, test } from '@jest/globals';
import type { HostSession } from '../../src/host/engine.ts';
import { recoverQuorum } from '../../src/phases/recover-quorum.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, notCancelled, sceneOf } from './scene.ts';

const seed = seedCluster();
/** The beginning of a log with history by its name. */
const wal = Buffer.from([12, 0, 0, 0, 0, 0, 0, 0x84, 8, 1, 16, 0, 26, 6, 8, 0xa1, 1, 16, 0x12, 0]).toString('base64');
const left = `wal 0000000000000001-0000000000000100.wal\ndata ${wal}\nunit inactive`;

/** The seed's etcd hosts, of which etcd-1 has its data; `recovering` is the answer to the lines that recover. */
function lost(recovering: { status: number; stderr: string }, dryRun = false) {
  const { run, log } = sceneOf(seed, { dryRun });
  const asked: string[] = [];
  for (const name of ['etcd-1', 'etcd-2', 'etcd-3']) {
    const session: HostSession = {
      ...closable(hostOf(seed, name), async () => undefined),
      run: async (command) => {
        const call = /\n(store_\w+)(\nstore_\w+)*$/.exec(command)?.[1] ?? 'observe';
        asked.push(`${name} ${call}`);
        if (call === 'store_replay') return { stdout: '', ...recovering };
        const stdout = call === 'store_settle' ? '' : name === 'etcd-1' ? left : 'wal \nunit inactive';
        return { status: 0, stdout, stderr: '' };
      },
    };
    run.sessions.set(name, session);
  }
  return { run, log, asked };
}

test('the survivor alone is changed, after all hosts were asked', async () => {
  const { run, log, asked } = lost({ status: 0, stderr: '' });
  await recoverQuorum('etcd-1').run(run, notCancelled);
  expect(asked).toEqual([
    'etcd-1 store_settle',
    'etcd-1 observe',
    'etcd-2 observe',
    'etcd-3 observe',
    'etcd-1 store_replay',
  ]);
  expect(log.lines.at(-1)).toMatch(/^etcd-1: etcd serves again after \d+\.\d s; its former data is kept/);
  expect(run.objects).toEqual(['etcd recovered from etcd-1']);
});

test('a dry run and a refusal change nothing', async () => {
  const dry = lost({ status: 0, stderr: '' }, true);
  await recoverQuorum('etcd-1').run(dry.run, notCancelled);
  expect(dry.asked).toEqual(['etcd-1 observe', 'etcd-2 observe', 'etcd-3 observe']);
  expect(dry.log.lines.at(-1)).toMatch(/^etcd-1: would begin etcd again as a cluster of this member alone/);
  const wrong = lost({ status: 0, stderr: '' });
  const error = await errorOf(() => recoverQuorum('etcd-2').run(wrong.run, notCancelled));
  expect(error).toMatchObject({
    errors: [{ code: 'SURVIVOR_UNFIT', fields: { host: 'etcd-2' } }, { code: 'SURVIVOR_UNFIT' }],
  });
  expect(wrong.asked).not.toContain('etcd-2 store_replay');
});

test('a host that cannot make the data says why', async () => {
  const { run } = lost({ status: 1, stderr: '/var/lib/etcd needs 300 MiB of free space and has 20 MiB\n' });
  const error = await errorOf(() => recoverQuorum('etcd-1').run(run, notCancelled));
  expect(error).toMatchObject({ code: 'RECOVERY_FAILED', fields: { host: 'etcd-1' } });
  expect(String(error)).toContain('needs 300 MiB');
});
