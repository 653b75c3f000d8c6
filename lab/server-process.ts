import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LabError } from './error.ts';

/** A server of the lab, in a process of its own until it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  /** What the pattern found in the line that the server prints when it listens. */
  readonly found: RegExpExecArray;
}

/**
 * Starts a program of the lab that serves, and waits for the line by which it says that it listens.
 *
 * @param netns the network that it serves in; absent: this machine's.
 * @throws LabError when it ends first.
 */
export async function startServer(
  program: readonly [file: string, ...args: string[]],
  line: RegExp,
  netns?: string,
): Promise<ServerProcess> {
  const inside = netns ? ['nsenter', `--net=${netns}`] : [];
  const [file = '', ...args] = [...inside, process.execPath, ...program];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const found = await Promise.race([firstMatch(child.stdout, line), ended.then(() => undefined)]);
  if (!found) throw new LabError(`${program[0]} did not start`);
  return {
    found,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

async function firstMatch(output: NodeJS.ReadableStream, pattern: RegExp): Promise<RegExpExecArray | undefined> {
  for await (const line of createInterface({ input: output })) {
    const found = pattern.exec(line);
    if (found) return found;
  }
  return undefined;
}
