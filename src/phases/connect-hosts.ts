import { type Host, hostsWith } from '../cluster/cluster.ts';
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

/** One connection to each host that is changed; with `masters`, also to those through which the cluster is asked, unlocked. */
export function connectHosts(options: { readonly masters: boolean } = { masters: false }): Phase {
  return {
    title: 'Connect to the hosts',
    async run(run) {
      const targets = allTargets(run);
      const asked = options.masters ? hostsWith(run.cluster, 'master') : [];
      const hosts = [...new Set([...targets, ...asked])];
      await onHosts(hosts, (host) => connect(run, host, { asksOnly: !targets.includes(host) }));
    },
  };
}
