import { expect, test } from '@jest/globals';
import { attemptName, runName } from '../../src/github/run-name.ts';

const env = { GITHUB_REPOSITORY: 'org/clusters', GITHUB_RUN_ID: '7' };

test('a run has the same name in all its attempts, and a different one in another repository', () => {
  expect(runName({ ...env, GITHUB_RUN_ATTEMPT: '1' })).toBe('org/clusters run 7');
  expect(runName({ ...env, GITHUB_RUN_ATTEMPT: '2' })).toBe('org/clusters run 7');
  expect(runName({ ...env, GITHUB_REPOSITORY: 'org/others' })).toBe('org/others run 7');
});

test('all manual calls on a machine are one run, so that actions called one after the other belong together', () => {
  expect(runName({})).toMatch(/^a run by hand on \S/);
  expect(runName({})).toBe(runName({}));
});

test('an attempt has its own name: on GitHub by its number, elsewhere in each process', () => {
  expect(attemptName({ ...env, GITHUB_RUN_ATTEMPT: '2' })).toBe('org/clusters run 7 attempt 2');
  expect(attemptName({ ...env })).toBe('org/clusters run 7 attempt 1');
  expect(attemptName({})).toBe(attemptName({}));
  expect(attemptName({})).toContain(String(process.pid));
});
