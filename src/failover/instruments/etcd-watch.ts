import type { HostSession } from '../../host/engine.ts';
import { components } from '../../layout/components.ts';
import { now } from './clock.ts';
import { plainGet } from './plain-get.ts';
import type { Sighting } from './timeline.ts';
import { within } from './until.ts';

type Member = Pick<HostSession, 'host' | 'forward'>;

/** Where a member serves its metrics, on its own host only (components/etcd.ts). */
const { port } = components.etcd.ports.metrics;
const everyMs = 1000;
const patienceMs = 1000;
/** Only the metrics show who leads, and they cost a member three times as much as its health: requested only every so many rounds … */
const calmTurns = 5;
/** … and in each round for this long after a member's health has changed. */
const unrestMs = 15_000;

/** A member's own report; undefined if there is none. */
interface Word {
  /** Undefined if the metrics were not requested. */
  readonly leads: boolean | undefined;
  /** Whether it can read with a quorum. */
  readonly healthy: boolean;
}

/** Once a second, on the members' own hosts: which members of etcd can work, and who leads. */
export class EtcdWatch {
  readonly seen: Sighting[] = [];
  readonly #said = new Map<string, string>();
  readonly #members: readonly Member[];
  readonly #timer: NodeJS.Timeout;
  #leader: string | undefined;
  #busy = new Set<string>();
  #turn = 0;
  #unrestUntil = 0;

  constructor(members: readonly Member[]) {
    this.#members = members;
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#look();
  }

  stop(): readonly Sighting[] {
    clearInterval(this.#timer);
    return this.seen;
  }

  #look(): void {
    const whole = this.#turn % calmTurns === 0 || now() < this.#unrestUntil;
    this.#turn += 1;
    for (const member of this.#members) {
      const { name } = member.host;
      // A member that hangs is asked again only after its time limit.
      if (this.#busy.has(name)) continue;
      this.#busy.add(name);
      const word = within(ask(member, whole), patienceMs, name).catch(() => undefined);
      void word.then((said) => this.#note(name, said)).finally(() => this.#busy.delete(name));
    }
  }

  #note(name: string, word: Word | undefined): void {
    const health = word ? (word.healthy ? 'healthy' : 'without quorum') : 'no answer';
    const before = this.#said.get(name);
    if (before !== undefined && before !== health) {
      this.#tell(`${name}: ${health}`);
      this.#unrestUntil = now() + unrestMs;
    }
    this.#said.set(name, health);
    if (!word?.leads || this.#leader === name) return;
    this.#tell(this.#leader === undefined ? `${name} leads` : `${name} leads instead of ${this.#leader}`);
    this.#leader = name;
  }

  #tell(what: string): void {
    this.seen.push({ at: now(), track: 'etcd', what });
  }
}

async function ask(member: Member, whole: boolean): Promise<Word> {
  const signal = AbortSignal.timeout(patienceMs);
  const get = (path: string) => plainGet(member, { address: '127.0.0.1', port, path, signal });
  const [metrics, health] = await Promise.all([whole ? get('/metrics') : undefined, get('/health')]);
  const leads = metrics && /^etcd_server_is_leader 1$/m.test(metrics.text);
  return { leads, healthy: health.text.includes('"health":"true"') };
}
