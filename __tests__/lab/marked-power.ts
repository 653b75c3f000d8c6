import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Argv, must } from '../../lab/command.ts';
import { fillWords, splitWords } from '../../src/failover/faults/command-words.ts';
import { lab } from './seed-lab.ts';

const mark = join(lab.stateDir, 'power-command-ran');

/** A power command that switches nothing, and leaves a mark when it runs. */
export const markedPowerCommand = `sh -c "touch ${mark}" {action}`;

/** Whether it ran. */
export const powerCommandRan = (): boolean => existsSync(mark);

/** Shows that it would leave its mark, and removes the mark. @throws Error if it could not have run at all */
export async function provePowerCommand(): Promise<void> {
  rmSync(mark, { force: true });
  await must(fillWords(splitWords(markedPowerCommand), { action: 'off' }) as Argv);
  if (!powerCommandRan()) throw new Error(`the command left no ${mark}`);
  rmSync(mark);
}
