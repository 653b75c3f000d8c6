import type { JwtEntry } from '../authentication.ts';
import { checkCel, readsClaim, textIn } from '../cel/check.ts';
import { allNodes, type Node } from '../cel/nodes.ts';
import { type Finding, type Path, quote } from '../finding.ts';
import { wrongToken } from './wrong-token.ts';

/** Who makes the tokens of GitHub's own service. */
const github = 'https://token.actions.githubusercontent.com';

/** Claims that say which repository a token is for, by numbers that are never given again. */
const lasting = ['repository_id', 'repository_owner_id', 'enterprise_id'];
/** The same by names, which another may have later. */
const names = ['sub', 'repository', 'repository_owner', 'enterprise', 'job_workflow_ref', 'workflow_ref'];

/** An entry for GitHub's tokens that asks no claim of where they come from: each account of GitHub makes such tokens. */
export function githubFindings(entry: JwtEntry, path: Path): readonly Finding[] {
  if (entry.issuer.url.replace(/\/+$/, '') !== github || reads(entry, [...lasting, ...names])) return [];
  const message = `The issuer ${quote(entry.issuer.url)} makes tokens for every repository of GitHub, and no rule names yours.`;
  const hint = "Add the rule claims.repository_id in ['123456789'] to claimValidationRules; see docs/github-oidc.md.";
  return [wrongToken([...path, 'claimValidationRules'], message, hint)];
}

/** Whether the rules know repositories by their names only. */
export function knowsNamesOnly(entry: JwtEntry): boolean {
  return entry.issuer.url.replace(/\/+$/, '') === github && !reads(entry, lasting);
}

/** Whether a rule compares one of these claims with a text: that a claim is there says nothing. */
function reads({ claimValidationRules }: JwtEntry, claims: readonly string[]): boolean {
  return claimValidationRules.some(({ claim, expression }) => {
    if (claim !== undefined) return claims.includes(claim);
    return expression !== undefined && comparisonsIn(expression).some((parts) => comparesAny(parts, claims));
  });
}

/** What each comparison of an expression compares: `a == b`, `a in [b]`, `a.startsWith(b)`. */
function comparisonsIn(expression: string): readonly (readonly Node[])[] {
  return parsed(expression).flatMap((node) => {
    if (node.kind === 'operator' && ['==', 'in'].includes(node.operator)) return [node.operands];
    return node.kind === 'call' && node.of !== undefined ? [[node.of, ...node.args]] : [];
  });
}

function comparesAny(parts: readonly Node[], claims: readonly string[]): boolean {
  const reading = parts.filter((part) => claims.some((claim) => readsClaim(part, claim)));
  const others = parts.filter((part) => !reading.includes(part));
  const texts = others.flatMap(allNodes).filter((node) => node.kind === 'text' && textIn(node) !== '');
  return reading.length > 0 && texts.length > 0;
}

/** All nodes of an expression; none of a text that is no expression, of which another finding tells. */
function parsed(expression: string): readonly Node[] {
  try {
    return allNodes(checkCel(expression, { variable: 'claims', result: 'boolean' }));
  } catch {
    return [];
  }
}
