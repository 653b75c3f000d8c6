import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { textOf } from '../../contract/tree.ts';
import { scratchFolder } from '../scratch.ts';

// The step of examples/check.yml that keeps the issues, with jq, and a gh that answers with a list and records what it is asked.

const script: string = parse(textOf('examples/check.yml')).jobs.issues.steps[0].run;

const finding = (id: string, message = 'it does not run') => ({
  id,
  severity: 'critical',
  subject: 'node-1',
  message,
  fix: 'Look at its journal.',
});
const issue = (number: number, title: string, message?: string) => ({
  number,
  title,
  body: bodyOf(message).replaceAll('\n', '\r\n'),
});
const bodyOf = (message = 'it does not run') =>
  `Severity: critical\n\n    node-1: ${message}\n\n    Look at its journal.\n`;

/** What the step does with the output of the check: the calls of gh that change something, and the last body of an issue. */
async function ran(output: string, open: readonly object[]) {
  await using folder = await scratchFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at('open'), JSON.stringify(open));
  writeFileSync(
    at('gh'),
    `#!/bin/sh\ncase "$1 $2" in\n'issue list') cat '${at('open')}' ;;\n'label create') ;;\n*) echo "$*" >>'${at('calls')}' ;;\nesac\n`,
  );
  chmodSync(at('gh'), 0o755);
  writeFileSync(at('step.sh'), script);
  // As GitHub's runner runs it.
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', at('step.sh')], {
    cwd: folder.path,
    encoding: 'utf8',
    env: { PATH: `${folder.path}:${process.env.PATH}`, FINDINGS: output, RUN: 'https://run' },
  });
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');
  return { status, stderr, calls: read('calls').split('\n').filter(Boolean), body: read('body.md') };
}

async function kept(findings: readonly object[], open: readonly object[]) {
  const { status, stderr, ...done } = await ran(JSON.stringify(findings), open);
  expect([stderr, status]).toEqual(['', 0]);
  return done;
}

test('a finding without an issue gets one, with its texts as code', async () => {
  const { calls, body } = await kept([finding('unit-stopped/node-1/a.service', '@all `x` $(id)')], []);
  expect(calls).toEqual([
    'issue create --title unit-stopped/node-1/a.service --label cluster-check --body-file body.md',
  ]);
  expect(body).toBe(bodyOf('@all `x` $(id)'));
});

test('an issue stays as it is while its finding does, and is edited when the finding changes', async () => {
  expect((await kept([finding('a')], [issue(7, 'a')])).calls).toEqual([]);
  expect((await kept([finding('a', 'it failed')], [issue(7, 'a')])).calls).toEqual([
    'issue edit 7 --body-file body.md',
  ]);
});

test('an issue whose finding is gone is closed, unless findings were left out', async () => {
  const open = [issue(7, 'a'), issue(8, 'b')];
  expect((await kept([finding('b')], open)).calls).toEqual(['issue close 7 --comment No longer found: https://run']);
  expect((await kept([], open)).calls).toHaveLength(2);
  expect((await kept([finding('b'), finding('left-out')], open)).calls).toEqual([
    'issue create --title left-out --label cluster-check --body-file body.md',
  ]);
});

test('without the output, which GitHub drops if it contains a secret, no issue is closed', async () => {
  expect(await ran('', [issue(7, 'a')])).toMatchObject({ status: 1, calls: [] });
});
