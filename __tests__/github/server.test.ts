import { afterEach, expect, test } from '@jest/globals';
import { downloadArtifact, hasArtifacts } from '../../src/github/artifact-client.ts';
import { historyInput } from '../../src/github/history.ts';
import { isEnterpriseServer, tokenIssuer } from '../../src/github/server.ts';
import { withInputs } from './workflow-commands.ts';

const names = ['GITHUB_SERVER_URL', 'ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN'];

afterEach(() => {
  for (const name of names) delete process.env[name];
});

function onEnterpriseServer(): void {
  process.env.GITHUB_SERVER_URL = 'https://github.example.com';
  process.env.ACTIONS_RESULTS_URL = 'https://github.example.com/results/';
  process.env.ACTIONS_RUNTIME_TOKEN = 'token';
}

test.each([
  [undefined, false, 'https://token.actions.githubusercontent.com'],
  ['https://github.com', false, 'https://token.actions.githubusercontent.com'],
  ['https://octo.ghe.com', false, 'https://token.actions.octo.ghe.com'],
  ['https://github.example.com', true, 'https://github.example.com/_services/token'],
  ['https://notgithub.com', true, 'https://notgithub.com/_services/token'],
])('the server %s: an Enterprise Server? %s', (url, enterprise, issuer) => {
  if (url !== undefined) process.env.GITHUB_SERVER_URL = url;
  expect([isEnterpriseServer(), tokenIssuer()]).toEqual([enterprise, issuer]);
});

test('on an Enterprise Server bundles as artifacts are refused with the page that says what works', async () => {
  onEnterpriseServer();
  expect(hasArtifacts()).toBe(false);
  await expect(downloadArtifact('a', 10)).rejects.toMatchObject({
    code: 'ARTIFACT_UNAVAILABLE',
    fields: { hint: expect.stringContaining('docs/enterprise-server.md') },
  });
});

test('on an Enterprise Server a history as an artifact is refused before anything happens, a file is not', async () => {
  onEnterpriseServer();
  const problem = { code: 'INPUT_INVALID', fields: { hint: expect.stringContaining('Enterprise Server') } };
  await expect(
    withInputs({ history: 'artifact', token: 'ghs_12345678' }, () => historyInput('seed')),
  ).rejects.toMatchObject(problem);
  expect(await (await withInputs({ history: '/none/nights.jsonl' }, () => historyInput('seed'))).read()).toBe('');
});
