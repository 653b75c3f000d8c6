import { type Host, hostsWith } from '../cluster/cluster.ts';
import { holdOnMaster } from '../components/etcd-hold.ts';
import { Problem } from '../errors.ts';
import { connect } from './connect-hosts.ts';
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
  // All are reached before any holds, so that they hold at the same time.
  const reached = await Promise.all(masters.map(async (master) => await tried(run, master, reach)));
  await Promise.all(masters.map(async (master, index) => reached[index] && (await tried(run, master, hold))));
}

async function tried(run: Run, master: Host, step: (run: Run, master: Host) => Promise<void>): Promise<boolean> {
  try {
    await step(run, master);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    run.log.info(`${master.name}: requests to etcd are not held: ${error.message}`);
    return false;
  }
}

async function reach(run: Run, master: Host): Promise<void> {
  if (run.connections.has(master.name)) return;
  await connect({ ...run, access: { ...run.access, ...quickly } }, master, { readOnly: true });
}

async function hold(run: Run, master: Host): Promise<void> {
  const { status, stderr } = await sessionOf({ sessions: run.connections }, master).run(
    holdOnMaster(run.cluster, master),
    {
      timeoutSeconds: 10,
    },
  );
  if (status !== 0)
    run.log.info(`${master.name}: requests to etcd are not held: ${stderr.trim() || `status ${status}`}`);
}
