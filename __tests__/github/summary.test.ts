import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Role } from '../../src/cluster/schema.ts';
import { reporting } from '../../src/github/action.ts';
import { duration } from '../../src/github/log.ts';
import { summaryOf, writeSummary } from '../../src/github/summary.ts';
import type { Change } from '../../src/host/engine.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { sceneOf } from '../phases/scene.ts';
import { linesOf } from './workflow-commands.ts';

const seed = seedCluster();
const restart: Change = { kind: 'restart', subject: 'etcd.service', reason: 'content differs' };
// One folder for all tests: @actions/core remembers where the summary was at first.
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-summary-'));
const files = () => ({ summary: join(folder, 'summary.md'), output: join(folder, 'output') });

beforeEach(() => {
  rmSync(files().summary, { recursive: true, force: true });
  for (const path of Object.values(files())) writeFileSync(path, '');
  process.env.GITHUB_STEP_SUMMARY = files().summary;
  process.env.GITHUB_OUTPUT = files().output;
});

afterAll(() => {
  delete process.env.GITHUB_STEP_SUMMARY;
  delete process.env.GITHUB_OUTPUT;
  rmSync(folder, { recursive: true, force: true });
});

/** A path that even root cannot write. */
function breakSummary() {
  rmSync(files().summary);
  mkdirSync(files().summary);
}

function changedRun() {
  const { run } = sceneOf(seed);
  const result = { phase: 'etcd', started: [], milliseconds: 1_234 };
  run.results.push({ host: 'etcd-2', ...result, changes: [restart], restarted: ['etcd.service'] });
  run.results.push({ host: 'etcd-1', ...result, changes: [], restarted: [] });
  run.timings.push({ phase: 'Apply etcd', milliseconds: 1_300 });
  return run;
}

describe('The summary', () => {
  test('has the number of changes in its first line', () => {
    expect(summaryOf('Deployment', sceneOf(seed).run)).toMatch(/^## Deployment of seed: nothing to change in 0 ms\n/);
    expect(summaryOf('Deployment', changedRun())).toMatch(/: 1 change on hosts in 1\.3 s\n/);
    expect(summaryOf('Plan', sceneOf(seed, { dryRun: true }).run)).toContain(': dry run, nothing');
  });

  test('counts issued certificates and changed objects of the cluster, and names them', () => {
    const run = changedRun();
    run.objects.push('ConfigMap kube-system/coredns created', 'Node node-1 labelled');
    run.issued.push('etcd-1:/etc/etcd/pki/server.crt');
    const text = summaryOf('Deployment', run);
    expect(text).toContain(': 1 change on hosts, 2 objects of the cluster, 1 certificate in');
    expect(text).toContain('\n- etcd-1:/etc/etcd/pki/server.crt\n');
    expect(text).toContain('\n- ConfigMap kube-system/coredns created\n- Node node-1 labelled\n');
  });

  test('of a job for one host has only that host, and of a job for the cluster’s objects none', () => {
    const hosts = (targets: ReadonlyMap<Role, readonly string[]>) =>
      summaryOf('x', sceneOf(seed, { targets }).run)
        .split('\n')
        .filter((line) => /^\| (master|node|etcd)-/.test(line));
    expect(hosts(new Map([['master', ['master-2']]]))).toEqual(['| master-2 | master | 0 | – | 0 ms |']);
    expect(hosts(new Map())).toEqual([]);
  });

  test('of a plan lists the units that would restart, in the order of the file for any order of answers', () => {
    const { run } = sceneOf(seed, { dryRun: true });
    const result = { phase: 'etcd', started: [], restarted: [], milliseconds: 0 };
    for (const host of ['etcd-3', 'etcd-1', 'etcd-2']) run.results.push({ host, ...result, changes: [restart] });
    const rows = summaryOf('Plan', run).split('\n');
    expect(rows).toContain('| etcd-2 | etcd | 1 | etcd.service |');
    expect(rows.filter((row) => row.includes('content differs')).map((row) => row.split(' ')[1])).toEqual([
      ...['etcd-1', 'etcd-2', 'etcd-3'],
    ]);
  });

  test('has a row for each host in the order of the file, with its restarted units, and one for each phase', () => {
    const rows = summaryOf('etcd', changedRun())
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(rows.slice(1, 8).map((row) => row.split(' ')[1])).toEqual(seed.hosts.map(({ name }) => name));
    expect(rows).toContain('| etcd-2 | etcd | 1 | etcd.service | 1.2 s |');
    expect(rows).toContain('| Apply etcd | 1.3 s |');
    expect(rows).toContain('| etcd-2 | restart etcd.service | content differs |');
  });

  test('is cut before GitHub would refuse it, with a note', async () => {
    await writeSummary('ä'.repeat(700_000));
    const text = readFileSync(files().summary, 'utf8');
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toContain('… cut: the log has the rest.');
  });

  test('is cut between two rows, with a note outside a collapsed section', async () => {
    const { run } = sceneOf(seed);
    const changes = Array.from({ length: 30_000 }, () => restart);
    run.results.push({ host: 'etcd-1', phase: 'etcd', started: [], restarted: [], milliseconds: 0, changes });
    await writeSummary(summaryOf('etcd', run));
    const lines = readFileSync(files().summary, 'utf8').trimEnd().split('\n');
    expect(lines.slice(-5)).toEqual([
      '| etcd-1 | restart etcd.service | content differs |',
      '',
      '</details>',
      '',
      '… cut: the log has the rest.',
    ]);
  });

  test('is not written in a local run, which has none', async () => {
    delete process.env.GITHUB_STEP_SUMMARY;
    await writeSummary('text');
    expect(readFileSync(files().summary, 'utf8')).toBe('');
  });
});

describe('A run that fails', () => {
  const failure = new Error('a host went');
  const fail = () => reporting('etcd', changedRun(), () => Promise.reject(failure));

  test('is reported like one that succeeds', async () => {
    await linesOf(() => expect(fail()).rejects.toBe(failure));
    const output = readFileSync(files().output, 'utf8');
    expect(output).toMatch(/changed<<.*\n1\n/);
    expect(output).toContain('["etcd-2"]');
    expect(output).toContain('["etcd-2/etcd.service"]');
    expect(readFileSync(files().summary, 'utf8')).toContain('## etcd of seed');
  });

  test('keeps its own error if the report fails', async () => {
    breakSummary();
    const lines = await linesOf(() => expect(fail()).rejects.toBe(failure));
    expect(lines.filter((line) => line.startsWith('::warning'))).toEqual([
      expect.stringContaining('the summary of the run could not be written'),
    ]);
  });
});

test('A run that succeeds still succeeds if its summary can’t be written', async () => {
  breakSummary();
  const lines = await linesOf(() => reporting('etcd', changedRun(), async () => undefined));
  expect(lines.filter((line) => line.startsWith('::warning'))).toEqual([
    expect.stringContaining('the summary of the run could not be written'),
  ]);
});

test('Durations are in readable units', () => {
  expect([0, 340, 999, 1_000, 61_250].map(duration)).toEqual(['0 ms', '340 ms', '999 ms', '1.0 s', '61.3 s']);
});
