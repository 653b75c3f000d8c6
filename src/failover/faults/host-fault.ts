import { Problem } from '../../errors.ts';
import type { HostSession } from '../../host/engine.ts';
import { quote } from '../../host/quote.ts';
import type { Fault } from './fault.ts';

/** The default limit of a fault's duration: longer than a check waits for the leases, but not a night without a master. */
export const defaultHealSeconds = 180;

/** A fault that runs on the host itself, as lines of sh for root. */
export interface HostFaultLines {
  /** The name in inputs and reports. */
  readonly name: string;
  /** Exits when the fault has begun. */
  readonly begin: string;
  /** Undoes it, also if the fault was only partly injected. Without `$`, which systemd would expand in the timer's command. */
  readonly heal: string;
  /** See Fault. */
  readonly sparesLeaders?: boolean;
  /** Installs requirements of the fault before the time is measured. */
  readonly prepare?: () => Promise<void>;
}

const timer = 'k8s-ha-action-heal';
/** A timer of an earlier check would block the name; a failure of either command must not fail the fault. */
const disarm = `{ systemctl stop ${timer}.timer; systemctl reset-failed ${timer}.service; } 2>/dev/null`;

/**
 * A fault that heals by itself: a timer on the host is armed first and undoes the fault after `healSeconds`,
 * even if the runner or the connection is lost. A reboot of the host ends both.
 * @returns a fault whose `inject` and `restore` throw Problem FAULT_FAILED with the last lines of the host
 */
export function hostFault(session: HostSession, lines: HostFaultLines, healSeconds = defaultHealSeconds): Fault {
  const { name, begin, heal, prepare } = lines;
  const execute = async (command: string, verb: string): Promise<void> => {
    const { status, stderr } = await session.run(command, { timeoutSeconds: 120 });
    if (status === 0) return;
    throw new Problem(`failed to ${verb} ${name}`, {
      code: 'FAULT_FAILED',
      host: session.host.name,
      detail: stderr.trim().split('\n').slice(-5),
    });
  };
  // By default systemd may run a timer up to a minute late (AccuracySec in systemd.timer(5)).
  const options = `--on-active=${healSeconds} --timer-property=AccuracySec=100ms`;
  const arm = `systemd-run --quiet --collect --unit=${timer} ${options} /bin/sh -c ${quote(heal)}`;
  return {
    name,
    severs: false,
    sparesLeaders: lines.sparesLeaders ?? false,
    ...(prepare && { prepare }),
    inject: async () => await execute(`${disarm}; ${arm} && {\n${begin}\n}`, 'begin'),
    restore: async () => await execute(`{\n${heal}\n} && { ${disarm}; true; }`, 'undo'),
  };
}
