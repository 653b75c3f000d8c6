import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { provideTool } from '../../lab/binaries/tools.ts';
import { type HostSecrets, openBundle, paths, readIdentity, sealBundle } from '../../src/pki/index.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

const node: HostSecrets = {
  cluster: 'seed',
  host: 'node-1',
  authorities: { kubernetes: 'ab' },
  // More than one of age's chunks of 64 KiB.
  files: [{ path: paths.ca.crt, content: 'ü'.repeat(50_000), mode: '644', owner: 'root:root', secret: false }],
};

test('in an emergency, the age command decrypts a bundle, and a bundle that it encrypts is accepted', async () => {
  await using scratch = await scratchFolder();
  const tool = { cache: cacheFolder(), log: console.log };
  const [age, keygen] = await Promise.all([provideTool('age', tool), provideTool('age-keygen', tool)]);
  const secret = execFileSync(keygen, { stdio: 'pipe' }).toString();
  const keyFile = join(scratch.path, 'key.txt');
  writeFileSync(keyFile, secret, { mode: 0o600 });
  const { recipient } = await readIdentity(secret);

  const sealedAt = new Date();
  const sealed = await sealBundle(node, recipient, { sealedAt });
  const opened = execFileSync(age, ['--decrypt', '--identity', keyFile], { input: sealed });
  expect(JSON.parse(opened.toString())).toMatchObject(node);

  const byHand = execFileSync(age, ['--recipient', recipient], { input: opened });
  expect(await openBundle(byHand, secret, { cluster: 'seed', host: 'node-1' })).toEqual({
    ...node,
    sealedAt: sealedAt.toISOString(),
  });
}, 120_000);
