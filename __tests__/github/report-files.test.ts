import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ResultsService, startResultsService } from '../../lab/workflow/results-service.ts';
import { resultsToken } from '../../lab/workflow/results-token.ts';
import { downloadArtifact } from '../../src/github/artifact-client.ts';
import { historyFile, noHistory } from '../../src/github/history.ts';
import { publishReports, reportFolder } from '../../src/github/report-files.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import { linesOf } from './workflow-commands.ts';

let folder: AsyncDisposable & { path: string };
let service: ResultsService;
const texts = (history: string) => ({
  summary: '## a summary',
  html: '<!doctype html>',
  json: '{}',
  history: `${history}night\n`,
  warnings: ['back in step: 40 s'],
  name: 'failover-report-seed_master-1_poweroff',
});
const at = (name: string) => join(folder.path, name);

beforeAll(async () => {
  folder = await scratchFolder();
  service = await startResultsService(at('store'));
  process.env.GITHUB_STEP_SUMMARY = at('summary.md');
  process.env.GITHUB_OUTPUT = at('output');
  process.env.RUNNER_TEMP = at('temp');
});

beforeEach(async () => {
  for (const name of ['summary.md', 'output']) await writeFile(at(name), '');
  delete process.env.ACTIONS_RESULTS_URL;
  delete process.env.ACTIONS_RUNTIME_TOKEN;
});

afterAll(async () => {
  await service.close();
  await folder[Symbol.asyncDispose]();
  for (const name of ['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT', 'RUNNER_TEMP']) delete process.env[name];
});

test('each text is written to its place, and a figure that got slower is a warning', async () => {
  const places = { folder: at('reports/here'), history: historyFile(at('history/nights.jsonl')) };
  const lines = await linesOf(async () => {
    await publishReports(places, texts);
    await publishReports(places, texts);
  });
  expect((await readdir(places.folder)).sort()).toEqual(['report.html', 'report.json']);
  expect(await readFile(at('history/nights.jsonl'), 'utf8')).toBe('night\nnight\n');
  expect(await readdir(at('history'))).toEqual(['nights.jsonl']);
  expect(await readFile(at('summary.md'), 'utf8')).toContain('## a summary');
  expect(await readFile(at('output'), 'utf8')).toContain(join(places.folder, 'report.html'));
  expect(lines).toContain('::warning title=slower than usual::back in step: 40 s');
  expect(lines).toContain('the report is not uploaded: there is no artifact service here');
});

test('by default the report is in the temporary folder and there is no history', async () => {
  await linesOf(() => publishReports({ folder: reportFolder(), history: noHistory }, texts));
  expect((await readdir(at('temp/k8s-ha-failover'))).sort()).toEqual(['report.html', 'report.json']);
});

test('in a workflow, page and data are artifacts that open with a click, are kept as long as others, and are replaced by a re-run', async () => {
  process.env.ACTIONS_RESULTS_URL = service.url;
  process.env.ACTIONS_RUNTIME_TOKEN = resultsToken('run');
  for (const html of ['one', 'two']) {
    await linesOf(() =>
      publishReports({ folder: reportFolder(), history: noHistory }, (text) => ({ ...texts(text), html })),
    );
  }
  const { name } = texts('');
  expect((await downloadArtifact(`${name}.html`, 1_000_000)).toString()).toBe('two');
  expect((await downloadArtifact(`${name}.json`, 1_000_000)).toString()).toBe('{}');
  const artifact = JSON.parse(await readFile(at('store/3/artifact.json'), 'utf8'));
  const days = artifact.expiresAt ? (Date.parse(artifact.expiresAt) - Date.parse(artifact.createdAt)) / 86_400_000 : 90;
  expect(days).toBeGreaterThan(1.5);
});

test('an unreadable history is not overwritten, and does not prevent the other texts', async () => {
  await mkdir(at('unreadable'), { recursive: true });
  const places = { folder: at('reports/there'), history: historyFile(at('unreadable')) };
  const lines = await linesOf(() => publishReports(places, texts));
  expect(lines).toContainEqual(expect.stringMatching(/^::warning::the history could not be read: .*EISDIR/));
  expect(lines.filter((line) => line.includes('could not be written'))).toEqual([]);
  expect(await readdir(places.folder)).toContain('report.html');
});

test('a folder that can’t be written is a warning', async () => {
  await writeFile(at('file'), '');
  const lines = await linesOf(() => publishReports({ folder: at('file/below'), history: noHistory }, texts));
  expect(lines).toContainEqual(expect.stringMatching(/^::warning::the report could not be written: .*ENOTDIR/));
});
