import { afterEach, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { failWith } from '../../src/github/annotations.ts';
import { linesOf } from './workflow-commands.ts';

afterEach(() => {
  process.exitCode = 0;
});

test('A problem of the file is an annotation on its line, with its hint', async () => {
  const place = { file: 'cluster.yaml', line: 7, column: 5 };
  const problem = new Problem('There is no key "adress".', {
    code: 'CLUSTER_UNKNOWN_KEY',
    ...place,
    hint: 'Write address.',
  });
  const lines = await linesOf(() => failWith(problem));
  expect(lines).toEqual([
    '::error title=CLUSTER_UNKNOWN_KEY,file=cluster.yaml,line=7,col=5::cluster.yaml:7:5: There is no key "adress".%0A  → Write address.',
  ]);
});

test('A problem of a host names host, unit and phase, and its journal follows in the log', async () => {
  const detail = ['etcd[812]: bind: address already in use', 'etcd.service: Failed'];
  const code = 'UNIT_FAILED' as const;
  const fields = { code, host: 'etcd-1', unit: 'etcd.service', phase: 'Apply etcd', detail };
  const [annotation, ...rest] = await linesOf(() => failWith(new Problem('it has failed', fields)));
  expect(annotation).toBe('::error title=UNIT_FAILED in Apply etcd::etcd-1 etcd.service: it has failed');
  expect(rest.map((line) => line.trim())).toEqual(detail);
});

test('The step fails', async () => {
  await linesOf(() => failWith(new Problem('no', { code: 'HOST_CLOCK' })));
  expect(process.exitCode).toBe(1);
});

test('Every problem of every host is reported; GitHub shows ten as annotations, the log has the others', async () => {
  const problems = Array.from(
    { length: 25 },
    (_, index) => new Problem('is down', { code: 'HOST_UNREACHABLE', host: `node-${index}` }),
  );
  const halves = [new AggregateError(problems.slice(0, 12)), new AggregateError(problems.slice(12))];
  const lines = await linesOf(() => failWith(new AggregateError(halves)));
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
  expect(lines.map((line) => /node-\d+/.exec(line)?.[0])).toEqual(problems.map((problem) => problem.fields.host));
});

test('A problem that the user can fix has no stack trace; a defect of the project has one, and is named as such', async () => {
  const mendable = await linesOf(() => failWith(new Problem('no', { code: 'HOST_CLOCK', cause: new Error('inner') })));
  expect(mendable.filter((line) => /^\s+at /.test(line))).toEqual([]);
  const defect = await linesOf(() => failWith(new TypeError('x is not a function')));
  expect(defect[0]).toMatch(
    /^::error title=ACTION_DEFECT::x is not a function%0A {2}→ This is a defect of the action itself/,
  );
  expect(defect.some((line) => /^\s+at /.test(line))).toBe(true);
});

test('Any thrown value is handled', async () => {
  expect(await linesOf(() => failWith('a word'))).toEqual([expect.stringContaining('::a word')]);
});
