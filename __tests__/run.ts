// `npm test`: types, lint, bundles, unit tests and the end-to-end tests on lab hosts, and one line that sums them up.
// Usage: npm test [-- unit|lab|static ...]; without a name: everything.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePrograms } from '../lab/setup.ts';
import { type Counts, countsOf, type JestSummary, slowestFiles } from './jest-summary.ts';
import { listed, listedPath } from './listed-path.ts';

const root = join(import.meta.dirname, '..');
const results = mkdtempSync(join(tmpdir(), 'k8s-ha-test-'));
const jest = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
const summaries: JestSummary[] = [];

function spawn(command: string, args: readonly string[]): boolean {
  console.log(`\n$ ${command.split('/').at(-1)} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(error.message);
  return status === 0;
}

function check(command: string, ...args: string[]): Counts {
  return spawn(command, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Jest's own counts; a run that could not even start, or a file that did not load, counts as failed. */
function jestProject(project: string): Counts {
  const output = join(results, `${project}.json`);
  // A test that failed may have left something open; the results of the others must be reported all the same.
  const args = [...jest, '--forceExit', '--selectProjects', project, '--json', `--outputFile=${output}`];
  const ok = spawn(process.execPath, project === 'lab' ? [...args, '--runInBand'] : args);
  try {
    const summary = JSON.parse(readFileSync(output, 'utf8')) as JestSummary;
    summaries.push(summary);
    return countsOf(summary, ok, console.error);
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const parts: Readonly<Record<string, () => readonly Counts[]>> = {
  static: () => [
    check('node_modules/.bin/tsc', '--noEmit'),
    check('node_modules/.bin/biome', 'check', '.'),
    check(process.execPath, 'build.ts', '--check'),
  ],
  unit: () => [jestProject('unit')],
  lab: () => [jestProject('lab')],
};

if (process.platform === 'linux' && process.geteuid?.() === 0) {
  await ensurePrograms(console.log, listed);
  // From here on a program that is not in the list is not found.
  process.env.PATH = listedPath(join(results, 'bin')) ?? process.env.PATH;
}
const asked = process.argv.slice(2);
const counts = (asked.length > 0 ? asked : Object.keys(parts)).flatMap((name) => {
  const part = parts[name];
  if (part) return part();
  console.error(`no such part: ${name}; there are ${Object.keys(parts).join(', ')}`);
  return [{ passed: 0, failed: 1 }];
});
rmSync(results, { recursive: true, force: true });
for (const line of slowestFiles(summaries, root)) console.log(line);
const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
