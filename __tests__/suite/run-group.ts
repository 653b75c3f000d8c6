import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { labPaths } from '../../lab/identity.ts';
import { openLab } from '../../lab/lab.ts';
import type { Group } from './groups.ts';
import { type Counts, countsOf, type JestSummary } from './jest-summary.ts';
import type { Turn } from './lanes.ts';

/** The result of a group. */
export interface GroupResult {
  readonly counts: Counts;
  /** Jest's results; missing if it did not write them. */
  readonly summary: JestSummary | undefined;
  /** The output of its programs. */
  readonly output: string;
  readonly seconds: number;
}

/** Where groups are run from, and where their results go. */
export interface Places {
  readonly root: string;
  /** A folder for results, deleted after the run. */
  readonly results: string;
}

const jest = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

/** A group that takes longer hangs: it is killed, so that the others still have their results in time. */
const mostMinutes = 20;

/** Runs a group to its end; a program that can't be started, or a file that does not load, counts as failed. */
export async function runGroup(group: Group, turn: Turn, places: Places): Promise<GroupResult> {
  const start = performance.now();
  const log = join(places.results, `${group.name}.log`);
  const { counts, summary } =
    group.kind === 'static' ? await checks(turn, places, log) : await jestRun(group, turn, places, log);
  const seconds = (performance.now() - start) / 1000;
  return { counts, summary, output: readFileSync(log, 'utf8'), seconds };
}

async function checks(turn: Turn, places: Places, log: string): Promise<{ counts: Counts; summary: undefined }> {
  const commands = [
    ['node_modules/.bin/tsc', '--noEmit'],
    ['node_modules/.bin/tsc', '--project', 'src/failover/report/page'],
    ['node_modules/.bin/biome', 'check', '.'],
    [process.execPath, 'build.ts', '--check'],
    // Every export is used by another file, and no code of the product is only for tests.
    ['node_modules/.bin/knip', '--treat-config-hints-as-errors'],
    ['node_modules/.bin/knip', '--production'],
  ];
  const counts = { passed: 0, failed: 0 };
  for (const command of commands) counts[(await execute(command, turn, places, log)) ? 'passed' : 'failed'] += 1;
  return { counts, summary: undefined };
}

async function jestRun(
  group: Group,
  turn: Turn,
  places: Places,
  log: string,
): Promise<{ counts: Counts; summary: JestSummary | undefined }> {
  const output = join(places.results, `${group.name}.json`);
  // A failed test may have left a handle open; the results of the others must be reported nevertheless.
  const args = [...jest, '--forceExit', '--selectProjects', group.kind, '--json', `--outputFile=${output}`];
  // There each file is independent, and every processor helps.
  const how = group.kind === 'unit' ? ['--maxWorkers=2'] : ['--runInBand', '--runTestsByPath', ...group.files];
  const labs = labsOf(group, places.root);
  const ok = await execute([process.execPath, ...args, ...how], turn, places, log, labs);
  if (!ok && !process.env.K8S_HA_KEEP_LAB) await takeDown([labs.K8S_HA_SEED_LAB, labs.K8S_HA_ENGINE_LAB]);
  try {
    const summary = JSON.parse(readFileSync(output, 'utf8')) as JestSummary;
    return { counts: countsOf(summary, ok, console.error), summary };
  } catch {
    return { counts: { passed: 0, failed: 1 }, summary: undefined };
  }
}

/** Separate labs, so that no other group uses their hosts. */
function labsOf({ name, kind, weight }: Group, root: string): NodeJS.ProcessEnv {
  if (kind !== 'lab') return {};
  const id = `${labPaths(root, {}).id}-${name}`.slice(0, 32);
  const engine = `${labPaths(root, {}).id}-e-${name}`.slice(0, 32);
  return { K8S_HA_SEED_LAB: id, K8S_HA_ENGINE_LAB: engine, K8S_HA_LAB_CPU_WEIGHT: String(weight) };
}

/** Jest takes its labs down itself, unless it was killed: their hosts would take the processors from the other groups. */
async function takeDown(ids: readonly (string | undefined)[]): Promise<void> {
  for (const id of ids) {
    if (id !== undefined)
      await openLab({ id })
        .down()
        .catch((error: unknown) => console.error(`lab ${id}: ${error}`));
  }
}

/** Runs a command with its output in a file; whether its status was 0. */
async function execute(
  command: readonly string[],
  { background }: Turn,
  { root }: Places,
  log: string,
  more: NodeJS.ProcessEnv = {},
): Promise<boolean> {
  const [file = '', ...args] = background ? ['nice', '-n', '10', ...command] : command;
  const sink = openSync(log, 'a');
  try {
    const env = { ...process.env, ...more };
    const timeout = mostMinutes * 60_000;
    const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', sink, sink], timeout, killSignal: 'SIGKILL' });
    return await new Promise<boolean>((resolve) => {
      child.once('error', (error) => {
        console.error(`failed to start ${file}: ${error.message}`);
        resolve(false);
      });
      child.once('close', (code, signal) => {
        if (signal) writeSync(sink, `\n${file} was ended by ${signal}; the limit is ${mostMinutes} minutes\n`);
        resolve(code === 0);
      });
    });
  } finally {
    closeSync(sink);
  }
}
