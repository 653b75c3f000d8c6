import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Argv } from '../command.ts';
import { ActLog } from './act-log.ts';

/** The options of act. */
export interface ActOptions {
  /** The complete environment of act; steps inherit it. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The values of the run's secrets. */
  readonly secrets?: readonly string[];
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with the text of each line that a user should see, and with the log that has read it. */
  readonly onLine?: (shown: { readonly job: string; readonly text: string } | undefined, log: ActLog) => void;
}

/** The results of a run of act. */
export interface ActRun {
  /** 1 if it was ended by a signal. */
  readonly status: number;
  readonly log: ActLog;
  readonly lines: readonly string[];
}

/** Runs act, whose command line includes `--json`, and reads its output. */
export async function runAct(argv: Argv, { env, cwd, secrets, onStart, onLine }: ActOptions): Promise<ActRun> {
  const [file, ...args] = argv;
  const child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  onStart?.(child);
  const log = new ActLog(secrets);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      // Read in any case: without a callback its arguments are not evaluated.
      const shown = log.read(line);
      onLine?.(shown, log);
    });
  }
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  return { status, log, lines };
}
