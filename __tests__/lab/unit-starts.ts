import { type SeedHost, seedHosts, unitsOf } from './seed-hosts.ts';
import { onHost } from './seed-lab.ts';

/** `host/unit` → its process and when that began; a unit that does not run has no process. */
export type UnitStarts = Readonly<Record<string, string>>;

/** The running units of these hosts, with one request each. */
export async function unitStarts(hosts: readonly SeedHost[] = seedHosts): Promise<UnitStarts> {
  const all = await Promise.all(
    hosts.map(async (host) => {
      const units = unitsOf(host).map((unit) => `${unit}.service`);
      const shown = await onHost(
        host.name,
        `systemctl show -p Id -p ActiveState -p MainPID -p ActiveEnterTimestampMonotonic ${units.join(' ')}`,
      );
      return shown
        .trim()
        .split('\n\n')
        .map((block): [string, string] => {
          const fields = Object.fromEntries(block.split('\n').map((line) => line.split('=', 2)));
          const { Id, ActiveState, MainPID, ActiveEnterTimestampMonotonic: since } = fields;
          return [`${host.name}/${Id.replace('.service', '')}`, `${ActiveState} as ${MainPID} since ${since}`];
        });
    }),
  );
  return Object.fromEntries(all.flat().toSorted(([one], [other]) => one.localeCompare(other)));
}

/** The units whose process has changed. */
export function restartedBetween(before: UnitStarts, after: UnitStarts): readonly string[] {
  return Object.keys(before).filter((unit) => before[unit] !== after[unit]);
}
