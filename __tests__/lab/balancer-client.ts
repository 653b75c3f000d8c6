import { administratorOf } from './administrator.ts';
import { clientsOf } from './node-clients.ts';
import { requestsDriver, type Sample, startRequests } from './requests.ts';
import { masters, node } from './seed-hosts.ts';
import { lab } from './seed-lab.ts';

/** A client on the node that makes ten new connections a second through its load balancer, from now until it is stopped. */
export async function askThroughBalancer(): Promise<() => Promise<Sample[]>> {
  return await clientsOf(node.name, await administratorOf(lab, 'master-2'), 'balancer');
}

/** The interval of the requests to each master. */
export const readinessEveryMs = 200;

/** Requests the readiness of every master's API server directly, five times a second. */
export async function askReadiness(): Promise<() => Promise<Sample[]>> {
  const targets = Object.fromEntries(masters.map(({ name, address }) => [name, `https://${address}:6443/readyz`]));
  const { ca } = await administratorOf(lab, 'master-2');
  const spec = { targets, everyMs: readinessEveryMs, timeoutMs: 10_000, ca };
  return await startRequests(['nsenter', `--net=${lab.netns}`, ...requestsDriver], spec);
}
