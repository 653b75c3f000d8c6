import { expect, test } from '@jest/globals';
import { mustBeNewest, releaseNotes } from '../../.github/release/version.ts';

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
])('Refused: %s', (_, version, said, reason) => {
  expect(() => notes(version, said)).toThrow(reason);
});

test.each([
  ['1.2.3', []],
  ['1.2.3', ['v1', 'v1.2.2', 'v1.1.9', 'v2.0.0', 'vendor']],
  ['1.10.0', ['v1.9.9']],
  ['2.0.0', ['v1.9.9']],
  ['1.2.3', ['v1.2.3-rc.1']],
  ['1.2.3-rc.2', ['v1.2.3-rc.1', 'v1.2.2']],
])('%s may follow %j', (version, tags) => {
  expect(() => mustBeNewest(version, tags)).not.toThrow();
});

test.each([
  ['1.2.3', ['v1.2.3']],
  ['1.2.3', ['v1.2.10']],
  ['1.9.9', ['v1.10.0']],
  ['1.2.3-rc.1', ['v1.2.3']],
  ['1.2.3-rc.1', ['v1.2.3-rc.1']],
  ['1.2.2', ['v1.2.3-rc.1']],
])('%s may not follow %j', (version, tags) => {
  expect(() => mustBeNewest(version, tags)).toThrow('is released');
});
