import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ResultsService, startResultsService } from '../../../lab/workflow/results-service.ts';
import { ResultsStore } from '../../../lab/workflow/results-store.ts';
import { resultsToken } from '../../../lab/workflow/results-token.ts';
import { scratchFolder } from '../scratch.ts';

// GitHub's own client shows whether the service behaves like GitHub's.
let folder: AsyncDisposable & { path: string };
let service: ResultsService;
const client = new DefaultArtifactClient();
const store = () => join(folder.path, 'store');

function asRun(run: string): void {
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken(run);
}

async function upload(name: string, text: string, days = 1) {
  const file = join(folder.path, name);
  await writeFile(file, text);
  return await client.uploadArtifact(name, [file], folder.path, { skipArchive: true, retentionDays: days });
}

async function download(name: string) {
  const { artifact } = await client.getArtifact(name);
  const path = join(folder.path, `got-${name}`);
  const { digestMismatch } = await client.downloadArtifact(artifact.id, {
    path,
    ...(artifact.digest ? { expectedHash: artifact.digest } : {}),
  });
  return { text: await readFile(join(path, name), 'utf8').catch(() => undefined), digestMismatch, artifact };
}

beforeAll(async () => {
  folder = await scratchFolder();
  service = await startResultsService(store());
  process.env.ACTIONS_RESULTS_URL = service.url;
  asRun('run-1');
});

afterAll(async () => {
  await service.close();
  await folder[Symbol.asyncDispose]();
});

test('a job’s upload is listed and downloaded by another one, with its size and digest', async () => {
  const uploaded = await upload('first.age', 'sealed bytes');
  const { text, digestMismatch, artifact } = await download('first.age');
  expect(text).toBe('sealed bytes');
  expect(digestMismatch).toBe(false);
  expect(artifact).toMatchObject({ id: uploaded.id, size: 12, digest: `sha256:${uploaded.digest}` });
  const { artifacts } = await client.listArtifacts({ latest: true });
  expect(artifacts.map(({ name }) => name)).toContain('first.age');
});

test('a zipped artifact of several files comes back as these files', async () => {
  const files = ['a.txt', 'b.txt'].map((name) => join(folder.path, name));
  for (const file of files) await writeFile(file, file);
  const { id = 0 } = await client.uploadArtifact('both', files, folder.path);
  const path = join(folder.path, 'got-both');
  await client.downloadArtifact(id, { path });
  expect(await readFile(join(path, 'b.txt'), 'utf8')).toBe(files[1]);
});

test('an equal name in the same run is refused with 409, in another run it is not', async () => {
  await upload('twice.age', 'one');
  await expect(upload('twice.age', 'two')).rejects.toThrow(/409.*already exists on the workflow run/s);
  asRun('run-2');
  await upload('twice.age', 'two');
  await expect(client.getArtifact('first.age')).rejects.toThrow('Artifact not found');
  asRun('run-1');
  expect((await download('twice.age')).text).toBe('one');
});

test('a deleted name can be uploaded again', async () => {
  await upload('again.age', 'one');
  await client.deleteArtifact('again.age');
  await expect(client.getArtifact('again.age')).rejects.toThrow('Artifact not found');
  await upload('again.age', 'two');
  expect((await download('again.age')).text).toBe('two');
  await expect(client.deleteArtifact('never.age')).rejects.toThrow('Artifact not found');
});

test('a job has 500 artifacts at most, and its run may have more', async () => {
  const artifacts = new ResultsStore(store());
  for (let count = 0; count < 500; count += 1)
    artifacts.create({ run: 'run-3', job: 'one', name: `${count}`, contentType: 'text/plain' });
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken('run-3', 'one');
  await expect(upload('more.age', 'x')).rejects.toThrow(/403.*500 artifacts/s);
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken('run-3', 'two');
  await upload('more.age', 'x');
  expect((await download('more.age')).text).toBe('x');
  asRun('run-1');
});

test('an expired artifact is gone, and one with changed bytes is detected by its digest', async () => {
  const { id } = await upload('old.age', 'old');
  const record = join(store(), String(id), 'artifact.json');
  const artifact = JSON.parse(await readFile(record, 'utf8'));
  expect(Date.parse(artifact.expiresAt) - Date.parse(artifact.createdAt)).toBeCloseTo(86_400_000, -5);
  await writeFile(record, JSON.stringify({ ...artifact, expiresAt: new Date(0).toISOString() }));
  await expect(client.getArtifact('old.age')).rejects.toThrow('Artifact not found');

  const { id: other } = await upload('changed.age', 'right');
  await writeFile(join(store(), String(other), 'blob'), 'wrong');
  expect((await download('changed.age')).digestMismatch).toBe(true);
});

test('9 MB, more than one block, come back byte for byte', async () => {
  const text = 'x'.repeat(9_000_000);
  await upload('large.age', text);
  expect((await download('large.age')).text === text).toBe(true);
  await rm(join(folder.path, 'large.age'));
});

test('a foreign token, a wrong signature and an unknown method are refused', async () => {
  const call = (method: string, run: string, token = resultsToken('run-1')) =>
    fetch(`${service.url}twirp/github.actions.results.api.v1.ArtifactService/${method}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ workflow_run_backend_id: run, name: 'first.age' }),
    });
  expect((await call('ListArtifacts', 'run-2')).status).toBe(403);
  expect((await call('ListArtifacts', 'run-1', 'no-token')).status).toBe(401);
  expect((await call('MigrateArtifact', 'run-1')).status).toBe(404);
  const { signed_url: url } = (await (await call('GetSignedArtifactURL', 'run-1')).json()) as { signed_url: string };
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
  expect((await fetch(`${url}0`)).status).toBe(403);
});
