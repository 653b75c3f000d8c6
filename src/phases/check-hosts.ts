import type { Cluster, Host } from '../cluster/cluster.ts';
import { kubernetesMinor } from '../cluster/versions.ts';
import type { ProblemCode } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import type { Inspection } from '../host/engine.ts';
import { portsOfRole } from '../layout/ports.ts';
import { bootProblems, dropInWarnings, unreadWarnings } from './check-boot.ts';
import { identityProblems } from './check-names.ts';
import { roomProblems } from './check-room.ts';
import { isInPlace, surroundingProblems, surroundingWarnings } from './check-surroundings.ts';
import type { Phase } from './phase.ts';
import { allTargets } from './run.ts';
import { type Inspected, inspectionOf } from './stages.ts';
import { tryForward } from './try-forward.ts';
import { tryReach } from './try-reach.ts';

/** The maximum clock difference between a host and the runner, ms: beyond it, certificates and leases look wrong. */
const clockSkewLimit = 5_000;
/** Older versions of systemd lack features of the units (`ExecCondition=+`, credentials of cgroup v2). */
const oldestSystemd = 245;

/** Reports everything that would make a deployment fail later, before anything is changed. */
export const checkHosts: Phase<Inspected> = {
  title: 'Check the hosts',
  async run(run) {
    const hosts = allTargets(run);
    const problems: unknown[] = hosts.flatMap((host) => problemsOfHost(run.cluster, host, inspectionOf(run, host)));
    problems.push(...identityProblems(hosts.map((host) => [host, inspectionOf(run, host).facts])));
    if (problems.length > 0) throw new AggregateError(problems, 'hosts do not meet the requirements');
    for (const host of hosts)
      for (const line of warningsOf(run.cluster, host, inspectionOf(run, host))) run.log.warning(line);
  },
};

/** What must hold before anything is changed: of each host, and between them. */
export const hostChecks = [checkHosts, tryReach, tryForward] as const;

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
  return [
    ...found,
    ...roomProblems(cluster, host, inspection),
    ...takenPorts(cluster, host, inspection),
    ...bootProblems(cluster, host, inspection),
    ...(isInPlace(host, inspection) ? [] : surroundingProblems(cluster, host, inspection)),
  ];
}

function takenPorts(cluster: Cluster, host: Host, inspection: Inspection): readonly Problem[] {
  return host.roles
    .filter((role) => !inspection.scopes.includes(role))
    .flatMap((role) => portsOfRole(cluster, role))
    .flatMap(({ port, protocol }) =>
      inspection.facts.listening.filter(
        (listener) => listener.port === port && (listener.protocol ?? 'tcp') === protocol,
      ),
    )
    .map(
      ({ port, address, unit, protocol }) =>
        new Problem(
          `${protocol === 'udp' ? 'UDP ' : ''}port ${port} is taken${unit ? ` by ${unit}` : ''} (on ${address})`,
          {
            code: 'HOST_PORT_TAKEN',
            host: host.name,
            hint: 'Stop the program that listens there, or choose another port in cluster.yaml.',
          },
        ),
    );
}

/** Warnings that do not block. */
export function warningsOf(cluster: Cluster, host: Host, inspection: Inspection): readonly string[] {
  const { facts } = inspection;
  const late = isInPlace(host, inspection) ? surroundingProblems(cluster, host, inspection) : [];
  return [
    ...late.map(({ message, fields }) => `${host.name}: ${message}. ${fields.hint ?? ''}`),
    ...surroundingWarnings(cluster, host, inspection),
    ...dropInWarnings(host, facts),
    ...unreadWarnings(host, facts),
    ...(facts.selinux === 'enforcing'
      ? [`${host.name}: SELinux is enforcing; containerd needs container-selinux for that`]
      : []),
  ];
}
