import { readFileSync } from 'node:fs';
import { inNetworkOf } from '../../lab/networks.ts';
import { type StopDriver, startDriver } from '../driver.ts';
import type { Stage } from '../stage.ts';

/** A load balancer that is measured. */
export interface Endpoint {
  readonly name: string;
  readonly port: number;
}

/** The driver's task. */
export interface ClientsSpec {
  readonly endpoints: readonly Endpoint[];
  readonly adminConf: string;
  /** The name of the master to which kept connections and watches lead at first. */
  readonly heldBy: string;
}

/** One failed request. */
export interface Failure {
  readonly at: number;
  readonly ms: number;
  readonly error: string;
}

/** The results of the clients of one load balancer. */
export interface EndpointFigures {
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  readonly slowestMs: number;
  readonly failures: readonly Failure[];
  readonly keptGapMs: number;
  readonly watchGapMs: number;
  /** Whether both led to the target at first. */
  readonly held: boolean;
}

/**
 * Starts clients on the probed node, in a separate process there: through each load balancer ten new connections a second, a
 * kept connection with ten requests a second, and a watch.
 */
export async function startClients(
  { lab, kubectl, node }: Stage,
  endpoints: readonly Endpoint[],
  heldBy: string,
): Promise<StopDriver<readonly EndpointFigures[]>> {
  const spec: ClientsSpec = { endpoints, heldBy, adminConf: readFileSync(kubectl.kubeconfig, 'utf8') };
  return await startDriver('failover/clients-driver.ts', (argv) => inNetworkOf(lab, node, argv), spec);
}
