import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkFile } from '../../src/github/check-file.ts';
import { textOf } from '../contract/tree.ts';
import { linesOf, withInputs } from './workflow-commands.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-ha-check-file-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The log of a check of this file, and its summary. No key, no host's key and no network are there. */
async function checked(text: string): Promise<readonly [log: string, summary: string]> {
  const [file, summary] = [join(folder, 'cluster.yaml'), join(folder, 'summary.md')];
  writeFileSync(file, text);
  writeFileSync(summary, '');
  process.env.GITHUB_STEP_SUMMARY = summary;
  try {
    const lines = await linesOf(() => withInputs({ cluster: file }, checkFile));
    return [lines.join('\n'), readFileSync(summary, 'utf8')];
  } finally {
    delete process.env.GITHUB_STEP_SUMMARY;
  }
}

const seed = textOf('examples/seed/cluster.yaml');

test('a valid file is reported as such, without any key', async () => {
  const [log, summary] = await checked(seed);
  expect(log).toContain('cluster.yaml is valid; no host was contacted');
  expect(summary).toMatch(/^## The file of seed is valid: 7 hosts\n/);
});

test('what it opens is an annotation on its line', async () => {
  const [log, summary] = await checked(`${seed}\napiServer: { extraArgs: [{ name: profiling, value: 'true' }] }\n`);
  expect(log).toMatch(/^::warning file=[^,]*cluster\.yaml,line=\d+::opens: apiServer\.extraArgs profiling=true /m);
  expect(summary).toContain('name 1 settings');
});

test('a file that is not valid fails with its problems', async () => {
  await expect(checked(seed.replace('name: seed', 'name: Seed!'))).rejects.toThrow();
});
