import { allNodes, childrenOf, type Node } from './nodes.ts';
import { parseCel } from './parse.ts';
import { CelProblem } from './tokens.ts';

/** The variables that an expression may use, and whether its result must be a boolean. */
export interface CelUse {
  readonly variable: 'claims' | 'user';
  readonly result: 'boolean' | 'any';
}

/** The fields of Kubernetes' UserInfo, the type of `user`. */
const userFields = ['username', 'uid', 'groups', 'extra'];
/** Methods that declare variables in their first argument, or in the first two. */
const macros = new Set([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'map',
  'filter',
  'transformList',
  'transformMap',
  'bind',
]);
/** Much longer than a rule needs, and short enough to check quickly. */
const maxLength = 10_000;
const comparing = new Set(['||', '&&', '<', '<=', '>', '>=', '==', '!=', 'in', '!']);

/**
 * The expression, if the API server would compile it, as far as that is known without types.
 * @throws CelProblem with the position of the mistake: each one would keep API servers from starting.
 */
export function checkCel(expression: string, { variable, result }: CelUse): Node {
  if (expression.length > maxLength) throw new CelProblem(`it has more than ${maxLength} characters`, 0);
  const root = parseCel(expression);
  const nodes = allNodes(root);
  const declared = new Set(nodes.flatMap(declaredBy));
  for (const node of valuesIn(root)) {
    if (node.kind !== 'name' || node.name === variable || declared.has(node.name)) continue;
    throw new CelProblem(`there is no variable ${node.name}: write ${variable}`, node.at);
  }
  for (const node of nodes) if (variable === 'user') checkField(node);
  for (const node of nodes) checkRange(node);
  if (result === 'boolean' && neverBoolean(root)) throw new CelProblem('it is neither true nor false', 0);
  return root;
}

/** The variables that a macro declares. */
function declaredBy(node: Node): readonly string[] {
  if (node.kind !== 'call' || node.of === undefined || !macros.has(node.name)) return [];
  return node.args.slice(0, 2).flatMap((arg) => (arg.kind === 'name' ? [arg.name] : []));
}

/** All nodes except the namespaces of functions, such as the first word of `sets.contains(a, b)`. */
function valuesIn(node: Node): readonly Node[] {
  const isNamespaced = node.kind === 'call' && node.of?.kind === 'name';
  return [node, ...(isNamespaced ? node.args : childrenOf(node)).flatMap(valuesIn)];
}

function checkField(node: Node): void {
  if (node.kind !== 'select' || node.of.kind !== 'name' || node.of.name !== 'user') return;
  if (userFields.includes(node.field)) return;
  throw new CelProblem(`user has no field ${node.field}: it has ${userFields.join(', ')}`, node.at);
}

/** The type of a claim is unknown to the API server, and it allows no macro on it. */
function checkRange(node: Node): void {
  if (node.kind !== 'call' || !macros.has(node.name) || node.of?.kind !== 'select' || !isClaims(node.of.of)) return;
  const claim = `claims.${node.of.field}`;
  throw new CelProblem(`${claim} is of no known type: write dyn(${claim}).${node.name}(…)`, node.of.at);
}

/** A claim alone may have any type, so the API server does not accept it as a rule. */
function neverBoolean(node: Node): boolean {
  if (node.kind === 'operator') {
    if (node.operator === '?:') return node.operands.slice(1).every(neverBoolean);
    return !comparing.has(node.operator);
  }
  return node.kind !== 'boolean' && node.kind !== 'call';
}

/** Whether an expression reads a claim: `claims.email`, `claims.?email`, `claims["email"]`. */
export function readsClaim(root: Node, claim: string): boolean {
  return allNodes(root).some((node) => {
    if (node.kind === 'select') return isClaims(node.of) && node.field === claim;
    return node.kind === 'index' && isClaims(node.of) && node.index.kind === 'text' && textIn(node.index) === claim;
  });
}

function isClaims(node: Node): boolean {
  return node.kind === 'name' && node.name === 'claims';
}

/** The content of a literal, if it has no escapes. */
export function textIn({ source }: { readonly source: string }): string {
  return source.replace(/^[bBrR]*('''|"""|'|")([\s\S]*)\1$/, '$2');
}
