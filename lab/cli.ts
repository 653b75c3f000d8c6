import { join } from 'node:path';
import { helpText } from './commands/help.ts';
import { verbs } from './commands/verbs.ts';
import { LabError, messageOf } from './error.ts';
import { labPaths } from './identity.ts';
import { openLab } from './lab.ts';

/** Whether an error is about how the command was called: parseArgs marks it by its code. */
function isMisuse(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}

function report(error: unknown, verb: string): void {
  if (error instanceof AggregateError) {
    for (const each of error.errors) report(each, verb);
    return;
  }
  process.stderr.write(`error: ${messageOf(error)}\n`);
  if (error instanceof LabError && error.hint) process.stderr.write(`hint: ${error.hint}\n`);
  else if (isMisuse(error)) process.stderr.write(`hint: npm run lab -- ${verb} --help\n`);
  else if (!(error instanceof LabError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

async function main(args: string[]): Promise<number> {
  const [verb = '--help', ...rest] = args;
  if (['--help', '-h', 'help'].includes(verb)) return print(helpText(rest[0]));
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!act) throw new LabError(`there is no verb ${verb}`, { hint: 'npm run lab -- --help' });
  // Only directly after the verb: further on it may belong to a command for a host.
  if (rest[0] === '--help' || rest[0] === '-h') return print(helpText(verb));
  const root = join(import.meta.dirname, '..');
  return await act(openLab({ root }), labPaths(root), rest);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  report(error, process.argv[2] ?? '');
  process.exitCode = error instanceof LabError || isMisuse(error) ? 2 : 1;
}
