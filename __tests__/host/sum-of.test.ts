import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { remoteProgram } from '../../src/host/remote/program.ts';
import { LocalHost, shells } from './local-host.ts';

const content = 'some bytes\0and more\n';
const sum = createHash('sha256').update(content).digest('hex');

/** What the remote program says the file's sum is, on a host that has these programs alone. */
function sumOf(host: LocalHost, shell: string, programs: Readonly<Record<string, string>>): string {
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, host.path(`/bin/${name}`));
  const file = host.path('/a file');
  writeFileSync(file, content);
  const [program = '', ...args] = shell.split(' ');
  const input = `${remoteProgram}\nPATH=${host.path('/bin')}\nsum_of "$1"\n`;
  return execFileSync(program, [...args, '-s', file], { input })
    .toString()
    .trim();
}

const place = (name: string) =>
  execFileSync('sh', ['-c', `command -v ${name}`])
    .toString()
    .trim();

describe.each(shells)('a host whose shell is %s', (_, shell) => {
  test.each([
    ['with openssl alone', { openssl: place('openssl'), cut: place('cut') }],
    ['without openssl', { sha256sum: place('sha256sum'), cut: place('cut') }],
    // As openssl in FIPS mode without its provider.
    ['with an openssl that fails', { openssl: place('false'), sha256sum: place('sha256sum'), cut: place('cut') }],
  ])('computes the sum of a file %s', (_, programs) => {
    using host = new LocalHost(shell);
    expect(sumOf(host, shell, programs)).toBe(sum);
  });
});
