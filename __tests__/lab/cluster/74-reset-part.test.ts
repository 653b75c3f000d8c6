import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { refused } from '../refusals.ts';
import { act, lab, onHost, succeeded } from '../seed-lab.ts';
import { standingTrio } from '../trio.ts';

const inputs = (hosts: string) => ({ cluster: join(lab.stateDir, 'trio.yaml'), confirm: 'trio', hosts });

beforeAll(standingTrio, 600_000);

test('one of three masters with etcd may be reset, not two, nor one beside a member that is down', async () => {
  succeeded(await act('reset', { ...inputs('three'), 'dry-run': 'true' }));
  const two = await refused(lab, inputs('one two'), 'reset');
  expect(two.codes).toEqual(['RESET_QUORUM']);
  expect(two.errors[0]).toContain('1 of 3 members would be left and 2 are needed');
  await onHost('two', 'systemctl stop etcd');
  try {
    expect((await refused(lab, inputs('one'), 'reset')).codes).toEqual(['RESET_QUORUM']);
    // What is lost already may go.
    succeeded(await act('reset', { ...inputs('two'), 'dry-run': 'true' }));
  } finally {
    await onHost('two', 'systemctl start etcd');
  }
  await onHost('two', 'systemctl stop kube-apiserver');
  await onHost('three', 'systemctl stop kube-apiserver');
  try {
    const last = await refused(lab, inputs('one'), 'reset');
    expect(last.codes).toEqual(['RESET_LAST']);
    expect(last.errors[0]).toContain('no other master serves');
  } finally {
    await onHost('two', 'systemctl start kube-apiserver');
    await onHost('three', 'systemctl start kube-apiserver');
  }
}, 180_000);
