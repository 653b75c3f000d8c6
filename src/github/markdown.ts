/**
 * A table of Markdown.
 * @param heads with a colon at its end for a column of figures.
 */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `|${heads.map((head) => (head.endsWith(':') ? '--:' : '---')).join('|')}|`;
  return [line(heads.map((head) => head.replace(/:$/, ''))), rule, ...rows.map(line)].join('\n');
}

/** Text that can't end its cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** A part that a reader unfolds; nothing when it is empty. */
export function folded(summary: string, body: string): string {
  return body && `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
