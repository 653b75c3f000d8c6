// What a runner downloads for `uses: org/k8s-ha-action/…@v1`: the archive that git makes of the commit.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readActionManifests } from '../../docs/action-manifests.ts';
import { root } from './tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const git = spawnSync('git', ['archive', '--worktree-attributes', 'HEAD'], { cwd: root, maxBuffer: 1 << 28 });
  spawnSync('tar', ['-x', '-C', folder], { input: git.stdout });
});

test('The archive has the licence, the actions and their bundles', () => {
  const actions = readActionManifests().flatMap(({ id }) => (id === 'deploy' ? [] : [id]));
  const needed = ['LICENSE', 'README.md', 'SECURITY.md', 'action.yml', 'dist', 'package.json', ...actions];
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(needed));
  for (const id of actions) expect(readdirSync(join(folder, id))).toContain('action.yml');
});

test('It has no file that only contributors need', () => {
  const rest = readdirSync(folder).filter((name) =>
    /^(__tests__|bench|bundling|docs|examples|jest|lab|src|.*\.(ts|js)|.*\.schema\.json|package-lock\.json)$/.test(
      name,
    ),
  );
  expect(rest).toEqual([]);
});

test('Actions start from it', () => {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, GITHUB_WORKSPACE: folder };
  for (const id of ['plan', 'deploy', 'gate']) {
    const main = join(folder, 'dist', id, 'index.js');
    const { stdout } = spawnSync(process.execPath, [main], { cwd: folder, env, encoding: 'utf8', timeout: 30_000 });
    expect([id, stdout]).toEqual([id, expect.stringMatching(/^::error title=(CLUSTER_FILE_MISSING|INPUT_)/m)]);
  }
});
