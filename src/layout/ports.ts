import { type ComponentRecord, components, type FixedPort } from './components.ts';
import type { Role } from './roles.ts';

/** What of cluster.yaml decides which ports are in use. */
export interface PortSettings {
  readonly api: { readonly port: number; readonly localPort: number };
  readonly addons: { readonly metricsServer: boolean };
}

function recordsFor({ addons }: Pick<PortSettings, 'addons'>): readonly ComponentRecord[] {
  const { metricsServer, ...others } = components;
  return [...Object.values(others), ...(addons.metricsServer ? [metricsServer] : [])];
}

function fixedOf(records: readonly ComponentRecord[]): readonly FixedPort[] {
  const all = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port) => ('port' in port ? [port] : []));
  return all.toSorted((a, b) => a.port - b.port);
}

/** Ports of all components that cluster.yaml can't choose, in ascending order. */
export function fixedPorts(settings: Pick<PortSettings, 'addons'>): readonly FixedPort[] {
  return fixedOf(recordsFor(settings));
}

/** TCP ports that a role's own processes listen on: those of cluster.yaml, then the others in ascending order. */
export function portsOfRole(settings: PortSettings, role: Role): readonly number[] {
  const records = recordsFor(settings).filter(({ roles }) => roles.includes(role));
  const derived = records
    .flatMap(({ ports }) => Object.values(ports))
    .flatMap((port) => ('key' in port ? [settings.api[port.key]] : []));
  return [...derived, ...fixedOf(records).map(({ port }) => port)];
}
