/** A line of the gate's table: a host's job of a role, or a job that is for all hosts. */
export interface Row {
  readonly job: string;
  readonly host: string;
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped' | 'lost';
  readonly changes: number;
  readonly restarts: number;
  /** There with the two above it, from the job's report. */
  readonly milliseconds?: number;
  readonly problem?: string;
  /** What else is worth telling: the figures of a failover, what a plan found. */
  readonly note?: string;
}
