import type { SourceDocument } from './document.ts';
import { type Finding, formatPath, type Path, quote } from './finding.ts';
import { descriptionOf } from './known-keys.ts';
import { defaultVersions } from './versions.ts';

/** A value of another kind than the schema's, or none at all. */
export function wrongType(kind: string, path: Path, document: SourceDocument): Finding {
  const name = path.length === 0 ? 'The file' : formatPath(path);
  const expected = kinds[kind] ?? kind;
  const value = document.value(path);
  if (value === undefined) {
    const meaning = descriptionOf(path);
    return {
      code: 'CLUSTER_MISSING',
      path,
      message: `${name} is missing.`,
      hint: `Add ${path.at(-1)}, ${expected}. ${meaning}`.trim(),
    };
  }
  const source = document.source(path);
  const is = source === undefined ? kindOf(value) : `${quote(source)}, ${kindOf(value)}`;
  const message = `${name} is ${is}, where ${expected} is expected.`;
  return { code: 'CLUSTER_INVALID', path, message, hint: versionHint(path, source) ?? typeHint(kind, value, source) };
}

/** `1.37` is a number to YAML, and in quotes would still be no version. */
function versionHint([first, second]: Path, source: string | undefined): string | undefined {
  if (source === undefined || !/^\d+(\.\d+)?$/.test(source)) return undefined;
  if (first === 'kubernetesVersion') return `Write all three parts of the version: ${defaultVersions.kubernetes}.`;
  if (first !== 'versions' || second === 'pause' || typeof second !== 'string') return undefined;
  return `Write all three parts of the version: ${Object.entries(defaultVersions).find(([name]) => name === second)?.[1]}.`;
}

function typeHint(expected: string, value: unknown, source: string | undefined): string {
  if (value === null) return 'Write a value, or remove the key.';
  if (expected === 'string' && source !== undefined) return `Put it in quotes: ${JSON.stringify(source)}.`;
  if ((expected === 'number' || expected === 'int') && /^\d+$/.test(source ?? ''))
    return `Write it without quotes: ${source}.`;
  if (expected === 'boolean') return 'Write true or false, without quotes.';
  if (expected === 'array') return 'Write a list: each value on a line of its own after “- ”, or all in [ ].';
  if (expected === 'object' || expected === 'record') return 'Write keys with values, indented below it.';
  return `Write ${kinds[expected] ?? expected}.`;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'a boolean' : 'a text';
}
