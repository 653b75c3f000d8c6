import type { LabHost } from './cluster-file.ts';
import { execInside, guestInit } from './hosts/guest.ts';
import type { LabPaths } from './identity.ts';
import { ageOf } from './process.ts';
import { MIRROR_URL, REGISTRY_URL, serviceRuns } from './services.ts';
import { readLab } from './state.ts';

/** The current state of a host. */
export interface HostStatus extends LabHost {
  readonly power: 'on' | 'off';
  /** systemd's own state, `running` if all is well; null if the host is off. */
  readonly systemd: string | null;
  readonly uptimeSeconds: number | null;
}

/** The current state of the lab. */
export interface LabStatus {
  readonly id: string;
  readonly up: boolean;
  readonly stateDir: string;
  readonly netns: string;
  readonly clusterFile: string;
  readonly sshKey: string;
  readonly knownHosts: string;
  readonly mirror: { readonly url: string; readonly running: boolean };
  readonly registry: { readonly url: string; readonly running: boolean };
  readonly hosts: readonly HostStatus[];
}

async function hostStatus(paths: LabPaths, host: LabHost): Promise<HostStatus> {
  const init = guestInit(paths, host.name);
  if (!init) return { ...host, power: 'off', systemd: null, uptimeSeconds: null };
  const { stdout } = await execInside(paths, host.name, ['systemctl', 'is-system-running'], { timeout: 5_000 });
  const systemd = stdout.trim() || 'starting';
  return { ...host, power: 'on', systemd, uptimeSeconds: Math.round(ageOf(init)) };
}

/** Reads the state of every host. */
export async function labStatus(paths: LabPaths): Promise<LabStatus> {
  const record = readLab(paths);
  const { id, stateDir, netns, clusterFile, sshKey, knownHosts } = paths;
  return {
    id,
    up: record !== undefined,
    stateDir,
    netns,
    clusterFile,
    sshKey,
    knownHosts,
    mirror: { url: MIRROR_URL, running: serviceRuns(paths, 'mirror') },
    registry: { url: REGISTRY_URL, running: serviceRuns(paths, 'registry') },
    hosts: await Promise.all((record?.hosts ?? []).map((host) => hostStatus(paths, host))),
  };
}

/** The status as a table for people. */
export function formatStatus(status: LabStatus): string {
  if (!status.up) return `lab ${status.id}: down\n`;
  const width = Math.max(...status.hosts.map(({ name }) => name.length));
  const rows = status.hosts.map((host) => {
    const state = host.power === 'off' ? 'off' : `on   ${(host.systemd ?? '').padEnd(9)} ${host.uptimeSeconds} s`;
    return `  ${host.name.padEnd(width)}  ${host.address.padEnd(15)} ${host.user.padEnd(6)} ${state}\n`;
  });
  const server = ({ url, running }: { url: string; running: boolean }): string => `${url}${running ? '' : ' (off)'}`;
  const facts = {
    mirror: server(status.mirror),
    registry: server(status.registry),
    'cluster file': status.clusterFile,
    'SSH key': status.sshKey,
    'known hosts': status.knownHosts,
    network: status.netns,
  };
  const lines = Object.entries(facts).map(([name, value]) => `  ${name.padEnd(12)} ${value}\n`);
  return [`lab ${status.id}: up\n`, ...rows, ...lines].join('');
}
