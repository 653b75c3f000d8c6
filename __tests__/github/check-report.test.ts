import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readOutputs } from '../../lab/runner/workflow-commands.ts';
import type { Finding } from '../../src/check/finding.ts';
import { checkSummary, type FailOn, findingsJson, reportCheck } from '../../src/github/check-report.ts';
import { linesOf } from './workflow-commands.ts';

const stopped: Finding = {
  id: 'unit-stopped/node-1/kubelet.service',
  severity: 'critical',
  subject: 'node-1',
  message: 'kubelet.service does not run: failed',
  fix: 'Look at its journal.',
};
const drift: Finding = { ...stopped, id: 'drift/node-1', severity: 'warning', message: '<b>@all</b> | a\n::error::b' };

// @actions/core remembers where the summary was at first.
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-check-'));
const files = { output: join(folder, 'output'), summary: join(folder, 'summary') };

beforeEach(() => {
  for (const path of Object.values(files)) writeFileSync(path, '');
  process.env.GITHUB_OUTPUT = files.output;
  process.env.GITHUB_STEP_SUMMARY = files.summary;
});

afterEach(() => {
  delete process.env.GITHUB_OUTPUT;
  delete process.env.GITHUB_STEP_SUMMARY;
  for (const path of Object.values(files)) rmSync(path);
});

async function reported(findings: readonly Finding[], failOn: FailOn) {
  let failure: unknown;
  const log = await linesOf(async () => {
    await reportCheck({ cluster: 'seed', findings, expiresInDays: 12 }, failOn).catch((error) => {
      failure = error;
    });
  });
  return {
    failure,
    log,
    outputs: readOutputs(readFileSync(files.output, 'utf8')),
    summary: readFileSync(files.summary, 'utf8'),
  };
}

describe('a check', () => {
  test('without findings is go', async () => {
    const { failure, outputs, summary } = await reported([], 'warning');
    expect(failure).toBeUndefined();
    expect(outputs).toEqual({ go: 'true', 'expires-in-days': '12', findings: '[]' });
    expect(summary).toMatch(
      /^## Check of seed: healthy, and as the file says\n\nThe first certificate ends in 12 days/,
    );
  });

  test.each([
    ['critical', [stopped, drift], 'false', '1 critical in seed'],
    ['critical', [drift], 'true', undefined],
    ['warning', [drift], 'true', '1 warning in seed'],
    ['warning', [stopped, drift], 'false', '1 critical, 1 warning in seed'],
    ['never', [stopped], 'false', undefined],
  ] as const)('with fail-on: %s', async (failOn, findings, go, message) => {
    const { failure, outputs } = await reported(findings, failOn);
    expect(outputs.go).toBe(go);
    if (message === undefined) expect(failure).toBeUndefined();
    else expect(failure).toMatchObject({ code: 'CHECK_FINDINGS', message });
  });

  test('cleans the texts of hosts in its log, its outputs and its summary', async () => {
    const { log, outputs, summary } = await reported([drift], 'never');
    expect(log.filter((line) => line.startsWith('::error'))).toEqual([]);
    expect(JSON.parse(outputs.findings ?? '')[0].message).toBe('<b>@all</b> | a ::error::b');
    expect(summary).not.toContain('<b>');
    expect(summary).not.toContain('@all');
  });

  test('has an annotation for a critical finding, with its fix', async () => {
    const { log } = await reported([stopped], 'never');
    expect(log.join('\n')).toMatch(
      /^::error title=unit-stopped.*::critical: node-1: kubelet\.service does not run: failed\. Look at its journal\.$/m,
    );
  });
});

test('findings that do not fit are counted, and those that are kept are whole', () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ ...drift, id: `drift/${index}` }));
  const text = findingsJson(many, 2000);
  const kept: Finding[] = JSON.parse(text);
  expect(Buffer.byteLength(text)).toBeLessThan(2400);
  expect(kept.at(-1)).toMatchObject({
    id: 'left-out',
    message: `${101 - kept.length} more findings do not fit into the output`,
  });
  expect(kept.slice(0, -1)).toEqual(many.slice(0, kept.length - 1));
  expect(JSON.parse(findingsJson(many)).at(-1).id).toBe('drift/99');
});

test('the summary has a row for each finding', () => {
  const summary = checkSummary({ cluster: 'seed', findings: [stopped], expiresInDays: undefined });
  expect(summary).toMatch(/^## Check of seed: 1 critical$/m);
  expect(summary).toMatch(/^\| critical \| node-1 \| kubelet\.service does not run: failed \|/m);
});
