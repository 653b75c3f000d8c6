import type { Cluster, Host } from '../../cluster/cluster.ts';
import type { HostSession } from '../../host/engine.ts';
import type { Log } from '../../log.ts';
import { cutNetwork } from './cut-network.ts';
import { diskFull } from './disk-full.ts';
import type { Fault } from './fault.ts';
import { freeze } from './freeze.ts';
import { defaultHealSeconds, type HostFaultLines, hostFault } from './host-fault.ts';
import { kill } from './kill.ts';
import { stopServices } from './stop-services.ts';
import { controlPlaneUnits } from './units.ts';

/** The faults that run on the host itself. */
export const hostFaults = ['stop-services', 'kill', 'freeze', 'cut-network', 'disk-full'] as const;
export type HostFaultName = (typeof hostFaults)[number];

/** Every fault, by its name in the action's input. */
export const faultNames = ['poweroff', ...hostFaults] as const;
export type FaultName = (typeof faultNames)[number];

export interface HostFaultScene {
  readonly cluster: Cluster;
  readonly session: HostSession;
  readonly log: Log;
  /** Seconds after which the fault heals by itself. */
  readonly healSeconds?: number;
}

/** A fault on a host of the control plane. */
export function makeHostFault(name: HostFaultName, target: Host, scene: HostFaultScene): Fault {
  const { cluster, session, log, healSeconds = defaultHealSeconds } = scene;
  const units = controlPlaneUnits(target);
  const lines: Readonly<Record<HostFaultName, () => HostFaultLines>> = {
    'stop-services': () => stopServices(units),
    kill: () => kill(units),
    freeze: () => freeze(units),
    'cut-network': () => cutNetwork(session, log),
    'disk-full': () => diskFull(session, target, cluster, healSeconds),
  };
  return hostFault(session, lines[name](), healSeconds);
}
