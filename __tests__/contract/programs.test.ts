// A fresh machine has the programs in lab/programs.ts and those of every Debian. Other programs that lab, bench, build or tests start
// would fail only there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { broughtByTheUser } from '../../lab/programs.ts';
import { listed, listedPath } from '../suite/listed-path.ts';
import { filesMatching, textOf } from './tree.ts';

const sources = filesMatching(/^((lab|bench|docs|bundling|jest|__tests__|\.github)\/.*|build)\.(ts|js)$/).filter(
  (path) => path !== '__tests__/contract/programs.test.ts',
);
const scripts = filesMatching(/^(\.ci\/|\.github\/release\/.*\.sh$|lab\/.*\.sh$)/);

const scratch = mkdtempSync(join(tmpdir(), 'k8s-ha-programs-'));
const path = listedPath(join(scratch, 'bin')) ?? '';
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Not on PATH: stand-ins, programs that a test makes, and programs that the lab builds. */
const notOfTheMachine = new Set(['gh', 'no-such-program-here', 'one', 'two']);

/** The forms in which sources start a program on this machine: its name is the first word of a command line. */
const callForms: readonly RegExp[] = [
  /\b(?:spawn|spawnSync|execFile|execFileSync)\(\s*'([^'$]+)'/g,
  /(?:(?<![\w.])(?:run|must|passThrough|inside)|\blab\.run)\(\s*\[\s*'([^'$]+)'/g,
  /\b(?:insideNetwork|runInNetworkOf|inNetworkOf)\([^[\]()]*\[\s*'([^'$]+)'/g,
  /\b(?:insideNetwork|inNetworkOf)\([^)]*\(\w+\), \[\s*'([^'$]+)'/g,
  /`--net=[^`]*`,\s*'([^'$]+)'/g,
  // In scripts that a test writes: with their path, so that they do not depend on PATH.
  /\bexec (\/[\w/.-]+)/g,
];

function namedIn(file: string): readonly string[] {
  const text = textOf(file).replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  return callForms.flatMap((form) => Array.from(text.matchAll(form), ([, name = '']) => name));
}

/** The first words of a shell script's commands, without its own functions. */
function commandsOf(script: string): readonly string[] {
  const builtins =
    /^(case|do|done|echo|elif|else|esac|exec|exit|export|fi|for|if|in|printf|set|shift|test|then|while|cd|\[)$/;
  const functions = new Set(Array.from(script.matchAll(/^([a-z]+)\(\) \{/gm), ([, name = '']) => name));
  const words = script
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line) && !/^\s*[\w*.-]+\)\s/.test(line))
    .flatMap((line) => line.split(/\|\||&&|[|;]|\$\(|\bif |\bthen /))
    .map((part) => /^\s*(?:! )?(?:[A-Za-z_]+=\S* )*([a-z][\w.-]*)(?=\s|$)/.exec(part)?.[1] ?? '');
  return words.filter((word) => word !== '' && !builtins.test(word) && !functions.has(word));
}

/** Whether a fresh machine has it after `npm test` has installed its list. */
function isFound(program: string): boolean {
  if (notOfTheMachine.has(program) || program.includes('node_modules/')) return true;
  const name = basename(program);
  return spawnSync('/bin/sh', ['-c', 'command -v "$0"', name], { env: { PATH: path } }).status === 0;
}

test('Every program that lab, bench, build or a test starts is on the list, or every Debian has it', () => {
  const named = sources.flatMap((file) => namedIn(file).map((name) => [file, name] as const));
  // Shows that the forms above find programs.
  const names = new Set(named.map(([, name]) => name));
  for (const known of [
    'nft',
    'nsenter',
    'debootstrap',
    'ssh-agent',
    'openssl',
    'git',
    'go',
    'pip3',
    'shellcheck',
    '/usr/sbin/sshd',
  ])
    expect(names).toContain(known);
  expect(named.filter(([, name]) => !isFound(name))).toEqual([]);
});

test('Every command of the scripts is listed too, or every Debian has it', () => {
  const commands = scripts.flatMap((file) => commandsOf(textOf(file)).map((name) => [file, name] as const));
  expect(commands.map(([, name]) => name)).toEqual(expect.arrayContaining(['git', 'npm', 'tar', 'node']));
  expect(commands.filter(([, name]) => !isFound(name))).toEqual([]);
});

test('The PATH of the tests has the listed programs, and no other program of this machine', () => {
  for (const name of Object.keys(listed).filter((each) => !isAbsolute(each)))
    expect([name, name.split('|').some(isFound)]).toEqual([name, true]);
  expect(isFound('no-entry-has-this-name')).toBe(false);
  const everything = spawnSync('/bin/sh', ['-c', 'ls /usr/bin /usr/sbin'], { encoding: 'utf8' }).stdout.split('\n');
  // Only useful on a machine with more programs, such as a developer's.
  const others = ['make', 'cmake', 'vim', 'gdb', 'sqlite3', 'ruby'].filter((name) => everything.includes(name));
  expect(others.filter(isFound)).toEqual([]);
});

test('Each listed package has the program that it is listed for', () => {
  for (const [program, name] of Object.entries(listed)) {
    const { status, stdout } = spawnSync('dpkg-query', ['--listfiles', name], { encoding: 'utf8' });
    // The program was installed in another way, such as Chrome or the user's Python.
    if (status !== 0) continue;
    const places = stdout.split('\n');
    const brings = program
      .split('|')
      .some((each) => places.some((place) => (isAbsolute(each) ? place === each : basename(place) === each)));
    expect([program, name, brings]).toEqual([program, name, true]);
  }
});

test('Every entry of the list is needed', () => {
  const files = sources.filter((file) => file !== 'lab/programs.ts');
  const texts = [...files, ...scripts, ...filesMatching(/^(src\/.*\.sh|package\.json)$/)].map(textOf).join('\n');
  // The Go client starts them.
  const ofGo = new Set(['gcc', 'pkg-config']);
  const unused = [...Object.keys(listed), ...broughtByTheUser]
    .filter((program) => !isAbsolute(program) && !ofGo.has(program))
    .flatMap((program) => {
      const used = program.split('|').some((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(texts));
      return used ? [] : [program];
    });
  expect(unused).toEqual([]);
});

test('No test is switched off', () => {
  const off = /\b(?:describe|test|it)\.(?:skip|only|todo|failing)\b|\bx(?:describe|test|it)\(/;
  const tests = filesMatching(/^__tests__\/.*\.ts$/).filter((file) => !file.endsWith('contract/programs.test.ts'));
  expect(tests.filter((file) => off.test(textOf(file)))).toEqual([]);
});
