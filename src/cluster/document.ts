import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair, parseDocument } from 'yaml';
import type { Path } from './finding.ts';

/** A parsed file that knows the position of each value. */
export class SourceDocument {
  readonly yaml: Document.Parsed;
  private data: { readonly root: unknown } | undefined;

  constructor(text: string) {
    // inspect.ts finds duplicate keys, in linear time; merge keys and tags of YAML 1.1 are not part of the format.
    this.yaml = parseDocument(text, {
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      // Not 'silent', which would hide the error of a second document.
      logLevel: 'error',
    });
  }

  /** The data. Use it only after inspect.ts has found no problem: aliases are expanded without a limit. */
  get root(): unknown {
    this.data ??= { root: this.yaml.toJS({ maxAliasCount: -1 }) };
    return this.data.root;
  }

  /** The position of a value or its key; for a missing key, the beginning of its map. */
  offset(path: Path, atKey = false): number {
    let node: unknown = this.yaml.contents;
    let found = startOf(node) ?? 0;
    for (const [index, step] of path.entries()) {
      const pair = this.step(node, step);
      if (pair === undefined) return found;
      const wantsKey = atKey && index === path.length - 1;
      // An empty value has no visible position.
      const value = isEmpty(pair.value) ? undefined : startOf(pair.value);
      found = (wantsKey ? startOf(pair.key) : undefined) ?? value ?? startOf(pair.key) ?? found;
      node = pair.value;
    }
    return found;
  }

  /** A scalar in the file's own spelling, without its quotes: `3.10`, not 3.1. */
  source(path: Path): string | undefined {
    let node: unknown = this.yaml.contents;
    for (const step of path) node = this.step(node, step)?.value;
    const target = this.target(node);
    return isScalar(target) && target.value !== null ? (target.source ?? String(target.value)) : undefined;
  }

  /** The value at a path; undefined if there is none. */
  value(path: Path): unknown {
    let value: unknown = this.root;
    for (const step of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
      value = Reflect.get(value, step);
    }
    return value;
  }

  private step(node: unknown, step: string | number): { key?: unknown; value: unknown } | undefined {
    const target = this.target(node);
    if (isSeq(target))
      return typeof step === 'number' && step < target.items.length ? { value: target.items[step] } : undefined;
    if (!isMap(target)) return undefined;
    return target.items.find((pair: Pair) => isScalar(pair.key) && pair.key.value === String(step));
  }

  private target(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.yaml) : node;
  }
}

/** The offset in the text at which a YAML node begins, in UTF-16 units; `undefined` for what is not in the text. */
export function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}
