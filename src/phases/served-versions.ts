import type { Host } from '../cluster/cluster.ts';
import { unlessProblem } from '../errors.ts';
import { servedVersion } from '../observe/api.ts';
import { withMaster } from './cluster-access.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';

/** The version that the API server of each of these masters reports; undefined for one that could not be asked. */
export async function servedVersions(
  run: Connected & PerhapsSecrets,
  masters: readonly Host[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const asked = masters.map(
    async (master): Promise<[string, string | undefined]> => [master.name, await askedOf(run, master)],
  );
  return new Map(await Promise.all(asked));
}

async function askedOf(run: Connected & PerhapsSecrets, master: Host): Promise<string | undefined> {
  if (!run.sessions.has(master.name)) return undefined;
  return await unlessProblem(() => withMaster(run, master, servedVersion));
}
