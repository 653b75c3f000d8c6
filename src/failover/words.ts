import { Problem } from '../errors.ts';

/**
 * Splits a command as a shell would, with quotes and backslashes and nothing else: no variables, no globs, no operators.
 * What comes out is an argv that never meets a shell.
 * @throws Problem COMMAND_INVALID
 */
export function splitWords(command: string): readonly string[] {
  const words: string[] = [];
  // A word is a run of quoted and bare parts; what matches nothing is white space or an open quote.
  const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)|(.)/gsy;
  let word: string | undefined;
  for (const [, single, double, escaped, bare, space, rest] of command.matchAll(part)) {
    if (rest !== undefined) {
      throw new Problem(`the command has a ${rest} without its end: ${command}`, { code: 'COMMAND_INVALID' });
    }
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

/**
 * Fills `{name}` in each word. After the split, so that no value becomes two words.
 * @throws Problem COMMAND_INVALID for a name that is not known
 */
export function fillWords(words: readonly string[], values: Readonly<Record<string, string>>): readonly string[] {
  return words.map((word) =>
    word.replace(/\{([a-zA-Z]\w*)\}/g, (placeholder, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) return value;
      throw new Problem(`the command has ${placeholder}, which stands for nothing`, {
        code: 'COMMAND_INVALID',
        hint: `What is filled in: ${Object.keys(values)
          .map((known) => `{${known}}`)
          .join(', ')}.`,
      });
    }),
  );
}
