import { join } from 'node:path';
import { startServer } from '../server-process.ts';

/** Runs the results service on the loopback of a network, where jobs reach it, until it is disposed of. */
export async function runResultsServer(
  folder: string,
  netns?: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const program = join(import.meta.dirname, 'results-server.ts');
  const server = await startServer([program, '--folder', folder], /listens on (\S+)/, netns);
  const [, url = ''] = server.found;
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
