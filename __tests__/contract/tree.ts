// The files that git tracks or would add, and the imports of each source file, for the contract tests.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** One `import`, `export … from`, `await import()` or `import().Type`. */
export interface Import {
  readonly file: string;
  readonly line: number;
  /** For files of this repository their path from the root, otherwise the package or `node:` name. */
  readonly target: string;
  /** Removed at run time. */
  readonly typesOnly: boolean;
  /** `await import()`: loaded when it is used. */
  readonly whenUsed: boolean;
}

/** Paths from the root that match; those that are not yet added count too, so that a mistake shows before its commit. */
export function filesMatching(pattern: RegExp): readonly string[] {
  return allFiles.filter((path) => pattern.test(path));
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** `path:line: text` of each line that matches: what a failed expectation shows. */
export function linesMatching(paths: readonly string[], pattern: RegExp): readonly string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

export function importsOf(file: string): readonly Import[] {
  const text = textOf(file);
  return readers.flatMap(({ pattern, typesOnly, whenUsed = false }) =>
    Array.from(text.matchAll(pattern), (match) => ({
      whenUsed,
      file,
      line: text.slice(0, match.index).split('\n').length,
      target: resolveTarget(file, match.groups?.target ?? ''),
      typesOnly: typesOnly(match.groups?.names ?? ''),
    })),
  );
}

const allFiles = gitFiles();

function gitFiles(): readonly string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`git ls-files: ${stderr}`);
  const paths = new Set(stdout.split('\0').filter(Boolean));
  return [...paths].filter((path) => existsSync(join(root, path))).sort();
}

interface Reader {
  readonly pattern: RegExp;
  readonly typesOnly: (names: string) => boolean;
  readonly whenUsed?: boolean;
}

// Statements begin their line (the formatter sees to it), so that no words in comments or texts are taken for them.
const readers: readonly Reader[] = [
  { pattern: /^(?:im|ex)port\s(?<names>[^'"`;]*?)\sfrom\s+'(?<target>[^']+)'/gm, typesOnly: namesAreTypes },
  { pattern: /^import\s+'(?<target>[^']+)'/gm, typesOnly: () => false },
  { pattern: /\bawait import\(\s*'(?<target>[^']+)'/g, typesOnly: () => false, whenUsed: true },
  { pattern: /(?<!await )\bimport\('(?<target>[^']+)'\)\./g, typesOnly: () => true },
];

/** `type { A }`, or `{ type A, type B }` alone. */
function namesAreTypes(names: string): boolean {
  if (/^type\b/.test(names)) return true;
  const inner = /^\{(?<list>[^}]*)\}$/.exec(names.trim())?.groups?.list;
  const parts = inner
    ?.split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return parts !== undefined && parts.length > 0 && parts.every((part) => part.startsWith('type '));
}

function resolveTarget(file: string, target: string): string {
  return target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target;
}
