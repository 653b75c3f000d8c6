// Every code of a Problem, from the table of src/error-codes.ts, and where the source reports it: for the page of problems.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as table from '../src/error-codes.ts';
import { root } from './action-manifests.ts';

const tableFile = 'src/error-codes.ts';

/** All codes of the table, in alphabetical order; one that is in two of its lists comes twice. */
export function allCodes(): readonly string[] {
  return Object.values<readonly string[]>(table).flat().toSorted();
}

/**
 * Code → the files that report it, from the root: in TypeScript those that have it as a literal, in the remote program those that
 * give it to `die`. What an API server gives as its reason is no literal: such a code has the table itself.
 */
export function problemCodes(): ReadonlyMap<string, readonly string[]> {
  const texts = sourceFiles().map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);
  const placesOf = (code: string): readonly string[] =>
    texts.filter(([file, text]) => reports(file, text, code)).map(([file]) => file);
  const reasons: readonly string[] = table.apiReasonCodes;
  return new Map(allCodes().map((code) => [code, reasons.includes(code) ? [tableFile] : placesOf(code)]));
}

/** Code → the files of the remote program that give it to `die`. */
export function diedOf(): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, string[]>();
  for (const file of sourceFiles().filter((name) => name.endsWith('.sh'))) {
    const program = readFileSync(join(root, file), 'utf8').replaceAll(/^ *#.*$/gm, '');
    for (const [, code = ''] of program.matchAll(/\bdie ([A-Z]\w*)/g))
      codes.set(code, [...(codes.get(code) ?? []), file]);
  }
  return codes;
}

function reports(file: string, text: string, code: string): boolean {
  return file.endsWith('.sh') ? new RegExp(`\\bdie ${code}\\b`).test(text) : text.includes(`'${code}'`);
}

function sourceFiles(): readonly string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|sh)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => file !== tableFile)
    .sort();
}
