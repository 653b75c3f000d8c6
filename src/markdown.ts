import { cutLine, plainLine } from './plain-text.ts';

/** Markdown of our own: it is put in as it is. Everything else is text, and shows as what it is. */
export class Markdown {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Cell = Markdown | string | number;

/** Of one text: longer ones would leave a summary no room for the others. */
const mostText = 2000;
/** What begins or ends markup of GitHub's Markdown, HTML, mathematics, mentions and references anywhere in a line. */
const signs = /[&<>[\]()`|\\*_~!#@$^]/g;
/** What GitHub makes a link of by itself (GFM, section 6.9), without any markup. */
const links = /:(?=\/\/)|(?<=www)\./gi;
/** Lists, rules and headings, which only the beginning of a line makes. */
const beginnings = /^[-+](?= |$)|^[-=](?=[-=]*$)|(?<=^\d{1,9})\.(?= |$)/;

/**
 * Text that is no markup in GitHub's Markdown, neither in a table's cell nor in a line of its own: hosts, API servers,
 * artifacts and cluster.yaml say it. In one line, without controls and invisible characters.
 *
 * By character references, which can't be structure (CommonMark, section 2.5) and which a table's `\|` can't undo.
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
 * @param heads with a colon at its end for a column of figures.
 */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `|${heads.map((head) => (head.endsWith(':') ? '--:' : '---')).join('|')}|`;
  return [line(heads.map((head) => head.replace(/:$/, ''))), rule, ...rows.map(line)].join('\n');
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${escaped(item)}`).join('\n');
}

/**
 * A part that a reader unfolds; nothing when it is empty.
 * @param body Markdown.
 */
export function folded(summary: string, body: string): string {
  return body && `<details><summary>${escaped(summary)}</summary>\n\n${body}\n\n</details>`;
}
