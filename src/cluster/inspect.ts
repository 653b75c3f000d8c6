import { type Alias, type Document, isAlias, isCollection, isMap, isNode, isPair, isScalar } from 'yaml';
import type { ProblemCode } from '../error-codes.ts';
import { startOf } from './document.ts';
import { quote, type TextFinding } from './finding.ts';

/** Many more values than any cluster.yaml has, and few enough for a runner. */
const maxDepth = 50;
const maxRepeated = 100_000;

/**
 * YAML that this file must not contain: duplicate keys, aliases without a target, to themselves or with
 * millions of values, and endless nesting. One pass in linear time, because any author of a pull request can write the file.
 */
export function inspectNodes(document: Document.Parsed): readonly TextFinding[] {
  const inspection = new Inspection();
  inspection.visit(document.contents);
  return inspection.findings;
}

class Inspection {
  readonly findings: TextFinding[] = [];
  private readonly anchors = new Map<string, unknown>();
  private readonly sizes = new Map<unknown, number>();
  private readonly ancestors: unknown[] = [];
  private repeated = 0;

  /** The number of values in a node with its aliases expanded. */
  visit(node: unknown): number {
    if (isAlias(node)) return this.visitAlias(node);
    if (isNode(node) && 'anchor' in node && node.anchor) this.anchors.set(node.anchor, node);
    if (!isCollection(node)) return 1;
    if (this.ancestors.length >= maxDepth) {
      this.refuse(
        node,
        'CLUSTER_TOO_DEEP',
        `Values are nested more than ${maxDepth} levels deep here.`,
        'Check the brackets and the indentation.',
      );
      return 1;
    }
    if (isMap(node)) this.refuseRepeatedKeys(node.items.map(({ key }) => key));
    this.ancestors.push(node);
    const size = node.items.reduce((sum: number, item) => sum + this.visit(isPair(item) ? item.value : item), 1);
    this.ancestors.pop();
    this.sizes.set(node, size);
    return size;
  }

  private visitAlias(alias: Alias): number {
    const target = this.anchors.get(alias.source);
    const name = quote(`*${alias.source}`);
    if (target === undefined) {
      this.refuse(
        alias,
        'CLUSTER_ALIAS',
        `The alias ${name} has no anchor before it.`,
        `Write &${alias.source} before the value that is meant, above this line.`,
      );
      return 1;
    }
    if (this.ancestors.includes(target)) {
      this.refuse(
        alias,
        'CLUSTER_ALIAS',
        `The alias ${name} is inside the value that it repeats.`,
        'Write the values out.',
      );
      return 1;
    }
    const size = this.sizes.get(target) ?? 1;
    const before = this.repeated;
    this.repeated += size;
    if (before <= maxRepeated && this.repeated > maxRepeated) {
      this.refuse(
        alias,
        'CLUSTER_ALIAS',
        `The aliases up to ${name} repeat more than ${maxRepeated} values.`,
        'Write the values out.',
      );
    }
    return size;
  }

  private refuseRepeatedKeys(keys: readonly unknown[]): void {
    const seen = new Set<string>();
    for (const key of keys) {
      const name = isScalar(key) ? String(key.value) : '';
      if (seen.has(name)) {
        this.refuse(
          key,
          'CLUSTER_KEY_TWICE',
          `The key ${quote(name)} is here a second time.`,
          'Keep one of the two, or join what they hold.',
        );
      }
      seen.add(name);
    }
  }

  private refuse(node: unknown, code: ProblemCode, message: string, hint: string): void {
    this.findings.push({ code, offset: startOf(node) ?? 0, message, hint });
  }
}
