import { isIP } from 'node:net';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { unlessProblem } from '../errors.ts';
import { servedVersion } from '../observe/api.ts';
import type { ServerVersions } from '../plan/node-upgrade.ts';
import { withMaster } from './cluster-access.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';

/** The version that the API server of each of these masters reports; undefined for one that could not be asked. */
export async function servedVersions(
  run: Connected & PerhapsSecrets,
  masters: readonly Host[],
): Promise<ServerVersions> {
  const asked = masters.map(
    async (master): Promise<[string, string | undefined]> => [master.name, await askedOf(run, master)],
  );
  return new Map(await Promise.all(asked));
}

/** The same for all masters: asked for the first caller, and again for a later one only if a master has not answered. */
export function askMasters(run: Connected & PerhapsSecrets, ask = servedVersions): () => Promise<ServerVersions> {
  let known: ServerVersions | undefined;
  return async () => {
    if (known === undefined || [...known.values()].includes(undefined))
      known = await ask(run, hostsWith(run.cluster, 'master'));
    return known;
  };
}

async function askedOf(run: Connected & PerhapsSecrets, master: Host): Promise<string | undefined> {
  if (!run.sessions.has(master.name)) return undefined;
  return await unlessProblem(() => withMaster(run, master, servedVersion));
}

/**
 * The versions of API servers at addresses that no master of the file has: of hosts that leave, and of those that the user lets go. They are
 * asked through the connected masters, so also a host that does not answer the runner says it. Those that none of them reaches are missing.
 * @param serving where API servers of the cluster serve, as far as it is known
 * @returns by the name of the host that leaves, or else by the address
 */
export async function otherServedVersions(
  run: Connected & PerhapsSecrets,
  serving: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const masters = hostsWith(run.cluster, 'master');
  const own = new Set(masters.map(({ address }) => address));
  const leaving = run.cluster.removed;
  const forgotten = [...run.forget].filter((name) => isIP(name) !== 0);
  const addresses = new Set([...leaving.map(({ address }) => address), ...forgotten, ...serving]);
  const others = [...addresses].filter((address) => !own.has(address));
  const connected = masters.filter(({ name }) => run.sessions.has(name));
  const ask = async (address: string): Promise<readonly (readonly [string, string])[]> => {
    const through = (master: Host) => unlessProblem(() => withMaster(run, master, servedVersion, { address }));
    const version = (await Promise.all(connected.map(through))).find((answer) => answer !== undefined);
    const name = leaving.find((host) => host.address === address)?.name ?? address;
    return version === undefined ? [] : [[name, version]];
  };
  return new Map((await Promise.all(others.map(ask))).flat());
}
