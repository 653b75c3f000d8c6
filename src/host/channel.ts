import type { Duplex, Readable } from 'node:stream';

/** A command's channel: its stdout to read, its stdin to write. */
export type Channel = Duplex & { readonly stderr: Readable };

/** What ssh2 gives with the end of a command: its status, or the signal that ended it; neither if the connection was lost. */
export type ExitArguments = readonly [code?: number | null, signal?: string];

/** The status of a command. One that a signal ended has none; sh would return 128 plus the signal's number. */
export function statusOf(...[code, signal]: ExitArguments): number | undefined {
  return code ?? (signal === undefined ? undefined : 255);
}
