import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem, problemsOf } from '../errors.ts';
import { waitForApiServer } from '../kubernetes/index.ts';
import { applyState, applyStates, roleState } from './apply-role.ts';
import { orAborted } from './cancelled.ts';
import { withApi, withMaster } from './cluster-access.ts';
import { withoutRole } from './new-cluster.ts';
import { onHosts } from './on-hosts.ts';
import { beginGated, passGate, passOpenGates } from './pass-gate.ts';
import { type Phase, unlessDry } from './phase.ts';
import { reachHost } from './reach-masters.ts';
import { targetsOf } from './run.ts';
import { servedVersions } from './served-versions.ts';
import { type Connected, inspectionOf, type PerhapsSecrets, type Prepared } from './stages.ts';
import { recordSeconds } from './upgrade-record.ts';
import { upgradeTurns } from './upgrade-turns.ts';

const readyTimeoutMs = 120_000;

/**
 * Makes masters what they are to be, in parallel: hosts themselves take turns for restarts. Only with `upgrade.gate`, those that serve
 * another version follow one after the other, because the gate between them runs on the runner, where the hosts' lock does not reach.
 */
export const applyMasters: Phase<Prepared> = {
  title: 'Apply masters',
  async run(run, signal) {
    const masters = targetsOf(run, 'master');
    const upgrades = run.gate ? await servingOtherVersion(run, masters) : [];
    const others = withoutRole(run, masters, 'master').filter((host) => !upgrades.includes(host));
    await applyStates(run, others, 'master', (host) => roleState(run, host, 'master'), signal);
    if (upgrades.length > 0) await upgradeInTurns(run, upgrades, signal);
  },
};

/** A silent API server is none of the roll: nothing must delay its repair. */
async function servingOtherVersion(run: Prepared, masters: readonly Host[]): Promise<readonly Host[]> {
  const asked = masters.filter((host) => inspectionOf(run, host).scopes.includes('master'));
  const served = await servedVersions(run, asked);
  return asked.filter(
    ({ name }) => (served.get(name) ?? run.cluster.kubernetesVersion) !== run.cluster.kubernetesVersion,
  );
}

/** @throws Problem UPGRADE_HELD, TURN_REFUSED, TURN_LOST; problems of the host. After a failure no other master begins. */
async function upgradeInTurns(run: Prepared, upgrades: readonly Host[], signal: AbortSignal): Promise<void> {
  const turns = upgradeTurns(run, 'master', 1);
  for (const host of upgrades) {
    try {
      if (!(await reachOthers(run, host, signal))) await upgrade(run, host, signal);
      else await withApi(run, (api) => turns(api, host, signal, (turn) => upgrade(run, host, turn)), host);
    } catch (error) {
      const parts = problemsOf(error).map((part) =>
        part instanceof Problem ? part.within({ host: host.name }) : part,
      );
      throw new AggregateError(parts, `${host.name} was not upgraded`);
    }
  }
}

/** The Lease of a turn is renewed through another master: that of the host restarts. Returns whether there are other masters. */
async function reachOthers(run: Prepared, host: Host, signal: AbortSignal): Promise<boolean> {
  const others = hostsWith(run.cluster, 'master').filter((master) => master !== host);
  const refusals = await Promise.all(others.map((master) => reachHost(run, master, 'later', signal)));
  for (const refusal of refusals.flat()) run.log.warning(describeProblem(refusal));
  return others.length > 0;
}

async function upgrade(run: Prepared, host: Host, turn: AbortSignal): Promise<void> {
  await passOpenGates(run, host, 'master', turn);
  await beginGated(run, host, 'master');
  const begin = performance.now();
  await orAborted(() => applyState(run, host, 'master', roleState(run, host, 'master')), turn);
  await untilReady(run, host, turn);
  await recordSeconds(run, 'master', performance.now() - begin);
  await passGate(run, host, 'master', turn);
}

/** Waits until each master's API server is ready, including etcd. */
export const waitForMasters: Phase<Connected & PerhapsSecrets> = {
  title: 'Wait for the API servers',
  when: unlessDry,
  async run(run, signal) {
    const serves = (master: Host) => untilReady(run, master, signal);
    await onHosts(targetsOf(run, 'master'), serves, signal);
  },
};

async function untilReady(run: Connected & PerhapsSecrets, master: Host, signal: AbortSignal): Promise<void> {
  await withMaster(run, master, (api) => waitForApiServer(api, { timeoutMs: readyTimeoutMs, signal }));
}
