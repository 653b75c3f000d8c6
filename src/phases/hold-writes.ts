import { type Host, hostsWith } from '../cluster/cluster.ts';
import { holdOnMaster } from '../components/etcd-hold.ts';
import { Problem } from '../errors.ts';
import { reachHost } from './reach-masters.ts';
import type { Run } from './run.ts';
import { sessionOf } from './stages.ts';

/** A master that is off must not delay the others, or the holder of etcd's restart lock. */
const quickly = { retries: 0, connectTimeout: 3000, loginTimeout: 3000 };

/**
 * Makes the masters hold their API servers' requests to etcd for a moment, which ends by itself on each of them. If a master is not
 * reachable, its requests are not held, and a write may fail while etcd's leader transfers leadership: that is only logged.
 */
export async function holdWrites(run: Run): Promise<void> {
  const masters = hostsWith(run.cluster, 'master');
  const quick = { ...run, access: { ...run.access, ...quickly } };
  // Connects to all before any holds, so that they hold at the same time.
  const refusals = await Promise.all(masters.map(async (master) => await reachHost(quick, master)));
  await Promise.all(
    masters.map(async (master, index) => {
      const reason = refusals[index]?.[0]?.message ?? (await whyNotHeld(run, master));
      if (reason !== undefined) run.log.info(`${master.name}: requests to etcd are not held: ${reason}`);
    }),
  );
}

/** Makes a connected master hold requests. @returns why it does not hold them, or nothing if it does. */
async function whyNotHeld(run: Run, master: Host): Promise<string | undefined> {
  try {
    const session = sessionOf({ sessions: run.connections }, master);
    const { status, stderr } = await session.run(holdOnMaster(run.cluster, master), { timeoutSeconds: 10 });
    return status === 0 ? undefined : stderr.trim() || `status ${status}`;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}
