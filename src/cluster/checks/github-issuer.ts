import type { JwtEntry } from '../authentication.ts';
import { checkCel, readsClaim, textIn } from '../cel/check.ts';
import { allNodes, type Node } from '../cel/nodes.ts';
import { type Finding, type Path, quote } from '../finding.ts';
import { wrongToken } from './wrong-token.ts';

/** The issuers of GitHub, of GHE.com and of Enterprise Servers: each makes tokens for all repositories that it has. */
const github = /^https:\/\/(token\.actions\.(githubusercontent\.com|[\w-]+\.ghe\.com)|[^/]+\/_services\/token)\/*$/;

/** Claims that identify a repository by numbers, which are never reused. */
const lasting = ['repository_id', 'repository_owner_id', 'enterprise_id'];
/** Claims that identify it by names, which another owner may have later. */
const names = ['sub', 'repository', 'repository_owner', 'enterprise', 'job_workflow_ref', 'workflow_ref'];

/** An entry for GitHub's tokens without a rule about their origin: every account of that server gets such tokens. */
export function githubFindings(entry: JwtEntry, path: Path): readonly Finding[] {
  if (!github.test(entry.issuer.url) || reads(entry, [...lasting, ...names])) return [];
  const message = `The issuer ${quote(entry.issuer.url)} makes tokens for every repository on its server, and no rule names yours.`;
  const hint = "Add the rule claims.repository_id in ['123456789'] to claimValidationRules; see docs/github-oidc.md.";
  return [wrongToken([...path, 'claimValidationRules'], message, hint)];
}

/** Whether the rules identify repositories only by name. */
export function knowsNamesOnly(entry: JwtEntry): boolean {
  return github.test(entry.issuer.url) && !reads(entry, lasting);
}

/** Whether a rule compares one of these claims with a text: the mere presence of a claim proves nothing. */
function reads({ claimValidationRules }: JwtEntry, claims: readonly string[]): boolean {
  return claimValidationRules.some(({ claim, expression }) => {
    if (claim !== undefined) return claims.includes(claim);
    return expression !== undefined && comparisonsIn(expression).some((parts) => comparesAny(parts, claims));
  });
}

/** The operands of each comparison in an expression: `a == b`, `a in [b]`, `a.startsWith(b)`. */
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

/** All nodes of an expression; none for an invalid one, which another finding reports. */
function parsed(expression: string): readonly Node[] {
  try {
    return allNodes(checkCel(expression, { variable: 'claims', result: 'boolean' }));
  } catch {
    return [];
  }
}
