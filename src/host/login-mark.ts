import { randomBytes } from 'node:crypto';
import { Bytes } from '../entry/bytes.ts';
import { hostNonsense } from './nonsense.ts';
import { call } from './quote.ts';

/** What banners, forced commands and start-up files of shells may print before a command begins, in bytes. */
const mostWords = 256 * 1024;

/** Prints the mark on both streams, on a line of its own even after text without a line end, and becomes the command. */
const begin = String.raw`printf "\n%s%s\n" "$0" "$1"; printf "\n%s%s\n" "$0" "$1" >&2; shift; exec "$@"`;

/**
 * Separates what a host says at a login from the output of a command: the command begins with a random mark. The mark
 * is in the command line in two halves, so a host that repeats the command line does not print it.
 */
export class LoginMark {
  /** The mark in two words, as a command line has it. */
  readonly halves: readonly string[] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
  readonly #line = Buffer.from(`\n${this.halves.join('')}\n`);
  readonly #before = new Bytes(mostWords, (what) => hostNonsense(`its login prints ${what}`));
  #passed = false;

  /** The command line that prints the mark first. */
  before(command: string): string {
    return `${call('sh', '-c', begin, ...this.halves)} ${command}`;
  }

  /** Whether the mark has arrived: the host runs the command. */
  get passed(): boolean {
    return this.#passed;
  }

  /** What the host has said before the mark. */
  get words(): string {
    return this.#before.text();
  }

  /**
   * What a chunk of stdout has of the command's output.
   * @throws Problem HOST_NONSENSE when the login prints without an end
   */
  take(chunk: Buffer): Buffer {
    if (this.#passed) return chunk;
    const from = Math.max(0, this.#before.length - this.#line.length);
    this.#before.add(chunk);
    const at = this.#before.view.indexOf(this.#line, from);
    if (at < 0) return Buffer.alloc(0);
    this.#passed = true;
    const rest = Buffer.from(this.#before.view.subarray(at + this.#line.length));
    this.#before.keepFirst(at);
    return rest;
  }

  /** stderr without what the host has said on it before the mark. */
  after(stderr: string): string {
    const line = this.#line.toString();
    const at = stderr.indexOf(line);
    return at < 0 ? stderr : stderr.slice(at + line.length);
  }
}
