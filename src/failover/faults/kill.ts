import type { HostFaultLines } from './host-fault.ts';

/**
 * Kills the control plane's processes without a word of warning, all of them at once, and keeps them down. systemd would
 * start them again after a second (Restart=always), so each unit is stopped right behind: nothing is left to stop by
 * then, and a unit that was stopped by hand stays so. A mask in /run would not do: units in /etc come before it.
 */
export function kill(units: readonly string[]): HostFaultLines {
  const names = units.join(' ');
  return {
    name: 'kill',
    begin: `systemctl kill -s KILL ${names}; systemctl stop --no-block ${names}`,
    heal: `systemctl start ${names}`,
  };
}
