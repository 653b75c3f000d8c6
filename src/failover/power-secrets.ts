import type { Cluster } from '../cluster/cluster.ts';
import type { PowerCommands } from './fault-poweroff.ts';
import { faultNames } from './faults.ts';
import { secretParts } from './words.ts';

/**
 * What of the commands must not be shown.
 * @param open what is shown anyway besides the cluster's names, addresses and faults: see {@link secretParts}.
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
