import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Argv } from '../command.ts';
import { ActLog } from './act-log.ts';

/** How act is started. */
export interface ActOptions {
  /** Steps inherit all of it: act gets nothing but this. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly onStart?: (child: ChildProcess) => void;
  /** Gets what a person should see of each line, if anything, and the log that has read it. */
  readonly onLine?: (shown: { readonly job: string; readonly text: string } | undefined, log: ActLog) => void;
}

/** What a run of act has left. */
export interface ActRun {
  /** 1 if it was ended by a signal. */
  readonly status: number;
  readonly log: ActLog;
  readonly lines: readonly string[];
}

/** Runs act, whose command line asks for `--json`, and reads what it writes. */
export async function runAct(argv: Argv, { env, cwd, onStart, onLine }: ActOptions): Promise<ActRun> {
  const [file, ...args] = argv;
  const child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  onStart?.(child);
  const log = new ActLog();
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
