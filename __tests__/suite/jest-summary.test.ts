import { expect, test } from '@jest/globals';
import { countsOf, failedTests, type JestSummary, slowestFiles } from './jest-summary.ts';

function summary(statuses: readonly string[], more: Partial<JestSummary> = {}): JestSummary {
  const assertionResults = statuses.map((status, index) => ({ fullName: `test ${index}`, status }));
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  return {
    ...{ numPassedTests: count('passed'), numFailedTests: count('failed'), numRuntimeErrorTestSuites: 0 },
    testResults: [{ name: '/root/one.test.ts', status: '', startTime: 1000, endTime: 3500, assertionResults }],
    ...more,
  };
}

test.each([
  [['passed', 'passed'], true, { passed: 2, failed: 0 }, 0],
  [['passed', 'failed'], false, { passed: 1, failed: 1 }, 0],
  [['passed', 'pending'], true, { passed: 1, failed: 1 }, 1],
  [['todo', 'pending', 'failed'], false, { passed: 0, failed: 3 }, 2],
  // Jest failed although no test did: a set-up that threw.
  [['passed'], false, { passed: 1, failed: 1 }, 0],
])('tests that ended as %j, with jest’s status good: %j, are counted as %j', (statuses, ok, counts, reported) => {
  const lines: string[] = [];
  expect(countsOf(summary(statuses), ok, (line) => lines.push(line))).toEqual(counts);
  expect(lines).toHaveLength(reported);
  for (const line of lines) expect(line).toMatch(/^not run, which counts as failed: \/root\/one\.test\.ts: test \d /);
});

test('a file that does not load counts as failed', () => {
  const broken = summary(['passed'], { numRuntimeErrorTestSuites: 1 });
  expect(countsOf(broken, false, () => undefined)).toEqual({ passed: 1, failed: 1 });
});

test('the slowest files come first, with their seconds', () => {
  const file = (name: string, seconds: number) => ({
    ...{ name: `/root/${name}.test.ts`, status: 'passed', startTime: 0, endTime: seconds * 1000, assertionResults: [] },
  });
  const files = [file('a', 1), file('b', 30), file('c', 2.25)];
  expect(slowestFiles([summary([], { testResults: files })], '/root', 2)).toEqual([
    '\nslowest files:',
    '    30.0 s  b.test.ts',
    '     2.3 s  c.test.ts',
  ]);
  expect(slowestFiles([], '/root')).toEqual([]);
});

test('the failed tests and the files that did not load are named', () => {
  const broken = { name: '/root/two.test.ts', status: 'failed', startTime: 0, endTime: 0, assertionResults: [] };
  expect(failedTests([summary(['passed', 'failed']), summary([], { testResults: [broken] })], '/root')).toEqual([
    '\nfailed:',
    '  one.test.ts: test 1',
    '  two.test.ts: the file itself',
  ]);
  expect(failedTests([summary(['passed'])], '/root')).toEqual([]);
});
