// The real script and git, with a bare repository as GitHub's and a stand-in for gh.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'k8s-ha-publish-'));
const files = { 'bundles.tar.gz': 'bundles', 'LICENCES.txt': 'licences', 'sbom.spdx.json': '{}', 'notes.md': 'notes' };
const published = ['.notes', 'LICENCES.txt', 'bundles.tar.gz', 'sbom.spdx.json'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'case-'));
  for (const place of ['out', 'state', 'clone']) mkdirSync(join(folder, place));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'out', name), text);
  git(folder, 'init', '--quiet', '--bare', 'origin.git');
  git(clone(), 'init', '--quiet');
  for (const name of ['first', 'second']) git(clone(), 'commit', '--quiet', '--allow-empty', '--message', name);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('A release has its tag and its files, is the latest one, and v1 moves to it', () => {
  tagged('v1', 'v1.2.2');
  expect(publish('1.2.3')).toEqual({ status: 0, errors: '' });
  expect(filesOf('v1.2.3')).toEqual(published);
  expect(latest()).toBe('v1.2.3');
  expect([commitOf('v1.2.3'), commitOf('v1')]).toEqual([head(), head()]);
});

test('A release whose upload was cut off is completed before it is published', () => {
  state('cut-off', 'LICENCES.txt');
  expect(publish('1.2.3').errors).toContain('unexpected EOF');
  expect(filesOf('v1.2.3')).toContain('.draft');
  expect(publish('1.2.3').status).toBe(0);
  expect(filesOf('v1.2.3')).toEqual(published);
  expect(readFileSync(join(folder, 'state/releases/v1.2.3/LICENCES.txt'), 'utf8')).toBe('licences');
});

test('A draft that lacks a file is not published', () => {
  state('lost', 'sbom.spdx.json');
  expect(publish('1.2.3')).toMatchObject({ status: 1 });
  expect(filesOf('v1.2.3')).toContain('.draft');
  expect(git(origin(), 'tag')).toBe('v1.2.3');
});

test('A release that is published already is left as it is, and what was left to do is done', () => {
  publish('1.2.3');
  git(origin(), 'update-ref', '-d', 'refs/tags/v1');
  git(clone(), 'push', '--quiet', origin(), 'HEAD:refs/heads/release/v1.2.3');
  expect(publish('1.2.3').status).toBe(0);
  expect(filesOf('v1.2.3')).toEqual(published);
  expect(commitOf('v1')).toBe(head());
  expect(git(origin(), 'branch', '--list', 'release/*')).toBe('');
});

test.each([
  ['a fix for an older minor version', '1.1.1', ['v1', 'v1.1.0', 'v1.2.0'], false, false],
  ['a fix for an older major version', '1.10.1', ['v1', 'v1.9.0', 'v2', 'v2.0.0'], false, true],
  ['a pre-release', '1.3.0-rc.1', ['v1', 'v1.2.0'], false, false],
  ['the release after its pre-releases', '1.3.0', ['v1', 'v1.2.0', 'v1.3.0-rc.1', 'v1.3.0-rc.2'], true, true],
  ['the first release', '1.0.0', [], true, true],
])('%s: which tag moves, and whether it is the latest', (_, version, before, isLatest, moves) => {
  tagged(...before);
  expect(publish(version)).toEqual({ status: 0, errors: '' });
  expect(latest() === `v${version}`).toBe(isLatest);
  expect(git(origin(), 'tag').split('\n').includes('v1') && commitOf('v1') === head()).toBe(moves);
  expect(filesOf(`v${version}`).includes('.prerelease')).toBe(version.includes('-'));
});

test('A tag at another commit is not moved', () => {
  tagged('v1.2.3');
  expect(publish('1.2.3').errors).toContain('already exists');
  expect(commitOf('v1.2.3')).not.toBe(head());
  expect(existsSync(join(folder, 'state/releases'))).toBe(false);
});

const clone = () => join(folder, 'clone');
const origin = () => join(folder, 'origin.git');
const head = () => git(clone(), 'rev-parse', 'HEAD');
const commitOf = (tag: string) => git(origin(), 'rev-parse', `refs/tags/${tag}`);
const state = (name: string, text: string) => writeFileSync(join(folder, 'state', name), text);
const filesOf = (tag: string) => readdirSync(join(folder, 'state/releases', tag)).sort();

/** Puts tags of earlier releases at the commit before the one to release. */
function tagged(...tags: readonly string[]): void {
  for (const tag of tags) git(clone(), 'push', '--quiet', origin(), `HEAD~1:refs/tags/${tag}`);
}

function latest(): string {
  const file = join(folder, 'state/latest');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

/** What the script prints of its own on the error stream: git also reports there what it has pushed. */
function publish(version: string): { readonly status: number | null; readonly errors: string } {
  const env = {
    ...{ HOME: folder, PATH: `${join(root, 'lab/workflow/stand-ins/bin')}:${process.env.PATH}` },
    ...{ GITHUB_SERVER_URL: folder, GITHUB_REPOSITORY: 'origin.git', STAND_IN_STATE: join(folder, 'state') },
  };
  const args = [head(), version, join(folder, 'out')];
  const script = join(root, '.github/release/publish.sh');
  const { status, stderr } = spawnSync(script, args, { cwd: clone(), env, encoding: 'utf8' });
  return { status, errors: status === 0 ? '' : stderr };
}

function git(cwd: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'core.hooksPath=/dev/null'];
  const { status, stdout, stderr } = spawnSync('git', [...who, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}
