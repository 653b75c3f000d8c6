import { Problem } from '../errors.ts';
import { getInput } from './runner.ts';
import { readStart } from './small-file.ts';

/** In bytes; 40,000 hosts with one key each. */
const limit = 4 * 1024 * 1024;

/**
 * The hosts' keys: the lines themselves, or those of a file in the workspace. A line has blanks and a path has none.
 * @throws Problem INPUT_MISSING if there are none, INPUT_INVALID for a file that can't be read
 */
export function knownHostsInput(): string {
  const given = getInput('known-hosts');
  const text = /^\S+$/.test(given) ? readKeys(given) : given;
  if (text.trim() !== '') return text;
  throw new Problem('the input known-hosts is empty', {
    code: 'INPUT_MISSING',
    hint: 'Store the output of ssh-keyscan, which you have verified, in the variable KNOWN_HOSTS of this repository, or name a file with it.',
  });
}

function readKeys(path: string): string {
  try {
    return readStart(path, limit);
  } catch (error) {
    throw new Problem(`the input known-hosts names a file that can't be read: ${path}`, {
      code: 'INPUT_INVALID',
      hint: 'Write lines like "ADDRESS ssh-ed25519 AAAA…", or the path of a file with them; run actions/checkout before.',
      cause: error,
    });
  }
}
