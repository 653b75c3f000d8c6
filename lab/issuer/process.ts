import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LabError } from '../error.ts';
import { type Issuer, openIssuer } from './issuer.ts';
import type { IssuerService } from './service.ts';

/** A running issuer, with its keys. */
export type RunningIssuer = AsyncDisposable & Issuer & Omit<IssuerService, 'close'>;

/** Runs an issuer in its own network until it is disposed of; its keys stay in the folder. */
export async function runIssuer(
  folder: string,
  place: { readonly address: string; readonly port: number; readonly netns: string },
): Promise<RunningIssuer> {
  const { address, port, netns } = place;
  const issuer = openIssuer(folder, address);
  const program = [process.execPath, join(import.meta.dirname, 'server.ts'), '--folder', folder];
  const args = [`--net=${netns}`, ...program, '--address', address, '--port', String(port)];
  const child = spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const found = await Promise.race([addressesIn(child.stdout), ended.then(() => undefined)]);
  if (!found) throw new LabError('the issuer did not start');
  return {
    ...issuer,
    ...found,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

async function addressesIn(output: NodeJS.ReadableStream): Promise<Omit<IssuerService, 'close'> | undefined> {
  for await (const line of createInterface({ input: output })) {
    const [, url, requestUrl] = /^issuer (\S+) gives tokens at (\S+)$/.exec(line) ?? [];
    if (url && requestUrl) return { url, requestUrl };
  }
  return undefined;
}
