import { parse } from 'yaml';
import type { Refuse } from './bytes.ts';

/** The parser takes quadratic time for some texts: with this many characters, half a second at most. */
const mostCharacters = 32 * 1024;

/**
 * Parses a small untrusted YAML text with the core schema.
 * @throws the error of `refuse`, which never quotes the text
 */
export function parseYaml(text: string, refuse: Refuse): unknown {
  if (text.length > mostCharacters) throw refuse(`YAML of more than ${mostCharacters} characters`);
  try {
    // The parser would print warnings to stderr, with the lines that they concern.
    return parse(text, { logLevel: 'error', schema: 'core', uniqueKeys: false });
  } catch {
    throw refuse('text that is no YAML');
  }
}
