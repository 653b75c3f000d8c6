import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { kubernetesMinor } from '../cluster/versions.ts';
import { podNetwork } from '../components/networks/index.ts';
import type { ProblemCode } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import type { Facts, Inspection } from '../host/engine.ts';
import { portsOfRole } from '../layout/ports.ts';
import type { Phase } from './phase.ts';
import { allTargets } from './run.ts';
import { type Inspected, inspectionOf } from './stages.ts';

export { portsOfRole as portsOf };

/** The maximum clock difference between a host and the runner, ms: beyond it, certificates and leases look wrong. */
const clockSkewLimit = 5_000;
/** Older versions of systemd lack features of the units (`ExecCondition=+`, credentials of cgroup v2). */
const oldestSystemd = 245;
/** Required free MiB for binaries, images and data. */
export const diskNeeded: Readonly<Record<Role, number>> = { etcd: 2_000, master: 2_000, node: 4_000 };
/** For an installed role: new binaries in addition to the old ones. A nearly full disk must not block changes of the cluster. */
export const diskToChange = 500;
/** Required memory in MiB for the role's processes. */
export const memoryNeeded: Readonly<Record<Role, number>> = { etcd: 900, master: 1_700, node: 900 };

/** Reports everything that would make a deployment fail later, before anything is changed. */
export const checkHosts: Phase<Inspected> = {
  title: 'Check the hosts',
  async run(run) {
    const hosts = allTargets(run);
    const problems: unknown[] = hosts.flatMap((host) => problemsOfHost(run.cluster, host, inspectionOf(run, host)));
    problems.push(...clones(hosts.map((host) => [host, inspectionOf(run, host).facts])));
    if (problems.length > 0) throw new AggregateError(problems, 'hosts do not meet the requirements');
    for (const host of hosts)
      for (const line of warningsOf(run.cluster, host, inspectionOf(run, host).facts)) run.log.warning(line);
  },
};

/** The problems of one host. Pure. */
export function problemsOfHost(cluster: Cluster, host: Host, inspection: Inspection): readonly Problem[] {
  const { facts } = inspection;
  const problem = (code: ProblemCode, message: string, hint: string) =>
    new Problem(message, { code, host: host.name, hint });
  const found: Problem[] = [];
  if (!['amd64', 'arm64'].includes(facts.architecture))
    found.push(
      problem('HOST_ARCHITECTURE', `the architecture is ${facts.architecture}`, 'Use a host with amd64 or arm64.'),
    );
  if (facts.systemdVersion < oldestSystemd)
    found.push(
      problem(
        'HOST_SYSTEMD',
        `systemd is ${facts.systemdVersion}`,
        `Use a distribution with systemd ${oldestSystemd} or newer.`,
      ),
    );
  if (!facts.addresses.some(({ address }) => address === host.address))
    found.push(
      problem(
        'HOST_ADDRESS',
        `no interface has the address ${host.address}; the host has ${facts.addresses.map(({ address }) => address).join(', ')}`,
        'Correct address in cluster.yaml, or set ssh.address if the runner reaches the host at another one.',
      ),
    );
  if (Math.abs(facts.clockSkewMs) > clockSkewLimit)
    found.push(
      problem(
        'HOST_CLOCK',
        `the clock differs from the runner's by ${Math.round(facts.clockSkewMs / 1000)} s`,
        'Start chrony or systemd-timesyncd on it.',
      ),
    );
  for (const sign of facts.foreign)
    found.push(
      problem(
        'HOST_FOREIGN',
        `there is a Kubernetes here that another tool installed: ${sign}`,
        'Remove it first, or remove the host from cluster.yaml.',
      ),
    );
  if (
    host.roles.includes('node') &&
    facts.cgroupVersion === 1 &&
    cluster.kubelet.config.failCgroupV1 !== false &&
    kubernetesMinor(cluster.minor).refusesCgroupV1
  )
    found.push(
      problem(
        'HOST_CGROUP',
        'the host runs cgroup v1, which the kubelet refuses',
        'Boot with systemd.unified_cgroup_hierarchy=1, or set kubelet.config.failCgroupV1: false.',
      ),
    );
  return [...found, ...resources(host, inspection), ...takenPorts(cluster, host, inspection)];
}

function resources(host: Host, { facts, scopes }: Inspection): readonly Problem[] {
  const memory = host.roles.reduce((sum, role) => sum + memoryNeeded[role], 0);
  const needs = (role: Role) => (scopes.includes(role) ? diskToChange : diskNeeded[role]);
  const disk = host.roles.reduce((sum, role) => sum + needs(role), 0);
  const short = (code: ProblemCode, message: string, hint: string) =>
    new Problem(message, { code, host: host.name, hint });
  const low = Object.entries(facts.freeMiB).filter(([, free]) => free < disk);
  return [
    ...(facts.memoryMiB < memory
      ? [
          short(
            'HOST_MEMORY',
            `${facts.memoryMiB} MiB of memory, ${memory} are needed for ${host.roles.join(', ')}`,
            'Add memory, or remove roles.',
          ),
        ]
      : []),
    ...low.map(([path, free]) =>
      short(
        'HOST_DISK',
        `${free} MiB are free in ${path}, ${disk} are needed for ${host.roles.join(', ')}`,
        `Free some space in ${path}.`,
      ),
    ),
  ];
}

function takenPorts(cluster: Cluster, host: Host, inspection: Inspection): readonly Problem[] {
  return host.roles
    .filter((role) => !inspection.scopes.includes(role))
    .flatMap((role) => portsOfRole(cluster, role))
    .flatMap((port) => inspection.facts.listening.filter((listener) => listener.port === port))
    .map(
      ({ port, address, unit }) =>
        new Problem(`port ${port} is taken${unit ? ` by ${unit}` : ''} (on ${address})`, {
          code: 'HOST_PORT_TAKEN',
          host: host.name,
          hint: 'Stop the program that listens there, or choose another port in cluster.yaml.',
        }),
    );
}

/** Two hosts with the same machine-id are clones; their leases, logs and addresses would be confused. */
function clones(hosts: readonly (readonly [Host, Facts])[]): readonly Problem[] {
  return hosts.flatMap(([host, facts], index) => {
    const twin = hosts
      .slice(0, index)
      .find(([, other]) => other.machineId === facts.machineId && facts.machineId !== '');
    if (!twin) return [];
    const hint = 'Run rm /etc/machine-id && systemd-machine-id-setup on the clone, then reboot it.';
    return [new Problem(`has the same machine-id as ${twin[0].name}`, { code: 'HOST_CLONE', host: host.name, hint })];
  });
}

/** Warnings that do not block; a firewall is never changed. */
export function warningsOf(cluster: Cluster, host: Host, facts: Facts): readonly string[] {
  const ports = host.roles.flatMap((role) => portsOfRole(cluster, role)).join(', ');
  return [
    ...facts.firewalls.map(
      (firewall) =>
        `${host.name}: ${firewall} is active; let the other hosts reach the TCP ports ${ports}${networkPorts(cluster)}`,
    ),
    ...(facts.selinux === 'enforcing'
      ? [`${host.name}: SELinux is enforcing; containerd needs container-selinux for that`]
      : []),
  ];
}

function networkPorts(cluster: Cluster): string {
  const udp = podNetwork(cluster).udpPorts(cluster);
  if (udp === 'unknown') return ' and those of your pod network';
  return udp.length === 0 ? '' : ` and UDP ${udp.join(', ')}`;
}
