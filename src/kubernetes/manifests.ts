import { LineCounter, parseAllDocuments } from 'yaml';
import { Problem } from '../errors.ts';
import type { ApiObject } from './objects.ts';

/**
 * Reads a manifest file. Expands Lists and skips empty documents.
 * YAML 1.1 like kubectl (so that `defaultMode: 0644` is octal), but without its dates and base-60 numbers, which kubectl leaves as text.
 * @throws Problem MANIFEST_INVALID with file and line
 */
export function parseManifests(text: string, file: string): readonly ApiObject[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter,
    customTags: (tags) => tags.filter((tag) => !timeTags.has(typeof tag === 'string' ? tag : tagName(tag))),
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const { line, col } = lineCounter.linePos(document.contents?.range?.[0] ?? 0);
    const [error] = document.errors;
    if (error) {
      const start = error.linePos?.[0];
      throw invalid(error.message.split('\n')[0] ?? 'not YAML', file, start?.line ?? line, start?.col ?? col);
    }
    return objectsIn(document.toJS() as unknown, (message) => invalid(message, file, line, col));
  });
}

const timeTags = new Set(['timestamp', 'intTime', 'floatTime']);
const tagName = (tag: { readonly tag?: string; readonly format?: string }): string =>
  tag.format === 'TIME' ? 'intTime' : tag.tag === 'tag:yaml.org,2002:timestamp' ? 'timestamp' : '';

function objectsIn(value: unknown, wrong: (message: string) => Problem): readonly ApiObject[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong('a manifest is a map with apiVersion and kind');
  const { apiVersion, kind, items, metadata } = value as {
    [key in 'apiVersion' | 'kind' | 'items' | 'metadata']?: unknown;
  };
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') throw wrong('the manifest lacks apiVersion or kind');
  if (kind.endsWith('List') && Array.isArray(items)) return items.flatMap((item) => objectsIn(item, wrong));
  const name = (metadata as { readonly name?: unknown } | null | undefined)?.name;
  // A generated name would create another object in every run.
  if (typeof name !== 'string' || name === '') throw wrong(`the ${kind} lacks metadata.name`);
  return [value as ApiObject];
}

function invalid(message: string, file: string, line: number, column: number): Problem {
  return new Problem(message, { code: 'MANIFEST_INVALID', file, line, column });
}
