import type { JwtEntry } from '../authentication.ts';
import { type CelUse, checkCel } from '../cel/check.ts';
import type { Node } from '../cel/nodes.ts';
import { CelProblem } from '../cel/tokens.ts';
import { type Finding, formatPath, type Path, quote } from '../finding.ts';
import { wrongToken } from './wrong-token.ts';

/** An expression, or why it is invalid. */
export type Expression = { readonly node: Node } | { readonly finding: Finding };

/** The API server's rules for the required claims of tokens and for their users. */
export function ruleFindings({ claimValidationRules, userValidationRules }: JwtEntry, path: Path): readonly Finding[] {
  const claims = claimValidationRules.flatMap((rule, index) =>
    claimRuleFindings(rule, [...path, 'claimValidationRules', index]),
  );
  const users = userValidationRules.flatMap(({ expression }, index) =>
    expressionFindings([...path, 'userValidationRules', index, 'expression'], expression, {
      variable: 'user',
      result: 'boolean',
    }),
  );
  return [
    ...claims,
    ...users,
    ...repeated(claimValidationRules, 'claim', [...path, 'claimValidationRules']),
    ...repeated(claimValidationRules, 'expression', [...path, 'claimValidationRules']),
    ...repeated(userValidationRules, 'expression', [...path, 'userValidationRules']),
  ];
}

type ClaimRule = JwtEntry['claimValidationRules'][number];

function claimRuleFindings({ claim, requiredValue, expression, message }: ClaimRule, path: Path): readonly Finding[] {
  const name = formatPath(path);
  if ((claim === undefined) === (expression === undefined)) {
    const problem = claim === undefined ? 'has neither claim nor expression' : 'has both claim and expression';
    return [wrongToken(path, `${name} ${problem}.`, 'Write claim and requiredValue, or expression and message.')];
  }
  if (expression === undefined) {
    return message === undefined
      ? []
      : [wrongToken(path, `${name} has a message beside claim.`, 'Remove it, or use expression.')];
  }
  const own = expressionFindings([...path, 'expression'], expression, { variable: 'claims', result: 'boolean' });
  if (requiredValue === undefined) return own;
  return [wrongToken(path, `${name} has a requiredValue beside expression.`, 'Remove it, or use claim.'), ...own];
}

/** Why a text is not an expression. */
function expressionFindings(path: Path, text: string, use: CelUse): readonly Finding[] {
  const read = readExpression(path, text, use);
  return 'finding' in read ? [read.finding] : [];
}

/** The expression that a text is, or the finding that says why it is none, with the character and line of the first mistake. */
export function readExpression(path: Path, text: string, use: CelUse): Expression {
  try {
    return { node: checkCel(text, use) };
  } catch (error) {
    if (!(error instanceof CelProblem)) throw error;
    const { line, column } = placeIn(text, error.at);
    const message = `${formatPath(path)} is no expression: ${error.message} (character ${column} of its line ${line}).`;
    const hint =
      'See https://kubernetes.io/docs/reference/using-api/cel/: texts in quotes, lists in [ ], == to compare.';
    return { finding: wrongToken(path, message, hint) };
  }
}

function placeIn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function repeated<Key extends string>(
  rules: readonly { readonly [key in Key]?: string | undefined }[],
  key: Key,
  path: Path,
): readonly Finding[] {
  return rules.flatMap((rule, index) => {
    const value = rule[key];
    if (value === undefined || rules.findIndex((other) => other[key] === value) === index) return [];
    return [
      wrongToken([...path, index, key], `The ${key} ${quote(value)} has a rule before.`, 'Keep one of the two rules.'),
    ];
  });
}
