import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readActionManifests } from '../../../docs/action-manifests.ts';
import { cacheFolder } from '../../../lab/binaries/cache.ts';
import { provideZizmor } from '../../../lab/binaries/zizmor.ts';

const root = join(import.meta.dirname, '../../..');
// File by file: in a folder it only checks files in the usual places, and our examples are not there.
const files = [
  ...['.github/workflows', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yml'))
      .map((name) => join(folder, name)),
  ),
  ...readActionManifests().map(({ folder }) => `${folder}action.yml`),
  '.github/dependabot.yml',
];

test('zizmor finds nothing in our workflows, examples and actions', async () => {
  const zizmor = await provideZizmor({ cache: cacheFolder(), log: () => {} });
  const args = ['--offline', '--no-progress', '--color=never', '--config=.github/zizmor.yml'];
  const { status, stdout, stderr } = spawnSync(zizmor, [...args, ...files], { cwd: root, encoding: 'utf8' });
  for (const file of files) expect(stderr).toContain(`completed ${file}`);
  expect(stdout).toContain('No findings to report');
  expect(status).toBe(0);
}, 120_000);
