import { shortestHidden } from './hidden-values.ts';
import { addMask } from './runner.ts';

const lineEnd = /\r\n?|\n/;
/** The same value escaped in one line, as JSON, YAML and shell write it. */
const writtenEnd = /(?:\\r)?\\n/;

/**
 * Masks values before they can be printed: the complete value, each line, and each of these in base64. Never pass host or user names:
 * GitHub drops an output that contains a masked value. Values shorter than 8 characters are not masked: ordinary words of a
 * key file would hide large parts of the log.
 */
export function mask(values: Iterable<string>): void {
  const lines = [...values].flatMap((value) => [value, ...value.split(lineEnd)]);
  const parts = lines.flatMap((line) => [line, ...line.split(writtenEnd)]);
  const secrets = new Set(
    parts.map((line) => line.trim()).filter((line) => line.length >= shortestHidden && !line.startsWith('-----')),
  );
  for (const secret of secrets) {
    addMask(secret);
    addMask(Buffer.from(secret).toString('base64'));
  }
}
