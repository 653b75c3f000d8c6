import type { HostFaultLines } from './host-fault.ts';

/**
 * Freezes the control plane's processes (SIGSTOP). The kernel still accepts connections for them, but no process answers,
 * so a TCP check does not notice. Uses a signal, because `systemctl freeze` needs cgroup v2.
 */
export function freeze(units: readonly string[]): HostFaultLines {
  const names = units.join(' ');
  return {
    name: 'freeze',
    begin: `systemctl kill -s STOP ${names}`,
    // A leader that wakes up sees that it lost its lease and ends; systemd starts it again.
    heal: `systemctl kill -s CONT ${names}`,
  };
}
