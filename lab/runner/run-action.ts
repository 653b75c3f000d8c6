import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { writeLabLock } from '../cluster-lock.ts';
import type { Lab } from '../lab.ts';
import type { RunnerCommand } from './command-line.ts';
import { droppedOutput, readOutputs, type Shown, WorkflowCommands } from './workflow-commands.ts';

/** The results of a step of a job. */
export interface ActionResult {
  readonly status: number;
  /** As a user sees it: with commands executed and masks applied. */
  readonly lines: readonly Shown[];
  /** As another job gets them: without those that contain a masked value. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly milliseconds: number;
  /** The values that the action asked to mask. */
  readonly masks: ReadonlySet<string>;
  /** What it saved for its post step. */
  readonly state: Readonly<Record<string, string>>;
  /** Its output as it wrote it, with commands and without masks. */
  readonly log: string;
  /** The commands in it that the runner executed. */
  readonly obeyed: readonly RunnerCommand[];
}

export interface ActionOptions {
  /** The action's inputs; cluster, ssh-key and known-hosts are the lab's unless given. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly onLine?: (line: Shown) => void;
  /** The process, for tests that kill it. */
  readonly onStart?: (child: ChildProcess) => void;
  readonly cwd?: string;
  /** Further environment that the runner gives to a step, for example the address of its artifacts. */
  readonly env?: Readonly<Record<string, string>>;
  /** The runner's temp folder, for files that must outlive the step. Default: a folder that is deleted with it. */
  readonly temp?: string;
  /** What the step saved for its post step: if set, the bundle runs as the post step. */
  readonly state?: Readonly<Record<string, string>>;
}

/** Runs an action's bundle in the lab's network, with the environment and the files that a runner gives to a step. */
export async function runAction(lab: Lab, name: string, options: ActionOptions = {}): Promise<ActionResult> {
  const place = mkdtempSync(join(tmpdir(), 'k8s-ha-step-'));
  const [outputs, state, variables] = [join(place, 'output'), join(place, 'state'), join(place, 'env')];
  const summary = join(place, 'summary.md');
  for (const file of [outputs, state, variables, summary]) writeFileSync(file, '');
  await writeLabLock(lab, resolve(options.cwd ?? lab.root, options.inputs?.cluster ?? lab.clusterFile));
  const begin = performance.now();
  const commands = new WorkflowCommands();
  const lines: Shown[] = [];
  const written: string[] = [];
  const show = (shown: Shown | undefined) => {
    if (!shown) return;
    lines.push(shown);
    options.onLine?.(shown);
  };
  try {
    const child = start(lab, name, options, {
      ...options.env,
      GITHUB_OUTPUT: outputs,
      GITHUB_STATE: state,
      GITHUB_ENV: variables,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: options.temp ?? place,
      ...Object.fromEntries(Object.entries(options.state ?? {}).map(([key, value]) => [`STATE_${key}`, value])),
    });
    options.onStart?.(child);
    const status = await ended(child, (line) => {
      written.push(line);
      show(commands.read(line));
    });
    // The runner reads the files after the step has ended, so only their final content counts.
    const passed = commands.passedOn({ ...commands.outputs, ...readOutputs(readFileSync(outputs, 'utf8')) });
    for (const each of passed.dropped) show({ kind: 'warning', text: droppedOutput(each) });
    return {
      status,
      lines,
      outputs: passed.outputs,
      summary: readFileSync(summary, 'utf8'),
      milliseconds: performance.now() - begin,
      masks: commands.masks,
      state: { ...commands.state, ...readOutputs(readFileSync(state, 'utf8')) },
      log: written.join('\n'),
      obeyed: commands.obeyed,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function start(lab: Lab, name: string, options: ActionOptions, files: NodeJS.ProcessEnv): ChildProcess {
  const inputs = {
    cluster: lab.clusterFile,
    'ssh-key': readFileSync(lab.sshKey, 'utf8'),
    'known-hosts': readFileSync(lab.knownHosts, 'utf8'),
    ...options.inputs,
  };
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME, K8S_HA_LAB_ID: lab.id, ...files };
  for (const [key, value] of Object.entries(inputs)) env[`INPUT_${key.toUpperCase()}`] = value;
  const argv = [`--net=${lab.netns}`, process.execPath, join(lab.root, 'dist', name, 'index.js')];
  return spawn('nsenter', argv, { env, cwd: options.cwd ?? lab.root, stdio: ['ignore', 'pipe', 'pipe'] });
}

function ended(child: ChildProcess, onLine: (line: string) => void): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', onLine);
  }
  child.on('error', reject);
  child.on('close', (code, signal) => resolve(code ?? (signal ? 137 : 1)));
  return promise;
}
