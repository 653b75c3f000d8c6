import { ACTION_REPOSITORY } from '../lab/workflow/local-form.ts';

/** The reusable workflow. */
export const calledWorkflow = '.github/workflows/cluster.yml';
/** Its jobs in a file that users copy. */
export const ownJobs = 'examples/cluster.yml';

const head = `# Builds the cluster of cluster.yaml, or updates it to match the file, with one job per host. "Run workflow" does that; other
# workflows of this repository call this one with inputs, as in https://github.com/org/k8s-ha-action/tree/v1/examples.
# Copy to .github/workflows/ in the repository with your cluster.yaml. It needs the secrets SSH_KEY and AGE_KEY and the variable
# KNOWN_HOSTS; the variable RUNNER is the label of a runner that reaches the hosts, or its labels as JSON: ["self-hosted", "rack-1"].
# If a job needs a VPN or a login before, write .github/actions/connect/action.yml: each job runs it, with the secret CONNECT as
# its input secret.
name: Cluster

`;

/** What a file in the user's own repository reads from its variables. */
const variables = { 'known-hosts': 'KNOWN_HOSTS', runner: 'RUNNER' };

/**
 * The reusable workflow as a file for the user's own repository. GitHub gives the self-hosted runners of a repository to a called
 * workflow only if both have the same owner; to actions it gives them always.
 *
 * @throws Error if the text is not in the expected form
 */
export function ownJobsWorkflow(text: string): string {
  const [, triggers, jobs] = /^(on:\n.*?)(^permissions: \{\}\n.*)/ms.exec(text) ?? [];
  if (!triggers || !jobs) throw new Error(`${calledWorkflow} has no triggers before its permissions`);
  return head + withButton(triggers) + withOwnNames(jobs);
}

/** A start by hand has no inputs: all of them are empty then, as for any other trigger that a user adds. */
function withButton(triggers: string): string {
  const names = Object.keys(variables);
  const inputs = names.reduce((rest, name) => without(rest, new RegExp(`^ {6}${name}:\n(?: {8}.*\n)+`, 'm')), triggers);
  return inputs.replace('on:\n', 'on:\n  workflow_dispatch:\n');
}

function without(text: string, part: RegExp): string {
  if (!part.test(text)) throw new Error(`${calledWorkflow} has nothing like ${part}`);
  return text.replace(part, '');
}

function withOwnNames(jobs: string): string {
  const [repository, ref] = ACTION_REPOSITORY.split('@');
  const named = jobs.replaceAll(/uses: \$\/(\S+)/g, `uses: ${repository}/$1@${ref}`);
  return Object.entries(variables).reduce(
    (rest, [input, variable]) => rest.replaceAll(`inputs.${input}`, `vars.${variable}`),
    named,
  );
}
