import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { demoMode } from '../../../lab/demo/arguments.ts';

const main = join(import.meta.dirname, '../../../lab/demo/main.ts');

test('uses the workflow by default', () => {
  expect([demoMode([]), demoMode(['--direct'])]).toEqual(['workflow', 'direct']);
});

test('lists the options, and starts nothing', () => {
  expect(demoMode(['--direct', '--help'])).toBe('help');
  const text = execFileSync(process.execPath, [main, '--help'], { encoding: 'utf8' });
  expect(text).toContain('npm run demo -- --direct');
  expect(text).not.toContain('━━');
});

test.each(['--dirct', 'direct', '--fault=none', '--'])('does not guess the meaning of %s', (arg) => {
  expect(() => demoMode([arg])).toThrow(`the demo has no argument ${arg}`);
});

test('ends with an error that names the argument and the fix', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--dirct'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: 'error: the demo has no argument --dirct\nhint: npm run demo -- --help says which there are\n',
  });
});
