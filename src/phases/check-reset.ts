import { type Host, hostsWith } from '../cluster/cluster.ts';
import { roles } from '../cluster/schema.ts';
import { Problem } from '../errors.ts';
import { describeEtcd, type EtcdHealth, etcdHealth } from '../etcd/health.ts';
import type { Inspection } from '../host/engine.ts';
import { whyNotServing } from '../kubernetes/index.ts';
import { quorumOf } from '../layout/quorum.ts';
import { waitWhile } from '../waiting.ts';
import { claimOf } from './claim-hosts.ts';
import { withMaster } from './cluster-access.ts';
import { connect } from './connect-hosts.ts';
import type { Reached } from './connect-reset.ts';
import { onHosts } from './on-hosts.ts';
import type { Phase } from './phase.ts';
import { allTargets, type Run } from './run.ts';
import { sessionOf } from './stages.ts';

const wayOut =
  'Leave the input hosts empty to reset the whole cluster, or let the host leave the cluster: state: removed on its line of cluster.yaml.';

/** Refuses, before anything is changed, hosts that are not this cluster's, and a part of the cluster that the rest needs. */
export const checkReset: Phase<Reached> = {
  title: 'Check what is reset',
  async run(run, signal) {
    const owned = async (host: Host) => {
      const inspection = await sessionOf(run, host).inspect({});
      return whyNotOurs(run.cluster.name, host, inspection) ?? [];
    };
    const problems = (await onHosts(run.reached, owned, signal)).flat();
    if (problems.length === 0 && isPart(run)) problems.push(...(await whyNeeded(run, signal)));
    if (problems.length > 0) throw new AggregateError(problems, 'nothing was changed');
    if (isPart(run) && !run.dryRun)
      run.log.warning(
        'The cluster keeps the Nodes and etcd members of these hosts, as lost ones: a reset does not remove them.',
      );
  },
};

/** Why a host is not for this cluster's reset; nothing for one that is, or that an earlier reset has completed. Pure. */
export function whyNotOurs(name: string, host: Host, { scopes, owners, isReset }: Inspection): Problem | undefined {
  const others = owners.filter((owner) => owner !== name);
  if (others.length > 0)
    return new Problem(`the host belongs to the cluster ${others.join(', ')}, not to ${name}`, {
      code: 'RESET_OTHER_CLUSTER',
      host: host.name,
      hint: 'Correct its address or its line in cluster.yaml, or reset it with the cluster.yaml of that cluster.',
    });
  if (isReset || (scopes.length > 0 && owners.length > 0)) return undefined;
  const what =
    scopes.length === 0 ? 'nothing on this host was placed by these actions' : 'its lists do not say whose host it is';
  return new Problem(`${what}, so it is not reset`, {
    code: 'RESET_NOT_OURS',
    host: host.name,
    hint: 'Correct its address in cluster.yaml, or name the other hosts in the input hosts.',
  });
}

function isPart(run: Run): boolean {
  return allTargets(run).length < run.cluster.hosts.length;
}

/** Why the rest of the cluster needs the hosts that are reset. The rest is asked, not the hosts themselves: they may be half reset. */
async function whyNeeded(run: Reached, signal: AbortSignal): Promise<readonly Problem[]> {
  const targets = allTargets(run);
  const last = lastOfRole(run.cluster.hosts, targets);
  if (last.length > 0) return last;
  const needed = roles.filter((role) => role !== 'node' && targets.some((host) => host.roles.includes(role)));
  const rest = run.cluster.hosts.filter((host) => !targets.includes(host));
  const asked = rest.filter(
    (host) => needed.some((role) => host.roles.includes(role)) || host.roles.includes('master'),
  );
  const joined = await onHosts(asked, (host) => reach(run, host, signal), signal);
  const live = asked.filter((_, index) => joined[index] === true);
  return [
    ...(needed.includes('etcd') ? await whyQuorum(run, live, targets) : []),
    ...(needed.includes('master') ? await whyMaster(run, live, targets) : []),
  ];
}

/** Roles that no host would have any more. Pure. */
export function lastOfRole(hosts: readonly Host[], targets: readonly Host[]): readonly Problem[] {
  return roles.flatMap((role) => {
    const able = hosts.filter((host) => host.roles.includes(role));
    if (able.length === 0 || able.some((host) => !targets.includes(host))) return [];
    const names = able.map(({ name }) => name).join(', ');
    const message = `no other host has the role ${role}: ${names} cannot be reset while the cluster stays`;
    return [new Problem(message, { code: 'RESET_LAST', host: able[0]?.name, hint: wayOut })];
  });
}

/** Waits for its turn on the masters, as every run that changes the cluster. A host that does not answer counts as lost. */
async function reach(run: Run, host: Host, signal: AbortSignal): Promise<boolean> {
  const claim = host.roles.includes('master') ? claimOf(run, host, 'first') : undefined;
  try {
    await connect(run, host, { readOnly: true, claim, retries: run.access.retries ?? 2, signal });
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'RIVAL_RUN') throw error;
    return false;
  }
}

async function whyQuorum(run: Reached, live: readonly Host[], targets: readonly Host[]): Promise<readonly Problem[]> {
  const answers = await Promise.all(
    live
      .filter((host) => host.roles.includes('etcd'))
      .map((host) => etcdHealth(sessionOf(run, host), run.cluster).catch(() => undefined)),
  );
  const health = answers.find((each) => each !== undefined);
  const reason = health ? quorumLost(health, targets) : 'no other member of etcd answers';
  if (reason === undefined) return [];
  const host = targets.find((each) => each.roles.includes('etcd'));
  return [
    new Problem(`etcd would lose its quorum: ${reason}`, { code: 'RESET_QUORUM', host: host?.name, hint: wayOut }),
  ];
}

/** Why etcd could not go on without the members on these hosts; nothing if it could. Pure. */
export function quorumLost(health: EtcdHealth, targets: readonly Host[]): string | undefined {
  const stay = health.members.filter(({ host, healthy }) => healthy && !targets.some(({ name }) => name === host));
  const quorum = quorumOf(health.members.length);
  if (stay.length >= quorum) return undefined;
  return `${stay.length} of ${health.members.length} members would be left and ${quorum} are needed (now: ${describeEtcd(health)})`;
}

/** How long another master may take to answer: one that has just started, or a busy one. */
const patience = { timeoutMs: 15_000, everyMs: 500 };

async function whyMaster(run: Reached, live: readonly Host[], targets: readonly Host[]): Promise<readonly Problem[]> {
  const masters = hostsWith({ ...run.cluster, hosts: live }, 'master');
  let detail: readonly string[] = [];
  const look = async () => {
    const reasons = await Promise.all(masters.map((host) => silence(run, host)));
    detail = reasons.flatMap((each) => each ?? []);
    return reasons.includes(undefined) ? undefined : detail.join('; ');
  };
  const reason = await (masters.length > 0 ? waitWhile(look, patience) : look());
  if (reason === undefined) return [];
  const host = targets.find((each) => each.roles.includes('master'));
  const message = 'no other master serves: its loss would be the loss of the API';
  return [new Problem(message, { code: 'RESET_LAST', host: host?.name, detail, hint: wayOut })];
}

/** Why a master's API server does not answer; nothing if it does. */
async function silence(run: Reached, host: Host): Promise<string | undefined> {
  try {
    return await withMaster(run, host, whyNotServing);
  } catch (error) {
    if (error instanceof Problem) return `${host.name}: ${error.message}`;
    throw error;
  }
}
