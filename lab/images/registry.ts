import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendFile } from '../mirror/static-files.ts';
import { blobPath, layoutFolder, readLayout } from './layout.ts';

export interface RegistryOptions {
  readonly cache: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

export interface Registry {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the cache's images by the pull half of OCI's distribution protocol.
 *
 * It serves several registries: containerd names the requested one by `?ns=registry.k8s.io` when it asks
 * a mirror, and others can write it into the path (`/v2/registry.k8s.io/pause/…`).
 */
export async function startRegistry({ cache, host, port }: RegistryOptions): Promise<Registry> {
  const layout = layoutFolder(cache);
  const server = createServer((request, response) => {
    answer(layout, request, response).catch((error: unknown) => {
      console.error(`failed to serve ${request.url}: ${error instanceof Error ? error.message : error}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(layout: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://registry');
  response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
  if (url.pathname === '/v2/' || url.pathname === '/v2') {
    response.end('{}');
    return;
  }
  const match = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname);
  const [, name = '', kind = '', reference = ''] = match ?? [];
  const found =
    kind === 'blobs'
      ? { digest: reference, mediaType: 'application/octet-stream' }
      : await findManifest(layout, `${url.searchParams.get('ns') ?? ''}/${name}`, reference);
  if (found === undefined || !/^sha256:[0-9a-f]{64}$/.test(found.digest)) return notFound(response, kind);
  response.setHeader('Docker-Content-Digest', found.digest);
  response.setHeader('Content-Type', found.mediaType);
  sendFile(request, response, { root: layout, path: blobPath('/', found.digest) });
}

/** A manifest by tag or digest. The repository may come with its registry's name or, for hasty tools, without. */
async function findManifest(layout: string, repository: string, reference: string) {
  const images = await readLayout(layout);
  const wanted = repository.replace(/^\//, '');
  return images.find((image) => {
    const colon = image.reference.lastIndexOf(':');
    const [name, tag] = [image.reference.slice(0, colon), image.reference.slice(colon + 1)];
    const named = name === wanted || name.slice(name.indexOf('/') + 1) === wanted;
    return named && (tag === reference || image.manifest.digest === reference);
  })?.manifest;
}

function notFound(response: ServerResponse, kind: string): void {
  const code = kind === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN';
  response.writeHead(404, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message: 'not among the images of the lab' }] }));
}
