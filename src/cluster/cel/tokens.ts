/** A token of an expression: an operator or bracket has its own text as kind. */
export interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'punctuation' | 'end';
  readonly text: string;
  /** The position of its first character. */
  readonly at: number;
}

/** Why a text is not an expression, with the position. */
export class CelProblem extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = 'CelProblem';
    this.at = at;
  }
}

const escaped = String.raw`\\(?:[\\'"\`?abfnrtv]|[xX][0-9a-fA-F]{2}|[0-3][0-7]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`;
const strings = [
  String.raw`[bB]?[rR][bB]?(?:'''(?:(?!''')[\s\S])*'''|"""(?:(?!""")[\s\S])*"""|'[^'\r\n]*'|"[^"\r\n]*")`,
  String.raw`[bB]?(?:'''(?:(?!''')[^\\]|${escaped})*'''|"""(?:(?!""")[^\\]|${escaped})*""")`,
  String.raw`[bB]?(?:'(?!'')(?:[^'\\\r\n]|${escaped})*'|"(?!"")(?:[^"\\\r\n]|${escaped})*")`,
];

/** In the order in which they are tried. https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax */
const kinds: readonly (readonly [kind: Token['kind'] | 'blank', pattern: RegExp])[] = [
  ['blank', /(?:[ \t\r\n\f]|\/\/[^\n]*)+/y],
  ['string', new RegExp(strings.join('|'), 'y')],
  ['number', /0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?/y],
  ['name', /[A-Za-z_]\w*|`[\w./ -]+`/y],
  ['punctuation', /&&|\|\||[<>=!]=|\[\?|\.\?|[-+*/%<>!?:.,()[\]{}]/y],
];

/** The tokens of an expression, and one for its end. @throws CelProblem */
export function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const [kind, text] = tokenAt(expression, at);
    if (kind !== 'blank') tokens.push({ kind, text, at });
    at += text.length;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

function tokenAt(expression: string, at: number): readonly [Token['kind'] | 'blank', string] {
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(expression) ?? [];
    if (text !== undefined) return [kind, text];
  }
  const character = expression.slice(at, at + 1);
  if (character === "'" || character === '"')
    throw new CelProblem('a text in quotes is not closed, or has a wrong escape', at);
  if (character === '=') throw new CelProblem('“=” is no operator: write “==”', at);
  if (character === '&' || character === '|') throw new CelProblem(`“${character}” is no operator: write it twice`, at);
  throw new CelProblem(`the character ${JSON.stringify(character)} has no meaning here`, at);
}
