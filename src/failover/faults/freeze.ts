import type { HostFaultLines } from './host-fault.ts';

/**
 * Stops the control plane's processes in the middle of what they do (SIGSTOP). The kernel goes on to accept connections
 * for them and answers nothing, which no check of a port notices. By signal, since `systemctl freeze` needs cgroup v2.
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
