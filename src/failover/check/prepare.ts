import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Cluster, Host } from '../../cluster/cluster.ts';
import { hostsWith } from '../../cluster/cluster.ts';
import { Problem } from '../../errors.ts';
import { etcdHealth } from '../../etcd/health.ts';
import type { HostSession } from '../../host/engine.ts';
import { type ApiClient, nodeReasons, openKubernetes, readLeases, whyNotServing } from '../../kubernetes/index.ts';
import type { Log } from '../../log.ts';
import { now } from '../instruments/clock.ts';
import { type ClusterState, chooseTarget, refuseUnlessSafe, violatedPreconditions } from './preconditions.ts';

/** The data and connections that a check uses. */
export interface FailoverScene {
  readonly cluster: Cluster;
  /** Text of a master's admin.conf. */
  readonly adminConf: string;
  /**
   * Open sessions by the inventory's name: every master, every host with etcd, and the nodes to probe. The check is refused if
   * a master or an etcd host has none.
   */
  readonly sessions: ReadonlyMap<string, HostSession>;
  /** Reconnects to the target host; retried until it answers. */
  readonly reopen: (host: Host) => Promise<HostSession>;
  /** The names that the hosts themselves report, for hosts without a name in cluster.yaml. */
  readonly hostnames?: ReadonlyMap<string, string>;
  readonly log: Log;
}

export interface Prepared {
  readonly target: Host;
  readonly clusterState: ClusterState;
  /** A client for each master's own API server. */
  readonly apis: ReadonlyMap<string, ApiClient>;
}

/**
 * Reads the state of the cluster, chooses the host and refuses a check that would break the cluster. Changes nothing: a dry run ends here.
 * @throws Problem FAILOVER_REFUSED, TARGET_UNKNOWN, ETCD_UNKNOWN
 */
export async function prepareFailover(scene: FailoverScene, wanted: string): Promise<Prepared> {
  const { cluster, adminConf } = scene;
  const apis = new Map(
    hostsWith(cluster, 'master')
      .filter(({ name }) => scene.sessions.has(name))
      .map((host) => {
        const endpoint = { address: host.address, port: cluster.api.port };
        return [host.name, openKubernetes(sessionOf(scene, host.name), adminConf, endpoint)];
      }),
  );
  const end = now() + patienceMs;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const clusterState = await readClusterState(scene, apis);
      const reasons = violationsBy(cluster, wanted, clusterState);
      if (reasons.length === 0 || now() > end) {
        const target = chooseTarget(cluster, wanted, clusterState.leases);
        refuseUnlessSafe(cluster, target, clusterState);
        return { target, clusterState, apis };
      }
      if (attempt === 1) scene.log.info(`not yet; checked again for ${patienceMs / 1000} s: ${reasons[0]}`);
      await delay(1000);
    }
  } catch (error) {
    for (const api of apis.values()) api.close();
    throw error;
  }
}

/** Preconditions may fail transiently (a slow response, an election in progress), so they are checked again for this long. */
const patienceMs = 10_000;

async function readClusterState(scene: FailoverScene, apis: Prepared['apis']): Promise<ClusterState> {
  const { cluster, hostnames } = scene;
  const [masters, etcd] = await Promise.all([servingOf(cluster, apis), etcdHealth(etcdSessionOf(scene), cluster)]);
  const serving = [...apis].find(([name]) => masters.get(name) === undefined)?.[1];
  const leases = serving ? await readLeases(serving, cluster.hosts, hostnames) : new Map();
  const nodes = serving ? await troublesOfNodes(scene, serving) : new Map();
  return { masters, etcd, nodes, leases };
}

function violationsBy(cluster: Cluster, wanted: string, clusterState: ClusterState): readonly string[] {
  if (wanted === 'leader' && clusterState.leases.get('kube-controller-manager')?.host === undefined)
    return ['no host holds the lease kube-controller-manager'];
  return violatedPreconditions(cluster, chooseTarget(cluster, wanted, clusterState.leases), clusterState);
}

async function servingOf(
  cluster: Cluster,
  apis: ReadonlyMap<string, ApiClient>,
): Promise<ReadonlyMap<string, string | undefined>> {
  const reasons = hostsWith(cluster, 'master').map(async ({ name }) => {
    const api = apis.get(name);
    return [name, api ? await whyNotServing(api) : 'the host can’t be reached'] as const;
  });
  return new Map(await Promise.all(reasons));
}

/** What is wrong with each node: its status in the API, and whether a client on it gets through its load balancer. */
async function troublesOfNodes(scene: FailoverScene, api: ApiClient): Promise<ClusterState['nodes']> {
  const nodes = hostsWith(scene.cluster, 'node');
  const names = nodes.map(({ nodeName }) => nodeName);
  const unready = await nodeReasons(api, names);
  const atOnce = pLimit(50);
  const troubles = nodes.map(async ({ name, nodeName }) => {
    const reason = unready.get(nodeName) ?? (await atOnce(() => balancerTrouble(scene, name)));
    return [name, reason] as const;
  });
  return new Map(await Promise.all(troubles));
}

async function balancerTrouble(
  { cluster, adminConf, sessions }: FailoverScene,
  name: string,
): Promise<string | undefined> {
  const session = sessions.get(name);
  if (!session) return undefined;
  const through = openKubernetes(session, adminConf, { address: '127.0.0.1', port: cluster.api.localPort });
  const reason = await whyNotServing(through);
  through.close();
  return reason === undefined ? undefined : `its balancer leads to no API server: ${reason}`;
}

/** A session to a host with etcd other than the target, to ask about all members. */
export function etcdSessionOf(scene: FailoverScene, except?: string): HostSession {
  const host = hostsWith(scene.cluster, 'etcd').find(({ name }) => name !== except && scene.sessions.has(name));
  return sessionOf(scene, host?.name ?? 'etcd');
}

/** @throws Problem SESSION_MISSING: a defect of the caller */
export function sessionOf({ sessions }: FailoverScene, name: string): HostSession {
  const session = sessions.get(name);
  if (session) return session;
  throw new Problem(`there is no connection to ${name}`, { code: 'SESSION_MISSING', host: name });
}
