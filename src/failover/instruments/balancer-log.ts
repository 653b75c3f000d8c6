import { parseJson } from '../../entry/json.ts';
import type { HostSession } from '../../host/engine.ts';
import { components } from '../../layout/components.ts';
import { clockOffset } from './clock-offset.ts';
import type { Sighting } from './timeline.ts';

/** haproxy's log messages about a server, at level notice (components/haproxy.ts); unchecked servers have no state. */
const change = /^Server masters\/(?<server>\S+) is (?<state>UP|DOWN)(?:[.,] reason: (?<reason>[^,.]+))?/;

/**
 * When a node's load balancer took each master out and in again, from its own log: no process polls it
 * meanwhile, and its times are exact to the millisecond, converted to the runner's clock by the measured offset.
 */
export async function balancerLog(
  session: Pick<HostSession, 'host' | 'run'>,
  from: number,
): Promise<readonly Sighting[]> {
  const { offsetMs } = await clockOffset(session);
  const since = Math.floor((from + offsetMs) / 1000);
  const command = `journalctl --unit=${components.apiBalancer.unit} --since=@${since} --output=json --output-fields=MESSAGE --no-pager`;
  const { stdout } = await session.run(command, { timeoutSeconds: 20 });
  return changesIn(stdout, session.host.name).map(({ at, what }) => ({ at: at - offsetMs, track: 'balancer', what }));
}

/** The changes in a journal's JSON lines, by the host's clock; an unreadable line is ignored. Pure. */
export function changesIn(journal: string, node: string): readonly { readonly at: number; readonly what: string }[] {
  return journal.split('\n').flatMap((line) => {
    const { message, micros } = entryOf(line);
    const { server, state, reason } = change.exec(message)?.groups ?? {};
    if (server === undefined) return [];
    const why = reason === undefined ? '' : ` (${reason.trim()})`;
    return [{ at: micros / 1000, what: `${node}: ${server} is ${state}${why}` }];
  });
}

const mostMessage = 1000;
const none = { message: '', micros: 0 };

function entryOf(line: string): { readonly message: string; readonly micros: number } {
  try {
    const { MESSAGE: message, __REALTIME_TIMESTAMP: time } = parseJson(line, Error) as Readonly<
      Record<string, unknown>
    >;
    const micros = typeof time === 'string' && /^\d{1,17}$/.test(time) ? Number(time) : undefined;
    if (typeof message !== 'string' || micros === undefined) return none;
    return { message: message.slice(0, mostMessage), micros };
  } catch {
    return none;
  }
}
