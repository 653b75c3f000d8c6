import { createHash } from 'node:crypto';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../command.ts';
import { withLock } from '../lock.ts';
import type { ToolOptions } from './tools.ts';

const requirements = join(import.meta.dirname, '../../.github/zizmor.txt');

/** Returns the path of zizmor in the cache; takes it from PyPI if it is missing, because it is not a Go module like the other tools. */
export async function provideZizmor({ cache, log }: ToolOptions): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(cache, 'tools', `zizmor-${digest.slice(0, 12)}`);
  const program = join(folder, 'bin/zizmor');
  const isThere = () =>
    access(program).then(
      () => true,
      () => false,
    );
  await withLock(join(cache, 'tool-zizmor.lock'), log, async () => {
    if (await isThere()) return;
    const part = `${folder}.part`;
    await rm(part, { recursive: true, force: true });
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--target', part];
    await must(['pip3', 'install', ...options, '--requirement', requirements]);
    await rename(part, folder);
  });
  return program;
}
