// A run without hosts: the facts of a Debian host in a rack, and sessions that only record whether they were closed.
import type { Cluster, Host } from '../../src/cluster/cluster.ts';
import { parseBeside } from '../../src/host/beside.ts';
import type { Facts, HostSession, Inspection } from '../../src/host/engine.ts';
import { RecordingLog } from '../../src/log.ts';
import { newRun, type Run } from '../../src/phases/run.ts';
import type { HostSecrets } from '../../src/pki/index.ts';

/** A run with every stage: a test sets what its phase needs. */
export interface StagedRun extends Run {
  readonly sessions: Map<string, HostSession>;
  readonly inspections: Map<string, Inspection>;
  readonly secrets: Map<string, HostSecrets>;
}

/** A signal that never aborts. */
export const notCancelled = new AbortController().signal;

export interface Scene {
  readonly run: StagedRun;
  readonly log: RecordingLog;
}

export function sceneOf(cluster: Cluster, parts: Partial<Parameters<typeof newRun>[0]> = {}): Scene {
  const log = new RecordingLog();
  const access = { knownHosts: '' };
  const run = newRun({ cluster, access, dryRun: false, name: 'a run', log, mask: () => undefined, ...parts });
  return { run: { ...run, sessions: run.connections, inspections: new Map(), secrets: new Map() }, log };
}

export function hostOf(cluster: Cluster, name: string): Host {
  const host = cluster.hosts.find((each) => each.name === name);
  if (!host) throw new Error(`no host ${name}`);
  return host;
}

/** One file system for everything. */
const disks = [
  ...['/usr/local/bin', '/opt/cni/bin', '/var/lib/k8s-ha-action', '/var/lib/etcd', '/var/lib/containerd'],
  ...['/var/lib/kubelet', '/var/log/kubernetes/audit'],
];

/** The facts of a host that meets all requirements. */
export function factsOf(host: Host, parts: Partial<Facts> = {}): Facts {
  return {
    hostname: host.nodeName,
    machineId: host.address.replaceAll('.', '').padStart(32, '7'),
    os: { id: 'debian', versionId: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
    architecture: 'amd64',
    kernel: '6.1.0-35-amd64',
    systemdVersion: 252,
    cgroupVersion: 2,
    cpus: 4,
    memoryMiB: 7_944,
    freeMiB: Object.fromEntries(disks.map((path) => [path, 38_112])),
    fileSystems: Object.fromEntries(disks.map((path) => [path, 'fe01'])),
    clockSkewMs: -3,
    clockErrorMs: 8,
    addresses: [
      { interface: 'lo', address: '127.0.0.1', prefix: 8 },
      { interface: 'eno1', address: host.address, prefix: 24 },
      { interface: 'eno1', address: 'fe80::5054:ff:fe12:3456', prefix: 64 },
    ],
    swap: true,
    listening: [
      { port: 22, address: '0.0.0.0', unit: 'ssh.service' },
      { port: 323, address: '127.0.0.1', unit: 'chrony.service' },
    ],
    packageManager: 'apt',
    resolvedRuns: false,
    selinux: 'disabled',
    firewalls: [],
    foreign: [],
    beside: parseBeside(new Map()),
    ...parts,
  };
}

/** What a host says of others' configuration: lines of the remote program, with blanks for tabs. */
export function besideOf(...lines: readonly string[]): Facts['beside'] {
  return parseBeside(new Map([['beside', lines.map((line) => line.replaceAll(' ', '\t'))]]));
}

export function inspectionOf(host: Host, facts: Partial<Facts> = {}, parts: Partial<Inspection> = {}): Inspection {
  return {
    facts: factsOf(host, facts),
    files: new Map(),
    withheld: new Map(),
    downloads: new Map(),
    scopes: [],
    owners: [],
    isReset: false,
    answers: [],
    ...parts,
  };
}

/** A session of which only `close` may be called. */
export function closable(host: Host, close: HostSession['close']): HostSession {
  const refuse = async (): Promise<never> => {
    throw new Error(`${host.name} was touched`);
  };
  const { address, port, user } = host.ssh;
  const place = { name: host.name, address, port, user };
  const calls = {
    inspect: refuse,
    difference: refuse,
    apply: refuse,
    reset: refuse,
    run: refuse,
    start: refuse,
    holdClaim: refuse,
    forward: refuse,
  };
  return { host: place, ...calls, close };
}

/** The error of the work. */
export async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('there was no error');
}
