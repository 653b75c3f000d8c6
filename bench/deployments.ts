import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Lab } from '../lab/lab.ts';
import { prepareCache } from '../lab/prepare.ts';
import { runAction } from '../lab/runner/run-action.ts';
import { median } from './pairs.ts';
import { onLab, say } from './stage.ts';

const options = {
  /** A git revision whose bundles are compared with those of the working tree. */
  against: { type: 'string', default: 'HEAD' },
  rounds: { type: 'string', default: '3' },
  keep: { type: 'boolean', default: false },
} as const;

/** No-change runs after each deployment. */
const repeats = 3;

interface Figures {
  /** Seconds from bare hosts to Ready. */
  readonly deploy: number[];
  /** Seconds of a run that changes nothing. */
  readonly again: number[];
}

/** Deploys the seed's seven bare hosts and runs again without a change, alternately with our bundles and with another revision's. */
export async function deployments(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const other = mkdtempSync(join(tmpdir(), 'k8s-ha-bench-'));
  try {
    await prepareCache(say);
    await onLab(values.keep, async (lab) => {
      bundlesOf(lab.root, values.against, other);
      const sides = [
        { name: 'working tree', lab, figures: { deploy: [], again: [] } as Figures },
        { name: values.against, lab: { ...lab, root: other }, figures: { deploy: [], again: [] } as Figures },
      ];
      for (let round = 0; round < Number(values.rounds); round += 1) {
        for (const side of sides) await deployOnce(side.name, lab, side.lab, side.figures);
      }
      for (const { name, figures } of sides) {
        const [deploy, again] = [median(figures.deploy), median(figures.again)].map((value) => value.toFixed(1));
        say(`${name}: bare hosts to Ready ${deploy} s, no-change run ${again} s (medians of ${values.rounds} rounds)`);
      }
    });
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
}

/** The bundles of a revision, which are in git. @throws Error if there is no such revision */
function bundlesOf(root: string, revision: string, folder: string): void {
  const line = 'git archive "$1" dist package.json | tar -x -C "$2"';
  const { status, stderr } = spawnSync('sh', ['-ec', line, 'sh', revision, folder], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git archive ${revision}: ${stderr}`);
}

async function deployOnce(name: string, bare: Lab, side: Lab, figures: Figures): Promise<void> {
  await bare.down();
  await bare.up();
  figures.deploy.push(await seconds(side));
  for (let left = repeats; left > 0; left -= 1) figures.again.push(await seconds(side));
  const again = figures.again.slice(-repeats).map((value) => value.toFixed(1));
  say(`${name}: deployed in ${figures.deploy.at(-1)?.toFixed(1)} s, then without a change in ${again.join(', ')} s`);
}

async function seconds(lab: Lab): Promise<number> {
  const { status, milliseconds, lines } = await runAction(lab, 'deploy');
  if (status !== 0) throw new Error(`deploy failed:\n${lines.map(({ text }) => text).join('\n')}`);
  return milliseconds / 1000;
}
