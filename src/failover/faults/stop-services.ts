import type { HostFaultLines } from './host-fault.ts';

/** Stops the control plane's services at once, like an administrator; the host stays up. */
export function stopServices(units: readonly string[]): HostFaultLines {
  const names = units.join(' ');
  return {
    name: 'stop-services',
    // An API server may take a minute to stop; the fault begins with the stop request.
    begin: `systemctl stop --no-block ${names}`,
    heal: `systemctl start ${names}`,
  };
}
