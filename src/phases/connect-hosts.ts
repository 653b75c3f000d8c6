import type { Host } from '../cluster/cluster.ts';
import type { HostAddress } from '../host/engine.ts';
import { openHost } from '../host/index.ts';
import { allTargets, onHosts, type Phase, type Run } from './run.ts';

/** How the runner reaches a host. */
export function addressOf(host: Host): HostAddress {
  const { address, port, user, jumpHost } = host.ssh;
  return { name: host.name, address, port, user, ...(jumpHost ? { jump: jumpHost } : {}) };
}

/** Opens one connection to a host and keeps it for the later phases. */
export async function connect(
  run: Run,
  host: Host,
  options: { readonly asksOnly?: boolean; readonly lockSeconds?: number } = {},
): Promise<void> {
  const session = await openHost(addressOf(host), run.access, { dryRun: run.dryRun, ...options, log: run.log });
  run.sessions.set(host.name, session);
}

/** One connection to each host that is changed. */
export const connectHosts: Phase = {
  title: 'Connect to the hosts',
  async run(run) {
    await onHosts(allTargets(run), (host) => connect(run, host));
  },
};
