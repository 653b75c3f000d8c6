import { Problem } from '../errors.ts';
import { asRoot } from './as-root.ts';
import { type Channel, type Connection, lost } from './connection.ts';
import type { HostAddress, OpenOptions } from './engine.ts';
import { call } from './quote.ts';
import { redact, redactLines } from './redact.ts';
import { remoteProgram } from './remote/program.ts';

/** A line that the remote program answers with. */
export interface RemoteEvent {
  readonly t: string;
  readonly [field: string]: string;
}

/** No line for so long, though even waiting sends signs of life: the host hangs. */
const silenceLimit = 180_000;

/** The conversation with the remote program: one request at a time, each answered by lines of JSON up to `end`. */
export class Exchange {
  readonly #channel: Channel;
  readonly #host: HostAddress;
  #onEvent: (event: RemoteEvent) => void = () => {};
  #onFailure: (error: Error) => void = () => {};
  #failure: Error | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #stderr = '';

  private constructor(channel: Channel, host: HostAddress) {
    this.#channel = channel;
    this.#host = host;
    readLines(channel, (line) => this.#receive(line));
    channel.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = `${this.#stderr}${chunk.toString()}`.slice(-4000);
    });
    channel.on('error', (error: Error) => this.#fail(lost(error)));
    channel.on('close', () => this.#fail(this.#sayEnd()));
  }

  /**
   * Starts the remote program as root and takes the host's lock.
   * @throws Problem SUDO_REFUSED, HOST_LOCKED, HOST_UNFIT, RIVAL_RUN, RUN_OVERTAKEN.
   */
  static async open(connection: Connection, host: HostAddress, options: OpenOptions): Promise<Exchange> {
    const program = Buffer.from(remoteProgram);
    const mode = options.asksOnly ? 'n' : options.dryRun ? 's' : 'x';
    const { lockSeconds = 60, holder = '', claim } = options;
    const claimed = claim ? [claim.as, String(claim.as === 'first' ? claim.waitSeconds : claim.keepSeconds)] : [];
    const bootstrap = 'PROGRAM=$(head -c "$1"); eval "$PROGRAM"; shift; session "$@"';
    const words = [String(program.length), mode, String(lockSeconds), holder, ...claimed];
    const start = call('sh', '-c', bootstrap, 'sh', ...words);
    const exchange = new Exchange(await connection.exec(asRoot(host, start)), host);
    await exchange.#begin(program, options);
    return exchange;
  }

  async #begin(program: Buffer, options: OpenOptions): Promise<void> {
    let greeted = false;
    try {
      await this.#converse(program, 'ready', (event) => {
        greeted = true;
        if (event.t === 'waiting') {
          options.log.info(`${this.#host.name}: waiting for ${redact(event.holder ?? '')} to leave the host`);
        }
      });
    } catch (error) {
      throw greeted || this.#host.user === 'root' || isLost(error, this.#stderr) ? error : this.#sudoRefused();
    }
  }

  /** Sends shell text that calls the program's functions; resolves with all events when its end has come. */
  async request(script: string, onEvent: (event: RemoteEvent) => void = () => {}): Promise<readonly RemoteEvent[]> {
    const turn = this.#turn.then(async () => {
      const body = Buffer.from(script);
      return await this.#converse(Buffer.concat([Buffer.from(`${body.length}\n`), body]), 'end', onEvent);
    });
    this.#turn = turn.catch(() => {});
    return await turn;
  }

  /** Ends the program: it sees the end of its input, gives the lock back and leaves. */
  async close(): Promise<void> {
    if (this.#failure) return;
    const closed = new Promise<void>((resolve) => {
      this.#onFailure = () => resolve();
      setTimeout(resolve, 2000).unref();
    });
    this.#channel.end();
    await closed;
  }

  #converse(send: Buffer, last: string, onEvent: (event: RemoteEvent) => void): Promise<readonly RemoteEvent[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      const events: RemoteEvent[] = [];
      let problem: Problem | undefined;
      const silence = setTimeout(() => this.#fail(this.#silent()), silenceLimit);
      const finish = (act: () => void) => {
        clearTimeout(silence);
        this.#onEvent = () => {};
        this.#onFailure = () => {};
        act();
      };
      this.#onFailure = (error) => finish(() => reject(problem ?? error));
      this.#onEvent = (event) => {
        silence.refresh();
        onEvent(event);
        events.push(event);
        if (event.t === 'problem') problem ??= this.#problem(event);
        if (event.t !== last) return;
        const failed = problem ?? (event.status && event.status !== '0' ? this.#broken(event.status) : undefined);
        finish(() => (failed ? reject(failed) : resolve(events)));
      };
      this.#channel.write(send);
    });
  }

  #receive(line: string): void {
    // A login shell that greets writes here too, before the program does.
    if (!line.startsWith('{"t":')) return;
    this.#onEvent(JSON.parse(line) as RemoteEvent);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#onFailure(error);
  }

  #problem(event: RemoteEvent): Problem {
    const { code = '', message = '', unit, file, detail, url } = event;
    const hint = event.hint || hints[code];
    return new Problem(redact(message), {
      code,
      host: this.#host.name,
      unit,
      file: file ?? url,
      hint: hint === undefined ? undefined : redact(hint),
      detail: detail === undefined ? undefined : redactLines(detail),
    });
  }

  /** The request ended without saying why: a defect of ours, or a host that lacks something. */
  #broken(status: string): Problem {
    return new Problem(`a request broke off with status ${status}`, {
      code: 'REQUEST_FAILED',
      host: this.#host.name,
      detail: redactLines(this.#stderr),
    });
  }

  #silent(): Problem {
    return new Problem(`the host has said nothing for ${silenceLimit / 1000} s`, {
      code: 'HOST_SILENT',
      host: this.#host.name,
      hint: 'Look at its load and its disks, then run the job again.',
    });
  }

  #sayEnd(): Problem {
    const { fields, message } = lost();
    return new Problem(message, { ...fields, host: this.#host.name, detail: redactLines(this.#stderr) });
  }

  #sudoRefused(): Problem {
    return new Problem(`the user ${this.#host.user} cannot become root by sudo without a password`, {
      code: 'SUDO_REFUSED',
      host: this.#host.name,
      hint: `On the host, as root: echo '${this.#host.user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/${this.#host.user}`,
      detail: redactLines(this.#stderr),
    });
  }
}

const hints: Readonly<Record<string, string>> = {
  HOST_LOCKED: 'Wait for the other run, or end it; the lock goes with its connection.',
  RIVAL_RUN: 'Nothing was done here. Run this again when the other run has ended.',
  RUN_OVERTAKEN:
    'Nothing was done here. Start a new run from its first job: this one would bring back what the other has changed.',
  DISK_FULL: 'Free some space on the host and run the job again; what was there before is untouched.',
  DOWNLOAD_SUM_MISMATCH: 'Nothing was put in place. Is the mirror complete and current?',
  DOWNLOAD_FAILED:
    'Can the host reach this address (firewall, DNS)? A proxy has to be in cluster.yaml: the host’s own settings are not used. What has arrived is kept, the next run resumes.',
  LOCK_FAILED: 'The lock lives in etcd: is it healthy?',
  PLACE_INSECURE:
    'Nothing was changed. Root runs what is placed there, so that every step of the path has to be root’s and closed to others: chown root and chmod go-w, or choose another place in cluster.yaml (binDir, etcd.dataDir, audit-log-path).',
  RESTART_REFUSED: 'Fix the named part of the cluster first, then run the job again.',
  RESTART_UNKNOWN:
    'What was asked and what answered is above. Fix that and run the job again; the new files are in place. If you know that no living cluster depends on this host, run it once with force-restart: true.',
};

/** Without a line from sudo it was the connection that went. */
function isLost(error: unknown, stderr: string): boolean {
  return error instanceof Problem && error.code === 'CONNECTION_LOST' && stderr.trim() === '';
}

function readLines(channel: Channel, onLine: (line: string) => void): void {
  let rest: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      rest.push(chunk.subarray(start, end));
      onLine(Buffer.concat(rest).toString('utf8'));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  });
}
