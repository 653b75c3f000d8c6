import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lineOf, mustBeNewest, releaseNotes } from '../../.github/release/version.ts';

const changelog = `# Changelog

## Unreleased

### Added
- Something to come.

## [1.2.3] - 2026-11-30

### Added
- What is there.

## 1.2.2
## 1.2.1 - 2026-10-01

- Older.
`;
const notes = (version: string, said = version) =>
  releaseNotes(version, { package: JSON.stringify({ version: said }), changelog });

test('The notes of a release are its own part of the changelog', () => {
  expect(notes('1.2.3')).toBe('### Added\n- What is there.\n');
  expect(notes('1.2.1')).toBe('- Older.\n');
});

test.each([
  ['a version that the changelog does not know', '1.2.4', '1.2.4', 'under "## 1.2.4"'],
  ['a version of which the changelog says nothing', '1.2.2', '1.2.2', 'under "## 1.2.2"'],
  ['another version than the package’s', '1.2.3', '1.2.2', 'package.json says 1.2.2'],
  ['what is no version', 'v1.2.3', 'v1.2.3', 'no version'],
  ['a version with more behind it', '1.2.3; true', '1.2.3; true', 'no version'],
  ['a version with build metadata', '1.2.3+1', '1.2.3+1', 'no version'],
  ['a version that semver does not know', '1.02.3', '1.02.3', 'no version'],
])('Refused: %s', (_, version, said, reason) => {
  expect(() => notes(version, said)).toThrow(reason);
});

test.each([
  ['1.2.3', '', []],
  ['1.2.3', '', ['v1', 'v1.2.2', 'v1.1.9', 'vendor']],
  ['1.10.0', '', ['v1.9.9']],
  ['2.0.0', '', ['v1.9.9']],
  ['1.2.3', '', ['v1.2.3-rc.1', 'v1.2.3-rc.10']],
  ['1.2.3-rc.2', '', ['v1.2.3-rc.1', 'v1.2.2']],
  ['1.2.3-rc.10', '', ['v1.2.3-rc.9']],
  ['1.1.1', '1.1.', ['v1.1.0', 'v1.2.0', 'v1.10.0', 'v2.0.0']],
  ['1.3.0', '1.', ['v1.2.9', 'v2.0.0']],
])('%s may follow in the line "%s": %j', (version, line, tags) => {
  expect(() => mustBeNewest(version, line, tags)).not.toThrow();
});

test.each([
  ['1.2.3', '', ['v1.2.3']],
  ['1.2.3', '', ['v1.2.10']],
  ['1.9.9', '', ['v1.10.0']],
  ['1.9.9', '', ['v2.0.0']],
  ['1.2.3-rc.1', '', ['v1.2.3']],
  ['1.2.3-rc.1', '', ['v1.2.3-rc.1']],
  ['1.2.3-rc.1', '', ['v1.2.3-rc.2']],
  ['1.2.3-rc.9', '', ['v1.2.3-rc.10']],
  ['1.2.2', '', ['v1.2.3-rc.1']],
  ['1.1.1', '1.1.', ['v1.1.1']],
  ['1.1.1', '1.1.', ['v1.1.2']],
])('%s may not follow in the line "%s": %j', (version, line, tags) => {
  expect(() => mustBeNewest(version, line, tags)).toThrow('is released');
});

test('A branch releases its own line of versions only', () => {
  expect(() => mustBeNewest('1.2.0', '1.1.', [])).toThrow('1.2.0 is not released from the branch of 1.1.x');
  expect(() => mustBeNewest('1.10.0', '1.1.', [])).toThrow('not released');
});

test('A pre-release needs a number, because "rc10" is below "rc9"', () => {
  expect(() => mustBeNewest('1.2.0-rc1', '', [])).toThrow('write 1.2.0-rc1.1');
});

test.each([
  ['refs/heads/main', ''],
  ['refs/heads/maintenance/1', '1.'],
  ['refs/heads/maintenance/1.2', '1.2.'],
])('%s releases the line "%s"', (ref, line) => {
  expect(lineOf(ref)).toBe(line);
});

test.each(['refs/heads/feature', 'refs/tags/main', 'refs/heads/maintenance/1.2.3', 'refs/heads/maintenance/next', ''])(
  'Nothing is released from "%s"',
  (ref) => {
    expect(() => lineOf(ref)).toThrow(`not from ${ref}`);
  },
);

test('Started from another branch, the check fails with the reason', () => {
  const root = join(import.meta.dirname, '../..');
  const env = { PATH: process.env.PATH, GITHUB_REF: 'refs/heads/feature' };
  const args = ['--disable-warning=ExperimentalWarning', '.github/release/version.ts', '1.2.3'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(
    'Releases are made from main, maintenance/1 or maintenance/1.2, not from refs/heads/feature',
  );
});
