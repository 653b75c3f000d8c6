import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import type { Fault } from './fault.ts';

/** What makes a host a master. */
export const controlPlaneUnits = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

const healer = 'k8s-ha-action-heal';

/**
 * Stops the control plane's services on a host that stays up. A timer on the host starts them again after `healSeconds`
 * even if the runner dies meanwhile; it is set before anything is stopped.
 */
export function stopServices(
  session: HostSession,
  {
    units = controlPlaneUnits,
    healSeconds = 300,
  }: { readonly units?: readonly string[]; readonly healSeconds?: number } = {},
): Fault {
  const names = units.map((unit) => `${unit}.service`).join(' ');
  const execute = async (command: string, verb: string): Promise<void> => {
    const { status, stderr } = await session.run(command, { timeoutSeconds: 120 });
    if (status === 0) return;
    throw new Problem(`failed to ${verb} ${names}`, {
      code: 'SERVICES_FAULT_FAILED',
      host: session.host.name,
      detail: stderr.trim().split('\n').slice(-5),
    });
  };
  // What an earlier run left would refuse the name; neither may fail the fault.
  const clear = `systemctl stop ${healer}.timer 2>/dev/null; systemctl reset-failed ${healer}.service 2>/dev/null`;
  return {
    name: 'stop-services',
    severs: false,
    inject: async () => {
      const arm = `systemd-run --quiet --collect --unit=${healer} --on-active=${healSeconds} systemctl start ${names}`;
      // An apiserver may take a minute to end; the fault begins when it is told to.
      await execute(`${clear}; ${arm} && systemctl stop --no-block ${names}`, 'stop');
    },
    restore: async () => await execute(`systemctl start ${names} && { ${clear}; true; }`, 'start'),
  };
}
