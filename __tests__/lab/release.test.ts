// The project's own workflows, run by act against a bare repository: git, npm and the bundler are real; the actions of
// others, gh and the signing of attestations are the stand-ins of lab/workflow/stand-ins.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { provideTool } from '../../lab/binaries/tools.ts';
import { type OwnRepository, type OwnRun, runOwnWorkflow } from '../../lab/workflow/own-workflow.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-release-'));
const origin = join(folder, 'origin.git');
const clone = join(folder, 'clone');

/** GitHub's condition for a tag that a workflow's token pushes: the tip of a branch must have the same workflows. */
const githubsRule = `#!/bin/sh
case $1 in refs/tags/*) ;; *) exit 0 ;; esac
for tip in $(git for-each-ref --format='%(objectname)' refs/heads); do
  [ "$(git rev-parse "$tip:.github/workflows")" != "$(git rev-parse "$3:.github/workflows")" ] || exit 0
done
echo 'refusing to allow a GitHub App to create or update workflow' >&2
exit 1
`;

/** Merges a change of a workflow while a release is validated. */
const mainMovesOn = `on: { workflow_call: { inputs: { without-lab: { type: boolean, default: false } } } }
jobs:
  tests:
    runs-on: ubuntu-latest
    steps:
      - run: |
          git clone --quiet "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" moved && cd moved
          echo "# changed for $RANDOM" >>.github/workflows/ci.yml
          git -c user.name=a -c user.email=a commit --quiet --all --message 'A workflow changes' && git push --quiet
`;

beforeAll(async () => {
  await provideTool('act', { cache: cacheFolder(), log: console.log });
  mkdirSync(clone);
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', origin);
  writeFileSync(join(origin, 'hooks/update'), githubsRule, { mode: 0o755 });
  git(clone, 'init', '--quiet', '--initial-branch=main');
  // The files on disk that git tracks or would add.
  const files = git(root, 'ls-files', '--cached', '--others', '--exclude-standard').split('\n').filter(Boolean);
  const list = files.filter((file) => existsSync(join(root, file))).join('\n');
  const tar = spawnSync('tar', ['-C', root, '-cf', '-', '-T', '-'], { input: list, maxBuffer: 1 << 28 });
  spawnSync('tar', ['-C', clone, '-xf', '-'], { input: tar.stdout });
  git(clone, 'remote', 'add', 'origin', 'https://github.com/org/k8s-ha-action');
  setVersion('1.2.2');
  commit('An earlier release');
  for (const tag of ['v1', 'v1.2.2']) git(clone, 'push', '--quiet', origin, `HEAD:refs/tags/${tag}`);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('A version that was released before is refused at once', async () => {
  const before = tags();
  const refused = await release('1.2.2');
  expect(outcomes(refused)).toEqual({ check: 'failure' });
  expect(refused.log).toContain('v1.2.2 is released; take a version above it');
  expect(tags()).toEqual(before);
}, 300_000);

test('Bundles that do not match the source are not released', async () => {
  const before = tags();
  appendFileSync(join(clone, 'src/actions/gate.ts'), "console.log('new');\n");
  setVersion('1.2.3');
  commit('A change without its bundles');
  const refused = await release('1.2.3');
  expect(outcomes(refused)).toEqual({ check: 'success', hold: 'success', tests: 'success', build: 'failure' });
  expect(refused.log).toContain('dist/ is not what the source makes');
  expect(tags()).toEqual(before);
}, 600_000);

test('The workflow for dependencies commits the bundles to their branch, and has them tested', async () => {
  git(clone, 'push', '--quiet', origin, 'HEAD:refs/heads/dependencies');
  const made = await run('bundles.yml', { branch: 'dependencies' });
  expect(outcomes(made)).toEqual({ build: 'success', commit: 'success' });
  git(clone, 'fetch', '--quiet', origin, 'dependencies');
  const subject = git(clone, 'log', '-1', '--format=%an: %s', 'FETCH_HEAD');
  expect(subject).toBe('github-actions[bot]: Bundles of the changed dependencies');
  expect(git(clone, 'diff', '--name-only', 'HEAD', 'FETCH_HEAD')).toBe('dist/gate/index.js');
  expect(readFileSync(join(made.state, 'gh.log'), 'utf8')).toContain('workflow run ci.yml --ref dependencies');
}, 600_000);

test('A release has its tag, its files and its notes, and v1 moves to its commit', async () => {
  const earlier = tags()['v1.2.2'];
  git(clone, 'reset', '--quiet', '--hard', 'FETCH_HEAD');
  git(clone, 'push', '--quiet', '--force', origin, 'HEAD:main', ':dependencies');
  const made = await release('1.2.3');
  const all = ['check', 'hold', 'tests', 'build', 'publish'];
  expect(outcomes(made)).toEqual(Object.fromEntries(all.map((job) => [job, 'success'])));
  const head = git(clone, 'rev-parse', 'HEAD');
  expect(tags()).toEqual({ v1: head, 'v1.2.2': earlier, 'v1.2.3': head });
  // Main has moved on, and the branch that held the commit is gone.
  expect(git(origin, 'rev-parse', 'main')).not.toBe(head);
  expect(git(origin, 'branch', '--list', 'release/*')).toBe('');
  // v1 itself has no release, which would make it immutable.
  expect(readdirSync(join(made.state, 'releases'))).toEqual(['v1.2.3']);
  const files = readdirSync(join(made.state, 'releases/v1.2.3')).sort();
  // No `.draft`: it is published.
  expect(files).toEqual(['.notes', 'LICENCES.txt', 'bundles.tar.gz', 'sbom.spdx.json']);
  const read = (file: string) => readFileSync(join(made.state, 'releases/v1.2.3', file), 'utf8');
  expect(read('.notes')).toBe('- What 1.2.3 brings.\n');
  expect(read('LICENCES.txt')).toMatch(/^node-forge 1\.\S+: \(BSD-3-Clause OR GPL-2\.0\)$/m);
  const parts: { name: string }[] = JSON.parse(read('sbom.spdx.json')).packages;
  expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['zod', 'yaml', 'node-forge', 'ssh2']));
  for (const other of ['jest', 'send', 'k8s-ha-action-lab']) expect(parts.map(({ name }) => name)).not.toContain(other);
}, 600_000);

test('Every file that users run is attested with its content in the commit, and so is the archive', () => {
  const rows = readFileSync(join(folder, 'state/attested'), 'utf8').split('\n').filter(Boolean);
  const attested = new Map(rows.map((row) => [row.slice(66), row.slice(0, 64)]));
  // package.json too: it makes Node read the bundles as modules.
  const bundles = git(clone, 'ls-files', 'dist').split('\n');
  expect(bundles.length).toBeGreaterThan(20);
  for (const file of bundles) expect([file, attested.get(file)]).toEqual([file, sha256(join(clone, file))]);
  expect(attested.get('out/bundles.tar.gz')).toBe(sha256(join(folder, 'state/releases/v1.2.3/bundles.tar.gz')));
});

function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=lab', '-c', 'user.email=lab@localhost', '-c', 'core.hooksPath=/dev/null'];
  const { status, stdout, stderr } = spawnSync('git', [...who, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** Commits the files of the clone, and pushes them to main. */
function commit(message: string): void {
  git(clone, 'add', '--all');
  git(clone, 'commit', '--quiet', '--message', message);
  git(clone, 'push', '--quiet', origin, 'HEAD:main');
}

function setVersion(version: string): void {
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(clone, file), change(readFileSync(join(clone, file), 'utf8')));
  edit('package.json', (text) => JSON.stringify({ ...JSON.parse(text), version }, null, 2));
  edit('package-lock.json', (text) => {
    const lock = JSON.parse(text);
    const packages = { ...lock.packages, '': { ...lock.packages[''], version } };
    return JSON.stringify({ ...lock, version, packages }, null, 2);
  });
  const part = `## ${version} - 2026-12-01\n\n- What ${version} brings.\n\n`;
  edit('CHANGELOG.md', (text) => text.replace(/^(?=## )/m, part));
}

function tags(): Readonly<Record<string, string>> {
  const rows = git(origin, 'for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/tags').split('\n');
  return Object.fromEntries(rows.filter(Boolean).map((row) => row.split(' ')));
}

const release = (version: string) => run('release.yml', { version });

async function run(file: string, inputs: Readonly<Record<string, string>>): Promise<OwnRun> {
  const repository: OwnRepository = { folder, clone, origin };
  rmSync(join(folder, 'state/artifacts'), { recursive: true, force: true });
  const act = await provideTool('act', { cache: cacheFolder(), log: console.log });
  const userConfig = join(homedir(), '.npmrc');
  const env = {
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
    npm_config_prefer_offline: 'true',
    ...(existsSync(userConfig) && { npm_config_userconfig: userConfig }),
  };
  const options = { file, inputs, act, node: dirname(process.execPath), instead: { 'ci.yml': mainMovesOn }, env };
  return await runOwnWorkflow(repository, options);
}

function outcomes({ jobs }: OwnRun): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.filter(({ id }) => id !== 'validate').map(({ id, status }) => [id, status]));
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
