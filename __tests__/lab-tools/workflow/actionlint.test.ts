import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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

/** The action that a user may write; actionlint wants it to exist. */
const connect = `name: connect
description: A way to the hosts
inputs:
  secret: { description: A secret }
runs: { using: composite, steps: [] }
`;

test.each([
  ['our workflows', own],
  ['our examples', examples],
])(
  'actionlint finds nothing in %s',
  async (_, files) => {
    const actionlint = await provideTool('actionlint', { cache: cacheFolder(), log: () => {} });
    await using scratch = await scratchFolder();
    for (const folder of ['.git', '.github/workflows', '.github/actions/connect'])
      mkdirSync(join(scratch.path, folder), { recursive: true });
    writeFileSync(join(scratch.path, '.github/actions/connect/action.yml'), connect);
    symlinkSync(join(root, 'dist'), join(scratch.path, 'dist'));
    for (const entry of readdirSync(root, { withFileTypes: true })) {
      const manifest = join(entry.name, 'action.yml');
      if (!entry.isDirectory() || !existsSync(join(root, manifest))) continue;
      mkdirSync(join(scratch.path, entry.name));
      cpSync(join(root, manifest), join(scratch.path, manifest));
    }
    // It knows neither $/x nor, without a network, our actions by their name; as ./x it checks their inputs as well.
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8')
        .replaceAll(/uses: \$\//g, 'uses: ./')
        .replaceAll(/uses: org\/k8s-ha-action\/(\S+?)@v1/g, 'uses: ./$1');
      writeFileSync(join(scratch.path, '.github/workflows', basename(file)), text);
    }
    // `queue` is newer than actionlint 1.7.12.
    const ignored = ['-ignore', 'unexpected key "queue" for "concurrency" section'];
    const { stdout, status } = spawnSync(actionlint, ['-no-color', '-pyflakes=', ...ignored], {
      cwd: scratch.path,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  },
  120_000,
);

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
