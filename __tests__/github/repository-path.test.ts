import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { failWith } from '../../src/github/annotations.ts';
import { repositoryPath } from '../../src/github/repository-path.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import { linesOf } from './workflow-commands.ts';

const started = process.cwd();
let folder: AsyncDisposable & { path: string };
const at = (...parts: string[]) => join(folder.path, 'workspace', ...parts);

beforeAll(async () => {
  folder = await scratchFolder();
  for (const path of ['.git', 'clusters', 'infra/.git', 'infra/clusters', 'tree/clusters'])
    await mkdir(at(path), { recursive: true });
  // As in a work tree, and in a submodule.
  await writeFile(at('tree/.git'), 'gitdir: elsewhere\n');
  // A step starts in the workspace.
  process.env.GITHUB_WORKSPACE = at();
  process.chdir(at());
});

afterAll(async () => {
  process.chdir(started);
  process.exitCode = 0;
  delete process.env.GITHUB_WORKSPACE;
  await folder[Symbol.asyncDispose]();
});

test.each([
  ['cluster.yaml', 'cluster.yaml'],
  ['./cluster.yaml', 'cluster.yaml'],
  ['clusters/a.yaml', 'clusters/a.yaml'],
  ['clusters/../clusters//a.yaml', 'clusters/a.yaml'],
  ['infra/cluster.yaml', 'cluster.yaml'],
  ['./infra/clusters/a.yaml', 'clusters/a.yaml'],
  ['tree/clusters/a.yaml', 'clusters/a.yaml'],
  ['..a.yaml', '..a.yaml'],
])('the annotation of %s is on %s of the pull request', (given, shown) => {
  expect(repositoryPath(given)).toBe(shown);
  expect(repositoryPath(at(given))).toBe(shown);
});

test.each(['../a.yaml', '/etc/kubernetes/admin.conf', 'https://dl.k8s.io/v1.36.3/bin/linux/amd64/kubelet.sha256'])(
  '%s is in no pull request',
  (given) => {
    expect(repositoryPath(given)).toBeUndefined();
  },
);

test('the text of an error has the path that the user wrote, its annotation that of the repository', async () => {
  const problem = new Problem('no', { code: 'CLUSTER_UNKNOWN_KEY', file: './infra/cluster.yaml', line: 3, column: 1 });
  expect(await linesOf(() => failWith(problem))).toEqual([
    '::error title=CLUSTER_UNKNOWN_KEY,file=cluster.yaml,line=3,col=1::./infra/cluster.yaml:3:1: no',
  ]);
  const download = new Problem('no', { code: 'MIRROR_UNREACHABLE', file: 'https://mirror.example/a' });
  expect(await linesOf(() => failWith(download))).toEqual([
    '::error title=MIRROR_UNREACHABLE::https://mirror.example/a: no',
  ]);
});
