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
  /** Nodes whose balancers are probed; absent: the first three. */
  readonly probes?: readonly string[];
  /** How long the instruments run before the fault, so that there is something to compare with. */
  readonly baselineMs?: number;
  /** How long to wait for the leases to move. */
  readonly transferTimeoutMs?: number;
  /** How long the fault lasts at least; absent: until the leases have moved and work is placed, and 15 s when none has to move. */
  readonly holdMs?: number;
  readonly restoreTimeoutMs?: number;
  readonly rejoinTimeoutMs?: number;
  /** Ends the check early; the fault is undone even then. */
  readonly signal?: AbortSignal;
}

/** What the steps between fault and report share. */
export interface FailoverRun extends Prepared {
  readonly fault: Fault;
  /** The API through a master that stays. */
  readonly api: ApiClient;
  readonly instruments: Instruments;
  /** None where no node stays that could take its pod. */
  readonly work: Work | undefined;
  readonly options: FailoverOptions;
  readonly scene: FailoverScene;
  readonly seen: Sighting[];
  readonly troubles: string[];
}
