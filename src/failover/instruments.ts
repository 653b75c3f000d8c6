import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { HostSession } from '../host/engine.ts';
import { type ApiClient, parseKubeconfig, secureContextOf } from '../kubernetes/index.ts';
import { EndpointWatch } from './endpoint-watch.ts';
import { LeaseWatch } from './lease-watch.ts';
import { Probe } from './probe.ts';
import type { ProbeFigures } from './samples.ts';
import type { Sighting } from './timeline.ts';

/** Everything that watches while the fault happens. */
export interface Instruments {
  readonly leases: LeaseWatch;
  /** Ends them all and hands out what they saw besides the leases. */
  stop(): Promise<{ readonly probes: readonly ProbeFigures[]; readonly seen: readonly Sighting[] }>;
}

export interface InstrumentScene {
  readonly cluster: Cluster;
  readonly adminConf: string;
  /** Through a master that stays. */
  readonly api: ApiClient;
  /** Of the nodes whose balancers are probed; none of them is the host that is hit. */
  readonly nodes: readonly HostSession[];
  readonly hostnames?: ReadonlyMap<string, string> | undefined;
}

/** Starts them. @throws Problem KUBECONFIG_INVALID */
export function startInstruments({ cluster, adminConf, api, nodes, hostnames }: InstrumentScene): Instruments {
  const secureContext = secureContextOf(parseKubeconfig(adminConf));
  const endpoint = { address: '127.0.0.1', port: cluster.api.localPort };
  const leases = new LeaseWatch(api, cluster.hosts, hostnames);
  const endpoints = new EndpointWatch(api, cluster);
  const probes = nodes.flatMap((tunnel) => [
    new Probe('new', { tunnel, endpoint, secureContext }),
    new Probe('kept', { tunnel, endpoint, secureContext }),
  ]);
  return {
    leases,
    async stop() {
      const figures = await Promise.all(probes.map((probe) => probe.stop()));
      await endpoints.stop();
      const trouble = await leases.stop().then(
        () => undefined,
        (error: Error) => error.message,
      );
      const lost = leases.lost.map(
        ({ at, reason }): Sighting => ({ at, track: 'lease', what: `the watch was lost: ${reason}` }),
      );
      if (trouble !== undefined)
        lost.push({ at: leases.seen.at(-1)?.at ?? 0, track: 'lease', what: `the watch ended: ${trouble}` });
      return { probes: figures, seen: [...endpoints.seen, ...lost] };
    },
  };
}

/** The nodes to probe: those asked for, or the first three that are reached, never the host that is hit. */
export function probedNodes(
  cluster: Cluster,
  target: Host,
  asked: readonly string[] | undefined,
  reached: (host: Host) => boolean,
): readonly Host[] {
  const nodes = hostsWith(cluster, 'node').filter((host) => host.name !== target.name && reached(host));
  return asked ? nodes.filter(({ name }) => asked.includes(name)) : nodes.slice(0, 3);
}
