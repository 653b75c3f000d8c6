import type { Host } from '../cluster/cluster.ts';

/** Something bad that is done to one host, and its undoing. */
export interface Fault {
  /** As it is named in inputs and reports: `poweroff`. */
  readonly name: string;
  /** Whether connections to the host are lost by it: its sessions are never used again then. */
  readonly severs: boolean;
  /** What takes time and does no harm, before anyone watches. @throws Problem when it would be refused */
  prepare?(): Promise<void>;
  /** Returns when the fault is under way. @throws Problem */
  inject(): Promise<void>;
  /** Undoes it; harmless when nothing was done. @throws Problem */
  restore(): Promise<void>;
}

/** Makes the fault for the host that it turns out to be. @throws Problem for input that can't work */
export type MakeFault = (target: Host) => Fault;

/** Runs a program on the runner, without a shell. Given by who may: this room starts no process. */
export type RunCommand = (
  argv: readonly string[],
  options: { readonly timeoutMs: number },
) => Promise<{ readonly status: number; readonly stderr: string }>;
