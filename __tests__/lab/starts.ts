import { onHost } from './seed-lab.ts';

/** systemd's ids of its journal messages about a unit: systemd.journal-catalog(7). */
const messages = {
  starting: '7d4958e842da4a758f6c1cdc7b36dcc5',
  started: '39f53479d3a045ac8e11786248231fbf',
  stopping: 'de5b426a63be47a7b6ac3eaac82e2f6f',
} as const;

/** A start or stop of a unit by systemd; `at` in ms, by the clock that all hosts of the lab share. */
export interface UnitEvent {
  readonly host: string;
  readonly unit: string;
  readonly what: keyof typeof messages;
  readonly at: number;
}

/** The units that the product places, wherever they are. */
export const ownUnits = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'containerd',
  'kube-etcd-haproxy',
  'kube-haproxy',
  'kubelet',
  'flanneld',
  'kube-proxy',
].map((name) => `${name}.service`);

/** Starts and stops of the product's units since a moment, from the journal: restarts by systemd itself count too. */
export async function unitEvents(hosts: readonly string[], since = 0): Promise<readonly UnitEvent[]> {
  const ids = Object.values(messages).map((id) => `MESSAGE_ID=${id}`);
  const fields = '--output-fields=UNIT,MESSAGE_ID';
  const command = `journalctl -q --no-pager -o json ${fields} _PID=1 ${ids.join(' ')}`;
  const kinds = new Map<string, UnitEvent['what']>(
    Object.entries(messages).map(([kind, id]) => [id, kind as UnitEvent['what']]),
  );
  const lists = await Promise.all(
    hosts.map(async (host) => {
      const lines = (await onHost(host, command)).split('\n').filter(Boolean);
      return lines.flatMap((line): readonly UnitEvent[] => {
        const entry = JSON.parse(line) as Record<string, string>;
        const what = kinds.get(entry.MESSAGE_ID ?? '');
        const at = Number(entry.__REALTIME_TIMESTAMP) / 1000;
        if (!what || !ownUnits.includes(entry.UNIT ?? '') || at < since) return [];
        return [{ host, unit: entry.UNIT ?? '', what, at }];
      });
    }),
  );
  return lists.flat().toSorted((a, b) => a.at - b.at);
}

/** `host/unit` → how often it was started. */
export function startsOf(events: readonly UnitEvent[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { host, unit, what } of events) {
    if (what !== 'starting') continue;
    const key = `${host}/${unit}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The period from the stop of a unit to its next start, for each restart. */
export function absences(
  events: readonly UnitEvent[],
  unit: string,
): readonly (UnitEvent & { readonly until: number })[] {
  return events
    .filter((event) => event.unit === unit && event.what === 'stopping')
    .map((stop) => {
      const back = events.find(
        ({ host, unit: name, what, at }) => host === stop.host && name === unit && what === 'started' && at > stop.at,
      );
      return { ...stop, until: back?.at ?? Number.POSITIVE_INFINITY };
    });
}

/** Pairs of restarts on different hosts that overlap; none when they took turns. */
export function overlaps(events: readonly UnitEvent[], unit: string): readonly string[] {
  const all = absences(events, unit);
  return all.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter((other) => other.at < one.until && one.at < other.until)
      .map((other) => `${unit}: ${one.host} and ${other.host} for ${Math.round(one.until - other.at)} ms`),
  );
}
