import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LabError } from '../error.ts';

/** Runs the results service on the loopback of a network, where jobs reach it, until it is disposed of. */
export async function runResultsServer(
  folder: string,
  netns?: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const program = [process.execPath, join(import.meta.dirname, 'results-server.ts'), '--folder', folder];
  const [file = '', ...args] = netns ? ['nsenter', `--net=${netns}`, ...program] : program;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const url = await Promise.race([firstAddress(child.stdout), ended.then(() => undefined)]);
  if (!url) throw new LabError('the results service did not start');
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

async function firstAddress(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) {
    const url = /listens on (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  return undefined;
}
