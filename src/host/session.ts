import type { Duplex } from 'node:stream';
import pLimit from 'p-limit';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { changeMs } from './change-limit.ts';
import { type Connection, connect } from './connection.ts';
import { difference } from './difference.ts';
import type {
  Applied,
  Change,
  Facts,
  HostAddress,
  HostSession,
  Inspection,
  InspectQuery,
  OpenHost,
  OpenOptions,
  RunningCommand,
} from './engine.ts';
import type { RemoteEvent } from './event.ts';
import { Exchange } from './exchange.ts';
import { expand, type Wanted } from './expand.ts';
import { type Clock, clockOf, parseFacts } from './facts.ts';
import { answersOf, certificatesOf, filesOf, withheldOf } from './inspection.ts';
import { inspectMs, type Limits, usualLimits } from './limits.ts';
import { hostNonsense } from './nonsense.ts';
import { refuseUnfit } from './package-problems.ts';
import { call } from './quote.ts';
import { redact } from './redact.ts';
import { changesIn, ownersIn, resetMs, resetScript } from './reset.ts';
import { type RunOptions, runCommand } from './run.ts';
import { applyScript, type Sums } from './script.ts';
import { parseSnapshot, type Snapshot, sectionsOf } from './snapshot.ts';
import { inspectScript, snapshotCovers, snapshotKeys, snapshotScript } from './snapshot-script.ts';
import { startCommand } from './start.ts';
import type { HostState } from './state.ts';
import { changesOf, type Difference, type Step } from './step.ts';
import { resolveSum } from './sums.ts';

/** Connects to a host, becomes root and takes its lock; see {@link OpenHost}. */
export const openHost: OpenHost = async (host, access, options) => {
  try {
    const connection = await connect(host, access, options.log);
    await options.after;
    return await openSession(host, connection, options);
  } catch (error) {
    throw error instanceof Problem ? error.within({ host: host.name }) : error;
  }
};

/**
 * A session over a connection; closes the connection if the session cannot start.
 * @throws Problem with the host: HOST_LOCKED, RIVAL_RUN, RUN_OVERTAKEN, SUDO_REFUSED, or the connection’s own
 */
export async function openSession(
  host: HostAddress,
  connection: Connection,
  options: OpenOptions,
): Promise<HostSession> {
  try {
    return new Session(host, connection, await Exchange.open(connection, host, options), options);
  } catch (error) {
    connection.close();
    throw error instanceof Problem ? error.within({ host: host.name }) : error;
  }
}

class Session implements HostSession {
  readonly host: HostAddress;
  readonly #connection: Connection;
  readonly #exchange: Exchange;
  readonly #dryRun: boolean;
  readonly #forceRestart: boolean;
  readonly #attempt: string;
  readonly #limits: Limits;
  /** An SSH server allows ten sessions per connection by default, and the exchange is one of them. */
  readonly #running = pLimit(8);
  /** The latest snapshot; undefined before the first one and after each change. */
  #now: Snapshot | undefined;
  /** Of the latest inspection. */
  #facts: Facts | undefined;
  /** What that snapshot was requested for, in addition to what the host's own lists name. */
  #asked: ReadonlySet<string> = new Set();

  constructor(host: HostAddress, connection: Connection, exchange: Exchange, options: OpenOptions) {
    this.host = host;
    this.#connection = connection;
    this.#exchange = exchange;
    this.#dryRun = options.dryRun || options.readOnly === true;
    this.#forceRestart = options.forceRestart === true;
    this.#attempt = options.attempt ?? options.holder ?? '';
    this.#limits = { ...usualLimits, ...options.limits };
  }

  async inspect(query: InspectQuery): Promise<Inspection> {
    try {
      return await this.#inspectOnce(query);
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'HOST_FILES_CHANGED')) throw error;
      // The file grew between the answers with its size and its content; a second request reads both again.
      return await this.#inspectOnce(query);
    }
  }

  async #inspectOnce(query: InspectQuery): Promise<Inspection> {
    const questions = query.ask?.length ?? 0;
    const { events, clock } = await this.#ask(inspectScript(query), inspectMs(this.#limits, questions));
    return this.#read(() => {
      if (clock === undefined) throw hostNonsense('it lacks the time');
      const sections = sectionsOf(events);
      const now = parseSnapshot(events, sections);
      const inspection = {
        facts: parseFacts(sections, now.ledger, clock),
        files: new Map([...filesOf(sections), ...certificatesOf(sections)]),
        withheld: withheldOf(sections),
        downloads: new Map([...now.sums].flatMap(([path, { url }]) => (now.paths.has(path) ? [[path, url]] : []))),
        scopes: [...now.ledger.keys()],
        owners: ownersIn(now.ledger, sections),
        isReset: now.ledger.size === 0 && sections.has('reset'),
        answers: answersOf(sections, questions),
      };
      this.#now = now;
      this.#facts = inspection.facts;
      this.#asked = new Set(query.paths);
      return inspection;
    });
  }

  async difference(scope: string, state: HostState): Promise<readonly Change[]> {
    return (await this.#compare(expand(scope, state))).difference.changes;
  }

  async apply(scope: string, state: HostState, log: Log, onHold = () => {}): Promise<Applied> {
    if (this.#dryRun) throw new Error('apply was called on a session that may change nothing');
    const begin = performance.now();
    const wanted = expand(scope, state);
    const { now, difference: due } = await this.#compare(wanted);
    if (due.steps.length === 0)
      return { changes: [], restarted: [], started: [], milliseconds: performance.now() - begin };
    const sums = await this.#sums(due.steps);
    const script = applyScript(wanted, now, due.steps, {
      sums,
      forceRestart: this.#forceRestart,
      attempt: this.#attempt,
    });
    this.#now = undefined;
    const limitMs = changeMs(this.#limits, due.steps, state.units);
    const events = await this.#exchange.request(script, limitMs, (event) => {
      if (event.t === 'hold') onHold();
      this.#tell(event, log);
    });
    return { ...applied(due, events), milliseconds: performance.now() - begin };
  }

  async reset(log: Log, onChange: (change: Change) => void = () => {}): Promise<readonly Change[]> {
    this.#now = undefined;
    const script = resetScript(this.#dryRun ? 'dry' : 'wet');
    const events = await this.#exchange.request(script, resetMs(this.#limits), (event) => {
      this.#tell(event, log);
      for (const change of changesIn([event])) onChange(change);
    });
    return this.#read(() => changesIn(events));
  }

  #tell({ t, text = '', level }: RemoteEvent, log: Log): void {
    if (t !== 'log') return;
    const line = `${this.host.name}: ${redact(text)}`;
    if (level === 'warning') log.warning(line);
    else log.info(line);
  }

  async run(command: string, options: RunOptions = {}): ReturnType<HostSession['run']> {
    return await this.#running(
      async () => await runCommand(this.#connection, this.host, command, options, this.#limits),
    );
  }

  async start(command: string, { timeoutSeconds }: { readonly timeoutSeconds: number }): Promise<RunningCommand> {
    return await startCommand(this.#connection, this.host, command, timeoutSeconds, this.#limits);
  }

  async holdClaim(seconds: number): Promise<void> {
    await this.#exchange.request(call('claim_put', String(seconds)), this.#limits.snapshotMs);
  }

  async forward(address: string, port: number): Promise<Duplex> {
    try {
      return await this.#connection.forward(address, port);
    } catch (error) {
      throw error instanceof Problem ? error.within({ host: this.host.name }) : error;
    }
  }

  async close(abruptly = false): Promise<void> {
    if (!abruptly) await this.#exchange.close();
    this.#connection.close(abruptly);
  }

  /** Diffs against the latest snapshot; takes a new snapshot only if that one does not cover the state. */
  async #compare(wanted: Wanted): Promise<{ now: Snapshot; difference: Difference }> {
    let now = this.#now;
    if (now === undefined || !snapshotCovers(now, this.#asked, wanted)) {
      const { events } = await this.#ask(snapshotScript(wanted), this.#limits.snapshotMs);
      now = this.#read(() => parseSnapshot(events));
      this.#now = now;
      this.#asked = new Set(snapshotKeys(wanted));
    }
    const due = difference(wanted, now);
    refuseUnfit(due.steps, this.#facts, this.host.name);
    return { now, difference: due };
  }

  async #ask(script: string, limitMs: number): Promise<{ events: readonly RemoteEvent[]; clock: Clock | undefined }> {
    const sent = Date.now();
    let clock: Clock | undefined;
    const events = await this.#exchange.request(script, limitMs, (event) => {
      if (event.t === 'clock') clock ??= clockOf(Number.parseFloat(event.now ?? '') * 1000, sent, Date.now());
    });
    return { events, clock };
  }

  /** Reads an answer. An invalid answer is a problem of this host, and nothing more is read from it. */
  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'HOST_NONSENSE') this.#connection.close(true);
      throw error.within({ host: this.host.name });
    }
  }

  /** The checksums of the files to download, and no others. */
  async #sums(steps: readonly Step[]): Promise<Sums> {
    const downloads = steps.flatMap((step) =>
      step.do === 'download' || step.do === 'stage' ? [step.place.download] : [],
    );
    const unique = new Map(downloads.map((download) => [download.url, download]));
    try {
      const pairs = [...unique].map(
        async ([url, { sumUrl, sha256 }]): Promise<[string, string]> => [
          url,
          sha256 ?? (await resolveSum(url, sumUrl)),
        ],
      );
      return new Map(await Promise.all(pairs));
    } catch (error) {
      throw error instanceof Problem ? error.within({ host: this.host.name }) : error;
    }
  }
}

/** The changes that were made, as the host reports them: only the host knows for certain whether a restart was due. */
function applied(due: Difference, events: readonly RemoteEvent[]): Omit<Applied, 'milliseconds'> {
  const did = (what: string) => events.filter((e) => e.t === 'unit' && e.did === what).map((e) => e.name ?? '');
  const [started, restarted] = [did('started'), did('restarted')];
  const reloaded = did('reloaded');
  const extra = (kind: 'start' | 'restart' | 'reload', names: readonly string[]) =>
    names
      .filter((name) => !due.changes.some((change) => change.kind === kind && change.subject === name))
      .map((subject): Change => ({ kind, subject, reason: 'as the host found it' }));
  const happened = changesOf(due.steps).filter(
    ({ kind, subject }) =>
      (kind !== 'restart' || restarted.includes(subject)) && (kind !== 'reload' || reloaded.includes(subject)),
  );
  const others = [...extra('start', started), ...extra('restart', restarted), ...extra('reload', reloaded)];
  return { changes: [...happened, ...others], started, restarted };
}
