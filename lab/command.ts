import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LabError } from './error.ts';

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]];

/** The result of a command; a death by signal N is status 128 + N, as in a shell. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start a command. */
export interface CommandOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ends the command with SIGKILL after this many milliseconds. */
  readonly timeout?: number;
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

function notStarted(argv: Argv, cause: NodeJS.ErrnoException): LabError {
  const reason = cause.code === 'ENOENT' ? 'there is no such program' : cause.message;
  return new LabError(`failed to start ${argv[0]}: ${reason}`, { cause });
}

/** Processes that it started in a host may outlive it and keep the pipes open; this does not wait for them. */
function end(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** Runs a command and collects its output; throws only if the command can't be started. */
export function run(argv: Argv, options: CommandOptions = {}): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const [file, ...args] = argv;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    cwd: options.cwd,
  });
  const timer = options.timeout === undefined ? undefined : setTimeout(() => end(child), options.timeout);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.on('error', (error) => reject(notStarted(argv, error)));
  child.on('close', (code, signal) => {
    clearTimeout(timer);
    resolve({
      status: statusOf(code, signal),
      stdout: Buffer.concat(out).toString(),
      stderr: Buffer.concat(err).toString(),
    });
  });
  // A command that ends without reading its input has not failed.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return promise;
}

/**
 * Runs a command that must succeed and returns its standard output.
 *
 * @throws LabError with the command's last lines of output if it fails.
 */
export async function must(argv: Argv, options: CommandOptions = {}): Promise<string> {
  const result = await run(argv, options);
  if (result.status === 0) return result.stdout;
  const lastWords = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-8).join('\n');
  throw new LabError(`failed to run ${argv.slice(0, 3).join(' ')} (exit status ${result.status}): ${lastWords}`);
}

/** Runs a command on the user's terminal and returns its exit status. */
export function passThrough(argv: Argv, env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const [file, ...args] = argv;
  const child = spawn(file, args, { stdio: 'inherit', env });
  // The terminal sends ^C to the command too; this process stays to report its status.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  child.on('error', (error) => reject(notStarted(argv, error)));
  child.on('close', (code, signal) => {
    process.off('SIGINT', ignore);
    resolve(statusOf(code, signal));
  });
  return promise;
}
