import { Problem } from '../../errors.ts';

const placeholder = /\{([a-zA-Z]\w*)\}/g;

/**
 * Splits a command like a shell does, but supports only quotes and backslashes: no variables, no globs, no operators.
 * The result is an argv that is never passed to a shell.
 * @throws Problem COMMAND_INVALID, which never quotes the command: it is a secret.
 */
export function splitWords(command: string): readonly string[] {
  const words: string[] = [];
  // A word is a run of quoted and bare parts; a character that does not match is white space or an open quote.
  const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)|(.)/gsy;
  let word: string | undefined;
  for (const { index, 1: single, 2: double, 3: escaped, 4: bare, 5: space, 6: rest } of command.matchAll(part)) {
    if (rest !== undefined) throw unclosed(rest, index);
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? '');
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function unclosed(sign: string, index: number): Problem {
  return new Problem(`the command has a ${sign} without its end, at character ${index + 1}`, {
    code: 'COMMAND_INVALID',
    hint: 'Close the quote, or write a backslash before it. The command itself is not shown, as it may hold a password.',
  });
}

/**
 * Fills `{name}` in each word. This follows the split, so a value never becomes two words.
 * @throws Problem COMMAND_INVALID for an unknown name, with the word's number only: the text in braces may be a password.
 */
export function fillWords(words: readonly string[], values: Readonly<Record<string, string>>): readonly string[] {
  return words.map((word, index) =>
    word.replace(placeholder, (_, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) return value;
      throw new Problem(`word ${index + 1} of the command has a placeholder that is not known`, {
        code: 'COMMAND_INVALID',
        hint: `Known placeholders: ${Object.keys(values)
          .map((known) => `{${known}}`)
          .join(', ')}.`,
      });
    }),
  );
}

/**
 * The parts of a command that must not be shown: its words, and the text between placeholders in a word.
 * @param open texts that are shown anyway, such as names and addresses of hosts: a part that one of them contains is not a secret,
 *   and GitHub drops an output that contains a masked value.
 */
export function secretParts(command: string, open: readonly string[]): readonly string[] {
  const parts = wordsOf(command).flatMap((word) => word.replaceAll(placeholder, '\0').split('\0'));
  return [...new Set(parts)].filter((part) => part !== '' && !open.some((text) => text.includes(part)));
}

/** The parts of a command with an open quote: the words between blanks. */
function wordsOf(command: string): readonly string[] {
  try {
    return splitWords(command);
  } catch {
    return command.split(/[\s'"]+/);
  }
}
