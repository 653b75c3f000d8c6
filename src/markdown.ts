import { cutLine, plainLine } from './plain-text.ts';

/** Trusted Markdown, inserted unchanged. Everything else is text and is escaped. */
export class Markdown {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Cell = Markdown | string | number;

/** Maximum characters of one text: a longer one would leave no room in a summary for the others. */
const mostText = 2000;
/** Characters that begin or end GitHub Markdown, HTML, mathematics, mentions and references anywhere in a line. */
const signs = /[&<>[\]()`|\\*_~!#@$^]/g;
/** Text that GitHub turns into a link without markup (GFM, section 6.9). */
const links = /:(?=\/\/)|(?<=www)\./gi;
/** Lists, rules and headings, which are only recognised at the beginning of a line. */
const beginnings = /^[-+](?= |$)|^[-=](?=[-=]*$)|(?<=^\d{1,9})\.(?= |$)/;

/**
 * Escapes untrusted text (from hosts, API servers, artifacts, cluster.yaml) so that it is not markup in GitHub's Markdown, neither in
 * a table cell nor in a line. Returns one line without control and invisible characters.
 *
 * Uses character references, because they can't be structure (CommonMark, section 2.5) and a table's `\|` can't undo them.
 */
export function escaped(text: string): string {
  const reference = (sign: string) => `&#${sign.charCodeAt(0)};`;
  const line = cutLine(plainLine(text), mostText);
  return line.replace(signs, reference).replace(links, reference).replace(beginnings, reference);
}

/** The Markdown of a table's cell. */
export function cell(content: Cell): string {
  return content instanceof Markdown ? content.text : escaped(String(content));
}

/**
 * A table.
 * @param heads the column titles; a colon at the end aligns the column to the right.
 */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `|${heads.map((head) => (head.endsWith(':') ? '--:' : '---')).join('|')}|`;
  return [line(heads.map((head) => head.replace(/:$/, ''))), rule, ...rows.map(line)].join('\n');
}

/** A bulleted list; the items are escaped. */
export function list(items: readonly string[]): string {
  return items.map((item) => `- ${escaped(item)}`).join('\n');
}

/**
 * A collapsed section; empty text for an empty body.
 * @param body Markdown.
 */
export function folded(summary: string, body: string): string {
  return body && `<details><summary>${escaped(summary)}</summary>\n\n${body}\n\n</details>`;
}
