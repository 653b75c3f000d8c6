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

/** The section with blocks that replace those of some steps. */
const variant = 'Five hosts behind a jump host';

/** The steps of the guide. @throws for a block without a known instruction before it. */
export function guideSteps(markdown: string = readFileSync(page, 'utf8')): readonly Step[] {
  return allSteps(markdown).filter(({ heading }) => heading !== variant);
}

/** The steps of the variant: its blocks in the place of all blocks of the step that their paragraph, or an earlier one, names. */
export function stepsBehindJumpHost(markdown: string = readFileSync(page, 'utf8')): readonly Step[] {
  const others = allSteps(markdown).filter(({ heading }) => heading === variant);
  let of = '';
  const placed = others.map((step) => {
    of = /^In place of (step \d+)/m.exec(step.said)?.[1]?.replace('step ', '') ?? of;
    return { of, step };
  });
  const numberOf = ({ heading }: Step) => /^(\d+)\. /.exec(heading)?.[1] ?? '';
  const replaced = new Set(placed.map((each) => each.of));
  return guideSteps(markdown).flatMap((step, index, all): readonly Step[] => {
    const number = numberOf(step);
    if (!replaced.has(number)) return [step];
    const isFirst = all.findIndex((each) => numberOf(each) === number) === index;
    return isFirst ? placed.filter((each) => each.of === number).map((each) => each.step) : [];
  });
}

function allSteps(markdown: string): readonly (Step & { readonly said: string })[] {
  const lines = markdown.split('\n');
  const steps: (Step & { readonly said: string })[] = [];
  let heading = '';
  for (let index = 0; index < lines.length; index += 1) {
    heading = /^## (.*)/.exec(lines[index] ?? '')?.[1] ?? heading;
    const fence = /^```(.*)/.exec(lines[index] ?? '');
    if (!fence) continue;
    const end = lines.indexOf('```', index + 1);
    const text = lines.slice(index + 1, end).map((line) => `${line}\n`);
    const said = paragraphBefore(lines, index);
    steps.push({ line: index + 1, heading, text: text.join(''), said, ...whatToDo(fence[1] ?? '', said, index + 1) });
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
