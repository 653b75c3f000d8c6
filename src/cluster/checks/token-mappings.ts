import type { JwtEntry } from '../authentication.ts';
import { readsClaim, textIn } from '../cel/check.ts';
import type { Node } from '../cel/nodes.ts';
import { type Finding, formatPath, type Path, quote } from '../finding.ts';
import { readExpression } from './token-rules.ts';
import { wrongToken } from './wrong-token.ts';

const overClaims = { variable: 'claims', result: 'any' } as const;
/** Prefixes of names that belong to Kubernetes and to this product; the API server refuses tokens of such users as well. */
const reserved = ['system:', 'k8s-ha-action:'];

type Mappings = JwtEntry['claimMappings'];
type Mapping = Mappings['username'];

/** The API server's rules for the names of a token's user (validateClaimMappings), and ours for names with system:. */
export function mappingFindings(entry: JwtEntry, path: Path): readonly Finding[] {
  const { username, groups, uid, extra } = entry.claimMappings;
  const at = (...steps: Path): Path => [...path, 'claimMappings', ...steps];
  return [
    ...nameFindings(username, at('username')),
    ...(groups === undefined ? [] : nameFindings(groups, at('groups'))),
    ...(uid === undefined ? [] : sourceFindings(uid, at('uid'))),
    ...extraFindings(extra, at('extra')),
    ...emailFindings(entry, at('username', 'expression')),
  ];
}

/** Exactly one of claim and expression must be set. */
function sourceFindings({ claim, expression }: Omit<Mapping, 'prefix'>, path: Path): readonly Finding[] {
  if ((claim === undefined) === (expression === undefined)) {
    const problem = claim === undefined ? 'has neither claim nor expression' : 'has both claim and expression';
    return [wrongToken(path, `${formatPath(path)} ${problem}.`, 'Write one of the two.')];
  }
  const read = expression === undefined ? undefined : readExpression([...path, 'expression'], expression, overClaims);
  return read !== undefined && 'finding' in read ? [read.finding] : [];
}

function nameFindings(mapping: Mapping, path: Path): readonly Finding[] {
  const { claim, prefix, expression } = mapping;
  const wrong = sourceFindings(mapping, path);
  const name = formatPath(path);
  if (wrong.length > 0) return wrong;
  if (claim !== undefined && prefix === undefined) {
    const hint = 'Write one that tells these users from others, such as prefix: "github:".';
    return [wrongToken(path, `${name} has no prefix, which is required with claim.`, hint)];
  }
  if (expression !== undefined && prefix !== undefined)
    return [
      wrongToken(
        [...path, 'prefix'],
        `${name} has a prefix beside expression.`,
        'Write it into the expression: "\'github:\' + claims.sub".',
      ),
    ];
  const begin = beginningOf(mapping);
  const own = reserved.find((each) => begin?.startsWith(each));
  if (own === undefined) return [];
  const hint = `Names that begin with ${own} belong to components. Write another prefix, such as github:.`;
  return [wrongToken(path, `${name} makes names that begin with ${quote(begin)}.`, hint)];
}

/** The text that all names of a mapping begin with: `'github:' + claims.sub`; undefined if they may begin with any text. */
export function beginningOf({ prefix, expression }: Mapping): string | undefined {
  if (expression === undefined) return prefix;
  const read = readExpression([], expression, overClaims);
  return 'node' in read ? firstText(read.node) : undefined;
}

function firstText(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'text') return textIn(node);
  if (node.kind === 'list') {
    const texts = node.items.map(firstText);
    return (
      texts.find((text) => reserved.some((each) => text?.startsWith(each))) ??
      (texts.includes(undefined) ? undefined : texts[0])
    );
  }
  return node.kind === 'operator' && node.operator === '+' ? firstText(node.operands[0]) : undefined;
}

function extraFindings(extra: Mappings['extra'], path: Path): readonly Finding[] {
  return extra.flatMap(({ key, valueExpression }, index) => {
    const problem =
      keyProblem(key) ?? (extra.findIndex((other) => other.key === key) < index ? 'is there twice' : undefined);
    const hint = 'Write a domain of your own and a word, in lower case: example.com/run.';
    const keys =
      problem === undefined ? [] : [wrongToken([...path, index, 'key'], `The key ${quote(key)} ${problem}.`, hint)];
    const read = readExpression([...path, index, 'valueExpression'], valueExpression, overClaims);
    return 'finding' in read ? [...keys, read.finding] : keys;
  });
}

function keyProblem(key: string): string | undefined {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[\w.~!$&'()*+,;=:@%/-]+$/i.test(key)) return 'has no domain before “/”';
  if (key !== key.toLowerCase()) return 'has capitals in it';
  return /^([^/]*\.)?(kubernetes|k8s)\.io\//.test(key) ? 'has a domain of Kubernetes’ own' : undefined;
}

/** An e-mail address that its issuer has not verified may belong to another person. */
function emailFindings({ claimMappings, claimValidationRules }: JwtEntry, path: Path): readonly Finding[] {
  const reads = (text: string | undefined, claim: string) => {
    const read = text === undefined ? undefined : readExpression(path, text, overClaims);
    return read !== undefined && 'node' in read && readsClaim(read.node, claim);
  };
  const { username, extra } = claimMappings;
  if (!reads(username.expression, 'email')) return [];
  const places = [
    username.expression,
    ...extra.map((each) => each.valueExpression),
    ...claimValidationRules.map((rule) => rule.expression),
  ];
  if (places.some((text) => reads(text, 'email_verified'))) return [];
  const hint = 'Add the rule claims.?email_verified.orValue(true) == true to claimValidationRules.';
  return [wrongToken(path, `${formatPath(path)} reads claims.email, and no rule reads claims.email_verified.`, hint)];
}
