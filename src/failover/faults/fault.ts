import type { Host } from '../../cluster/cluster.ts';

/** A fault on one host, and its undoing. */
export interface Fault {
  /** The name in inputs and reports: `poweroff`. */
  readonly name: string;
  /** Whether connections to the host are lost; if so, its sessions are never used again. */
  readonly severs: boolean;
  /** Whether leaders on the host survive the fault, so that no lease must move. */
  readonly sparesLeaders?: boolean;
  /** Harmless preparations that take time, before the instruments start. @throws Problem if the fault would be refused */
  prepare?(): Promise<void>;
  /** Records the fault for later runs, in case this run cannot undo it. @throws Problem */
  announce?(): Promise<void>;
  /** Resolves when the fault has begun. @throws Problem */
  inject(): Promise<void>;
  /** Undoes the fault; harmless if there is nothing to undo. @throws Problem */
  restore(): Promise<void>;
}

/** Makes the fault for the chosen host. @throws Problem for invalid input */
export type MakeFault = (target: Host) => Fault;

/** Records which host this check has powered off, or that there is none. */
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
        // A record that stays makes a later run switch on a host that is on: harmless.
        await tell(undefined).catch(() => undefined);
      },
    };
  };
}

/** Runs a program on the runner, without a shell. The caller passes it in: this room starts no process. */
export type RunCommand = (
  argv: readonly string[],
  options: { readonly timeoutMs: number },
) => Promise<{ readonly status: number; readonly stderr: string }>;
