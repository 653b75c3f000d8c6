import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkCel, readsClaim } from '../../../src/cluster/cel/check.ts';
import { CelProblem } from '../../../src/cluster/cel/tokens.ts';
import { invalid, valid } from './expressions.ts';

/** The problem of an expression, as `place: message`; undefined if it has none. */
function problemOf(expression: string, variable: 'claims' | 'user' = 'claims', result: 'boolean' | 'any' = 'any') {
  try {
    checkCel(expression, { variable, result });
    return undefined;
  } catch (error) {
    if (!(error instanceof CelProblem)) throw error;
    return `${error.at}: ${error.message}`;
  }
}

describe('An expression over claims', () => {
  test.each(valid)('%s is one', (expression) => {
    expect(problemOf(expression, 'claims', 'boolean')).toBeUndefined();
  });

  test.each(invalid)('%s is not valid', (expression, problem) => {
    expect(problemOf(expression, 'claims', 'boolean')).toBe(problem);
  });

  test('may have any type if it maps to a value', () => {
    for (const expression of ["'github:' + claims.sub", 'claims.groups', "['a']"])
      expect(problemOf(expression)).toBeUndefined();
  });

  test('reports the claims that it reads', () => {
    const reads = (expression: string) =>
      readsClaim(checkCel(expression, { variable: 'claims', result: 'any' }), 'email');
    for (const expression of ['claims.email', "claims['email']", 'claims.?email.orValue("")', 'has(claims.email)'])
      expect(reads(expression)).toBe(true);
    for (const expression of ['claims.email_verified', "'claims.email'", 'claims.a.email'])
      expect(reads(expression)).toBe(false);
  });
});

describe('An expression over user', () => {
  test.each([
    "!user.username.startsWith('system:')",
    "user.groups.all(g, !g.startsWith('x'))",
    "user.extra['example.com/a'] == ['b'] && user.uid != ''",
  ])('%s is one', (expression) => {
    expect(problemOf(expression, 'user', 'boolean')).toBeUndefined();
  });

  test('has the fields of UserInfo only', () => {
    expect(problemOf("user.name == 'x'", 'user')).toBe(
      '4: user has no field name: it has username, uid, groups, extra',
    );
    expect(problemOf("claims.sub == 'x'", 'user')).toBe('0: there is no variable claims: write user');
  });
});

test('any text is an expression or has a problem with its place, and never crashes', () => {
  const part = fc.constantFrom(
    'claims',
    '.',
    '?',
    ':',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    "'",
    '"',
    '||',
    '&&',
    '!',
    '-',
    ' ',
    'a',
    '1',
    '\n',
    '\\',
    '`',
    'in',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 60 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (expression) => {
      const [, place] = /^(\d+): ./.exec(problemOf(expression) ?? '0: none') ?? [];
      expect(Number(place)).toBeLessThanOrEqual(expression.length);
    }),
    { numRuns: 500 },
  );
});

test('a chain of many operators is not deep nesting', () => {
  const chain = Array.from({ length: 500 }, (_, index) => `claims.a == '${index}'`).join(' || ');
  expect(problemOf(chain.slice(0, 9_000).replace(/ \|\| [^|]*$/, ''), 'claims', 'boolean')).toBeUndefined();
  expect(problemOf(`${'!'.repeat(9_000)}true`, 'claims', 'boolean')).toBeUndefined();
});
