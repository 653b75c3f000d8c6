/** The times of a leader's election, in seconds; Kubernetes calls them leaseDuration, renewDeadline and retryPeriod. */
export interface ElectionTimes {
  /** How long a leader that fell silent keeps its lease. Kept in whole seconds by the Lease object. */
  readonly leaseDuration: number;
  /** A leader that can't renew for this long gives up, before anyone else may take over. */
  readonly renewDeadline: number;
  /** How often the leader renews and the others look. */
  readonly retryPeriod: number;
}

/** Kubernetes' own times (component-base, config/v1alpha1/defaults.go), and times for those who can't wait. */
export const electionProfiles = {
  default: { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 },
  fast: { leaseDuration: 4, renewDeadline: 3, retryPeriod: 0.5 },
} as const satisfies Readonly<Record<string, ElectionTimes>>;

export type Election = keyof typeof electionProfiles | ElectionTimes;

/** The times of a cluster's `election`. */
export function electionTimes(election: Election): ElectionTimes {
  return typeof election === 'string' ? electionProfiles[election] : election;
}

/** client-go's jitter: a look comes after up to 2.2 retry periods, and the deadline has to leave room for one more try. */
const jitter = 1.2;

/** Why client-go would not start with these times (leaderelection.go, NewLeaderElector); nothing when it would. */
export function electionProblem({ leaseDuration, renewDeadline, retryPeriod }: ElectionTimes): string | undefined {
  if (leaseDuration > renewDeadline && renewDeadline > jitter * retryPeriod && retryPeriod > 0) return undefined;
  return `A lease of ${leaseDuration}s with a renew deadline of ${renewDeadline}s and a retry period of ${retryPeriod}s can’t hold.`;
}

/** Go's form of a time: 500ms is 0.5s there as well. */
export function goSeconds(seconds: number): string {
  return `${seconds}s`;
}
