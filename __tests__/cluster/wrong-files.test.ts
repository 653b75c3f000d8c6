import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { Problem, problemsOf } from '../../src/errors.ts';
import { expected } from './wrong/expected.ts';

const directory = new URL('wrong/', import.meta.url);
const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));

test('every wrong file has an entry of expected problems, and every entry a file', () => {
  expect(files.toSorted()).toEqual(Object.keys(expected).toSorted());
});

test.each(files)('%s is refused with line, column, value and fix', (name) => {
  expect(problemsIn(readFileSync(new URL(name, directory), 'utf8')).map(format)).toEqual(expected[name]);
});

test('no message quotes a text that looks like a secret', () => {
  const secrets = ['bm90LWEta2V5', '0123456789abcdef', 'SSH_USER', 'hunter2', 'QQQQ', 'ghp_'];
  for (const name of files.filter((file) => file.startsWith('secret-'))) {
    const reported = problemsIn(readFileSync(new URL(name, directory), 'utf8')).map((problem) =>
      JSON.stringify([problem.message, problem.fields, problem.stack]),
    );
    for (const secret of secrets) expect(reported.join()).not.toContain(secret);
  }
});

const host = 'hosts:\n  - { name: a, address: 10.0.0.1, roles: [etcd, master, node] }\n';

test.each([
  ['ten megabytes', `name: lab\n${'# filler\n'.repeat(1_165_085)}${host}`, 'CLUSTER_TOO_LARGE'],
  ['random bytes', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff, 0xfe]).toString('utf8'), 'CLUSTER_NOT_TEXT'],
  ['UTF-16', Buffer.from(`name: lab\n${host}`, 'utf16le').toString('utf8'), 'CLUSTER_NOT_TEXT'],
  ['nesting without end', `name: lab\na: ${'['.repeat(30_000)}\n`, 'CLUSTER_TOO_DEEP'],
  [
    'nesting deeper than sense',
    `name: lab\nkubelet: { config: ${'{ a: '.repeat(60)}1${' }'.repeat(61)}\n${host}`,
    'CLUSTER_TOO_DEEP',
  ],
  ['a list of lists of lists', `name: lab\nhosts:\n  ${'- '.repeat(10_000)}\n`, 'CLUSTER_TOO_DEEP'],
  ['one endless line', `name: lab # ${'x'.repeat(40_000)}\n${host}`, 'CLUSTER_LINE_TOO_LONG'],
  ['white space', ' \n\t\n\r\n', 'CLUSTER_EMPTY'],
])('%s is refused before much time is spent on it', (_, text, code) => {
  const started = performance.now();
  expect(problemsIn(text).map((problem) => problem.code)).toEqual([code]);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a file with very many problems reports a hundred of them', () => {
  const text = `name: lab\n${Array.from({ length: 5000 }, (_, index) => `key${index}: 1\n`).join('')}${host}`;
  expect(problemsIn(text)).toHaveLength(100);
});

function problemsIn(text: string): readonly Problem[] {
  try {
    parseCluster(text, 'cluster.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(AggregateError);
    return problemsOf(error).map((problem) => {
      if (!(problem instanceof Problem)) throw problem;
      return problem;
    });
  }
  return [];
}

function format({ message, fields: { line, column, host, code, hint } }: Problem): string {
  return `${line}:${column}${host === undefined ? '' : ` ${host}`} ${code} ${message} → ${hint}`;
}
