// A stub of `gh` on the user's machine, in place of GitHub: a repository, secrets, variables and runs in a folder.
// It knows the guide's commands and refuses any other, so that the guide can't use an untested one.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { must } from '../../../lab/command.ts';
import { openLab } from '../../../lab/lab.ts';
import { writeClusterFile } from '../../../lab/overlay.ts';
import { runWorkflow, type WorkflowOptions } from '../../../lab/workflow/act.ts';

const { LAB: labId = '', GITHUB_FOLDER: folder = '', RUNNER_PATH: runnerPath } = process.env;
const remote = join(folder, 'repository.git');
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ private: { type: 'boolean' }, clone: { type: 'boolean' }, 'exit-status': { type: 'boolean' } },
    ...{ body: { type: 'string' }, field: { type: 'string', short: 'f', multiple: true } },
  },
});
const [noun, verb, subject = ''] = positionals;
const commands: Readonly<Record<string, () => Promise<void>>> = {
  'repo create': createRepository,
  'secret set': () => keep('secrets'),
  'variable set': () => keep('variables'),
  'workflow run': requestRun,
  'run watch': watchRun,
};
const command = commands[`${noun} ${verb}`];
if (!command) throw new Error(`there is no stub for gh ${process.argv.slice(2).join(' ')}`);
await command();

async function createRepository(): Promise<void> {
  if (!values.private || !values.clone) throw new Error('only a private repository that is cloned has been tried');
  await must(['git', 'init', '--quiet', '--bare', '--initial-branch=main', remote]);
  await must(['git', 'clone', '--quiet', remote, subject]);
}

/** Stores the value of `--body`, or standard input without its last line end, like gh. */
async function keep(kind: 'secrets' | 'variables'): Promise<void> {
  const value = values.body ?? (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!subject || !value) throw new Error(`${kind}: there is no name or no value`);
  mkdirSync(join(folder, kind), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, kind, subject), value, { mode: 0o600 });
}

function kept(kind: 'secrets' | 'variables'): Record<string, string> {
  const place = join(folder, kind);
  const names = existsSync(place) ? readdirSync(place) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(place, name), 'utf8')]));
}

/** Like GitHub, it finds only the workflows of the main branch. */
async function requestRun(): Promise<void> {
  const files = await pushedFiles();
  const path = `.github/workflows/${subject}`;
  if (files[path] === undefined) throw new Error(`could not find any workflows named ${subject}`);
  const inputs = Object.fromEntries((values.field ?? []).map((field) => field.split(/=(.*)/s).slice(0, 2)));
  writeFileSync(join(folder, 'requested.json'), JSON.stringify({ path, inputs }));
}

async function watchRun(): Promise<void> {
  const requested = join(folder, 'requested.json');
  if (!existsSync(requested)) throw new Error('found no in progress runs to watch');
  const { path, inputs } = JSON.parse(readFileSync(requested, 'utf8'));
  rmSync(requested);
  const runs = join(folder, 'runs');
  mkdirSync(runs, { recursive: true });
  const runId = String(readdirSync(runs).length + 1);
  const files = await pushedFiles();
  const workflow = join(folder, 'workflow.yml');
  writeFileSync(workflow, files[path] ?? '');
  const options: WorkflowOptions = {
    ...{ workflow, inputs, runId, secrets: kept('secrets'), variables: kept('variables') },
    ...{ files: { ...files, 'cluster.yaml': forTheLab(files['cluster.yaml'] ?? '') }, folder: join(folder, 'runner') },
    onLine: ({ job, text: line }) => console.log(`${job}: ${line}`),
  };
  process.env.PATH = runnerPath;
  const run = await runWorkflow(openLab({ id: labId }), options);
  writeFileSync(join(runs, `${runId}.json`), JSON.stringify({ path, ...run }));
  if (!run.success && values['exit-status']) process.exitCode = 1;
}

/** The pushed main branch. */
async function pushedFiles(): Promise<Record<string, string>> {
  const git = (...args: string[]) => must(['git', `--git-dir=${remote}`, ...args]);
  const paths = (await git('ls-tree', '-r', '--name-only', 'main')).trim().split('\n');
  const entries = paths.map(async (path) => [path, await git('show', `main:${path}`)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The reader's file with the settings that only the lab's hosts need, like every cluster file of the lab. */
function forTheLab(pushed: string): string {
  const [source, target] = [join(folder, 'cluster.yaml'), join(folder, 'cluster.lab.yaml')];
  writeFileSync(source, pushed);
  writeClusterFile(source, target);
  return readFileSync(target, 'utf8');
}
