import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { parseCluster } from '../../src/cluster/load.ts';
import { LabError } from '../error.ts';
import type { Lab } from '../lab.ts';
import { withLabSettings } from '../overlay.ts';
import { powerCommandOf } from '../power-command.ts';
import { runResultsServer } from '../workflow/results-process.ts';
import { resultsToken, workflowToken } from '../workflow/results-token.ts';
import { type ActionResult, runAction } from './run-action.ts';
import type { Shown } from './workflow-commands.ts';

/** The options of a step that a user runs. */
export interface JobStepOptions {
  /** A cluster file instead of the lab's; settings that the lab's hosts need are added if the file has none. */
  readonly cluster?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly onLine?: (line: Shown) => void;
  /** Leaves out the post step, which removes what the step left for the rest of its job, for example a kubeconfig. */
  readonly keep?: boolean;
}

interface ActionFile {
  readonly inputs?: Readonly<Record<string, { readonly default?: string } | null>>;
}

/** The artifacts of all steps belong to this run, so that `etcd bundles=artifacts` finds those of `pki`. */
const runId = '1';

/** The folders of the lab's steps: the runner's temp and its artifacts. */
const stepFolder = (lab: Pick<Lab, 'stateDir'>): string => join(lab.stateDir, 'steps');

/**
 * Runs an action's bundle on the lab's hosts as a step of a job: with the defaults of its action.yml, with an artifact
 * service, and with its post step after it. `deploy` is the root action.
 *
 * @returns what the step left; its status is that of the post step if only that failed.
 * @throws LabError if there is no such action, or if it has no such input.
 */
export async function runJobStep(lab: Lab, name: string, options: JobStepOptions = {}): Promise<ActionResult> {
  const inputs = { ...defaultsOf(lab, name, options.inputs ?? {}), ...options.inputs };
  if (options.cluster !== undefined && options.inputs?.cluster === undefined)
    inputs.cluster = labForm(lab, options.cluster);
  const temp = join(stepFolder(lab), 'temp');
  mkdirSync(temp, { recursive: true, mode: 0o700 });
  await using results = await runResultsServer(join(stepFolder(lab), 'artifacts'), lab.netns);
  const step = {
    ...{ inputs, temp },
    ...(options.onLine ? { onLine: options.onLine } : {}),
    env: {
      ...{ ACTIONS_RESULTS_URL: results.url, ACTIONS_RUNTIME_TOKEN: resultsToken(runId), GITHUB_RUN_ID: runId },
      GITHUB_API_URL: `${results.url}api`,
    },
  };
  const result = await runAction(lab, name, step);
  if (options.keep || Object.keys(result.state).length === 0) return result;
  const post = await runAction(lab, name, { ...step, state: result.state });
  return { ...result, status: result.status || post.status, lines: [...result.lines, ...post.lines] };
}

/** The inputs that a runner takes from action.yml, and those that only the lab knows. */
function defaultsOf(lab: Lab, name: string, given: Readonly<Record<string, string>>): Record<string, string> {
  const declared = actionFile(lab.root, name).inputs ?? {};
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(declared, key))
      throw new LabError(`the action ${name} has no input ${key}`, {
        hint: `it has ${Object.keys(declared).join(', ')}`,
      });
  }
  const entries = Object.entries(declared).flatMap(([key, value]) => {
    const text = value?.default;
    if (text === undefined) return [];
    return [[key, /\bgithub\.token\b/.test(text) ? workflowToken : text] as const];
  });
  const { cluster: _, ...defaults } = Object.fromEntries(entries);
  if (Object.hasOwn(declared, 'power-command')) defaults['power-command'] = powerCommandOf(lab);
  return defaults;
}

function actionFile(root: string, name: string): ActionFile {
  const file = name === 'deploy' ? join(root, 'action.yml') : join(root, name, 'action.yml');
  if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(file))
    throw new LabError(`there is no action ${name}`, { hint: 'deploy is the root action; the others are folders' });
  if (!existsSync(join(root, 'dist', name, 'index.js')))
    throw new LabError(`the action ${name} has no bundle`, { hint: 'npm run build' });
  return parse(readFileSync(file, 'utf8')) as ActionFile;
}

/**
 * A copy of a cluster file with the settings that the lab's hosts need, next to the manifests that it names. A file that the
 * product refuses is not copied, so that errors name its own lines.
 */
function labForm(lab: Lab, file: string): string {
  if (!existsSync(file))
    throw new LabError(`there is no file ${file}`, { hint: 'name a cluster file by --cluster FILE' });
  const manifests = manifestsOf(file);
  if (manifests === undefined) return file;
  const folder = join(stepFolder(lab), 'cluster');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of manifests) {
    if (existsSync(join(dirname(file), name))) cpSync(join(dirname(file), name), join(folder, name));
  }
  const target = join(folder, basename(file));
  writeFileSync(target, withLabSettings(readFileSync(file, 'utf8')));
  return target;
}

function manifestsOf(file: string): readonly string[] | undefined {
  try {
    return parseCluster(readFileSync(file, 'utf8'), file).addons.manifests;
  } catch {
    return undefined;
  }
}
