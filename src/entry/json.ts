import type { Refuse } from './bytes.ts';

/** What a JSON text may be made of, besides its length, which its reader limits. */
export interface JsonLimits {
  /** Of nesting: code that walks the value does so by recursion. */
  readonly depth: number;
  /** Objects, lists and what is in them: `{}` takes 56 bytes of memory for 2 bytes of text. */
  readonly values: number;
}

/** A CustomResourceDefinition nests some sixty levels deep, and a thousand nodes are half a million values. */
const usualLimits: JsonLimits = { depth: 200, values: 2_000_000 };

const [quote, backslash, comma] = [34, 92, 44];
const [openList, closeList, openMap, closeMap] = [91, 93, 123, 125];

/**
 * The value of a JSON text that somebody else wrote.
 * @throws the error of `refuse`, which never quotes the text
 */
export function parseJson(text: string, refuse: Refuse, limits = usualLimits): unknown {
  checkJson(text, refuse, limits);
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('text that is no JSON');
  }
}

/** One pass before the parser's own, which knows no limits. */
function checkJson(text: string, refuse: Refuse, { depth, values }: JsonLimits): void {
  let deep = 0;
  let seen = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === comma) seen += 1;
    else if (code === openList || code === openMap) {
      deep += 1;
      seen += 1;
      if (deep > depth) throw refuse(`JSON that is nested more than ${depth} levels deep`);
    } else if (code === closeList || code === closeMap) deep -= 1;
    if (seen > values) throw refuse(`JSON of more than ${values} values`);
  }
}

/** Where the string that begins at `from` ends; the last character when it has no end. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at;
  }
  return text.length;
}
