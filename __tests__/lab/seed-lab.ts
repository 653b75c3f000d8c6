import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { productKey } from '../../lab/checkpoints/key.ts';
import { listCheckpoints } from '../../lab/checkpoints/store.ts';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { DEFAULT_CLUSTER, type Lab, openLab } from '../../lab/lab.ts';
import { type ActionOptions, type ActionResult, runAction } from '../../lab/runner/run-action.ts';
import { labId } from './lab-id.ts';
import { succeeded } from './results.ts';

// The lab that the cluster tests share, separate from a lab that the user has up. The developer of a test
// chooses another lab by K8S_HA_SEED_LAB: never by K8S_HA_LAB_ID, which may name a user's lab, and tests take labs down.

/** The shared lab of the seed's seven hosts. */
export const lab: Lab = openLab({ id: labId('seed') });

/** Bare hosts: existing ones are removed first. */
export async function bareHosts(cluster?: string): Promise<void> {
  await lab.down();
  await lab.up(cluster === undefined ? {} : { cluster });
}

/** The checkpoint of the seed's cluster as the present bundles build it. */
const ready = (): string => {
  const cluster = readFileSync(join(lab.root, DEFAULT_CLUSTER), 'utf8');
  return `tests-seed-${productKey(lab.root, cluster)}`;
};

/**
 * Powers all hosts on and brings the cluster to the state of its file; takes seconds if it already is. A lab that is down starts from a checkpoint of
 * that cluster, which the first test saves that needs it.
 */
export async function standingCluster(): Promise<Kubectl> {
  const wasUp = (await lab.status()).up;
  const saved = listCheckpoints(cacheFolder()).some(({ name }) => name === ready());
  await lab.up(wasUp || !saved ? {} : { from: ready() });
  succeeded(await runAction(lab, 'deploy'));
  if (!wasUp && !saved) await lab.saveCheckpoint(ready(), { keep: true });
  return await openKubectl(lab);
}

/** Runs an action with the lab's inputs. */
export async function act(
  name: string,
  inputs: Readonly<Record<string, string>> = {},
  options: ActionOptions = {},
): Promise<ActionResult> {
  return await runAction(lab, name, { ...options, inputs });
}

export { logOf, succeeded } from './results.ts';

/** Runs a line of shell on a host as root and returns its output; throws if it fails. */
export async function onHost(host: string, line: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(host, ['sh', '-c', line]);
  if (status === 0) return stdout;
  throw new Error(`${host}: ${line}: status ${status}: ${stderr}`);
}

/** The cluster file of the lab, as text. */
export function clusterText(): string {
  return readFileSync(lab.clusterFile, 'utf8');
}
