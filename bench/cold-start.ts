// How long each action takes until it has read cluster.yaml and checked its inputs, compared with a node process that does nothing.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readActionManifests } from '../docs/action-manifests.ts';
import { type Command, comparePairs, timed } from './pairs.ts';

const root = join(import.meta.dirname, '..');
const rounds = 15;

/** With a complete cluster.yaml, and a wrong input that is read after it: the next step of a real run would use the network. */
export function coldStarts(): void {
  const workspace = mkdtempSync(join(tmpdir(), 'k8s-ha-bench-'));
  try {
    cpSync(join(root, 'examples/seed/cluster.yaml'), join(workspace, 'cluster.yaml'));
    const env = { PATH: process.env.PATH ?? '', HOME: workspace, GITHUB_WORKSPACE: workspace };
    const bare: Command = { argv: [process.execPath, '--eval', '0'], env, cwd: workspace };
    console.log(
      `${'action'.padEnd(16)} ${'start'.padStart(7)} ${'node'.padStart(7)} ${'its own'.padStart(8)}   median ms of ${rounds} pairs`,
    );
    for (const { id } of readActionManifests()) {
      const inputs = id === 'gate' ? { INPUT_NEEDS: 'x' } : { 'INPUT_DRY-RUN': 'perhaps' };
      const argv = [process.execPath, join(root, 'dist', id, 'index.js')];
      const action: Command = {
        argv,
        env: { ...env, ...inputs },
        cwd: workspace,
        says: /^::error title=INPUT_INVALID/m,
      };
      const { a, b, difference } = comparePairs(
        rounds,
        () => timed(action),
        () => timed(bare),
      );
      const [start, node, own] = [a, b, difference].map((value) => value.toFixed(0));
      console.log(`${id.padEnd(16)} ${start?.padStart(7)} ${node?.padStart(7)} ${own?.padStart(8)}`);
    }
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}
