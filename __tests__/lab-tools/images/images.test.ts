import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { labImages } from '../../../lab/images/catalogue.ts';
import { archivePath, hasImage, storeImage } from '../../../lab/images/layout.ts';
import { makeImage } from '../../../lab/images/oci.ts';
import { startRegistry } from '../../../lab/images/registry.ts';
import { tarOf } from '../../../lab/images/tar.ts';
import { scratchFolder } from '../scratch.ts';

const layer = await tarOf([{ path: 'web', mode: 0o755, content: Buffer.from('#!/bin/true\n') }]);
const image = makeImage({ reference: 'k8s-ha.test/tools/web:1', entrypoint: ['/web'], user: '65532:65532' }, layer);

test('tar reads what is packed, with modes and directories', async () => {
  const archive = await tarOf([
    { path: 'tmp/', mode: 0o1777 },
    { path: 'web', mode: 0o755, content: Buffer.alloc(700, 'x') },
  ]);
  const lines = execFileSync('tar', ['-tvf', '-'], { input: archive }).toString().trim().split('\n');
  expect(lines[0]).toMatch(/^drwxrwxrwt 0\/0 .* tmp\/$/);
  expect(lines[1]).toMatch(/^-rwxr-xr-x 0\/0 +700 .* web$/);
});

test('the same program gives the same image', () => {
  const again = makeImage({ reference: image.reference, entrypoint: ['/web'], user: '65532:65532' }, layer);
  expect(again.manifest.digest).toBe(image.manifest.digest);
});

test('an archive has the name that ctr imports it under', async () => {
  await using folder = await scratchFolder();
  await storeImage(folder.path, image, 'test');
  const archive = archivePath(folder.path, image.reference);
  const index = JSON.parse(execFileSync('tar', ['-xOf', archive, 'index.json']).toString());
  expect(index.manifests[0].annotations['io.containerd.image.name']).toBe(image.reference);
  expect(index.manifests[0].digest).toBe(image.manifest.digest);
});

test('an image whose program has changed is made again', async () => {
  await using folder = await scratchFolder();
  await storeImage(folder.path, image, 'as it was');
  expect(await hasImage(folder.path, image.reference, 'as it was')).toBe(true);
  expect(await hasImage(folder.path, image.reference, 'changed')).toBe(false);
  expect(await hasImage(join(folder.path, 'empty'), image.reference, 'as it was')).toBe(false);
});

test("the registry answers a mirror's requests, by tag, by digest and for blobs", async () => {
  await using folder = await scratchFolder();
  await storeImage(folder.path, image, 'test');
  const registry = await startRegistry({ cache: folder.path, host: '127.0.0.1', port: 0 });
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${registry.port}/v2/${path}`, { method });
  try {
    expect((await get('')).status).toBe(200);
    const head = await get('tools/web/manifests/1?ns=k8s-ha.test', 'HEAD');
    expect(head.headers.get('docker-content-digest')).toBe(image.manifest.digest);
    expect(head.headers.get('content-type')).toBe('application/vnd.oci.image.manifest.v1+json');
    expect(head.headers.get('content-length')).toBe(String(image.manifest.content.length));
    const byDigest = await get(`tools/web/manifests/${image.manifest.digest}?ns=k8s-ha.test`);
    expect(await byDigest.text()).toBe(image.manifest.content.toString());
    const blob = Buffer.from(await (await get(`tools/web/blobs/${image.layer.digest}`)).arrayBuffer());
    expect(`sha256:${createHash('sha256').update(blob).digest('hex')}`).toBe(image.layer.digest);
    expect((await get('k8s-ha.test/tools/web/manifests/1')).status).toBe(200);
    for (const unknown of ['tools/web/manifests/1?ns=docker.io', 'tools/web/manifests/2', 'web/blobs/sha256:..']) {
      expect((await get(unknown)).status).toBe(404);
    }
  } finally {
    await registry.close();
  }
});

test('every image of the lab starts a program that is in it', () => {
  for (const { reference, entrypoint, programs } of labImages) {
    expect(reference).toMatch(/^[a-z0-9.-]+\/[a-z/-]+:\S+$/);
    expect(entrypoint).toHaveLength(1);
    expect(Object.keys(programs)).toContain(entrypoint[0]);
    for (const path of Object.keys(programs)) expect(path).toMatch(/^(\/[a-z-]+)+$/);
  }
});
