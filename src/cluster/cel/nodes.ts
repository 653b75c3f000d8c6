/** A parsed expression of CEL, with the details that the checks of cluster.yaml need. */
export type Node =
  | { readonly kind: 'text'; readonly source: string }
  | { readonly kind: 'number' }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'select'; readonly of: Node; readonly field: string; readonly at: number }
  | { readonly kind: 'index'; readonly of: Node; readonly index: Node }
  /** A call of a function, or with `of` of a method. */
  | { readonly kind: 'call'; readonly name: string; readonly of?: Node; readonly args: readonly Node[] }
  | { readonly kind: 'operator'; readonly operator: string; readonly operands: readonly Node[] }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'map'; readonly items: readonly Node[] };

/** The direct children of a node. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'select':
      return [node.of];
    case 'index':
      return [node.of, node.index];
    case 'call':
      return node.of === undefined ? node.args : [node.of, ...node.args];
    case 'operator':
      return node.operands;
    case 'list':
    case 'map':
      return node.items;
    default:
      return [];
  }
}

/** A node and all its descendants. */
export function allNodes(node: Node): readonly Node[] {
  return [node, ...childrenOf(node).flatMap(allNodes)];
}
