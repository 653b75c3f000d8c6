import { powerCommandOf } from '../../lab/power-command.ts';
import { lab } from './seed-lab.ts';

/** For verify-failover: cuts a host's power and restores it; the host sends nothing to its peers, as in a real power loss. */
export const powerCommand = powerCommandOf(lab);

/** Boots hosts and waits until each has started all its units. */
export async function powerOn(...hosts: readonly string[]): Promise<void> {
  await Promise.all(
    hosts.map(async (host) => {
      await lab.powerOn(host);
      await lab.exec(host, ['systemctl', 'is-system-running', '--wait'], { timeout: 120_000 });
    }),
  );
}
