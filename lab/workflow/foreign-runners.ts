import { LabError } from '../error.ts';
import { callsOf } from './local-form.ts';

/** The caller's repository, from GitHub's view. */
export interface CallerOwner {
  /** As `owner/name`. */
  readonly repository: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Refuses what GitHub refuses and act would run: a called workflow gets self-hosted runners only if it has the same owner as its caller
 * (docs.github.com, reusing workflow configurations).
 *
 * @throws LabError with GitHub's words
 */
export function refuseForeignRunners(text: string, { repository, variables }: CallerOwner): void {
  const [owner] = repository.split('/');
  for (const { uses, inputs } of callsOf(text)) {
    if (uses.startsWith('.') || uses.split('/')[0] === owner) continue;
    const runner = inputs.runner?.replace(/\$\{\{ vars\.(\w+).*\}\}/, (_, name) => variables[name] ?? 'ubuntu-latest');
    if (runner === undefined || runner.includes('ubuntu-latest')) continue;
    throw new LabError('Called workflows cannot be queued onto self-hosted runners across organizations/enterprises.', {
      hint: `Failed to queue this job. Labels: '${runner}'. Copy examples/cluster.yml instead of calling the workflow.`,
    });
  }
}
