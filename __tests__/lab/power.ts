import { powerCommandOf } from '../../lab/power-command.ts';
import { lab } from './seed-lab.ts';

/** For verify-failover: pulls a host's plug, and puts it back; silent for its peers, as when power is lost. */
export const powerCommand = powerCommandOf(lab);

/** Boots hosts and waits until each has started all that it starts by itself. */
export async function powerOn(...hosts: readonly string[]): Promise<void> {
  await Promise.all(
    hosts.map(async (host) => {
      await lab.powerOn(host);
      await lab.exec(host, ['systemctl', 'is-system-running', '--wait'], { timeout: 120_000 });
    }),
  );
}
