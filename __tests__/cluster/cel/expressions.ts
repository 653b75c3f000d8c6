// Expressions for both the parser and a real API server: __tests__/lab/authentication.test.ts compiles all of them.

/** Rules over claims that the API server compiles. */
export const valid: readonly string[] = [
  "claims.repository_id == '1'",
  "claims.repository_id in ['1', '2']",
  'has(claims.environment) && claims.environment in [\'production\', "staging"]',
  "claims.?environment.orValue('') == 'production'",
  "claims['sub'].startsWith('repo:')",
  "dyn(claims.aud).all(a, a == 'x') || dyn(claims.groups).exists(g, g.endsWith('s'))",
  "has(claims.groups) && 'deployers' in claims.groups",
  "[claims.ref, claims.sha].exists(value, value == 'x')",
  "!(claims.event_name in ['pull_request', 'pull_request_target'])",
  "sets.equivalent(claims.aud, ['a', 'b'])",
  'claims.exp - claims.iat <= 3600',
  "claims.ref.matches(r'^refs/heads/(main|release-\\d+)$')",
  "claims.a == 'x' ? true : claims.b == 'y'",
  `// who it is\nclaims.sub == '''long "text"'''`,
  'size(claims.sub) > 0 && claims.n == -1 && claims.f == 1.5e3 && claims.u != 0x1F',
  "{'a': 1}['a'] == 1",
];

/** Rules over claims that it refuses, with the message of our own check. */
export const invalid: readonly (readonly [expression: string, problem: string])[] = [
  ["claims.repository_id = '1'", '21: “=” is no operator: write “==”'],
  ["claims.a == 'x' & claims.b == 'y'", '16: “&” is no operator: write it twice'],
  ["claims.a == 'x", '12: a text in quotes is not closed, or has a wrong escape'],
  ["claims.a == '\\q'", '12: a text in quotes is not closed, or has a wrong escape'],
  ['claims.a == ‘x’', '12: the character "‘" has no meaning here'],
  ["(claims.a == 'x'", '16: the expression ends too early'],
  ["claims.a == 'x')", '15: ")" is not expected here'],
  ["claims.a in ['1' '2']", '17: "\'2\'" is not expected here'],
  ["claims.a == 'x' and claims.b == 'y'", '16: "and" is not expected here'],
  ['claims.', '7: the expression ends too early'],
  ['', '0: the expression ends too early'],
  ["claim.sub == 'x'", '0: there is no variable claim: write claims'],
  ["user.username == 'x'", '0: there is no variable user: write claims'],
  ["dyn(claims.groups).exists(g, h == 'x')", '29: there is no variable h: write claims'],
  ["claims.groups.exists(g, g == 'x')", '6: claims.groups is of no known type: write dyn(claims.groups).exists(…)'],
  ['claims.email_verified', '0: it is neither true nor false'],
  ["claims.a + 'x'", '0: it is neither true nor false'],
  [`${'('.repeat(200)}true${')'.repeat(200)}`, '100: the expression is nested too deep'],
  [`claims${'.a'.repeat(200)} == 'x'`, '208: the expression is nested too deep'],
];
