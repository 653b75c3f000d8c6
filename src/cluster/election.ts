/** The times of a leader's election, in seconds; Kubernetes calls them leaseDuration, renewDeadline and retryPeriod. */
export interface ElectionTimes {
  /** How long a silent leader keeps its lease. The Lease object stores it in whole seconds. */
  readonly leaseDuration: number;
  /** A leader that can't renew for this long gives up, before another candidate may take over. */
  readonly renewDeadline: number;
  /** How often the leader renews its lease and the other candidates read it. */
  readonly retryPeriod: number;
}

/** Kubernetes' own times (component-base, config/v1alpha1/defaults.go), and shorter ones. */
export const electionProfiles = {
  default: { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 },
  fast: { leaseDuration: 4, renewDeadline: 3, retryPeriod: 0.5 },
} as const satisfies Readonly<Record<string, ElectionTimes>>;

export type Election = keyof typeof electionProfiles | ElectionTimes;

/** The times of a cluster's `election`. */
export function electionTimes(election: Election): ElectionTimes {
  return typeof election === 'string' ? electionProfiles[election] : election;
}

/** client-go's jitter: a candidate reads the lease after up to 2.2 retry periods, and the deadline must leave time for one more attempt. */
const jitter = 1.2;

/** Why client-go would not start with these times (leaderelection.go, NewLeaderElector); undefined if it would. */
export function electionProblem({ leaseDuration, renewDeadline, retryPeriod }: ElectionTimes): string | undefined {
  if (leaseDuration > renewDeadline && renewDeadline > jitter * retryPeriod && retryPeriod > 0) return undefined;
  return `A lease of ${leaseDuration}s with a renew deadline of ${renewDeadline}s and a retry period of ${retryPeriod}s can’t hold.`;
}

/** A time in Go's format; 500ms is 0.5s there as well. */
export function goSeconds(seconds: number): string {
  return `${seconds}s`;
}
