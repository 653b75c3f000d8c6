import { parseArgs } from 'node:util';
import { cacheFolder } from '../binaries/cache.ts';
import { productKey } from '../checkpoints/key.ts';
import { listCheckpoints, removeCheckpoint } from '../checkpoints/store.ts';
import { LabError } from '../error.ts';
import type { Verb } from './verb.ts';

/** `checkpoint save NAME | list | remove NAME`. */
export const checkpoint: Verb = async (lab, _, args) => {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
  const [what, name] = positionals;
  const start = Date.now();
  if (what === 'list' && name === undefined) process.stdout.write(list(lab.root));
  else if (what === 'save' && name !== undefined) {
    await lab.saveCheckpoint(name);
    process.stdout.write(`${name}: saved after ${Date.now() - start} ms\n`);
  } else if (what === 'remove' && name !== undefined) removeCheckpoint(cacheFolder(), name);
  else throw new LabError('save NAME, list or remove NAME is needed', { hint: 'npm run lab -- checkpoint --help' });
  return 0;
};

function list(root: string): string {
  const key = productKey(root);
  const rows = listCheckpoints(cacheFolder()).map((each) => {
    const state = each.key === key ? 'of the present bundles' : 'of other bundles';
    return `${each.name}  ${each.hosts.length} hosts  ${each.savedAt}  ${state}\n`;
  });
  return rows.join('') || 'there are no checkpoints\n';
}
