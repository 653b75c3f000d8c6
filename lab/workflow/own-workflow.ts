import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { JobResult } from './act-log.ts';
import { ACTION_REPOSITORY, localForm } from './local-form.ts';
import { runAct } from './run-act.ts';

const standIns = join(import.meta.dirname, 'stand-ins');

/** A repository on GitHub from the view of the project's own workflows: their jobs check it out, push to it and tag it. */
export interface OwnRepository {
  /** The folder of homes, states and workspaces of runs. */
  readonly folder: string;
  /** A clone; its HEAD is the commit that a workflow runs on. */
  readonly clone: string;
  /** Its origin: a bare repository. */
  readonly origin: string;
}

export interface OwnWorkflow {
  /** The name of a file in .github/workflows. */
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** act's program. */
  readonly act: string;
  /** A folder with Node 24. */
  readonly node: string;
  /** Called workflows that do not run, by file: other tests cover them. */
  readonly instead: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface OwnRun {
  readonly success: boolean;
  readonly jobs: readonly JobResult[];
  /** The folder with the records of the stand-ins. */
  readonly state: string;
  readonly log: string;
}

/** Runs one of the project's own workflows with act, with stand-ins for GitHub's actions. */
export async function runOwnWorkflow(repository: OwnRepository, options: OwnWorkflow): Promise<OwnRun> {
  const { folder, clone, origin } = repository;
  const places = { home: join(folder, 'home'), state: join(folder, 'state'), called: join(folder, 'called') };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  // Requests to github.com go to the bare repository.
  const address = 'https://github.com/org/k8s-ha-action';
  writeFileSync(join(places.home, '.gitconfig'), `[url "${origin}"]\n\tinsteadOf = ${address}\n`);
  layWorkflows(clone, places.called, options);
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify({ inputs: options.inputs }));
  const variables = { STAND_IN_STATE: places.state, ...options.env };
  const argv = [
    'workflow_dispatch',
    ...['--directory', clone, '--workflows', join(places.called, 'run', options.file), '--json', '--no-cache-server'],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--no-skip-checkout', '--eventpath', event],
    ...['--secret', 'GITHUB_TOKEN=none', '--local-repository', `${ACTION_REPOSITORY}=${places.called}`],
    ...actionsUsed(clone).flatMap(([uses, name]) => ['--local-repository', `${uses}=${join(standIns, name)}`]),
    ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
  const path = [join(standIns, 'bin'), options.node, process.env.PATH].join(delimiter);
  const env = { HOME: places.home, TMPDIR: folder, XDG_CACHE_HOME: join(places.home, 'cache'), PATH: path };
  const { status, log, lines } = await runAct([options.act, ...argv], { env, cwd: clone });
  return { success: status === 0, jobs: log.jobs, state: places.state, log: lines.join('\n') };
}

/** The workflows in the form that act runs, beside the clone, which stays as it was committed. */
function layWorkflows(clone: string, called: string, { instead }: OwnWorkflow): void {
  const from = join(clone, '.github/workflows');
  for (const place of ['run', '.github/workflows']) mkdirSync(join(called, place), { recursive: true });
  for (const file of readdirSync(from)) {
    const text = localForm(readFileSync(join(from, file), 'utf8'));
    writeFileSync(join(called, 'run', file), text);
    writeFileSync(join(called, '.github/workflows', file), instead[file] ?? text);
  }
}

/** Each `actions/x@commit` of the workflows that has a stand-in. */
function actionsUsed(clone: string): readonly (readonly [uses: string, name: string])[] {
  const from = join(clone, '.github/workflows');
  const texts = readdirSync(from).map((file) => readFileSync(join(from, file), 'utf8'));
  const there = readdirSync(standIns);
  const uses = new Set(
    texts.flatMap((text) => Array.from(text.matchAll(/uses: (actions\/[^\s]+)/g), ([, use = '']) => use)),
  );
  return [...uses].flatMap((use) => {
    const name = /^actions\/([^@/]+)/.exec(use)?.[1] ?? '';
    return there.includes(name) ? [[use, name] as const] : [];
  });
}
