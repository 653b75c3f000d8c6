import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { cacheFolder } from '../../../lab/binaries/cache.ts';
import { provideTool } from '../../../lab/binaries/tools.ts';
import { scratchFolder } from '../scratch.ts';

const root = join(import.meta.dirname, '../../..');
const own = readdirSync(join(root, '.github/workflows')).map((file) => join('.github/workflows', file));
const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yml'))
  .map((file) => join('examples', file));

test('actionlint finds nothing in our workflows and examples', async () => {
  const actionlint = await provideTool('actionlint', { cache: cacheFolder(), log: () => {} });
  await using scratch = await scratchFolder();
  const place = join(scratch.path, '.github/workflows');
  mkdirSync(place, { recursive: true });
  mkdirSync(join(scratch.path, '.git'));
  symlinkSync(join(root, 'dist'), join(scratch.path, 'dist'));
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const manifest = join(entry.name, 'action.yml');
    if (!entry.isDirectory() || !existsSync(join(root, manifest))) continue;
    mkdirSync(join(scratch.path, entry.name));
    cpSync(join(root, manifest), join(scratch.path, manifest));
  }
  // It knows neither $/x nor, without a network, our actions by their name; as ./x it checks their inputs as well.
  for (const file of [...own, ...examples]) {
    const text = readFileSync(join(root, file), 'utf8')
      .replaceAll(/uses: \$\//g, 'uses: ./')
      .replaceAll(/uses: org\/k8s-ha-action\/(\S+?)@v1/g, 'uses: ./$1');
    writeFileSync(join(place, file.replaceAll('/', '-').replace(/^\.github-workflows-/, '')), text);
  }
  const { stdout, status } = spawnSync(actionlint, ['-no-color', '-pyflakes='], {
    cwd: scratch.path,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
}, 120_000);

test.each([...own, ...examples])(
  '%s gives no rights at its top, a time-out to each job, and pins what is foreign',
  (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const { permissions, jobs } = parse(text);
    expect(permissions).toEqual({});
    for (const [id, job] of Object.entries<Record<string, unknown>>(jobs)) {
      expect([id, job.permissions !== undefined]).toEqual([id, true]);
      // A job that calls a workflow has the time-outs of its jobs.
      if (job.uses === undefined) expect([id, job['timeout-minutes'] !== undefined]).toEqual([id, true]);
    }
    for (const [, uses = ''] of text.matchAll(/uses: (\S+)/g)) {
      expect(uses).toMatch(/^(\$\/|\.\/|org\/k8s-ha-action\/.*@v1$|[^@]+@[0-9a-f]{40}$)/);
    }
  },
);
