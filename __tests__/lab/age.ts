import { execFileSync } from 'node:child_process';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { provideTool } from '../../lab/binaries/tools.ts';

/** The age command with a new key. */
export interface Age {
  /** The content of the workflows' secret `age-key`. */
  readonly identity: string;
  /** The decrypted content of a file. */
  open(file: string): string;
  seal(text: string): Buffer;
}

/** Builds the command if the lab's cache lacks it. */
export async function ageCommand(): Promise<Age> {
  const tool = { cache: cacheFolder(), log: console.log };
  const [age, keygen] = await Promise.all([provideTool('age', tool), provideTool('age-keygen', tool)]);
  const keys = execFileSync(keygen, { stdio: 'pipe' }).toString();
  const [identity = '', recipient = ''] = [/^AGE-SECRET-KEY-\S+$/m, /\bage1\S+$/m].map((each) => each.exec(keys)?.[0]);
  return {
    identity,
    open: (file) => execFileSync(age, ['--decrypt', '--identity', '-', file], { input: identity }).toString(),
    seal: (text) => execFileSync(age, ['--recipient', recipient], { input: text }),
  };
}
