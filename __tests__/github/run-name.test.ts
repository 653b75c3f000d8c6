import { expect, test } from '@jest/globals';
import { attemptName, commitId, runName, soleAttemptName } from '../../src/github/run-name.ts';

const env = { GITHUB_REPOSITORY: 'org/clusters', GITHUB_RUN_ID: '7' };

test('a run has the same name in all its attempts, and a different one in another repository', () => {
  expect(runName({ ...env, GITHUB_RUN_ATTEMPT: '1' })).toBe('org/clusters run 7');
  expect(runName({ ...env, GITHUB_RUN_ATTEMPT: '2' })).toBe('org/clusters run 7');
  expect(runName({ ...env, GITHUB_REPOSITORY: 'org/others' })).toBe('org/others run 7');
});

test('a run applies one commit in all its attempts; by hand it has none', () => {
  const id = '0123456789abcdef0123456789abcdef01234567';
  expect(commitId({ ...env, GITHUB_SHA: id })).toBe(id);
  expect([commitId({ GITHUB_SHA: id }), commitId(env), commitId({ ...env, GITHUB_SHA: 'main; rm' })]).toEqual(
    Array(3).fill(undefined),
  );
});

test('all manual calls on a machine are one run, so that actions called one after the other belong together', () => {
  expect(runName({})).toMatch(/^a run by hand on \S/);
  expect(runName({})).toBe(runName({}));
});

test('an attempt has the same name in all its jobs, and the only job of a run is an attempt of its own', () => {
  expect(attemptName({ ...env, GITHUB_RUN_ATTEMPT: '2' })).toBe('org/clusters run 7 attempt 2');
  expect(attemptName({ ...env })).toBe('org/clusters run 7 attempt 1');
  expect(soleAttemptName({ ...env })).toBe(soleAttemptName({ ...env }));
  expect(soleAttemptName({ ...env })).toContain(` ${process.pid} `);
});
