import { plainText } from '../plain-text.ts';
import { withoutKeys } from './redact-keys.ts';

const removed = '[removed]';

/** Patterns and replacements. Each begins with a literal or at a word boundary, so it runs in linear time. */
type Rule = readonly [pattern: RegExp, replace: (all: string, ...groups: string[]) => string];

const rules: readonly Rule[] = [
  // Tokens of GitHub, GitLab, npm, Docker and Slack, recognised by their prefixes.
  [/(?<![A-Za-z0-9])(?:gh[a-z]_|github_pat_|glpat-|npm_|dckr_pat_|xox[a-z]-)[A-Za-z0-9_.-]{16,}/g, () => removed],
  // JSON Web Tokens and encrypted ones: a service account's among them. All begin with `{"` in base64.
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4}/g, () => removed],
  [/(?<![A-Za-z0-9])AGE-(?:SECRET-KEY|PLUGIN)-[A-Z0-9+._-]{8,}/gi, () => removed],
  // The part before the @ of a URL, unless it is only a user name.
  [/:\/\/([^\s/"'<>\\]*)@/g, (all, user = '') => (/[:%]/.test(user) || looksRandom(user) ? `://${removed}@` : all)],
  // A password with a slash in it; digits first are a port and a path.
  [/:\/\/[^\s/:@"'<>\\]{0,100}:(?!\d+\/)[^\s"'<>\\]{1,200}@/g, () => `://${removed}@`],
  [/(authorization\\?["']?\s*[:=]\s*\\?["']?(?:[a-z]+ +)?)([^\s"',;\\]{4,})/gi, keyed],
  [/(?<![A-Za-z0-9])((?:bearer|basic) +)([A-Za-z0-9+/=._~-]{4,})/gi, keyed],
  [/((?<![A-Za-z-])--?[a-z-]{0,30}(?:password|passphrase|token|secret) +)([^\s"']+)/gi, keyed],
  [
    /((?:key-data|token|passw(?:or)?d|passphrase|secret|api[-_]?key|access[-_]?key)\\?["']?\s*[:=]\s*)(\\?["'][^"']*|[^\s"',;}\]]+)/gi,
    keyed,
  ],
  // Bootstrap tokens of Kubernetes.
  [/(?<![A-Za-z0-9._-])[a-z0-9]{6}\.[a-z0-9]{16}(?![A-Za-z0-9_-]|\.[A-Za-z0-9])/g, () => removed],
];

/** Base64 is wrapped at 60 characters at least. */
const shortestTorn = 60;
const longBase64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{60,}={0,2}(?![A-Za-z0-9+/=_-])/g;

/**
 * Removes private keys, tokens, passwords, key data of kubeconfigs, base64 that may be a part of one, and control characters
 * from a host's text, for logs. Certificates, checksums, paths and names stay. Runs in linear time. Pure.
 */
export function redact(text: string): string {
  let torn = false;
  return withoutKeys(plainText(text).split('\n'))
    .map(({ text: line, open }) => {
      // The last line of base64 is shorter than those before it.
      const rest = torn && /^[A-Za-z0-9+/]{4,}={0,2}$/.test(line.trim()) && /[A-Z0-9=]/.test(line);
      const shown = rest ? removed : redactLine(line, open);
      torn = shown.trim() === removed && line.trim().length >= shortestTorn;
      return shown;
    })
    .join('\n');
}

/** Lines of a host for an error's detail. */
export function redactLines(text: string): readonly string[] {
  return redact(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** A shorter line is too short for a secret; skipping it saves time. */
const shortestLine = 8;

function redactLine(line: string, open: boolean): string {
  if (line.length < shortestLine) return line;
  const cleared = rules.reduce((rest, [pattern, replace]) => rest.replace(pattern, replace), line);
  return open
    ? cleared
    : cleared.replace(longBase64, (word) => (isPublic(word) || !looksLikeKey(word) ? word : removed));
}

/** A value behind a key word such as `password=` or `Authorization: Bearer`. */
function keyed(all: string, name = '', value = '', offset: number | string = 0, line = ''): string {
  const [, quote = '', text = ''] = /^(\\?["']?)(.*)$/s.exec(value) ?? [];
  if (placeholder.test(text)) return all;
  const given = quote !== '' || name.includes('=');
  const end = Number(offset) + all.length;
  const last = line.slice(end, end + 9).trim() === '';
  const secret = /passw|passphrase|key-data|^-/i.test(name)
    ? // `password: must be set` says something about one.
      text.length >= 4 && (given || last || !/^[a-z]+[.,;]?$/.test(text))
    : looksRandom(text) || (given && text.length >= 8 && !text.includes('/')) || isCredentials(name, text);
  return secret ? `${name}${quote}${removed}` : all;
}

/** Values that are not secrets: empty, a path, a variable, or a redaction mark. */
const placeholder = /^$|^\.{0,2}\/[\w./-]*$|^\$\{?[A-Z_][A-Z0-9_]*\}?$|^\*+$|^<.*>?$|^\[/;

/** A mix of letters and digits in a word of eight characters or more, unlike natural words; not `namespace/name`. */
function looksRandom(text: string): boolean {
  if (text.length < 8 || /^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(text)) return false;
  return /\d/.test(text) && /[A-Za-z]/.test(text);
}

/** `user:password` in base64, as in HTTP Basic authentication. */
function isCredentials(name: string, text: string): boolean {
  return /basic/i.test(name) && /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(text, 'base64').toString('latin1'));
}

/** Base64 of a key has many upper-case and lower-case letters and digits; a checksum, a path or a name has not. */
function looksLikeKey(word: string): boolean {
  const count = (pattern: RegExp) => word.match(pattern)?.length ?? 0;
  return count(/[A-Z]/g) >= 8 && count(/[a-z]/g) >= 8 && /[0-9]/.test(word);
}

/** A certificate in a kubeconfig, or a public key in known_hosts (RFC 4253, section 6.6). */
function isPublic(word: string): boolean {
  const text = Buffer.from(word, 'base64').toString('latin1');
  if (text.startsWith('\0\0\0') && /^(ssh-|ecdsa-|sk-)/.test(text.slice(4))) return true;
  return text.startsWith('-----BEGIN CERTIFICATE') && !text.includes('PRIVATE KEY');
}
