import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../../lab/command.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

/** Words that identify a private key in any file, plain, in JSON and in a URL; in base64 a text has one of three forms. */
const space = '([ +]|%20)';
const shapes = [
  `-----BEGIN${space}([A-Z0-9]+${space})*PRIVATE${space}KEY`,
  ...inBase64('PRIVATE KEY-----'),
  'AGE-SECRET-KEY-1[0-9A-Z]{20}',
  ...inBase64('AGE-SECRET-KEY-1'),
  // A bootstrap token.
  '\\b[a-z0-9]{6}\\.[a-z0-9]{16}\\b',
];

/** The base64 of a text at any offset in the encoded data, without the characters that depend on its neighbours. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const encoded = bytes.toString('base64').replace(/=+$/, '');
    const shared = bytes.length % 3 === 0 ? 0 : 1;
    return encoded.slice([0, 2, 3][before], encoded.length - shared).replaceAll('+', '\\+');
  });
}

/**
 * Files below a folder that contain one of the values, or a text in the form of a private key, an age key or a bootstrap token.
 * @param code the folder with the published files: identical files contain such forms without a secret.
 */
export async function plaintextIn(
  folder: string,
  values: readonly string[],
  code: { readonly copy: string; readonly original: string },
): Promise<readonly string[]> {
  await using scratch = await scratchFolder();
  const file = join(scratch.path, 'values');
  writeFileSync(file, `${values.join('\n')}\n`, { mode: 0o600 });
  const byShape = await grep(['-E', ...shapes.flatMap((shape) => ['-e', shape]), folder]);
  const byValue = await grep(['-F', '-f', file, folder]);
  const published = (path: string) => {
    const original = join(code.original, relative(code.copy, path));
    return (
      path.startsWith(`${code.copy}/`) && existsSync(original) && readFileSync(path).equals(readFileSync(original))
    );
  };
  const found = new Set([...byShape.filter((path) => !published(path)), ...byValue]);
  return [...found].map((path) => relative(folder, path)).sort();
}

/** Each form of secrets that is searched, by name: files with these must be found. */
export function formsOf(key: string, other: { readonly identity: string; readonly token: string }) {
  const pem = (label: string) => `-----BEGIN ${label}-----`;
  const labels = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'];
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return {
    ...Object.fromEntries(labels.map((label, index) => [`header-${index}`, `x${pem(label)}\nx`])),
    ...Object.fromEntries(
      ['', 'x', 'xx'].map((before) => [`base64-${before.length}`, base64(`${before}${pem(labels[0] ?? '')}\nab`)]),
    ),
    json: JSON.stringify({ key }),
    url: encodeURIComponent(pem('RSA PRIVATE KEY')),
    line: `x${key.split('\n').at(-4)}x`,
    wrapped: `x${base64(key).slice(800, 1200)}x`,
    identity: `x${other.identity}x`,
    'identity-base64': base64(`x${other.identity}`),
    token: `x ${other.token} x`,
  };
}

async function grep(args: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await run(
    ['grep', '--recursive', '--files-with-matches', '--text', '--null', ...args],
    {
      env: { ...process.env, LC_ALL: 'C' },
    },
  );
  if (status > 1) throw new Error(stderr);
  return stdout.split('\0').filter(Boolean);
}
