import type { Refuse } from './bytes.ts';

/** Limits on the structure of a JSON text. The caller limits its length. */
export interface JsonLimits {
  /** Nesting depth, because code that walks the value is recursive. */
  readonly depth: number;
  /** The number of objects, lists and their elements: `{}` takes 56 bytes of memory for 2 bytes of text. */
  readonly values: number;
}

/** A CustomResourceDefinition nests some sixty levels deep, and a thousand nodes are half a million values. */
const usualLimits: JsonLimits = { depth: 200, values: 2_000_000 };

const [quote, backslash, comma] = [34, 92, 44];
const [openList, closeList, openMap, closeMap] = [91, 93, 123, 125];

/**
 * Parses untrusted JSON.
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

/** Parses untrusted JSON; undefined if it is none or exceeds the limits. For callers with one answer to all that is not what they expect. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return parseJson(text, Error);
  } catch {
    return undefined;
  }
}

/** Checks the limits in one pass before the parser runs, which has no limits. */
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

/** The index of the end of the string that begins at `from`; the last index if the string is not closed. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at;
  }
  return text.length;
}
