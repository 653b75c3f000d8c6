import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ResultsService, startResultsService } from '../../lab/workflow/results-service.ts';
import { resultsToken, workflowToken } from '../../lab/workflow/results-token.ts';
import { historyArtifact, historyFile, historyInput } from '../../src/github/history.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import { linesOf } from './workflow-commands.ts';

const name = 'failover-history-seed.jsonl';
let folder: AsyncDisposable & { path: string };
let service: ResultsService;

beforeAll(async () => {
  folder = await scratchFolder();
  service = await startResultsService(join(folder.path, 'store'));
  process.env.ACTIONS_RESULTS_URL = service.url;
  process.env.GITHUB_API_URL = `${service.url}api`;
  process.env.GITHUB_REPOSITORY = 'org/clusters';
  process.env.GITHUB_REF_NAME = 'main';
});

beforeEach(() => inRun('1'));

afterAll(async () => {
  await service.close();
  await folder[Symbol.asyncDispose]();
  const names = [
    'ACTIONS_RESULTS_URL',
    'ACTIONS_RUNTIME_TOKEN',
    'GITHUB_API_URL',
    'GITHUB_REPOSITORY',
    'GITHUB_REF_NAME',
  ];
  for (const each of names) delete process.env[each];
});

function inRun(run: string): void {
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken(run);
}

async function nightIn(run: string, line: string): Promise<void> {
  inRun(run);
  const history = historyArtifact(name, workflowToken);
  await linesOf(async () => await history.write(`${await history.read()}${line}\n`));
}

async function change(id: number, fields: object): Promise<void> {
  const file = join(folder.path, 'store', String(id), 'artifact.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...fields }));
}

async function redirectOf(url: string, headers: Readonly<Record<string, string>>): Promise<{ location: string }> {
  const answer = await fetch(url, { headers, redirect: 'manual' });
  return { location: answer.headers.get('location') ?? '' };
}

const kept = () => historyArtifact(name, workflowToken).read();

test('the token is for the API alone: the storage is another host, which refuses requests with it', async () => {
  await nightIn('0', 'zeroth');
  const list = `${process.env.GITHUB_API_URL}/repos/org/clusters/actions/artifacts`;
  const headers = { Authorization: `Bearer ${workflowToken}` };
  const { location } = await redirectOf(`${list}/1/zip`, headers);
  expect(new URL(location).hostname).not.toBe(new URL(list).hostname);
  expect((await fetch(location)).status).toBe(200);
  expect((await fetch(location, { headers })).status).toBe(400);
  expect(await kept()).toBe('zeroth\n');
  await rm(join(folder.path, 'store', '1'), { recursive: true });
});

test('each run continues with the artifact of the last one, and a re-run with its own first attempt', async () => {
  expect(await kept()).toBe('');
  await nightIn('1', 'first');
  await nightIn('2', 'second');
  await nightIn('2', 'second again');
  inRun('3');
  expect(await kept()).toBe('first\nsecond\nsecond again\n');
});

test('an artifact of a fork, of another branch or of an expired run is not used', async () => {
  await nightIn('4', 'of a fork');
  const ids = (await readdir(join(folder.path, 'store'))).map(Number);
  const last = Math.max(...ids);
  expect(await kept()).toContain('of a fork');
  for (const fields of [{ from: { branch: 'main', repository: 2 } }, { from: { branch: 'other', repository: 1 } }]) {
    await change(last, fields);
    expect(await kept()).toBe('first\nsecond\nsecond again\n');
  }
  await change(last, { from: undefined, expiresAt: new Date(0).toISOString() });
  expect(await kept()).toBe('first\nsecond\nsecond again\n');
});

test('bytes that differ from the uploaded ones are refused', async () => {
  await nightIn('5', 'third');
  const last = Math.max(...(await readdir(join(folder.path, 'store'))).map(Number));
  await writeFile(join(folder.path, 'store', String(last), 'blob'), 'other');
  const problem = { code: 'ARTIFACT_DOWNLOAD', fields: { hint: expect.not.stringContaining('permissions') } };
  await expect(kept()).rejects.toMatchObject(problem);
});

test('a token without the right to read artifacts gives an error that names the permission', async () => {
  const problem = { code: 'ARTIFACT_DOWNLOAD', fields: { hint: expect.stringContaining('actions: read') } };
  await expect(historyArtifact(name, 'another').read()).rejects.toMatchObject(problem);
});

test('an artifact is only requested with a token', () => {
  process.env.INPUT_HISTORY = 'artifact';
  expect(() => historyInput('seed')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  delete process.env.INPUT_HISTORY;
});

test('invalid lines are reported and skipped; a history that no check can have written is refused', async () => {
  const file = join(folder.path, 'nights.jsonl');
  await writeFile(file, `{"a":1}\n{"b":\n${'['.repeat(10_000)}\n\n{}\n`);
  const lines = await linesOf(async () => expect(await historyFile(file).read()).toContain('{"b":'));
  expect(lines.join('\n')).toMatch(/warning.*2 invalid lines/);
  await expect(historyFile('/dev/zero').read()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await writeFile(file, 'x'.repeat(5 * 1024 * 1024));
  await expect(historyFile(file).read()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('an artifact that is too large for a history is not read', async () => {
  inRun('large');
  const large = historyArtifact('large.jsonl', workflowToken);
  await linesOf(async () => await large.write('x'.repeat(5 * 1024 * 1024)));
  await expect(large.read()).rejects.toMatchObject({
    code: 'ARTIFACT_DOWNLOAD',
    message: expect.stringContaining('4 MiB'),
  });
  const [last = 0] = (await readdir(join(folder.path, 'store'))).map(Number).sort((one, other) => other - one);
  await change(last, { size: 10, digest: '' });
  await expect(large.read()).rejects.toMatchObject({
    code: 'ARTIFACT_DOWNLOAD',
    message: expect.stringContaining('4 MiB'),
  });
  await change(last, { id: 'x' });
  await expect(large.read()).rejects.toMatchObject({ code: 'ARTIFACT_DOWNLOAD' });
});
