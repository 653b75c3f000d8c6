import { randomBytes } from 'node:crypto';
import { inUnits } from '../entry/bytes.ts';
import { LineReader } from '../entry/lines.ts';
import { Problem } from '../errors.ts';
import { asRoot } from './as-root.ts';
import { type Channel, type ExitArguments, statusOf } from './channel.ts';
import type { Connection } from './connection.ts';
import { lost } from './connection-problems.ts';
import type { Claim, HostAddress, OpenOptions } from './engine.ts';
import { looksLikeEvent, parseEvent, type RemoteEvent } from './event.ts';
import { brokenOff, overdue, reported, silent } from './exchange-problems.ts';
import { type Limits, openMs, usualLimits } from './limits.ts';
import { LoginMark } from './login-mark.ts';
import { endOf, silentLogin } from './login-refusal.ts';
import { hostNonsense } from './nonsense.ts';
import { call } from './quote.ts';
import { redact } from './redact.ts';
import { remoteProgram } from './remote/program.ts';

/** One request to the remote program, with the limits of its answer. */
interface Question {
  readonly send: Buffer;
  /** The kind of event that ends the answer. */
  readonly last: 'ready' | 'end';
  /** Events before the `begin` with this mark belong to something else. */
  readonly mark?: string;
  /** Time limit for the complete answer, ms. */
  readonly limitMs: number;
  readonly onEvent: (event: RemoteEvent) => void;
}

/** A pending answer. */
interface Answer {
  readonly take: (event: RemoteEvent) => void;
  readonly fail: (error: Error) => void;
}

/**
 * The protocol with the remote program: one request at a time; the answer is lines of JSON up to `end`. An answer is
 * limited in size and in time, even if the host keeps sending. It belongs to its request: its first event has the
 * request's random mark.
 */
export class Exchange {
  readonly #connection: Pick<Connection, 'close'>;
  readonly #channel: Channel;
  readonly #host: HostAddress;
  readonly #limits: Limits;
  readonly #reader: LineReader;
  readonly #mark: LoginMark;
  #answer: Answer | undefined;
  #onClosed: () => void = () => {};
  #failure: Error | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #stderr = '';
  /** Counters of the current request. */
  #bytes = 0;
  #events = 0;
  #shown = 0;
  #strays = 0;

  private constructor(connection: Connection, channel: Channel, mark: LoginMark, host: HostAddress, limits: Limits) {
    this.#connection = connection;
    this.#channel = channel;
    this.#mark = mark;
    this.#host = host;
    this.#limits = limits;
    this.#reader = new LineReader(limits.lineBytes, (what) => hostNonsense(what, host.name));
    channel.on('data', (chunk: Buffer) => this.#guarded(() => this.#read(chunk)));
    channel.stderr.on('data', (chunk: Buffer) => this.#guarded(() => this.#readError(chunk)));
    channel.on('error', (error: Error) => this.#fail(lost(error)));
    channel.on('close', (...how: ExitArguments) => this.#fail(endOf(host, mark, this.#stderr, statusOf(...how))));
  }

  /**
   * Starts the remote program as root and takes the host's lock.
   * @throws Problem LOGIN_REFUSED, SUDO_REFUSED, HOST_LOCKED, HOST_UNFIT, RIVAL_RUN, RUN_OVERTAKEN, HOST_NONSENSE, HOST_OVERDUE, HOST_SILENT.
   */
  static async open(connection: Connection, host: HostAddress, options: OpenOptions): Promise<Exchange> {
    const program = Buffer.from(remoteProgram);
    const mode = options.readOnly ? 'n' : options.dryRun ? 's' : 'x';
    const { lockSeconds = 60, holder = '', claim } = options;
    const claimed = claim ? claimWords(claim) : [];
    const bootstrap = 'PROGRAM=$(head -c "$1"); eval "$PROGRAM"; shift; session "$@"';
    const words = [String(program.length), mode, String(lockSeconds), holder, ...claimed];
    const start = call('sh', '-c', bootstrap, 'sh', ...words);
    const limits = { ...usualLimits, ...options.limits };
    const mark = new LoginMark();
    const channel = await connection.exec(asRoot(host, mark.before(start)));
    const exchange = new Exchange(connection, channel, mark, host, limits);
    const claimSeconds = claim?.as === 'first' ? claim.waitSeconds : 0;
    await exchange.#begin(program, options, openMs(limits, lockSeconds, claimSeconds));
    return exchange;
  }

  async #begin(program: Buffer, options: OpenOptions, limitMs: number): Promise<void> {
    const late = setTimeout(() => this.#abandon(this.#late()), this.#limits.startMs);
    const onEvent = (event: RemoteEvent) => {
      if (event.t !== 'waiting') return;
      clearTimeout(late);
      options.log.info(`${this.#host.name}: waiting for ${redact(event.holder ?? '')} to leave the host`);
    };
    try {
      await this.#converse({ send: program, last: 'ready', limitMs, onEvent });
    } finally {
      clearTimeout(late);
    }
  }

  /** The program has not begun in its time: the login shell does something else, or the host is silent or slow. */
  #late(): Problem {
    const { startMs } = this.#limits;
    if (!this.#mark.passed) return silentLogin(this.#host, startMs, this.#mark, this.#stderr);
    return (this.#events > 0 ? overdue : silent)(this.#host, startMs);
  }

  /**
   * Sends shell text that calls the program's functions; resolves with all events when the answer is complete.
   * @param limitMs the time limit; a keep-alive does not extend it.
   */
  async request(
    script: string,
    limitMs: number,
    onEvent: (event: RemoteEvent) => void = () => {},
  ): Promise<readonly RemoteEvent[]> {
    const turn = this.#turn.then(async () => {
      const mark = randomBytes(16).toString('hex');
      const body = Buffer.from(`${call('request_begin', mark)}\n${script}`);
      const send = Buffer.concat([Buffer.from(`${body.length}\n`), body]);
      return await this.#converse({ send, last: 'end', mark, limitMs, onEvent });
    });
    this.#turn = turn.catch(() => {});
    return await turn;
  }

  /** Ends the program: it reads the end of its input, releases the lock and exits. Takes 2 s at most. */
  async close(): Promise<void> {
    if (this.#failure) return;
    const closed = new Promise<void>((resolve) => {
      this.#onClosed = resolve;
      setTimeout(resolve, 2000).unref();
    });
    this.#channel.end();
    await closed;
  }

  #converse({ send, last, mark, limitMs, onEvent }: Question): Promise<readonly RemoteEvent[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#bytes = 0;
      this.#events = 0;
      this.#shown = 0;
      this.#strays = 0;
      const { silenceMs } = this.#limits;
      const events: RemoteEvent[] = [];
      let begun = mark === undefined;
      let problem: Problem | undefined;
      const silence = setTimeout(() => this.#abandon(silent(this.#host, silenceMs)), silenceMs);
      const deadline = setTimeout(() => this.#abandon(overdue(this.#host, limitMs)), limitMs);
      const finish = (act: () => void) => {
        clearTimeout(silence);
        clearTimeout(deadline);
        this.#answer = undefined;
        act();
      };
      const take = (event: RemoteEvent) => {
        silence.refresh();
        if (!begun) {
          begun = this.#isBegin(event, mark);
          return;
        }
        onEvent(event);
        this.#keep(event, events);
        if (event.t === 'problem') problem ??= reported(this.#host, event);
        if (event.t !== last) return;
        const failed = problem ?? (event.status && event.status !== '0' ? this.#broken(event.status) : undefined);
        finish(() => (failed ? reject(failed) : resolve(events)));
      };
      this.#answer = { take, fail: (error) => finish(() => reject(problem ?? error)) };
      this.#channel.write(send);
    });
  }

  /** Whether the answer begins with this event. Earlier events belong to an earlier request, or to none. */
  #isBegin({ t, id }: RemoteEvent, mark: string | undefined): boolean {
    if (t === 'begin' && id === mark) return true;
    this.#stray();
    return false;
  }

  #keep(event: RemoteEvent, events: RemoteEvent[]): void {
    this.#events += 1;
    const { events: most } = this.#limits;
    if (this.#events > most) throw hostNonsense(`more than ${most} events`, this.#host.name);
    if (event.t === 'log' || event.t === 'waiting') this.#shown += 1;
    const { shown } = this.#limits;
    if (this.#shown > shown) throw hostNonsense(`more than ${shown} lines for the log`, this.#host.name);
    if (event.t !== 'tick') events.push(event);
  }

  #stray(): void {
    this.#strays += 1;
    const { strays } = this.#limits;
    if (this.#strays > strays) throw hostNonsense(`more than ${strays} lines that answer nothing`, this.#host.name);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const { requestBytes } = this.#limits;
    if (this.#bytes > requestBytes) throw hostNonsense(`more than ${inUnits(requestBytes)}`, this.#host.name);
  }

  #read(chunk: Buffer): void {
    this.#count(chunk.length);
    for (const line of this.#reader.take(this.#mark.take(chunk))) {
      if (!looksLikeEvent(line)) this.#stray();
      else if (this.#answer) this.#answer.take(parseEvent(line));
      else this.#stray();
    }
  }

  #readError(chunk: Buffer): void {
    this.#count(chunk.length);
    this.#stderr = `${this.#stderr}${chunk.toString()}`.slice(-4000);
  }

  /** Runs a reader and ends the exchange on its error. Thrown into a library's event, the error would end the process or be lost. */
  #guarded(read: () => void): void {
    if (this.#failure) return;
    try {
      read();
    } catch (error) {
      this.#abandon(error instanceof Problem ? error.within({ host: this.#host.name }) : (error as Error));
    }
  }

  /** Ends the exchange with an unreliable host at once, and closes the connection, so that no more data arrives. */
  #abandon(error: Error): void {
    this.#fail(error);
    this.#channel.destroy();
    this.#connection.close(true);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#answer?.fail(error);
    this.#onClosed();
  }

  #broken(status: string): Problem {
    return brokenOff(this.#host, status, this.#mark.after(this.#stderr));
  }
}

/** The arguments of the remote program for the claim. */
function claimWords(claim: Claim): readonly string[] {
  const seconds = String(claim.as === 'first' ? claim.waitSeconds : claim.holdSeconds);
  return [claim.as, seconds, ...(claim.commit ? [claim.commit.id, claim.commit.began.toISOString()] : [])];
}
