import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ResultsService, startResultsService } from '../../lab/workflow/results-service.ts';
import { resultsToken } from '../../lab/workflow/results-token.ts';
import { uploadArtifact } from '../../src/github/artifact-client.ts';
import { bundleArtifacts, bundleName, downloadBundle, groupName, removeBundles } from '../../src/github/artifacts.ts';
import { bundlesIn } from '../../src/github/grouped-bundles.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

const sealed = (text: string) => Buffer.from(`age-encryption.org/v1\n-> X25519 …\n${text}`);
let folder: AsyncDisposable & { path: string };
let service: ResultsService;
const temp = () => join(folder.path, 'temp');

beforeAll(async () => {
  folder = await scratchFolder();
  service = await startResultsService(join(folder.path, 'store'));
  process.env.ACTIONS_RESULTS_URL = service.url;
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken('run');
  process.env.RUNNER_TEMP = temp();
});

afterAll(async () => {
  await service.close();
  await folder[Symbol.asyncDispose]();
});

test('a bundle comes back byte for byte, as one artifact with the names of cluster and host, kept for a day', async () => {
  await bundleArtifacts().write('seed', ['node-1'], new Map([['node-1', sealed('one')]]));
  expect(await bundleArtifacts().read('seed', ['node-1'], 'node-1')).toEqual(sealed('one'));
  const artifact = JSON.parse(await readFile(join(folder.path, 'store/1/artifact.json'), 'utf8'));
  expect(artifact.name).toBe('k8s-ha-seed_node-1.age');
  expect(Date.parse(artifact.expiresAt) - Date.parse(artifact.createdAt)).toBeCloseTo(86_400_000, -5);
  expect(await readFile(join(folder.path, 'store/1/blob'))).toEqual(sealed('one'));
});

test('a re-run replaces the bundles of the earlier attempt, and no file of them stays on the runner', async () => {
  const hosts = ['master-1', 'master-2', 'master-3'];
  for (const attempt of ['one', 'two']) {
    const store = bundleArtifacts();
    await Promise.all(hosts.map((host) => store.write('seed', [host], new Map([[host, sealed(attempt)]]))));
  }
  for (const host of hosts) expect(await downloadBundle(bundleName('seed', host))).toEqual(sealed('two'));
  expect(await readdir(temp())).toEqual([]);
});

test('the bundles of a group of hosts are one artifact, which a job with several of them downloads once', async () => {
  const group = ['node-1', 'node-2', 'node-3'];
  // The second host has no secrets.
  const bundles = new Map([
    ['node-1', sealed('one')],
    ['node-3', sealed('three')],
  ]);
  await bundleArtifacts().write('grouped', group, bundles);
  const store = bundleArtifacts();
  const lines: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0;
  const read = await Promise.all(group.map((host) => store.read('grouped', group, host)));
  process.stdout.write = write;
  expect(read).toEqual([sealed('one'), undefined, sealed('three')]);
  expect(lines.filter((line) => line.startsWith('Artifact download completed'))).toHaveLength(1);
});

test.each(['[', '{}', '[{"host":"a"}]', '[{"host":"a","age":"no base64!"}]'])(
  'a group’s artifact with the text %s is refused',
  (text) => {
    expect(() => bundlesIn('x.bundles.json', Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_NONSENSE' }),
    );
  },
);

test('the bundles of a cluster’s hosts are deleted, and no other artifact of the run', async () => {
  const one = (host: string) => new Map([[host, sealed(host)]]);
  await bundleArtifacts().write('done', ['a'], one('a'));
  await bundleArtifacts().write('done', ['b', 'c'], new Map([...one('b'), ...one('c')]));
  await uploadArtifact('k8s-ha-report-done_etcd_a.json', Buffer.from('{}'));
  expect(await removeBundles('done', ['a', 'b', 'c', 'c'])).toBe(2);
  expect(await removeBundles('done', ['a', 'b', 'c'])).toBe(0);
  for (const name of [bundleName('done', 'a'), groupName('done', 'b')])
    await expect(downloadBundle(name)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  expect((await downloadBundle('k8s-ha-report-done_etcd_a.json')).length).toBe(2);
});

test('an artifact that appeared after the list was read is replaced too', async () => {
  await uploadArtifact('taken.age', sealed('one'));
  await uploadArtifact('taken.age', sealed('two'), false);
  expect(await downloadBundle('taken.age')).toEqual(sealed('two'));
});

test('two clusters of one run never share an artifact, also if their names and those of hosts join to the same text', () => {
  for (const nameOf of [bundleName, groupName]) expect(nameOf('prod', 'eu-m1')).not.toBe(nameOf('prod-eu', 'm1'));
});

test('a missing bundle is a problem that names the job to run again', async () => {
  await expect(downloadBundle('k8s-ha-seed_none.age')).rejects.toMatchObject({
    code: 'ARTIFACT_MISSING',
    fields: { hint: expect.stringContaining('re-run the pki job') },
  });
});

test('a bundle whose bytes were changed in the store is refused', async () => {
  await uploadArtifact('changed.age', sealed('one'));
  const [last = 0] = (await readdir(join(folder.path, 'store'))).map(Number).sort((one, other) => other - one);
  await writeFile(join(folder.path, 'store', String(last), 'blob'), sealed('two'));
  await expect(downloadBundle('changed.age')).rejects.toMatchObject({ code: 'ARTIFACT_CHANGED' });
});

test('an unreachable store is a problem that names the artifact', async () => {
  const reached = process.env.ACTIONS_RESULTS_URL;
  process.env.ACTIONS_RESULTS_URL = 'http://127.0.0.1:9/';
  try {
    await expect(uploadArtifact('lost.age', sealed('one'))).rejects.toMatchObject({ code: 'ARTIFACT_UPLOAD' });
  } finally {
    process.env.ACTIONS_RESULTS_URL = reached;
  }
});

test('a file that is not encrypted is never uploaded', async () => {
  const key = Buffer.from('-----BEGIN RSA PRIVATE KEY-----');
  for (const group of [['plain'], ['one', 'plain']]) {
    const bundles = new Map([
      ['one', sealed('one')],
      ['plain', key],
    ]);
    const own = new Map([...bundles].filter(([host]) => group.includes(host)));
    await expect(bundleArtifacts().write('seed', group, own)).rejects.toThrow('not encrypted');
  }
});

test('outside a workflow the error says what to use instead', async () => {
  const token = process.env.ACTIONS_RUNTIME_TOKEN;
  delete process.env.ACTIONS_RUNTIME_TOKEN;
  await expect(downloadBundle('any.age')).rejects.toMatchObject({ code: 'ARTIFACT_UNAVAILABLE' });
  process.env.ACTIONS_RUNTIME_TOKEN = token;
});

/** Edits the service's record of the newest artifact. */
async function changeNewest(fields: object, blob?: Buffer): Promise<void> {
  const [last = 0] = (await readdir(join(folder.path, 'store'))).map(Number).sort((one, other) => other - one);
  const file = join(folder.path, 'store', String(last), 'artifact.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...fields }));
  if (blob) await writeFile(join(folder.path, 'store', String(last), 'blob'), blob);
}

test('an artifact that is too large for a bundle is refused, for any size that it claims to have', async () => {
  const refused = { code: 'ARTIFACT_NONSENSE', fields: { hint: expect.stringContaining('which job uploaded it') } };
  await uploadArtifact('large.age', sealed('x'.repeat(5 * 1024 * 1024)));
  await expect(downloadBundle('large.age')).rejects.toMatchObject(refused);
  await changeNewest({ size: 10, digest: '' });
  await expect(downloadBundle('large.age')).rejects.toMatchObject(refused);
  expect(await readdir(temp())).toEqual([]);
});

test('an archive under a bundle’s name is not unpacked', async () => {
  await uploadArtifact('bomb.age', sealed('x'));
  const archive = Buffer.from('PK\u0003\u0004 and so on');
  await changeNewest({ contentType: 'application/zip', size: archive.length, digest: '' }, archive);
  expect(Buffer.from(await downloadBundle('bomb.age'))).toEqual(archive);
});
