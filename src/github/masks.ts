import * as core from '@actions/core';

/** Shorter values are words that happen to stand in a key file; masking them would blot out the log. */
const shortest = 8;

/** Masks values before they can be printed: whole, each line, and each of these in base64. Never pass host or user names. */
export function mask(values: Iterable<string>): void {
  const lines = [...values].flatMap((value) => [value, ...value.split(/\r?\n/)]);
  const secrets = new Set(
    lines.map((line) => line.trim()).filter((line) => line.length >= shortest && !line.startsWith('-----')),
  );
  for (const secret of secrets) {
    core.setSecret(secret);
    core.setSecret(Buffer.from(secret).toString('base64'));
  }
}
