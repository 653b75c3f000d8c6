import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem, problemsOf } from '../errors.ts';
import type { Inspection } from '../host/engine.ts';
import { type ApiClient, cordonNode, deleteNode, drainNode, nodeNamed } from '../kubernetes/index.ts';
import { observedNode, observeNodes } from '../observe/api.ts';
import { isMember } from '../observe/members.ts';
import type { ObservedNode } from '../observe/observed.ts';
import { type LeavingHost, leavingNodes, removalObjection, removalSteps } from '../plan/removal.ts';
import { stepInWords } from '../plan/step.ts';
import { whyNotOurs } from './check-reset.ts';
import { withApi } from './cluster-access.ts';
import { connect } from './connect-hosts.ts';
import type { Phase } from './phase.ts';
import { resetHost } from './reset-hosts.ts';
import type { Run } from './run.ts';
import { type Connected, type PerhapsSecrets, sessionOf } from './stages.ts';

type Stage = Connected & PerhapsSecrets;

/** For pods that do not leave. */
const stays =
  'The node stays cordoned and in the cluster. Give the disruption budgets room (more replicas, or maxUnavailable), or delete these pods, then run again.';
/** A host that is to leave may be gone: it is not waited for as for one that is to be changed. */
const retries = 1;

/**
 * Takes the hosts with `state: removed` out of the cluster, one after the other: drained, their node deleted, and what was placed there
 * removed. One that does not answer leaves the cluster nevertheless, and is not wiped. A run that is killed is completed by the next one.
 */
export const removeHosts: Phase<Stage> = {
  title: 'Remove hosts',
  when: ({ cluster }) => cluster.removed.length > 0,
  async run(run, signal) {
    const problems: unknown[] = [];
    for (const host of run.cluster.removed) {
      signal.throwIfAborted();
      await removeHost(run, host, signal).catch((error: unknown) => problems.push(...placed(error, host)));
    }
    if (problems.length > 0) throw new AggregateError(problems, 'not all hosts were removed');
  },
};

const placed = (error: unknown, { name }: Host) =>
  problemsOf(error).map((part) => (part instanceof Problem ? part.within({ host: name }) : part));

async function removeHost(run: Stage, host: Host, signal: AbortSignal): Promise<void> {
  const found = await foundOn(run, host);
  const scopes = found?.scopes;
  await withApi(run, async (api) => {
    const object = await nodeNamed(api, host.nodeName);
    const node = object && observedNode(object);
    const steps = removalSteps({ host: host.name, node, placed: scopes });
    for (const step of steps) run.log.info(stepInWords(step, run.dryRun));
    if (steps.length === 0) run.log.info(`${host.name}: nothing is left of it; delete its line from cluster.yaml`);
    const hadMember = host.roles.includes('etcd') || scopes?.includes('etcd') === true;
    if (hadMember && !run.dryRun) await refuseMember(run, host);
    const { name, nodeName } = host;
    const machineId = found?.facts.machineId;
    // A run without anything to remove does not ask for all nodes.
    if (steps.length > 0 && !run.dryRun) await refuseRemoval(run, api, { host: name, nodeName, node, machineId });
    if (node && !run.dryRun) await leave(run, api, node, signal);
  }).catch((error: unknown) => {
    // Before the first deployment there is nothing that it could leave.
    if (!run.dryRun || !(error instanceof Problem) || error.code !== 'API_UNREACHABLE') throw error;
    run.log.info(`${host.name}: would be removed; the cluster does not answer, so its node is not known`);
  });
  if (found) await wipe(run, host, found);
  else if (!run.dryRun)
    run.log.warning(`${host.name}: it left the cluster, but did not answer: what was placed there was not removed`);
}

/** Puts the host back to how it was found. One of which nothing is ours any more stays as it is. @throws Problem RESET_OTHER_CLUSTER, RESET_NOT_OURS */
async function wipe(run: Stage, host: Host, found: Inspection): Promise<void> {
  if (found.scopes.length === 0 && !found.isReset) return;
  const problem = whyNotOurs(run.cluster.name, host, found);
  if (problem) throw problem;
  await resetHost(run, host);
}

/** What the host says of itself; undefined if it does not answer. */
async function foundOn(run: Stage, host: Host): Promise<Inspection | undefined> {
  try {
    // Opened to ask for its member of etcd only: without the host's lock.
    await run.connections.get(host.name)?.close();
    const session = await connect(run, host, { retries });
    return await session.inspect({});
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    run.log.warning(describeProblem(error));
    return undefined;
  }
}

/** @throws Problem REMOVAL_REFUSED: a member that is stopped is missing from the quorum; ETCD_UNKNOWN */
export async function refuseMember(run: Connected, host: Host): Promise<void> {
  const master = hostsWith(run.cluster, 'master').find(({ name }) => run.sessions.has(name));
  if (!master || !(await isMember(sessionOf(run, master), run.cluster, host))) return;
  throw new Problem('it is still a member of etcd, so it is not removed', {
    code: 'REMOVAL_REFUSED',
    host: host.name,
    hint: 'Run the etcd job (or the one-job action), which removes the member first; see the errors before this one.',
  });
}

/** @throws Problem REMOVAL_REFUSED; ApiProblem */
async function refuseRemoval({ cluster }: Run, api: ApiClient, found: LeavingHost): Promise<void> {
  const objection = removalObjection(found, await observeNodes(api), leavingNodes(cluster));
  if (objection) throw objection;
}

async function leave(run: Stage, api: ApiClient, node: ObservedNode, signal: AbortSignal): Promise<void> {
  if (node.ready) {
    await cordonNode(api, node.name, run.name);
    const timeoutMs = run.cluster.upgrade.nodes.drainSeconds * 1000;
    await drainNode(api, node.name, { timeoutMs, log: run.log, signal, hint: stays });
  }
  const deleted = await deleteNode(api, node.name);
  run.log.info(`${node.name}: deleted ${deleted.join(', ')}`);
  run.objects.push(...deleted.map((object) => `${object} deleted`));
}
