import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Fault } from '../../../lab/mirror/faults.ts';
import { startMirror } from '../../../lab/mirror/mirror.ts';
import { filePath } from '../../../lab/mirror/static-files.ts';
import { scratchFolder } from '../scratch.ts';

const content = '0123456789';

async function mirrorOfOneFile() {
  const folder = await scratchFolder();
  const root = join(folder.path, 'root');
  const faults = join(folder.path, 'faults.json');
  const accessLog = join(folder.path, 'access.log');
  await mkdir(join(root, 'apt'), { recursive: true });
  await writeFile(join(root, 'file'), content);
  await writeFile(join(root, 'apt/Release'), 'Suite: lab\n');
  await writeFile(join(folder.path, 'secret'), 'outside');
  const mirror = await startMirror({ root, host: '127.0.0.1', port: 0, faults, accessLog });
  return {
    accessLog,
    get: (path: string, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${mirror.port}${path}`, { headers }),
    setFaults: (list: Fault[]) => writeFile(faults, JSON.stringify(list)),
    clearFaults: () => rm(faults),
    async [Symbol.asyncDispose]() {
      await mirror.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('a file is served with its length, and any other path is a 404', async () => {
  await using mirror = await mirrorOfOneFile();
  const response = await mirror.get('/file');
  expect(response.headers.get('content-length')).toBe('10');
  expect(await response.text()).toBe(content);
  expect((await mirror.get('/other')).status).toBe(404);
  expect((await mirror.get('/apt')).status).toBe(404);
});

test('a download continues where it was interrupted', async () => {
  await using mirror = await mirrorOfOneFile();
  const rest = await mirror.get('/file', { range: 'bytes=4-' });
  expect(rest.status).toBe(206);
  expect(rest.headers.get('content-range')).toBe('bytes 4-9/10');
  expect(await rest.text()).toBe('456789');
  expect((await mirror.get('/file', { range: 'bytes=10-' })).status).toBe(416);
});

test('an unchanged file is not sent again', async () => {
  await using mirror = await mirrorOfOneFile();
  const modified = (await mirror.get('/file')).headers.get('last-modified') ?? '';
  expect((await mirror.get('/file', { 'if-modified-since': modified })).status).toBe(304);
});

test('the apt source answers under the path that apt asks for', async () => {
  await using mirror = await mirrorOfOneFile();
  expect(await (await mirror.get('/debian/Release')).text()).toBe('Suite: lab\n');
});

test('no file outside the root is served', () => {
  for (const url of ['/%2e%2e/secret', '/a/..%2f..%2fsecret', '/%00', '/%zz']) {
    expect(filePath('/root', url) ?? '/root/inside').toMatch(/^\/root\//);
  }
});

test('a connection can break in mid-file, once, and the rest is then available', async () => {
  await using mirror = await mirrorOfOneFile();
  await mirror.setFaults([{ path: 'file', kind: 'break-off', after: 4, times: 1 }]);
  const broken = await mirror.get('/file');
  expect(broken.headers.get('content-length')).toBe('10');
  await expect(broken.text()).rejects.toThrow();
  expect(await (await mirror.get('/file', { range: 'bytes=4-' })).text()).toBe('456789');
});

test('a byte can be changed, at its position in the file for any requested range', async () => {
  await using mirror = await mirrorOfOneFile();
  await mirror.setFaults([{ path: 'file', kind: 'corrupt', at: 5 }]);
  const whole = Buffer.from(await (await mirror.get('/file')).arrayBuffer());
  const part = Buffer.from(await (await mirror.get('/file', { range: 'bytes=4-6' })).arrayBuffer());
  expect(whole.subarray(4, 7)).toEqual(part);
  expect(part.toString('latin1')).toBe(`4${String.fromCharCode(0x35 ^ 0xff)}6`);
});

test('a status can be answered instead, until the faults are removed', async () => {
  await using mirror = await mirrorOfOneFile();
  await mirror.setFaults([{ path: 'file', kind: 'status', status: 503 }]);
  expect((await mirror.get('/file')).status).toBe(503);
  await mirror.clearFaults();
  expect((await mirror.get('/file')).status).toBe(200);
});

test('each request is logged as a line', async () => {
  const mirror = await mirrorOfOneFile();
  await using _ = mirror;
  await (await mirror.get('/file', { range: 'bytes=0-1' })).text();
  let log = '';
  for (let tries = 0; log === '' && tries < 50; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    log = await readFile(mirror.accessLog, 'utf8').catch(() => '');
  }
  expect(log).toMatch(/ 127\.0\.0\.1 GET \/file 206 bytes=0-1 \d+ms\n$/);
});
