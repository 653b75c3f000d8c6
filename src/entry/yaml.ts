import { parse } from 'yaml';
import type { Refuse } from './bytes.ts';

/** For some texts the parser takes quadratic time: with so many characters half a second at most. */
const mostCharacters = 32 * 1024;

/**
 * The value of a small YAML text that somebody else wrote, as the core schema has it.
 * @throws the error of `refuse`, which never quotes the text
 */
export function parseYaml(text: string, refuse: Refuse): unknown {
  if (text.length > mostCharacters) throw refuse(`YAML of more than ${mostCharacters} characters`);
  try {
    // Its warnings would go to stderr, with the lines that they are about.
    return parse(text, { logLevel: 'error', schema: 'core', uniqueKeys: false });
  } catch {
    throw refuse('text that is no YAML');
  }
}
