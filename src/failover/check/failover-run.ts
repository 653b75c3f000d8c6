import type { ApiClient } from '../../kubernetes/index.ts';
import type { Fault, MakeFault } from '../faults/fault.ts';
import type { Instruments } from '../instruments/instruments.ts';
import type { Sighting } from '../instruments/timeline.ts';
import type { Work } from '../instruments/work.ts';
import type { FailoverScene, Prepared } from './prepare.ts';

export interface FailoverOptions {
  /** A host's name, or `leader`. */
  readonly target: string;
  readonly fault: MakeFault;
  /** Nodes whose load balancers are probed. Default: the first three. */
  readonly probes?: readonly string[];
  /** How long the instruments run before the fault, as a baseline. */
  readonly baselineMs?: number;
  /** How long to wait for the leases to move. */
  readonly transferTimeoutMs?: number;
  /** The minimum duration of the fault. Default: until the leases have moved and work is placed; 15 s if no lease must move. */
  readonly holdMs?: number;
  readonly restoreTimeoutMs?: number;
  readonly rejoinTimeoutMs?: number;
  /** Ends the check early; the fault is undone in any case. */
  readonly signal?: AbortSignal;
}

/** The data that the steps between fault and report share. */
export interface FailoverRun extends Prepared {
  readonly fault: Fault;
  /** The API through a master other than the target. */
  readonly api: ApiClient;
  readonly instruments: Instruments;
  /** Undefined if no node besides the target could take its pod. */
  readonly work: Work | undefined;
  readonly options: FailoverOptions;
  readonly scene: FailoverScene;
  readonly seen: Sighting[];
  readonly troubles: string[];
}
