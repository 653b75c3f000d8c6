import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { filesMatching, linesMatching, root, textOf } from './tree.ts';

const source = filesMatching(/^(src|lab|bench|docs|__tests__)\/.*\.ts$|^build\.ts$/);
/** Text that people wrote: not the lock file, and not the bundles, which contain packages. */
const written = filesMatching(/^(?!dist\/|package-lock\.json$).*\.(ts|js|sh|json|md|ya?ml|toml|mod|txt)$|^\.[^/]+$/);

test('The linter refuses any and non-null assertions, and no comment disables it for them', () => {
  const { rules } = JSON.parse(textOf('biome.json')).linter;
  expect(rules.suspicious.noExplicitAny).toBe('error');
  expect(rules.style.noNonNullAssertion).toBe('error');
  expect(linesMatching(source, /biome-ignore[^:]*(noExplicitAny|noNonNullAssertion)/)).toEqual([]);
});

test('The compiler is strict, and no comment disables it', () => {
  const { compilerOptions } = JSON.parse(textOf('tsconfig.json'));
  expect(compilerOptions).toMatchObject({ strict: true, noUncheckedIndexedAccess: true, erasableSyntaxOnly: true });
  expect(linesMatching(source, /@ts-(ignore|nocheck|expect-error)\b(?!\|)/)).toEqual([]);
});

test('No room or file has a name like utils, which says nothing', () => {
  const drawers = /(^|\/)(utils?|commons?|helpers?|misc|shared|lib)(\/|\.ts$)/;
  expect(filesMatching(/^(src|lab|bench|docs|__tests__)\//).filter((path) => drawers.test(path))).toEqual([]);
});

test('File names are kebab-case', () => {
  const names = source.filter((path) => !/^[a-z0-9-]+(\.test)?\.ts$/.test(path.replace(/^.*\//, '')));
  expect(names).toEqual([]);
});

test('Files of src and lab keep to 300 lines or so', () => {
  const lines = filesMatching(/^(src|lab)\/.*\.(ts|sh)$/).map((path) => [path, textOf(path).split('\n').length - 1]);
  // A table with one line for each code, which is not read from its beginning to its end.
  const table = 'src/error-codes.ts';
  expect(lines.filter(([path, count]) => path !== table && Number(count) > 320)).toEqual([]);
});

test('Every exported function and class of src says what it does', () => {
  const exported = /^export ((async )?function|(abstract )?class|const \w+(: [^=]+)? = (async )?(\([^)]*\)|<)[^=]*=>)/;
  const silent = filesMatching(/^src\/.*\.ts$/).flatMap((path) => {
    const lines = textOf(path).split('\n');
    return lines.flatMap((line, index) =>
      exported.test(line) && !lines[index - 1]?.endsWith('*/') ? [`${path}:${index + 1}: ${line}`] : [],
    );
  });
  expect(silent).toEqual([]);
});

test('No file contains a path of the machine that it was written on', () => {
  // In pieces, so that this file does not find itself.
  const places = [
    ['', 'work', 'main'],
    ['', 'work', 'shared'],
    ['', 'root', '.cache'],
    ['', 'tmp', 'bash_jobs'],
  ];
  const pattern = new RegExp(places.map((parts) => parts.join('/').replaceAll('.', '\\.')).join('|'));
  expect(linesMatching(written, pattern)).toEqual([]);
});

test('No file names the package sources of this machine', () => {
  const hosts = sourcesOfThisMachine();
  const known = linesMatching([...written, 'package-lock.json'], new RegExp(hosts.map(escaped).join('|') || '(?!)'));
  expect(known).toEqual([]);
});

test('Every text file has LF line ends, in git and on disk', () => {
  const { stdout } = spawnSync('git', ['ls-files', '--eol'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const rows = stdout.split('\n').filter(Boolean);
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((row) => /[iw]\/(crlf|mixed)/.test(row))).toEqual([]);
});

test('Text files end with a line end', () => {
  expect(written.filter((path) => textOf(path) !== '' && !textOf(path).endsWith('\n'))).toEqual([]);
});

/** Hosts of mirrors and proxies of package managers that are not the public ones. */
function sourcesOfThisMachine(): readonly string[] {
  const files = ['/etc/apt/sources.list', `${process.env.HOME}/.npmrc`, '/etc/pip.conf', '/etc/npmrc'];
  const settings = Object.entries(process.env).filter(([name]) => /registry|proxy|index_url/i.test(name));
  const texts = [
    ...files.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8')),
    ...settings.map(([, value]) => value ?? ''),
  ];
  const publicHosts = /(^|\.)(npmjs\.org|debian\.org|ubuntu\.com|golang\.org|pypi\.org|localhost)$|^127\.|^\[?::1/;
  const hosts = texts.flatMap((text) => Array.from(text.matchAll(/https?:\/\/(?:[^@/\s]*@)?([^/:\s,|"']+)/g)));
  return [...new Set(hosts.map((match) => match[1] ?? ''))].filter((host) => host !== '' && !publicHosts.test(host));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
