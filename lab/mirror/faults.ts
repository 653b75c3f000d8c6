import { readFile, stat } from 'node:fs/promises';

/** Something that goes wrong with the files whose path contains `path`, at first `times` requests, or at all of them. */
export type Fault = { readonly path: string; readonly times?: number } & (
  | {
      readonly kind: 'break-off';
      /** The connection is cut when the file has been sent up to here, counted from the file's start. */
      readonly after: number;
    }
  | {
      readonly kind: 'corrupt';
      /** Which byte arrives as another one; the first when missing. */
      readonly at?: number;
    }
  | { readonly kind: 'status'; readonly status: number }
  /** What arrives never ends, and is nothing of the file. */
  | { readonly kind: 'endless' }
);

/**
 * Faults from a file with a JSON list, which is read again when it changes: tests run outside of the lab's network and can
 * write a file sooner than reach a control port. No file, no faults.
 */
export class FaultFile {
  readonly #path: string;
  #read = '';
  #left: { fault: Fault; times: number }[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** The fault for a request of this path, which counts as one of its times. */
  async take(path: string): Promise<Fault | undefined> {
    await this.#refresh();
    const entry = this.#left.find(({ fault, times }) => times > 0 && path.includes(fault.path));
    if (entry === undefined) return undefined;
    entry.times -= 1;
    return entry.fault;
  }

  async #refresh(): Promise<void> {
    const stats = await stat(this.#path, { bigint: true }).catch(() => undefined);
    const state = stats === undefined ? '' : `${stats.ino} ${stats.mtimeNs}`;
    if (state === this.#read) return;
    // Remembered only after reading, so that a file seen half-written is read again.
    const faults = state === '' ? [] : (JSON.parse(await readFile(this.#path, 'utf8')) as Fault[]);
    this.#left = faults.map((fault) => ({ fault, times: fault.times ?? Number.POSITIVE_INFINITY }));
    this.#read = state;
  }
}
