import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { remoteProgram } from '../../src/host/remote/program.ts';
import { LocalHost, shells } from './local-host.ts';

const big = 'x'.repeat(1 << 20);
const sum = 'a'.repeat(64);

/** Runs a line of the remote program's functions on a host; returns its output. */
function runOn(host: LocalHost, shell: string, line: string): string {
  const [program = '', ...args] = shell.split(' ');
  const input = `${remoteProgram}\nSTATE=${host.path('/state')} TMP=${host.path('/temp')}\n${line}\n`;
  return execFileSync(program, [...args, '-s'], { input }).toString();
}

describe.each(shells)('a host whose shell is %s', (_, shell) => {
  test.each([
    ['is known by its record', ':', 'recorded'],
    ['of the same size that was written in the same second is not', 'printf y | dd conv=notrunc of="$file" 2>&1', ''],
    [
      'is known by a record of whole seconds, of an earlier version',
      `sed -i 's/\\.[0-9]*//g' "$STATE/sums"`,
      'recorded',
    ],
  ])('a placed file %s', (_what, line, origin) => {
    using host = new LocalHost(shell);
    for (const folder of ['/state', '/temp']) mkdirSync(host.path(folder));
    const file = host.path('/binary');
    writeFileSync(file, big);
    const out = runOn(
      host,
      shell,
      `file=${file}\nrecord "$file" ${sum} https://example.test/binary ${sum}\nrecords_write\n${line} >/dev/null\ndescribe "$file"`,
    );
    const [path, mode, , stat, known, how] = out.replace(/\n$/, '').split('\n').at(-1)?.split('\t') ?? [];
    expect([path, mode, known, how]).toEqual([file, '81a4', origin === '' ? '' : sum, origin]);
    expect(stat).toMatch(/^\d+:1048576:[\d.]+:[\d.]+$/);
  });
});
