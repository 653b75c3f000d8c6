import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { announceFolder, askedKubeconfig, kubeconfigWriter, removeFolder } from '../../src/github/kubeconfig-step.ts';
import { linesOf, withInputs } from './workflow-commands.ts';

const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-kubeconfig-'));
const bundle = join(import.meta.dirname, '../../dist/kubeconfig/index.js');
for (const name of ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_ACTOR']) delete process.env[name];
process.env.RUNNER_TEMP = temp;

afterAll(() => rmSync(temp, { recursive: true, force: true }));

const asked = (inputs: Readonly<Record<string, string>>) => withInputs(inputs, () => askedKubeconfig('admins'));
const made = { text: 'apiVersion: v1\n', expires: new Date('2026-01-31T12:00:00Z') };

describe('The requested certificate', () => {
  test('is an administrator for an hour unless inputs say otherwise', async () => {
    expect(await asked({})).toEqual({ user: 'k8s-ha-action:ci', groups: ['admins'], seconds: 3600 });
    process.env.GITHUB_ACTOR = 'dependabot[bot]';
    expect(await asked({})).toMatchObject({ user: 'k8s-ha-action:dependabot[bot]' });
    delete process.env.GITHUB_ACTOR;
  });

  test('follows the inputs', async () => {
    const inputs = { hours: '0.5', user: 'ci', groups: 'one, two', server: 'https://api.example.com:6443/' };
    expect(await asked(inputs)).toEqual({
      user: 'ci',
      groups: ['one', 'two'],
      seconds: 1800,
      server: 'https://api.example.com:6443',
    });
  });

  test.each([
    ['hours', '0'],
    ['hours', 'NaN'],
    ['hours', '48'],
    ['user', 'system:admin'],
    ['user', 'two words'],
    ['groups', 'readers,system:masters'],
    ['groups', ','],
    ['server', 'http://api.example.com'],
    ['server', 'https://user:password@api.example.com'],
    ['server', 'api.example.com'],
  ])('is refused when %s is "%s"', async (name, value) => {
    await expect(asked({ [name]: value })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

test('A kubeconfig is readable by its owner alone, and outputs and KUBECONFIG name it', async () => {
  let folder = '';
  const announced = await linesOf(() => {
    folder = announceFolder();
  });
  expect(announced).toEqual([`::save-state name=folder::${folder}`]);
  expect(dirname(folder)).toBe(temp);
  expect(existsSync(folder)).toBe(false);
  const lines = await withInputs({}, () => linesOf(() => kubeconfigWriter(folder)(made)));
  const path = join(folder, 'kubeconfig');
  expect(lines).toContain(`::set-output name=kubeconfig::${path}`);
  expect(lines).toContain('::set-output name=expires::2026-01-31T12:00:00.000Z');
  expect(lines).toContain(`::set-env name=KUBECONFIG::${path}`);
  expect(readFileSync(path, 'utf8')).toBe(made.text);
  expect([statSync(folder).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  await linesOf(() => removeFolder(folder));
  expect(existsSync(folder)).toBe(false);
});

test('KUBECONFIG is unchanged if the input export is false', async () => {
  const folder = join(temp, 'quiet');
  const lines = await withInputs({ export: 'false' }, () => linesOf(() => kubeconfigWriter(folder)(made)));
  expect(lines.filter((line) => line.startsWith('::set-env'))).toEqual([]);
});

test('The post step needs no input, removes the folder, and succeeds if there is none', () => {
  const folder = join(temp, 'left');
  mkdirSync(folder);
  writeFileSync(join(folder, 'kubeconfig'), made.text);
  const env = { PATH: process.env.PATH, STATE_folder: folder };
  for (const _ of ['there', 'gone']) {
    const { status, stdout } = spawnSync(process.execPath, [bundle], { cwd: temp, env, encoding: 'utf8' });
    expect({ status, errors: /::error/.test(stdout) }).toEqual({ status: 0, errors: false });
    expect(existsSync(folder)).toBe(false);
  }
});
