import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import type { WorkflowOptions } from './act.ts';

/** The call of the manual rebuild: the inputs of examples/rebuild.yml, with the secrets and variables that it reads, for a self-hosted runner. */
export function rebuildOptions(
  lab: Pick<Lab, 'root' | 'sshKey' | 'knownHosts'>,
  identity: string,
): WorkflowOptions & Required<Pick<WorkflowOptions, 'inputs' | 'secrets' | 'variables'>> {
  return {
    workflow: join(lab.root, 'examples/rebuild.yml'),
    inputs: { cluster: 'cluster.yaml', fault: 'none', 'dry-run': 'false' },
    secrets: { SSH_KEY: readFileSync(lab.sshKey, 'utf8'), AGE_KEY: identity },
    variables: { KNOWN_HOSTS: readFileSync(lab.knownHosts, 'utf8'), RUNNER: 'self-hosted' },
  };
}
