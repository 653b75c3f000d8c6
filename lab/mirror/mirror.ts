import { createWriteStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FaultFile } from './faults.ts';
import { sendFile } from './static-files.ts';

export interface MirrorOptions {
  /** The folder to serve: official host names as its first level, and `apt/`, which is also served as `/debian/`. */
  readonly root: string;
  /** A folder whose files come first: for releases that only one lab has. */
  readonly own?: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** A file for one line a request; none when missing. */
  readonly accessLog?: string;
  /** Where a JSON list of faults may appear; see {@link FaultFile}. */
  readonly faults?: string;
}

export interface Mirror {
  readonly port: number;
  close(): Promise<void>;
}

/** URL folders that are elsewhere below the root. */
const aliases: Readonly<Record<string, string>> = { '/debian/': '/apt/' };

/** The path below the root that a URL asks for; of a file or not. */
function pathOf(url: string): string {
  const path = URL.parse(url, 'http://mirror')?.pathname ?? '/';
  const alias = Object.entries(aliases).find(([from]) => path.startsWith(from));
  return alias ? alias[1] + path.slice(alias[0].length) : path;
}

/** Serves a tree of files by HTTP, with ranges so that a download that broke off can go on. */
export async function startMirror(options: MirrorOptions): Promise<Mirror> {
  const log = options.accessLog === undefined ? undefined : createWriteStream(options.accessLog, { flags: 'a' });
  const faults = options.faults === undefined ? undefined : new FaultFile(options.faults);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const start = performance.now();
    const fault = await faults?.take(request.url ?? '/');
    response.once('close', () => {
      const ms = Math.round(performance.now() - start);
      const range = request.headers.range ?? '-';
      const words = [new Date().toISOString(), request.socket.remoteAddress, request.method, request.url];
      log?.write(`${[...words, response.statusCode, range, `${ms}ms`, fault?.kind ?? ''].join(' ').trim()}\n`);
    });
    const path = pathOf(request.url ?? '/');
    const { own, root } = options;
    sendFile(request, response, { root: own !== undefined && existsSync(join(own, path)) ? own : root, path }, fault);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(`failed to serve ${request.url}: ${error instanceof Error ? error.message : error}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      log?.end();
    },
  };
}
