import { type ComponentRecord, components, type FixedPort } from './components.ts';
import type { Role } from './roles.ts';

/** What of cluster.yaml decides which ports are in use. */
export interface PortSettings {
  readonly api: { readonly port: number; readonly localPort: number };
  readonly addons: { readonly metricsServer: boolean };
  readonly network: { readonly plugin: 'flannel' | 'none' };
  readonly flannel: { readonly backend: 'vxlan' | 'host-gw' };
}

/** A port of a role, and who has to reach it. */
export interface RolePort extends Pick<FixedPort, 'port' | 'from'> {
  readonly protocol: 'tcp' | 'udp';
  /** Roles whose processes connect to it on other hosts. */
  readonly clients: readonly Role[];
}

type Choices = Omit<PortSettings, 'api'>;

function recordsFor({ addons, network, flannel }: Choices): readonly ComponentRecord[] {
  const { metricsServer, flannel: vxlan, ...others } = components;
  const usesVxlan = network.plugin === 'flannel' && flannel.backend === 'vxlan';
  return [...Object.values(others), ...(addons.metricsServer ? [metricsServer] : []), ...(usesVxlan ? [vxlan] : [])];
}

function fixedOf(records: readonly ComponentRecord[]): readonly FixedPort[] {
  const all = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port) => ('port' in port ? [port] : []));
  return all.toSorted((a, b) => a.port - b.port);
}

/** Ports of all components that cluster.yaml can't choose, in ascending order. */
export function fixedPorts(settings: Choices): readonly FixedPort[] {
  return fixedOf(recordsFor(settings));
}

/** Ports that a role's own processes listen on: those of cluster.yaml, then the others in ascending order. */
export function portsOfRole(settings: PortSettings, role: Role): readonly RolePort[] {
  const records: readonly ComponentRecord[] = recordsFor(settings).filter(({ roles }) => roles.includes(role));
  const derived = records
    .flatMap(({ ports }) => Object.values(ports))
    .flatMap((port) => ('key' in port ? [{ ...port, port: settings.api[port.key] }] : []));
  return [...derived, ...fixedOf(records)].map((each) => {
    const { port, from, clients = [] } = each;
    return { port, from, clients, protocol: ('protocol' in each && each.protocol) || 'tcp' };
  });
}

/** The ports of a role that other hosts must reach. */
export function openPorts(settings: PortSettings, role: Role): readonly RolePort[] {
  return portsOfRole(settings, role).filter(({ from }) => from === 'hosts');
}
