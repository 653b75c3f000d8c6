import type { Host } from '../cluster/cluster.ts';
import type { HostAddress, OpenOptions } from '../host/engine.ts';

import { openHost } from '../host/index.ts';
import { claimOf, decider, type Turn, waitSeconds } from './claim-hosts.ts';
import { allTargets, onHosts, type Phase, type Run } from './run.ts';

/** How the runner reaches a host. */
export function addressOf(host: Host): HostAddress {
  const { address, port, user, jumpHost } = host.ssh;
  return { name: host.name, address, port, user, ...(jumpHost ? { jump: jumpHost } : {}) };
}

/** Opens one connection to a host and keeps it for the later phases. Who changes nothing has nothing to do with claims. */
export async function connect(run: Run, host: Host, options: Partial<OpenOptions> = {}): Promise<void> {
  const { dryRun, name, log } = run;
  const claim = dryRun ? undefined : options.claim;
  const session = await openHost(addressOf(host), run.access, { dryRun, holder: name, ...options, claim, log });
  run.sessions.set(host.name, session);
}

/**
 * One connection to each host that is changed.
 * @param forceRestart restart also what may serve a living cluster that could not be asked.
 */
export function connectHosts(turn: Turn = 'later', forceRestart = false): Phase {
  return {
    title: 'Connect to the hosts',
    async run(run) {
      const open = (host: Host, options: Partial<OpenOptions>) =>
        connect(run, host, { claim: claimOf(run, host, turn), forceRestart, ...options });
      const first = turn === 'first' ? decider(run) : undefined;
      const decided = first && open(first, { lockSeconds: waitSeconds });
      // Should it fail, that is told with the others' failures.
      const after = decided?.catch(() => undefined);
      await onHosts(allTargets(run), (host) => (host === first && decided ? decided : open(host, { after })));
    },
  };
}
