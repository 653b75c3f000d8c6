import type { HostSession } from '../host/engine.ts';
import { now } from './clock.ts';
import { plainGet } from './plain-get.ts';
import type { Sighting } from './timeline.ts';
import { within } from './until.ts';

type Member = Pick<HostSession, 'host' | 'forward'>;

/** Where a member tells its metrics, on its own host only (components/etcd.ts). */
const port = 2381;
const everyMs = 1000;
const patienceMs = 1000;

/** What a member says of itself; nothing when it says nothing. */
interface Word {
  readonly leads: boolean;
  /** Whether it can read with a quorum. */
  readonly healthy: boolean;
}

/** Who leads etcd, and which members can work, once a second: by the members' own metrics, which cost them a few ms. */
export class EtcdWatch {
  readonly seen: Sighting[] = [];
  readonly #said = new Map<string, string>();
  readonly #members: readonly Member[];
  readonly #timer: NodeJS.Timeout;
  #leader: string | undefined;
  #busy = new Set<string>();

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
    for (const member of this.#members) {
      const { name } = member.host;
      // One that hangs is asked again only when it was given up.
      if (this.#busy.has(name)) continue;
      this.#busy.add(name);
      const word = within(ask(member), patienceMs, name).catch(() => undefined);
      void word.then((said) => this.#note(name, said)).finally(() => this.#busy.delete(name));
    }
  }

  #note(name: string, word: Word | undefined): void {
    const health = word ? (word.healthy ? 'healthy' : 'without quorum') : 'no answer';
    const before = this.#said.get(name);
    if (before !== undefined && before !== health) this.#tell(`${name}: ${health}`);
    this.#said.set(name, health);
    if (!word?.leads || this.#leader === name) return;
    this.#tell(this.#leader === undefined ? `${name} leads` : `${name} leads instead of ${this.#leader}`);
    this.#leader = name;
  }

  #tell(what: string): void {
    this.seen.push({ at: now(), track: 'etcd', what });
  }
}

async function ask(member: Member): Promise<Word> {
  const signal = AbortSignal.timeout(patienceMs);
  const get = (path: string) => plainGet(member, { address: '127.0.0.1', port, path, signal });
  const [metrics, health] = await Promise.all([get('/metrics'), get('/health')]);
  return { leads: /^etcd_server_is_leader 1$/m.test(metrics.text), healthy: health.text.includes('"health":"true"') };
}
