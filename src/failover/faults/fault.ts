import type { Host } from '../../cluster/cluster.ts';

/** Something bad that is done to one host, and its undoing. */
export interface Fault {
  /** As it is named in inputs and reports: `poweroff`. */
  readonly name: string;
  /** Whether connections to the host are lost by it: its sessions are never used again then. */
  readonly severs: boolean;
  /** Whether leaders on the host live through it, so that no lease has to move. */
  readonly sparesLeaders?: boolean;
  /** What takes time and does no harm, before anyone watches. @throws Problem when it would be refused */
  prepare?(): Promise<void>;
  /** Records the fault for later runs, in case this run cannot undo it. @throws Problem */
  announce?(): Promise<void>;
  /** Returns when the fault has begun. @throws Problem */
  inject(): Promise<void>;
  /** Undoes it; harmless when nothing was done. @throws Problem */
  restore(): Promise<void>;
}

/** Makes the fault for the host that it turns out to be. @throws Problem for input that can't work */
export type MakeFault = (target: Host) => Fault;

/** Records which host is without power because of this check, or that none is. */
export type RecordPoweredOff = (host: string | undefined) => Promise<void> | void;

/**
 * Records which host is powered off. Nothing on the host can undo a power-off, so the next run must know which host to
 * switch on.
 */
export function recordedFault(make: MakeFault, notes: readonly RecordPoweredOff[]): MakeFault {
  const tell = async (host: string | undefined) => {
    for (const note of notes) await note(host);
  };
  return (target) => {
    const fault = make(target);
    if (!fault.severs) return fault;
    return {
      ...fault,
      announce: () => tell(target.name),
      restore: async () => {
        await fault.restore();
        // A note that stays has a host switched on that is on: no harm.
        await tell(undefined).catch(() => undefined);
      },
    };
  };
}

/** Runs a program on the runner, without a shell. Given by who may: this room starts no process. */
export type RunCommand = (
  argv: readonly string[],
  options: { readonly timeoutMs: number },
) => Promise<{ readonly status: number; readonly stderr: string }>;
