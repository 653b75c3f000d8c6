import { expect, test } from '@jest/globals';
import type { JobResult } from '../../../lab/workflow/act-log.ts';
import { rerunForm } from '../../../lab/workflow/rerun.ts';

const text = [
  'jobs:',
  '  plan: {}',
  '  etcd: { needs: plan }',
  '  master: { needs: [plan, etcd] }',
  '  other: { needs: plan }',
  '  gate: { needs: [plan, master, other] }',
].join('\n');

function job(id: string, status: JobResult['status'], hosts?: string, outputs = {}): JobResult {
  const nothing = { milliseconds: 0, began: 0, ended: 0, lines: [], summary: '', annotations: [] };
  return { id, status, matrix: hosts ? { hosts } : {}, outputs, ...nothing };
}

test('the failed legs run again, jobs that need them run completely, and passed jobs keep their outputs', () => {
  const form = rerunForm(
    [
      job('plan', 'success', undefined, { 'plan.etcd': '["a","b"]' }),
      job('etcd', 'success', 'a'),
      job('etcd', 'failure', 'b'),
      job('master', 'failure', 'm'),
      job('other', 'success'),
      job('gate', 'failure'),
    ],
    [text],
  );
  expect([...(form.passed ?? [])]).toEqual([
    ['plan', { etcd: '["a","b"]' }],
    ['other', {}],
  ]);
  expect([...(form.legs ?? [])]).toEqual([['etcd', ['b']]]);
});

test('a job that act did not finish counts as failed, and a skipped one is evaluated again', () => {
  const form = rerunForm([job('plan', 'unfinished'), job('other', 'skipped')], [text]);
  expect(form.passed?.size).toBe(0);
});

test("a job's own button runs it completely with the jobs that need it, and does not change the others", () => {
  const jobs = [
    job('plan', 'success'),
    job('etcd', 'success', 'a'),
    job('etcd', 'failure', 'b'),
    job('other', 'success'),
  ];
  const form = rerunForm(jobs, [text], 'etcd');
  expect([[...(form.passed?.keys() ?? [])], form.legs?.size]).toEqual([['plan', 'other'], 0]);
});
