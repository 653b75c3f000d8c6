import type { Cluster } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { GateCommand } from '../phases/run.ts';
import { usualEnvironment } from './child-environment.ts';

/**
 * Events whose checked-out files are those of a branch or tag of the repository itself. All others may carry the files of a stranger:
 * `pull_request_target`, `issue_comment` and `workflow_run` have secrets also for a fork's pull request.
 * Source: docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const trusted: ReadonlySet<string> = new Set([
  'deployment',
  'push',
  'release',
  'repository_dispatch',
  'schedule',
  'workflow_dispatch',
]);

/** The command gets no argument, and its stdout is shown like its stderr. */
const inShell = ['sh', '-c', 'exec sh -c "$1" >&2', 'sh'] as const;

/**
 * Runs `upgrade.gate` of cluster.yaml on the runner: in a small environment without secrets, and with a time limit. Undefined in a dry run, and
 * for a file without such a command.
 * @throws Problem UPGRADE_UNTRUSTED in a workflow run that may have a stranger's cluster.yaml
 */
export function gateCommand(
  { upgrade: { gate, gateSeconds } }: Cluster,
  dryRun: boolean,
  env: NodeJS.ProcessEnv = process.env,
): GateCommand | undefined {
  if (gate === undefined || dryRun) return undefined;
  refuseStrangers(env.GITHUB_EVENT_NAME);
  return async ({ kubernetesVersion }, { name, nodeName }, role, signal) => {
    const about = {
      UPGRADE_HOST: name,
      UPGRADE_NODE: nodeName,
      UPGRADE_ROLE: role,
      UPGRADE_VERSION: kubernetesVersion,
    };
    // Most runs upgrade nothing.
    const { runCommand } = await import('./run-command.ts');
    const options = { timeoutMs: gateSeconds * 1000, env: { ...usualEnvironment(env), ...about }, signal };
    const { status, stderr } = await runCommand([...inShell, gate], options);
    return { status, output: stderr };
  };
}

function refuseStrangers(event: string | undefined): void {
  if (event === undefined || event === '' || trusted.has(event)) return;
  throw new Problem(`cluster.yaml has upgrade.gate, which does not run in a workflow run of the event ${event}`, {
    code: 'UPGRADE_UNTRUSTED',
    hint: `Such a run may have the files of a fork, and the command would run on the runner. Nothing was changed. Run the workflow by ${[...trusted].join(', ')}; the plan action, and dry-run: true, work for every event.`,
  });
}
