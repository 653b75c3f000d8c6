import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair, parseDocument } from 'yaml';
import type { Path } from './finding.ts';

/** A parsed file that knows the position of each value. */
export class SourceDocument {
  readonly yaml: Document.Parsed;
  private data: { readonly root: unknown } | undefined;

  constructor(text: string) {
    // Duplicate keys are looked for by inspect.ts, in linear time; merge keys and tags of YAML 1.1 are not part of the format.
    this.yaml = parseDocument(text, {
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      // Not 'silent', which would swallow the error of a second document.
      logLevel: 'error',
    });
  }

  /** The data. Only to be asked for once inspect.ts has found nothing: aliases are followed without a limit. */
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
      // An empty value has no place of its own that a reader could see.
      const value = isEmpty(pair.value) ? undefined : startOf(pair.value);
      found = (wantsKey ? startOf(pair.key) : undefined) ?? value ?? startOf(pair.key) ?? found;
      node = pair.value;
    }
    return found;
  }

  /** A scalar as it is written in the file, without its quotes: `3.10`, not 3.1. */
  source(path: Path): string | undefined {
    let node: unknown = this.yaml.contents;
    for (const step of path) node = this.step(node, step)?.value;
    const target = this.target(node);
    return isScalar(target) && target.value !== null ? (target.source ?? String(target.value)) : undefined;
  }

  /** The value at a place of the data, or nothing when there is no such place. */
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

export function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}
