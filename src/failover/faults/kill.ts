import type { HostFaultLines } from './host-fault.ts';

/**
 * Kills all processes of the control plane at once (SIGKILL), and keeps them down. systemd would
 * restart them after a second (Restart=always), so each unit is stopped immediately afterwards: the processes are dead by
 * then, and a unit that was stopped manually stays stopped. A mask in /run would not work: units in /etc take precedence.
 */
export function kill(units: readonly string[]): HostFaultLines {
  const names = units.join(' ');
  return {
    name: 'kill',
    begin: `systemctl kill -s KILL ${names}; systemctl stop --no-block ${names}`,
    heal: `systemctl start ${names}`,
  };
}
