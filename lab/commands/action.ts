import { parseArgs } from 'node:util';
import { LabError } from '../error.ts';
import type { ActionResult } from '../runner/run-action.ts';
import type { Shown } from '../runner/workflow-commands.ts';
import type { Verb } from './verb.ts';

const usage = { hint: 'npm run lab -- action --help' };

/** `action NAME [--cluster FILE] [--keep] [key=value …]`. */
export const action: Verb = async (lab, _, args) => {
  const options = { cluster: { type: 'string' }, keep: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name, ...pairs] = positionals;
  if (name === undefined) throw new LabError('the name of an action is needed', usage);
  // Only this verb needs the product's schema and the artifact service.
  const { runJobStep } = await import('../runner/job-step.ts');
  const result = await runJobStep(lab, name, {
    inputs: Object.fromEntries(pairs.map(inputOf)),
    keep: values.keep ?? false,
    ...(values.cluster === undefined ? {} : { cluster: values.cluster }),
    onLine: (line) => process.stdout.write(`${textOf(line)}\n`),
  });
  process.stdout.write(afterwards(result));
  return result.status;
};

function inputOf(pair: string): readonly [string, string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
  if (key === undefined || value === undefined)
    throw new LabError(`"${pair}" is not an input of the form key=value`, usage);
  return [key, value];
}

function textOf({ kind, text, title }: Shown): string {
  if (kind === 'text') return text;
  return kind === 'group' ? `▸ ${text}` : `${kind}: ${title === undefined ? '' : `${title}: `}${text}`;
}

/** Outputs and summary, as the page of a run would show them under the log. */
function afterwards({ outputs, summary, status, milliseconds }: ActionResult): string {
  const values = Object.entries(outputs).map(([name, value]) => `  ${name}=${value.replaceAll('\n', '\n    ')}\n`);
  const parts = [
    ...(values.length > 0 ? ['\noutputs:\n', ...values] : []),
    ...(summary.trim() ? [`\nsummary:\n${summary.trimEnd()}\n`] : []),
    `\nexit status ${status} after ${(milliseconds / 1000).toFixed(1)} s\n`,
  ];
  return parts.join('');
}
