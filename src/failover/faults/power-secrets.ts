import type { Cluster } from '../../cluster/cluster.ts';
import { secretParts } from './command-words.ts';
import { faultNames } from './faults.ts';
import type { PowerCommands } from './poweroff.ts';

/**
 * The parts of the commands that must not be shown.
 * @param open texts that are shown anyway, in addition to the cluster's names, addresses and faults: see {@link secretParts}.
 */
export function powerSecrets(
  { name, hosts }: Pick<Cluster, 'name' | 'hosts'>,
  { powerCommand, restoreCommand = '' }: Pick<PowerCommands, 'powerCommand' | 'restoreCommand'>,
  open: readonly string[],
): readonly string[] {
  const named = hosts.flatMap((host) => [host.name, host.nodeName, host.address]);
  return [powerCommand, restoreCommand].flatMap((command) =>
    secretParts(command, [name, ...named, ...faultNames, ...open]),
  );
}
