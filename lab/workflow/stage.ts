import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from '../command.ts';
import { type LocalForm, localForm } from './local-form.ts';

/** The folders of a run: copies, so that the run neither sees the whole checkout nor changes it. */
export interface Stage {
  /** The content of `org/k8s-ha-action@v1`. */
  readonly action: string;
  /** The repository that calls the actions. */
  readonly repository: string;
  /** The called workflow, in the repository. */
  readonly workflow: string;
}

export interface Caller {
  /** The file of the workflow to run. */
  readonly workflow: string;
  /** The repository's name, as `owner/name`. */
  readonly repository: string;
  /** Further files of the caller's repository, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly form: LocalForm;
}

const workflows = '.github/workflows';

/** Writes both repositories of a run into a folder. */
export async function layStage(folder: string, root: string, caller: Caller): Promise<Stage> {
  const [action, repository] = [join(folder, 'action'), join(folder, 'repository')];
  layAction(action, root, caller.form);
  const workflow = join(workflows, 'run.yml');
  const files = { ...caller.files, [workflow]: readFileSync(caller.workflow, 'utf8') };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), dirname(path) === workflows ? localForm(text, caller.form) : text);
  }
  // act reads the commit and the repository's name with git.
  const git = (...args: string[]) =>
    must(['git', '-C', repository, '-c', 'user.name=lab', '-c', 'user.email=lab', ...args]);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', `https://github.com/${caller.repository}.git`);
  await git('add', '--all');
  await git('commit', '--quiet', '--message=cluster');
  return { action, repository, workflow };
}

/** Only the files of the repository that GitHub would use when it runs an action or a called workflow. */
function layAction(action: string, root: string, form: LocalForm): void {
  mkdirSync(join(action, workflows), { recursive: true });
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const name of ['.', ...folders.map((entry) => entry.name)]) {
    const manifest = join(root, name, 'action.yml');
    if (!existsSync(manifest)) continue;
    mkdirSync(join(action, name), { recursive: true });
    cpSync(manifest, join(action, name, 'action.yml'));
  }
  if (existsSync(join(root, 'dist'))) cpSync(join(root, 'dist'), join(action, 'dist'), { recursive: true });
  const from = join(root, workflows);
  for (const file of existsSync(from) ? readdirSync(from).filter((name) => name.endsWith('.yml')) : []) {
    writeFileSync(join(action, workflows, file), localForm(readFileSync(join(from, file), 'utf8'), form));
  }
}
