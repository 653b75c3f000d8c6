import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readOutputs, WorkflowCommands } from '../../lab/runner/workflow-commands.ts';
import { Problem } from '../../src/errors.ts';
import { failWith } from '../../src/github/annotations.ts';
import { githubLog } from '../../src/github/log.ts';
import {
  addMask,
  addSummary,
  debug,
  error,
  exportVariable,
  group,
  info,
  published,
  saveState,
  setOutput,
  warning,
} from '../../src/github/runner.ts';
import { hostileText, unseen } from '../hostile-text.ts';
import { linesOf } from './workflow-commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-runner-'));
const files = {
  OUTPUT: join(folder, 'output'),
  STATE: join(folder, 'state'),
  ENV: join(folder, 'env'),
  STEP_SUMMARY: join(folder, 'summary'),
};
const read = (name: keyof typeof files) => readFileSync(files[name], 'utf8');

beforeEach(() => {
  for (const [name, path] of Object.entries(files)) {
    writeFileSync(path, '');
    process.env[`GITHUB_${name}`] = path;
  }
});

afterAll(() => {
  for (const name of Object.keys(files)) delete process.env[`GITHUB_${name}`];
  rmSync(folder, { recursive: true });
  process.exitCode = 0;
});

/** The runner's interpretation of the output of `work`. */
async function taken(work: () => unknown) {
  const commands = new WorkflowCommands();
  const shown = (await linesOf(work)).map((line) => commands.read(line));
  const names = commands.obeyed.map(({ name }) => name);
  return { commands, names, shown, text: shown.map((line) => `${line?.title ?? ''} ${line?.text ?? ''}`).join('\n') };
}

describe('Text of a host', () => {
  test('the runner executes only our own commands, and shows no invisible characters', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const fields = {
          code: 'UNIT_FAILED' as const,
          host: 'one',
          unit: text,
          phase: text,
          hint: text,
          detail: [text, `x ${text}`],
        };
        const {
          names,
          text: shown,
          commands,
        } = await taken(async () => {
          info(text);
          warning(text, { title: text, file: text });
          error(text, { title: text, file: text, line: 1 });
          debug(text);
          await githubLog.group(text, async () => githubLog.info(`one: ${text}`));
          failWith(new AggregateError([new Problem(text, fields), new Error(text)]));
        });
        expect(names).toEqual(['warning', 'error', 'debug', 'group', 'endgroup', 'error', 'error']);
        expect(commands.masks.size + Object.keys({ ...commands.state, ...commands.outputs }).length).toBe(0);
        expect(shown).not.toMatch(unseen);
        expect(shown).not.toContain('##[');
      }),
      { numRuns: 300 },
    );
  });

  test('outputs, state and variables have one line each, and no other is set', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        for (const path of Object.values(files)) writeFileSync(path, '');
        const { names } = await taken(() => {
          setOutput('restarted', [`one/${text}`, 'two/etcd.service']);
          setOutput('scheduler-new-leader', text);
          saveState('folder', text);
          exportVariable('A_TEST_OF_RUNNER', text);
        });
        expect(names).toEqual([]);
        const [outputs, state, variables] = (['OUTPUT', 'STATE', 'ENV'] as const).map((name) =>
          readOutputs(read(name)),
        );
        expect([outputs, state, variables].map((values) => Object.keys(values ?? {}))).toEqual([
          ['restarted', 'scheduler-new-leader'],
          ['folder'],
          ['A_TEST_OF_RUNNER'],
        ]);
        expect(JSON.parse(outputs?.restarted ?? '')).toHaveLength(2);
        const values = [
          ...(JSON.parse(outputs?.restarted ?? '') as string[]),
          outputs?.['scheduler-new-leader'],
          state?.folder,
        ];
        for (const value of [...values, variables?.A_TEST_OF_RUNNER]) expect(value).not.toMatch(/\n|##\[|^ *::/);
        expect(values.join('')).not.toMatch(unseen);
      }),
      { numRuns: 100 },
    );
    delete process.env.A_TEST_OF_RUNNER;
  });

  test('names of hosts and matrices are unchanged', async () => {
    const matrix = Array.from({ length: 1000 }, (_, index) => `host-${index}.example.com,rack_${index}`);
    await linesOf(() => setOutput('etcd', matrix));
    expect(readOutputs(read('OUTPUT'))).toEqual({ etcd: JSON.stringify(matrix) });
  });

  test('names of outputs come only from the code', () => {
    for (const name of ['a b', 'a\nb', '', 'a<<b', '-a', 'ä'])
      expect(() => setOutput(name, 'x')).toThrow('is not a name');
    expect(() => saveState('a=b', 'x')).toThrow('is not a name');
    expect(() => exportVariable('a\0', 'x')).toThrow('is not a name');
  });
});

describe('A masked value', () => {
  const key = 'MHcCAQEEIA3bXq7mKd+0J/3sC0mYV6q7mS6r0wz==';

  test('reaches the runner in a form that it accepts, for any value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }), async (value) => {
        fc.pre(value.trim() !== '');
        const { commands, names } = await taken(() => addMask(value));
        expect(names).toEqual(['add-mask']);
        expect(commands.masks).toContain(value);
      }),
    );
  });

  test('is also hidden by the action: in the log, in annotations, in summaries and in files', async () => {
    const { shown } = await taken(async () => {
      addMask(key);
      info(`a ${key}, b${key}c`);
      info(`${key.slice(0, 10)}\u200b${key.slice(10)}`);
      await group(key, async () => undefined);
      warning(key, { title: key, file: key });
      failWith(new Problem(key, { code: 'ACTION_DEFECT', detail: [key], hint: key }));
      await addSummary(`| ${key} |`);
    });
    expect(JSON.stringify(shown)).not.toContain(key);
    expect(shown.filter((line) => line?.kind === 'text')[0]?.text).toBe('a ***, b***c');
    expect(read('STEP_SUMMARY')).toBe('| *** |\n');
    expect(published(JSON.stringify({ problem: key }))).toBe('{"problem":"***"}');
  });

  test('is also hidden if it is escaped for Markdown, JSON or HTML', async () => {
    const { escaped } = await import('../../src/markdown.ts');
    const secret = 'p"a<s>s_w|o#rd';
    await linesOf(() => addMask(secret));
    const html = secret.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
    expect([escaped(secret), JSON.stringify(secret), html, secret].map(published)).toEqual([
      '***',
      '"***"',
      '***',
      '***',
    ]);
  });

  test('is not cut in two by the end of a long line', async () => {
    const lines = await linesOf(() => {
      addMask(key);
      info(`${'x '.repeat(1990)}${key} y`);
    });
    expect(lines.filter((line) => !line.startsWith('::add-mask')).join('')).not.toContain(key.slice(0, 8));
  });

  test('of less than eight characters is not hidden: it would be an ordinary word', async () => {
    await linesOf(() => addMask('node-1'));
    expect(published('node-1')).toBe('node-1');
  });
});
