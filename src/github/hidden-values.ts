import { escaped } from '../markdown.ts';
import { plainText } from '../plain-text.ts';

/** Shorter values are ordinary words; this many first characters also serve as the index of a value. */
export const shortestHidden = 8;

/** Values that must not be printed, indexed by their first characters; the longest first. */
const values = new Map<string, readonly string[]>();

const hidden = new Set<string>();

/**
 * From now on `covered` replaces a value by ***, also if it is escaped for Markdown, JSON or HTML. Values shorter
 * than 8 characters are not hidden.
 */
export function hide(value: string): void {
  if (hidden.has(value)) return;
  hidden.add(value);
  const plain = plainText(value);
  const html = plain.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  for (const form of new Set([value, plain, escaped(value), JSON.stringify(plain).slice(1, -1), html])) {
    if (form.length < shortestHidden) continue;
    const start = form.slice(0, shortestHidden);
    const known = values.get(start) ?? [];
    if (!known.includes(form))
      values.set(
        start,
        [...known, form].sort((one, other) => other.length - one.length),
      );
  }
}

/**
 * Replaces hidden values by ***. The runner masks the log as well; this also covers artifacts, which the runner does not process,
 * and a log whose command processing was stopped. Runs in linear time.
 */
export function covered(text: string): string {
  if (values.size === 0) return text;
  let shown = '';
  let from = 0;
  for (let at = 0; at + shortestHidden <= text.length; at++) {
    const found = values.get(text.slice(at, at + shortestHidden))?.find((value) => text.startsWith(value, at));
    if (found === undefined) continue;
    shown += `${text.slice(from, at)}***`;
    from = at + found.length;
    at = from - 1;
  }
  return shown + text.slice(from);
}
