// docs/getting-started.md as a list of steps: its fenced blocks, in order.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One block, and what a reader does with it. */
export type Step = { readonly line: number; readonly heading: string; readonly text: string } & (
  | { readonly kind: 'commands' }
  | { readonly kind: 'commands on each host' }
  | { readonly kind: 'file'; readonly path: string }
);

const page = join(import.meta.dirname, '../../../docs/getting-started.md');

/** The steps of the guide. @throws for a block without a known instruction before it. */
export function guideSteps(markdown: string = readFileSync(page, 'utf8')): readonly Step[] {
  const lines = markdown.split('\n');
  const steps: Step[] = [];
  let heading = '';
  for (let index = 0; index < lines.length; index += 1) {
    heading = /^## (.*)/.exec(lines[index] ?? '')?.[1] ?? heading;
    const fence = /^```(.*)/.exec(lines[index] ?? '');
    if (!fence) continue;
    const end = lines.indexOf('```', index + 1);
    const text = lines.slice(index + 1, end).map((line) => `${line}\n`);
    const said = paragraphBefore(lines, index);
    steps.push({ line: index + 1, heading, text: text.join(''), ...whatToDo(fence[1] ?? '', said, index + 1) });
    index = end;
  }
  return steps;
}

/** From the block's language and the words before it, like a reader. */
function whatToDo(language: string, said: string, line: number) {
  if (language === 'sh')
    return { kind: /\bon each host's own console\b/i.test(said) ? 'commands on each host' : 'commands' } as const;
  const path = Array.from(said.matchAll(/`([\w./-]+\.ya?ml)`/g)).at(-1)?.[1];
  if (language === 'yaml' && path !== undefined) return { kind: 'file', path } as const;
  throw new Error(`line ${line}: a reader can't tell what to do with this block of "${language}"`);
}

function paragraphBefore(lines: readonly string[], index: number): string {
  const before = lines.slice(0, index).join('\n').trimEnd();
  return before.slice(before.lastIndexOf('\n\n') + 1);
}
