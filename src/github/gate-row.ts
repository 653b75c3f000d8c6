/** A row of the gate's table: a host's job of a role, or a job for all hosts. */
export interface Row {
  readonly job: string;
  readonly host: string;
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped' | 'lost';
  readonly changes: number;
  readonly restarts: number;
  /** Present together with the two above it, from the job's report. */
  readonly milliseconds?: number;
  readonly problem?: string;
  /** Further results: the figures of a failover check, or the result of a plan. */
  readonly note?: string;
}
