import pRetry from 'p-retry';
import type { Cluster } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { type ClusterClaim, type FailoverScene, type MakeFault, prepareFailover } from '../failover/index.ts';
import type { Log } from '../log.ts';
import { connect } from './connect-hosts.ts';
import type { Run } from './run.ts';

/** For a post step: switches on the host that its step left without power. @throws Problem POWER_COMMAND_FAILED */
export async function switchOn(
  cluster: Cluster,
  name: string | undefined,
  poweroff: MakeFault,
  log: Log,
): Promise<void> {
  const host = cluster.hosts.find((one) => one.name === name);
  if (!host) return;
  log.warning(`${host.name} was left without power: switching it on`);
  await poweroff(host).restore();
}

/** The time limit per attempt, from power-on to a healthy cluster. */
const timeoutMs = 90_000;
/** Two attempts, because the command that switched it off may have outlived its check and end after the first one. */
const tries = 2;

/**
 * Switches on a host that an earlier check left without power: its runner died between the two commands, and no timer can undo an out-of-band
 * power-off. Waits until the cluster is healthy again.
 * @throws Problem FAILOVER_REFUSED without a power command, POWER_COMMAND_FAILED, and the remaining violated preconditions
 */
export async function recoverPoweredOffHost(
  run: Run,
  scene: FailoverScene,
  { leftOff, note }: Pick<ClusterClaim, 'leftOff' | 'note'>,
  poweroff: MakeFault | undefined,
): Promise<void> {
  const host = run.cluster.hosts.find(({ name }) => name === leftOff?.host);
  if (!host || !leftOff) return;
  // Another run has already switched it on.
  if (run.connections.has(host.name)) return await note(undefined);
  const what = `${host.name} was switched off by a check that died before it could switch it on: ${leftOff.by}`;
  if (!poweroff) {
    throw new Problem(what, {
      code: 'FAILOVER_REFUSED',
      host: host.name,
      hint: 'Nothing was changed. Switch the host on, or run the check with fault: poweroff and its power-command, which switches it on.',
    });
  }
  run.log.warning(`${what}; it is switched on again`);
  const checkHealthy = async () => {
    if (!run.connections.has(host.name))
      await connect(run, host, {
        retries: 0,
        lockSeconds: 3,
        claim: { as: 'first', waitSeconds: 3 },
      });
    const { apis } = await prepareFailover(scene, host.name);
    for (const api of apis.values()) api.close();
  };
  const switchOnAndWait = async () => {
    await poweroff(host).restore();
    await eventually(checkHealthy, (error) => run.log.debug(`not yet: ${describeProblem(error)}`));
  };
  await pRetry(switchOnAndWait, { retries: tries - 1, minTimeout: 0, shouldRetry: () => true });
  await note(undefined);
  run.log.info(`${host.name} is back, and the cluster is healthy`);
}

async function eventually(work: () => Promise<void>, later: (error: Error) => void): Promise<void> {
  await pRetry(work, {
    retries: timeoutMs / 1000,
    factor: 1,
    minTimeout: 1000,
    maxRetryTime: timeoutMs,
    shouldRetry: () => true,
    onFailedAttempt: ({ error }) => later(error),
  });
}
