import { type Cluster, type Host, hostsWith } from '../../cluster/cluster.ts';
import type { HostSession } from '../../host/engine.ts';
import { type ApiClient, parseKubeconfig, secureContextOf } from '../../kubernetes/index.ts';
import { balancerLog } from './balancer-log.ts';
import { now } from './clock.ts';
import { EndpointWatch } from './endpoint-watch.ts';
import { EtcdWatch } from './etcd-watch.ts';
import { LeaseWatch } from './lease-watch.ts';
import { type NodeFigures, NodeWatch } from './node-watch.ts';
import { Probe } from './probe.ts';
import { RunnerWatch } from './runner-watch.ts';
import type { ProbeFigures } from './samples.ts';
import { ServiceProbe } from './service-probe.ts';
import type { Sighting } from './timeline.ts';
import { WatchProbe } from './watch-probe.ts';
import { writtenObject } from './written-object.ts';

/** All instruments that observe the cluster during the fault. */
export interface Instruments {
  readonly leases: LeaseWatch;
  /** Ends them all and returns their observations, besides the leases. */
  stop(): Promise<Recorded>;
}

export interface Recorded {
  readonly probes: readonly ProbeFigures[];
  readonly nodes: NodeFigures;
  readonly seen: readonly Sighting[];
}

export interface InstrumentScene {
  readonly cluster: Cluster;
  readonly adminConf: string;
  /** The API through a master other than the target. */
  readonly api: ApiClient;
  /** The sessions to the masters other than the target. */
  readonly masters: readonly HostSession[];
  /** The sessions to all hosts with etcd. */
  readonly members: readonly HostSession[];
  /** The sessions to the nodes whose load balancers are probed; the target is never among them. */
  readonly nodes: readonly HostSession[];
  /** The target: kept connections lead to it at first. Absent in an upgrade, in which no host is lost. */
  readonly target?: Host;
  readonly hostnames?: ReadonlyMap<string, string> | undefined;
}

/**
 * Together ten new connections a second. SSH must cost a probed node less than 2 % of a core; and each write costs every member
 * of etcd a sync of its disk.
 */
const [readEveryMs, writeEveryMs] = [150, 300];
/** Its pauses last for seconds, so a slow rate is enough. */
const keptEveryMs = 250;
/** Often enough to notice a stalled API server. */
const directEveryMs = 1000;

/** Starts the instruments. @throws Problem KUBECONFIG_INVALID */
export function startInstruments(scene: InstrumentScene): Instruments {
  const { cluster, api, nodes, masters, members, hostnames, target } = scene;
  const began = now();
  const leases = new LeaseWatch(api, cluster.hosts, hostnames);
  const endpoints = new EndpointWatch(api, cluster);
  const etcd = new EtcdWatch(members);
  const probed = hostsWith(cluster, 'node').filter(({ name }) => nodes.some(({ host }) => host.name === name));
  const runner = new RunnerWatch();
  const kubelets = new NodeWatch(api, cluster, target, probed);
  const clients = [
    ...nodes.map((node) => clientsOn(node, scene)),
    ...masters.map((master) => directProbe(master, scene)),
    ...(cluster.addons.coredns ? nodes.map((node) => new ServiceProbe(node, cluster)) : []),
  ];
  return {
    leases,
    async stop() {
      const paused = runner.stop();
      const figures = await Promise.all(clients.map((each) => each.stop()));
      await endpoints.stop();
      const lost = await endOf(leases);
      // A node that is lost meanwhile is skipped; the check continues without it.
      const balancers = await Promise.all(nodes.map((node) => balancerLog(node, began).catch(() => [])));
      const seen = [...endpoints.seen, ...etcd.stop(), ...kubelets.seen, ...balancers.flat(), ...lost, ...paused];
      return { probes: figures.flat(), nodes: kubelets.stop(), seen };
    },
  };
}

/** The clients that use one node's own load balancer. */
function clientsOn(tunnel: HostSession, { cluster, adminConf, api, target }: InstrumentScene) {
  const endpoint = { address: '127.0.0.1', port: cluster.api.localPort };
  const heldBy = target?.roles.includes('master') ? target.name : undefined;
  const common = { tunnel, endpoint, secureContext: secureContextOf(parseKubeconfig(adminConf)), heldBy };
  const written = writtenObject(tunnel.host.name);
  const { path, body } = written;
  const probes = [
    new Probe('new', { ...common, everyMs: readEveryMs }),
    new Probe('kept', { ...common, everyMs: keptEveryMs }),
    new Probe('write', { ...common, path, body, everyMs: writeEveryMs }),
  ];
  const watch = new WatchProbe({ ...common, object: written });
  return {
    async stop(): Promise<readonly ProbeFigures[]> {
      const watched = watch.stop();
      const asked = await Promise.all(probes.map((probe) => probe.stop()));
      await written.clear(api);
      return [...asked, watched];
    },
  };
}

/** A client of one master's own API server: it has the same experience as a component on that master. */
function directProbe(tunnel: HostSession, { cluster, adminConf }: InstrumentScene): Probe {
  const address = hostsWith(cluster, 'master').find(({ name }) => name === tunnel.host.name)?.address ?? '';
  const secureContext = secureContextOf(parseKubeconfig(adminConf));
  return new Probe('direct', {
    tunnel,
    endpoint: { address, port: cluster.api.port },
    secureContext,
    everyMs: directEveryMs,
  });
}

async function endOf(leases: LeaseWatch): Promise<readonly Sighting[]> {
  const trouble = await leases.stop().then(
    () => undefined,
    (error: Error) => error.message,
  );
  const lost = leases.lost.map(
    ({ at, reason }): Sighting => ({ at, track: 'lease', what: `the watch was lost: ${reason}` }),
  );
  if (trouble === undefined) return lost;
  return [...lost, { at: leases.seen.at(-1)?.at ?? 0, track: 'lease', what: `the watch ended: ${trouble}` }];
}

/** The nodes to probe: those of the input, or the first three that are reachable, never the target. */
export function probedNodes(
  cluster: Cluster,
  target: Host | undefined,
  asked: readonly string[] | undefined,
  reached: (host: Host) => boolean,
): readonly Host[] {
  const nodes = hostsWith(cluster, 'node').filter((host) => host.name !== target?.name && reached(host));
  return asked ? nodes.filter(({ name }) => asked.includes(name)) : nodes.slice(0, 3);
}
