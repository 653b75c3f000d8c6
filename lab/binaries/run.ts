import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command to its end and returns its standard output.
 *
 * @throws if it can't be started or fails; the message ends with its last lines of output.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  if (status === 0) return Buffer.concat(stdout).toString();
  const said = Buffer.concat([...stdout, ...stderr])
    .toString()
    .trim()
    .split('\n')
    .slice(-12)
    .join('\n');
  throw new Error(`failed to run ${command} ${args.slice(0, 4).join(' ')} (${status}):\n${said}`);
}
