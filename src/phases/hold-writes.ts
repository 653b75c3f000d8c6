import { type Host, hostsWith } from '../cluster/cluster.ts';
import { holdOnMaster } from '../components/etcd-hold.ts';
import { Problem } from '../errors.ts';
import { reachMaster } from './reach-masters.ts';
import type { Run } from './run.ts';
import { sessionOf } from './stages.ts';

/** A master that is off must not keep the others, and etcd's restart lock, waiting. */
const quickly = { retries: 0, connectTimeout: 3000 };

/**
 * Makes the masters hold what their API servers ask etcd for, for a moment; that moment ends by itself on each of them. Without a master that can
 * be reached nothing is held, and a write may fail while etcd's leader hands over: that is logged and fails nothing.
 */
export async function holdWrites(run: Run): Promise<void> {
  const masters = hostsWith(run.cluster, 'master');
  const asked = { ...run, access: { ...run.access, ...quickly } };
  // All are reached before any holds, so that they hold at the same time.
  const refusals = await Promise.all(masters.map(async (master) => await reachMaster(asked, master)));
  await Promise.all(
    masters.map(async (master, index) => {
      const reason = refusals[index]?.[0]?.message ?? (await whyNotHeld(run, master));
      if (reason !== undefined) run.log.info(`${master.name}: requests to etcd are not held: ${reason}`);
    }),
  );
}

/** Has a connected master hold; nothing, or why it does not. */
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
