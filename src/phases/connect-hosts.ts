import type { Host } from '../cluster/cluster.ts';
import type { HostAddress, HostSession, OpenOptions } from '../host/engine.ts';
import { openHost } from '../host/index.ts';
import { claimOf, type JobPosition, lockLeader, waitSeconds } from './claim-hosts.ts';
import { onHosts } from './on-hosts.ts';
import type { StagePhase } from './phase.ts';
import { allTargets, type Run } from './run.ts';
import type { Connected } from './stages.ts';

/** How the runner reaches a host. */
export function addressOf(host: Host): HostAddress {
  const { address, port, user, loginSeconds, jumpHost } = host.ssh;
  return { name: host.name, address, port, user, loginSeconds, ...(jumpHost ? { jump: jumpHost } : {}) };
}

/** How a connection is opened. */
export interface ConnectOptions extends Partial<OpenOptions> {
  /** The number of retries for a host that does not answer. */
  readonly retries?: number;
  /** Closes a connection that opens after the abort: no phase waits for it. */
  readonly signal?: AbortSignal;
}

/**
 * Opens one connection to a host and keeps it for the later phases. A dry run makes no claim.
 * @throws Problem of the host; see {@link openHost}
 */
export async function connect(run: Run, host: Host, options: ConnectOptions = {}): Promise<HostSession> {
  const { dryRun, name, attempt, log } = run;
  const { retries, signal, ...asked } = options;
  const access = retries === undefined ? run.access : { ...run.access, retries };
  const claim = dryRun ? undefined : asked.claim;
  const session = await openHost(addressOf(host), access, { dryRun, holder: name, attempt, ...asked, claim, log });
  if (signal?.aborted) await session.close(true);
  else run.connections.set(host.name, session);
  return session;
}

/** A phase that opens connections. */
export type Connecting = StagePhase<Run, Pick<Connected, 'sessions'>>;

/**
 * One connection to each host that is changed.
 * @param forceRestart restart also units if it is unknown whether a running cluster depends on them.
 */
export function connectHosts(position: JobPosition = 'later', forceRestart = false): Connecting {
  return {
    title: 'Connect to the hosts',
    async run(run, signal) {
      await onHosts(allTargets(run), opener(run, position, { forceRestart, signal }), signal);
      return { sessions: run.connections };
    },
  };
}

/**
 * How a job connects to the hosts that it changes. Of a run's first job, the host that decides between runs comes first, and the others
 * are locked after it.
 */
export function opener(
  run: Run,
  position: JobPosition,
  { forceRestart = false, ...options }: ConnectOptions = {},
): (host: Host) => Promise<HostSession> {
  const open = (host: Host, more: Partial<OpenOptions>) =>
    connect(run, host, { claim: claimOf(run, host, position), forceRestart, ...options, ...more });
  const first = position === 'first' ? allTargets(run).find((host) => host === lockLeader(run)) : undefined;
  const decided = first && open(first, { lockSeconds: waitSeconds });
  // Its failure is reported together with the failures of the others.
  const after = decided?.catch(() => undefined);
  return (host) => (host === first && decided ? decided : open(host, { after }));
}
