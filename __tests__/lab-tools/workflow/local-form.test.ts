import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { jobIds, localForm, needsOf } from '../../../lab/workflow/local-form.ts';

const root = join(import.meta.dirname, '../../..');
const cluster = readFileSync(join(root, '.github/workflows/cluster.yml'), 'utf8');

test('$/x becomes the name that act resolves to the checkout, in steps and in calls, and nothing else is changed', () => {
  const text = [
    'jobs:',
    '  called: { uses: $/.github/workflows/cluster.yml }',
    '  job:',
    '    steps:',
    '      - uses: $/etcd # why',
    '      - uses: actions/checkout@0123',
    '      - run: echo "uses $/etcd"',
  ].join('\n');
  const { jobs } = parse(localForm(text));
  expect(jobs.called.uses).toBe('org/k8s-ha-action/.github/workflows/cluster.yml@v1');
  expect(jobs.job.steps[0].uses).toBe('org/k8s-ha-action/etcd@v1');
  expect(jobs.job.steps[1].uses).toBe('actions/checkout@0123');
  expect(jobs.job.steps[2].run).toBe('echo "uses $/etcd"');
});

test('no workflow of ours keeps a $/ that act would reject', () => {
  for (const file of readdirSync(join(root, '.github/workflows'))) {
    const text = localForm(readFileSync(join(root, '.github/workflows', file), 'utf8'));
    expect(text).not.toMatch(/uses: ['"]?\$\//);
  }
});

test('the queue of a concurrency group, which act does not know, is left out', () => {
  expect(parse(localForm(cluster)).concurrency).toEqual({
    group: parse(cluster).concurrency.group,
    'cancel-in-progress': false,
  });
  const renew = readFileSync(join(root, 'examples/renew.yml'), 'utf8');
  expect(parse(renew).jobs.others.concurrency.queue).toBe('max');
  expect(parse(localForm(renew)).jobs.others.concurrency.queue).toBeUndefined();
});

test('the number of parallel legs is in the form that act reads', () => {
  expect(parse(localForm(cluster)).jobs.etcd.strategy['max-parallel']).toBe(256);
  expect(parse(localForm(cluster, { maxParallel: 1 })).jobs.node.strategy['max-parallel']).toBe(1);
});

test('the time limit of a job is in the form that act reads', () => {
  expect(parse(localForm(cluster)).jobs.etcd['timeout-minutes']).toBe('${{ inputs.timeout-minutes || 30 }}');
  expect(parse(localForm(cluster)).jobs.gate['timeout-minutes']).toBe(10);
});

test('for reversed matrices, a step reverses their lists, and other outputs are unchanged', () => {
  const { plan } = parse(localForm(cluster, { reversed: true })).jobs;
  expect(plan.outputs).toMatchObject({
    etcd: '${{ steps.reversed.outputs.etcd }}',
    changed: '${{ steps.plan.outputs.changed }}',
  });
  expect(plan.steps.at(-1)).toMatchObject({ id: 'reversed', env: { L_etcd: '${{ steps.plan.outputs.etcd }}' } });
});

test('a job that passed before only repeats its outputs, and of a failed matrix only the named legs run', () => {
  const form = { passed: new Map([['plan', { etcd: '["a","b"]' }]]), legs: new Map([['etcd', ['b']]]) };
  const { plan, etcd } = parse(localForm(cluster, form)).jobs;
  expect(plan).toEqual({
    name: 'plan',
    'runs-on': 'ubuntu-latest',
    'timeout-minutes': expect.anything(),
    outputs: { etcd: '["a","b"]' },
    steps: [{ name: 'Passed before', run: 'true' }],
  });
  expect(etcd.strategy.matrix).toEqual({ hosts: ['b'] });
});

test('jobs, the workflows that they call and the jobs that they need are read', () => {
  const text = 'jobs:\n  a: { uses: org/x@v1 }\n  b: { needs: a }\n  c: { needs: [a, b] }\n';
  expect(jobIds(text)).toEqual([
    { id: 'a', calls: 'org/x@v1' },
    { id: 'b', calls: undefined },
    { id: 'c', calls: undefined },
  ]);
  expect([...needsOf(text)]).toEqual([
    ['a', []],
    ['b', ['a']],
    ['c', ['a', 'b']],
  ]);
});
