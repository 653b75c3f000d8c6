import { setTimeout as delay } from 'node:timers/promises';
import { type Cluster, type Host, hostsWith } from '../../cluster/cluster.ts';
import type { HostSession } from '../../host/engine.ts';
import { openKubernetes, whyNotServing } from '../../kubernetes/index.ts';
import { now } from '../instruments/clock.ts';
import { holdingsOf } from '../instruments/holdings.ts';
import { type Instruments, probedNodes, startInstruments } from '../instruments/instruments.ts';
import { timelineOf } from '../instruments/timeline.ts';
import { leaseEvents } from '../instruments/transfers.ts';
import { within } from '../instruments/until.ts';
import { type FailoverResult, type UpgradeStep, upgrade } from '../result.ts';

/** The data and connections that a measurement uses. */
export interface UpgradeScene {
  readonly cluster: Cluster;
  /** Text of the master's admin.conf. */
  readonly adminConf: string;
  /** The master whose API server the instruments use. It restarts too; they connect again. */
  readonly master: Host;
  /** Open sessions to the hosts that are part of the cluster already: a new node has no load balancer yet. */
  readonly sessions: ReadonlyMap<string, HostSession>;
}

/** What a host did, by the runner's clock. */
export interface TimedStep {
  readonly host: string;
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** A measurement that runs. */
export interface UpgradeMeasurement {
  /** Ends the instruments. @param steps of the upgrade, in any order */
  end(steps: readonly TimedStep[]): Promise<FailoverResult>;
  /** Ends them without a result. Never throws. */
  abandon(): Promise<void>;
}

/** How long the instruments run before the first change and after the last one. */
const marginMs = 1500;
/** A cancelled run has little time. */
const abandonMs = 2000;

/**
 * Starts the instruments of a failover check for an upgrade, in which no host is lost.
 * @returns undefined if the API server of the master does not serve: there is nothing to measure
 * @throws Problem KUBECONFIG_INVALID
 */
export async function measureUpgrade(scene: UpgradeScene): Promise<UpgradeMeasurement | undefined> {
  const { cluster, adminConf, master, sessions } = scene;
  const session = sessions.get(master.name);
  if (!session) return undefined;
  const api = openKubernetes(session, adminConf, { address: master.address, port: cluster.api.port });
  if ((await whyNotServing(api)) !== undefined) {
    api.close();
    return undefined;
  }
  const reached = (hosts: readonly Host[]) => hosts.flatMap(({ name }) => sessions.get(name) ?? []);
  const nodes = reached(probedNodes(cluster, undefined, undefined, ({ name }) => sessions.has(name)));
  const members = reached(hostsWith(cluster, 'etcd'));
  // No API server is asked without a load balancer: each of them restarts.
  const instruments = startInstruments({ cluster, adminConf, api, nodes, members, masters: [] });
  await delay(marginMs);
  const began = now();
  return {
    async end(steps) {
      const ended = now();
      await delay(marginMs);
      const stopped = await instruments.stop();
      api.close();
      return resultOf(cluster, { began, ended, seen: instruments.leases.seen, stopped }, steps);
    },
    async abandon() {
      await within(instruments.stop(), abandonMs, 'the instruments').catch(() => undefined);
      api.close();
    },
  };
}

/** What the instruments have recorded. */
export interface RecordedUpgrade {
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  readonly seen: Instruments['leases']['seen'];
  readonly stopped: Awaited<ReturnType<Instruments['stop']>>;
}

/** The result of an upgrade, in the form of a check's. Pure. */
export function resultOf(
  cluster: Cluster,
  { began, ended, seen, stopped }: RecordedUpgrade,
  steps: readonly TimedStep[],
): FailoverResult {
  const { kubernetesVersion, versions } = cluster;
  return {
    cluster: cluster.name,
    target: `Kubernetes ${kubernetesVersion} with etcd ${versions.etcd}`,
    fault: upgrade,
    masters: hostsWith(cluster, 'master').length,
    began: new Date(began).toISOString(),
    hitMs: 0,
    transfers: [],
    transferMs: undefined,
    holdings: holdingsOf(seen, began, ended),
    probes: stopped.probes,
    nodes: stopped.nodes,
    restoreMs: Math.round(ended - began),
    rejoinMs: undefined,
    timeline: timelineOf([...leaseEvents(seen), ...stopped.seen], began),
    troubles: [],
    steps: stepsSince(steps, began),
  };
}

function stepsSince(steps: readonly TimedStep[], began: number): readonly UpgradeStep[] {
  return steps
    .map(({ host, what, from, to }) => ({
      ...{ host, what, fromMs: Math.round(from - began), toMs: Math.round(to - began) },
    }))
    .toSorted((one, other) => one.toMs - other.toMs);
}
