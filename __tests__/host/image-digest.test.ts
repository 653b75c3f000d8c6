import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { storeImage } from '../../lab/images/layout.ts';
import { makeImage } from '../../lab/images/oci.ts';
import { startRegistry } from '../../lab/images/registry.ts';
import { tarOf } from '../../lab/images/tar.ts';
import { resolveDigest } from '../../src/host/image-digest.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function serverOf(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('An image’s digest is that of the manifest that its registry serves; a mirror without it is passed over', async () => {
  await using folder = await scratchFolder();
  const layer = await tarOf([{ path: 'web', mode: 0o755, content: Buffer.from('#!/bin/true\n') }]);
  const image = makeImage({ reference: 'k8s-ha.test/tools/web:1', entrypoint: ['/web'], user: '65532:65532' }, layer);
  await storeImage(folder.path, image, 'test');
  const registry = await startRegistry({ cache: folder.path, host: '127.0.0.1', port: 0 });
  const without = await serverOf((_, response) => void response.writeHead(404).end());
  try {
    const mirrors = [without, `http://127.0.0.1:${registry.port}/`];
    expect(await resolveDigest(image.reference, mirrors)).toBe(image.manifest.digest);
  } finally {
    await registry.close();
  }
});

test.each([
  ['a page of a proxy', '<html>Please log in</html>'],
  ['another JSON', '{"errors":[]}'],
  ['nothing', ''],
])('%s is no manifest, and has no digest', async (_, text) => {
  const mirror = await serverOf((_request, response) => void response.end(text));
  await expect(resolveDigest('k8s-ha.test/web:1', [mirror])).rejects.toMatchObject({ code: 'MIRROR_NONSENSE' });
});
