import type { Node } from './nodes.ts';
import { CelProblem, type Token, tokensOf } from './tokens.ts';

/** Deeper than any real rule, and small enough for the stack. */
const maxDepth = 100;

/** Operators by their precedence, the lowest first. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>', '>=', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/**
 * Parses an expression of CEL (https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax), without its types.
 * @throws CelProblem with the position of the first mistake
 */
export function parseCel(expression: string): Node {
  return new Parser(tokensOf(expression)).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    const node = this.#expression();
    if (this.#token.kind !== 'end') this.#unexpected();
    return node;
  }

  get #token(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new CelProblem('the expression ends here', this.#tokens.at(-1)?.at ?? 0);
    return token;
  }

  #unexpected(): never {
    const { kind, text, at } = this.#token;
    const what = kind === 'end' ? 'the expression ends too early' : `${JSON.stringify(text)} is not expected here`;
    throw new CelProblem(what, at);
  }

  /** Takes the next token if it is one of these. */
  #take(...texts: readonly string[]): string | undefined {
    const { kind, text } = this.#token;
    if (kind === 'string' || kind === 'end' || !texts.includes(text)) return undefined;
    this.#next += 1;
    return text;
  }

  #must(text: string): void {
    if (this.#take(text) === undefined) this.#unexpected();
  }

  #expression(): Node {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new CelProblem('the expression is nested too deep', this.#token.at);
    const node = this.#conditional(this.#binary(0));
    this.#depth -= 1;
    return node;
  }

  #conditional(condition: Node): Node {
    if (this.#take('?') === undefined) return condition;
    const then = this.#binary(0);
    this.#must(':');
    return { kind: 'operator', operator: '?:', operands: [condition, then, this.#expression()] };
  }

  /** All operands of one precedence level in one list, for any number of operators, with the first operator. */
  #binary(level: number): Node {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    const operands = [this.#binary(level + 1)];
    const first = this.#take(...operators);
    for (let operator = first; operator !== undefined; operator = this.#take(...operators)) {
      operands.push(this.#binary(level + 1));
    }
    const [only] = operands;
    return first === undefined && only !== undefined ? only : { kind: 'operator', operator: first ?? '', operands };
  }

  #unary(): Node {
    const operator = this.#take('!', '-');
    if (operator === undefined) return this.#member();
    // Repeated, but never mixed: --x, !!x.
    while (this.#take(operator) !== undefined);
    return { kind: 'operator', operator, operands: [this.#member()] };
  }

  #member(): Node {
    let node = this.#primary();
    for (let length = 0; ; length += 1) {
      const { at } = this.#token;
      const opened = this.#take('.', '.?', '[', '[?');
      if (opened === undefined) return node;
      if (length > maxDepth) throw new CelProblem('the expression is nested too deep', at);
      if (opened.startsWith('[')) {
        node = { kind: 'index', of: node, index: this.#expression() };
        this.#must(']');
      } else {
        const field = this.#name();
        const called = opened === '.' && this.#take('(') !== undefined;
        node = called
          ? { kind: 'call', name: field, of: node, args: this.#items(')') }
          : { kind: 'select', of: node, field, at };
      }
    }
  }

  #name(): string {
    const { kind, text } = this.#token;
    if (kind !== 'name') this.#unexpected();
    this.#next += 1;
    return text.replaceAll('`', '');
  }

  #primary(): Node {
    const { kind, text, at } = this.#token;
    if (this.#take('(') !== undefined) {
      const node = this.#expression();
      this.#must(')');
      return node;
    }
    if (this.#take('[') !== undefined) return { kind: 'list', items: this.#items(']') };
    if (this.#take('{') !== undefined) return { kind: 'map', items: this.#items('}') };
    if (kind === 'name' && !text.startsWith('`') && text !== 'in') return this.#named(at);
    if (kind !== 'string' && kind !== 'number') this.#unexpected();
    this.#next += 1;
    return kind === 'string' ? { kind: 'text', source: text } : { kind };
  }

  #named(at: number): Node {
    const name = this.#name();
    if (name === 'true' || name === 'false') return { kind: 'boolean' };
    if (name === 'null') return { kind: 'null' };
    if (this.#take('(') !== undefined) return { kind: 'call', name, args: this.#items(')') };
    return { kind: 'name', name, at };
  }

  /** The items between commas up to the closing bracket; in braces, keys and values. */
  #items(closing: string): readonly Node[] {
    const items: Node[] = [];
    while (this.#take(closing) === undefined) {
      if (items.length > 0) {
        this.#must(',');
        // A trailing comma is allowed in a list and a map, but not in the arguments of a call.
        if (closing !== ')' && this.#take(closing) !== undefined) break;
      }
      this.#take('?');
      items.push(this.#expression());
      if (closing !== '}') continue;
      this.#must(':');
      items.push(this.#expression());
    }
    return items;
  }
}
