import { escaped } from '../markdown.ts';
import { plainText } from '../plain-text.ts';

/** Shorter ones are ordinary words; and as many characters find a value quickly. */
export const shortestHidden = 8;

/** Values that must not be shown, by their first characters; the longest first. */
const values = new Map<string, readonly string[]>();

const hidden = new Set<string>();

/** From now on `covered` shows *** for a value, also where Markdown, JSON or HTML has it escaped. Shorter ones than 8 characters are not hidden. */
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
 * A text with *** in place of what is hidden. The runner masks the log as well; this holds also for what it does not see
 * (artifacts), or would print because something has stopped it from taking commands. The time is linear in the length.
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
