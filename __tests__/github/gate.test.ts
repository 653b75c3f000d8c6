import { expect, test } from '@jest/globals';
import { entriesOf, type Needs, problemsAtGate, readNeeds, rowsOf } from '../../src/github/gate.ts';
import { gateSummary } from '../../src/github/gate-summary.ts';
import type { JobReport } from '../../src/github/reports.ts';

const plan = { result: 'success', outputs: { etcd: '["a","b","c,d"]', node: '[]' } };

function report(hosts: readonly string[], problem?: string): JobReport {
  const one = { changes: 2, restarts: 1, milliseconds: 1500 };
  return {
    role: 'etcd',
    outcome: problem ? 'failure' : 'success',
    attempt: 1,
    hosts: hosts.map((host, index) => ({ host, ...one, ...(problem && index === 0 ? { problem } : {}) })),
  };
}

const reports = (...entries: readonly (readonly [string, JobReport | undefined])[]) =>
  new Map([['etcd', new Map(entries)]]);

test('each host has a row: its changes, why it failed, or that its report is missing', () => {
  const needs: Needs = { plan, etcd: { result: 'failure' }, node: { result: 'skipped' } };
  const heard = reports(
    ['a', report(['a'])],
    ['b', undefined],
    ['c,d', report(['c', 'd'], 'c: disk full\n  → free some')],
  );
  const rows = rowsOf(needs, heard);
  expect(rows.map(({ job, host, result }) => [job, host, result])).toEqual([
    ['plan', '', 'success'],
    ['etcd', 'a', 'success'],
    ['etcd', 'b', 'lost'],
    ['etcd', 'c', 'failure'],
    ['etcd', 'd', 'success'],
    ['node', '', 'skipped'],
  ]);
  const reported = problemsAtGate(needs, rows).map(({ message, fields }) => `${fields.host}: ${message}`);
  expect(reported).toEqual([
    expect.stringContaining('b: the etcd job ended without a report'),
    'c: the etcd job failed: c: disk full',
  ]);
  expect(new Set(problemsAtGate(needs, rows).map(({ code }) => code))).toEqual(new Set(['GATE_CLOSED']));
});

test('the gate is open when everything succeeded or had no hosts', () => {
  const needs: Needs = { plan, etcd: { result: 'success' }, node: { result: 'skipped' } };
  const rows = rowsOf(needs, reports(['a', report(['a'])]));
  expect(problemsAtGate(needs, rows)).toEqual([]);
  expect(gateSummary('seed', rows)).toContain('everything succeeded');
});

test("GitHub's result counts if the reports have expired after a day, or if only one of a failed attempt is left", () => {
  const needs: Needs = { plan, etcd: { result: 'success' } };
  const rows = rowsOf(needs, reports(['a', undefined], ['b', report(['b'], 'b: down')]));
  expect(problemsAtGate(needs, rows)).toEqual([]);
  expect(gateSummary('seed', rows)).toContain('| etcd | b | ok |  |  |  | there is no report of what it changed |');
});

test("GitHub's result counts if an old report says that the job succeeded", () => {
  const needs: Needs = { plan, etcd: { result: 'failure' } };
  const rows = rowsOf(needs, reports(['a', report(['a'])]));
  expect(problemsAtGate(needs, rows).map(({ message }) => message)).toEqual([
    'one of the etcd jobs ended as failure without a report',
  ]);
});

test('a job for all hosts that failed or was cancelled closes the gate', () => {
  const needs: Needs = { plan: { result: 'failure' }, pki: { result: 'cancelled' }, etcd: { result: 'skipped' } };
  const problems = problemsAtGate(needs, rowsOf(needs, new Map()));
  expect(problems.map(({ message }) => message)).toEqual(['the plan job failed', 'the pki job was cancelled']);
  // GitHub's button for failed jobs is reported to leave out jobs that reached their time limit.
  expect(problems.map(({ fields }) => fields.hint?.includes('its own button'))).toEqual([false, true]);
});

test('a matrix without its list of hosts, which GitHub drops if it contains a secret, closes the gate', () => {
  const needs: Needs = {
    plan,
    etcd: { result: 'success' },
    master: { result: 'skipped' },
    node: { result: 'skipped' },
  };
  const [problem, ...more] = problemsAtGate(needs, rowsOf(needs, reports(['a', report(['a'])])));
  expect([problem?.message, more]).toEqual(['the master job has no hosts: the output master of plan is missing', []]);
  expect(problem?.fields.hint).toContain('"Skip output"');
});

test('failures are first in the summary, and a problem cannot break its table', () => {
  const needs: Needs = { plan, etcd: { result: 'failure' } };
  const rows = rowsOf(needs, reports(['a', report(['a'])], ['b', report(['b'], 'one | two\nthree')]));
  const lines = gateSummary('seed', rows).split('\n');
  expect(lines[0]).toBe('## Gate of seed: 1 of 3 did not succeed, 2 hosts changed');
  expect(lines[4]).toBe('| etcd | b | **failure** | 2 | 1 | 1.5 s | one &#124; two three |');
});

test('jobs are in the order of the workflow, and those for all hosts show their outputs', () => {
  const outputs = { leader: 'master-3', 'transfer-ms': '17203', 'failed-requests': '0', report: 'page.html' };
  const needs: Needs = {
    addons: { result: 'success', outputs: { changed: '16', seconds: '0.9' } },
    etcd: { result: 'success' },
    plan: { ...plan, outputs: { ...plan.outputs, changed: '278', seconds: '4.8' } },
    'verify-failover': { result: 'success', outputs },
    // act gives a skipped job its outputs unevaluated, as written in the workflow.
    node: { result: 'skipped', outputs: { 'transfer-ms': '${{ steps.x.outputs.y }}' } },
  };
  const rows = rowsOf(needs, reports(['a', report(['a'])]));
  expect(gateSummary('seed', rows).split('\n').slice(4, -1)).toEqual([
    '| plan |  | ok |  |  | 4.8 s | found 278 changes to make |',
    '| etcd | a | ok | 2 | 1 | 1.5 s |  |',
    '| node |  | skipped |  |  |  |  |',
    '| addons |  | ok | 16 |  | 900 ms |  |',
    '| verify-failover |  | ok |  |  |  | leases moved after 17.2 s, master-3 leads, 0 requests failed, artifact page.html |',
  ]);
});

test('needs must be in GitHub’s format, and the lists of hosts in that of the plan job', () => {
  expect(entriesOf(readNeeds(JSON.stringify({ plan })), 'etcd')).toEqual(['a', 'b', 'c,d']);
  expect(entriesOf(readNeeds('{"plan":{"result":"failure","outputs":{}}}'), 'etcd')).toEqual([]);
  expect(readNeeds('{"etcd":{"result":"success","outputs":null}}')).toBeTruthy();
  expect(() => readNeeds('yes')).toThrow('toJSON(needs)');
});
