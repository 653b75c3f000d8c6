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

  test.each([
    ['is not restarted when that file is recorded later', ':', ''],
    ['is restarted for another one', 'printf y >>"$file"', ' changed since its start'],
  ])('a unit that started with a big file without a record %s', (_what, line, reason) => {
    using host = new LocalHost(shell);
    for (const folder of ['/state', '/state/reads', '/state/started', '/temp', '/units']) mkdirSync(host.path(folder));
    const file = host.path('/binary');
    writeFileSync(file, big);
    writeFileSync(host.path('/state/reads/a.service'), `${file}\n`);
    const out = runOn(
      host,
      shell,
      `file=${file} UNITS=${host.path('/units')}
{ printf 'invocation\\t\\nloaded\\thash\\n'; fingerprint a.service; } >"$STATE/started/a.service"
restart_reason a.service hash ''
record "$file" ${sum} https://example.test/binary ${sum}
records_write
${line}
restart_reason a.service hash ''`,
    );
    expect(out).toBe(reason === '' ? '' : `${file}${reason}\n`);
  });
});
