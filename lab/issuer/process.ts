import { join } from 'node:path';
import { startServer } from '../server-process.ts';
import { type Issuer, openIssuer } from './issuer.ts';
import type { IssuerService } from './service.ts';

/** A running issuer, with its keys. */
export type RunningIssuer = AsyncDisposable & Issuer & Omit<IssuerService, 'close'>;

/** Runs an issuer in its own network until it is disposed of; its keys stay in the folder. */
export async function runIssuer(
  folder: string,
  { address, port, netns }: { readonly address: string; readonly port: number; readonly netns: string },
): Promise<RunningIssuer> {
  const issuer = openIssuer(folder, address);
  const program = join(import.meta.dirname, 'server.ts');
  const args = ['--folder', folder, '--address', address, '--port', String(port)];
  const server = await startServer([program, ...args], /^issuer (\S+) gives tokens at (\S+)$/, netns);
  const [, url = '', requestUrl = ''] = server.found;
  return { ...issuer, url, requestUrl, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
