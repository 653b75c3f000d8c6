import { expect, test } from '@jest/globals';
import { entriesOf, gateSummary, type Needs, problemsAtGate, readNeeds, rowsOf } from '../../src/github/gate.ts';
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

test('each host has its row: what it did, why it failed, or that nothing was heard of it', () => {
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
  const told = problemsAtGate(needs, rows).map(({ message, fields }) => `${fields.host}: ${message}`);
  expect(told).toEqual([
    expect.stringContaining('b: the etcd job ended without a word'),
    'c: the etcd job failed: c: disk full',
  ]);
});

test('the gate is open when everything succeeded or had no hosts', () => {
  const needs: Needs = { plan, etcd: { result: 'success' }, node: { result: 'skipped' } };
  const rows = rowsOf(needs, reports(['a', report(['a'])]));
  expect(problemsAtGate(needs, rows)).toEqual([]);
  expect(gateSummary(rows)).toContain('everything succeeded');
});

test("GitHub's word counts where the reports of a day ago have expired, or one of a failed attempt is left", () => {
  const needs: Needs = { plan, etcd: { result: 'success' } };
  const rows = rowsOf(needs, reports(['a', undefined], ['b', report(['b'], 'b: down')]));
  expect(problemsAtGate(needs, rows)).toEqual([]);
  expect(gateSummary(rows)).toContain('| etcd | b | ok |  |  |  | there is no report of what it changed |');
});

test("GitHub's word counts where an old report says that all is well", () => {
  const needs: Needs = { plan, etcd: { result: 'failure' } };
  const rows = rowsOf(needs, reports(['a', report(['a'])]));
  expect(problemsAtGate(needs, rows).map(({ message }) => message)).toEqual([
    'one of the etcd jobs ended as failure without a word',
  ]);
});

test('a job for all hosts that failed or was cancelled closes the gate', () => {
  const needs: Needs = { plan: { result: 'failure' }, pki: { result: 'cancelled' }, etcd: { result: 'skipped' } };
  expect(problemsAtGate(needs, rowsOf(needs, new Map())).map(({ message }) => message)).toEqual([
    'the plan job failed',
    'the pki job was cancelled',
  ]);
});

test('what went wrong stands first in the summary, and a problem can not break its table', () => {
  const needs: Needs = { plan, etcd: { result: 'failure' } };
  const rows = rowsOf(needs, reports(['a', report(['a'])], ['b', report(['b'], 'one | two\nthree')]));
  const lines = gateSummary(rows).split('\n');
  expect(lines[0]).toBe('## Gate: 1 of 3 did not succeed');
  expect(lines[4]).toBe('| etcd | b | **failure** | 2 | 1 | 1.5 s | one \\| two three |');
});

test('needs are what GitHub gives, and lists of hosts those of the plan job', () => {
  expect(entriesOf(readNeeds(JSON.stringify({ plan })), 'etcd')).toEqual(['a', 'b', 'c,d']);
  expect(entriesOf(readNeeds('{"plan":{"result":"failure","outputs":{}}}'), 'etcd')).toEqual([]);
  expect(readNeeds('{"etcd":{"result":"success","outputs":null}}')).toBeTruthy();
  expect(() => readNeeds('yes')).toThrow('toJSON(needs)');
});
