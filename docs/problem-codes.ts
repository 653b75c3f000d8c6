// Every code of a Problem that the source can throw, and where: for the page of problems and its contract test.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './faces.ts';

/** Upper-case words with underscores that are no codes: variables, names of others. */
const others =
  /^(ACTIONS_|GITHUB_|RUNNER_|TLS_|NET_|CAP_|LC_|SSH_AUTH_SOCK|RESOURCE_EXHAUSTION|PRETTY_NAME|VERSION_ID|[A-Z]+_AS_|.*_START$|MULTIPLE_DOCS|NON_STRING|TAG_RESOLVE)/;

/** Code → the files that have it, from the root. In TypeScript a literal, in the remote program what `die` is given. */
export function problemCodes(): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, string[]>();
  for (const file of sourceFiles()) {
    const text = readFileSync(join(root, file), 'utf8');
    const pattern = file.endsWith('.sh') ? /\bdie ([A-Z]+(?:_[A-Z]+)+)/g : /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g;
    for (const [, code = ''] of text.matchAll(pattern)) {
      const places = codes.get(code) ?? [];
      if (!others.test(code) && !places.includes(file)) codes.set(code, [...places, file]);
    }
  }
  return new Map([...codes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sourceFiles(): readonly string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|sh)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
