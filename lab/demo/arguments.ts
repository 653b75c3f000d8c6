import { LabError } from '../error.ts';

/** The demo's options. */
export type DemoMode = 'workflow' | 'direct' | 'help';

export const helpText = `From nothing to a highly available cluster of seven hosts that survives the loss of master-1, on this machine.

npm run demo               by the workflow: examples/rebuild.yml is run by act, a job for each host, as GitHub would run it
npm run demo -- --direct   by the root action: all of it in one job
npm run demo -- --help     this text

Both build the cluster of examples/seed/cluster.yaml, make master-1 lead, pull its plug, and show who noticed and for how
long. Run again while the lab is up, they show that nothing changes. npm run lab -- down takes everything away.
K8S_HA_LAB_ID names the lab (default: from the checkout's path), K8S_HA_LAB_CACHE its cache.
`;

/**
 * Reads the demo's arguments.
 * @throws LabError for an unknown argument.
 */
export function demoMode(args: readonly string[]): DemoMode {
  const known: Readonly<Record<string, DemoMode>> = { '--direct': 'direct', '--help': 'help', '-h': 'help' };
  const wrong = args.find((arg) => !Object.hasOwn(known, arg));
  if (wrong !== undefined)
    throw new LabError(`the demo has no argument ${wrong}`, { hint: 'npm run demo -- --help says which there are' });
  const modes = args.flatMap((arg) => known[arg] ?? []);
  return modes.includes('help') ? 'help' : (modes[0] ?? 'workflow');
}
