import type { Cluster, Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { Inspection } from '../host/engine.ts';
import { shellCommand } from '../host/shell-command.ts';
import { openPorts } from '../layout/ports.ts';
import { roles } from '../layout/roles.ts';
import { onHosts } from './on-hosts.ts';
import type { Phase } from './phase.ts';
import { allTargets } from './run.ts';
import { type Inspected, inspectionOf, sessionOf } from './stages.ts';

/** A port of another host that the processes of a host will connect to. */
export interface ReachTarget {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** How long a connection may take. A host in the same network answers in a millisecond, open or not. */
const seconds = 3;

/**
 * The most ports that one host tries. Each attempt is a process on the host with a pipe, a process has 1,024 files by default, and 200 that
 * give no answer take 23 s.
 */
const mostTargets = 200;

/**
 * Tries `address port` of each line of stdin at once, and prints for each its number and what bash said. Nothing listens on most of the
 * ports yet: a refusal comes from the host too, and a firewall that drops gives no answer. bash prints the reason of the kernel. Each
 * has a pipe of its own, because a plan writes no file on a host.
 */
const attempts = `fds=() pids=() wait=${seconds}
while read -r address port; do
  exec {fd}< <(exec 2>&1; exec 3<>"/dev/tcp/$address/$port" && echo open)
  fds+=("$fd") pids+=("$!")
done
for i in "\${!fds[@]}"; do
  said=
  while read -r -t "$wait" -u "\${fds[i]}" line || { late=$?; false; }; do said=$line; done
  # After the first that gives no answer, all have had their time.
  [ "$late" -le 128 ] || { wait=0.1; kill "\${pids[i]}"; }
  echo "$((i + 1)) $said"
done
exit 0`;

/** The command line for {@link unreached}: its input has the lines of the targets. */
export const reachCommand = shellCommand(['bash', '-c', attempts]);

/**
 * Before roles are applied for the first time, whether their hosts reach each other at the TCP ports that they need: what a firewall,
 * a route or a wrong address cuts off fails much later, as a component that does not become ready. UDP gives no answer to try.
 */
export const tryReach: Phase<Inspected> = {
  title: 'Try the ports between the hosts',
  when: (run) =>
    allTargets(run).some((host) => host.roles.some((role) => !inspectionOf(run, host).scopes.includes(role))),
  async run(run, signal) {
    const tried = async (host: Host): Promise<readonly Problem[]> => {
      const targets = targetsFrom(run, host);
      if (targets.length === 0) return [];
      const input = inputOf(targets);
      const { status, stdout } = await sessionOf(run, host).run(reachCommand, { input, timeoutSeconds: 60 });
      // Without bash it is not known.
      return status === 0 ? unreached(host, targets, stdout) : [];
    };
    const problems = (await onHosts(allTargets(run), tried, signal)).flat();
    if (problems.length > 0) throw new AggregateError(problems, 'hosts do not reach each other');
  },
};

/** A line for each target. */
export function inputOf(targets: readonly ReachTarget[]): string {
  return targets.map(({ address, port }) => `${address} ${port}\n`).join('');
}

function targetsFrom(run: Inspected, host: Host): readonly ReachTarget[] {
  const known = new Map(allTargets(run).map((each) => [each.name, inspectionOf(run, each)]));
  return reachTargets(run.cluster, host, known);
}

/**
 * The ports that a host has to reach on others, where the role of one of the two is not applied yet. Hosts that were not inspected are
 * left out: it is not known whether they are up. In a large cluster a host tries a part of them, and the next host another part. Pure.
 */
export function reachTargets(
  cluster: Cluster,
  host: Host,
  inspections: ReadonlyMap<string, Pick<Inspection, 'scopes'>>,
): readonly ReachTarget[] {
  const isNew = ({ name }: Host, role: string) => !inspections.get(name)?.scopes.includes(role);
  const others = cluster.hosts.filter((other) => other.name !== host.name && inspections.has(other.name));
  const portsOf = new Map(roles.map((role) => [role, openPorts(cluster, role)]));
  const targets = others.flatMap((other) => {
    const ports = other.roles.flatMap((role) =>
      (portsOf.get(role) ?? []).filter(
        ({ protocol, clients }) =>
          protocol === 'tcp' &&
          clients.some((client) => host.roles.includes(client) && (isNew(host, client) || isNew(other, role))),
      ),
    );
    const numbers = [...new Set(ports.map(({ port }) => port))];
    return numbers.map((port) => ({ host: other.name, address: other.address, port }));
  });
  return partOf(
    targets,
    cluster.hosts.findIndex(({ name }) => name === host.name),
  );
}

function partOf(targets: readonly ReachTarget[], turn: number): readonly ReachTarget[] {
  if (targets.length <= mostTargets) return targets;
  const from = (turn * mostTargets) % targets.length;
  return [...targets, ...targets].slice(from, from + mostTargets);
}

/** A firewall that rejects, or a missing route. Any other words, such as those of a bash without this feature, say nothing. */
const cutOff = /(no route to host|network is unreachable|timed out|operation not permitted|permission denied)$/i;

/** One problem for each host that a host does not reach. Pure. */
export function unreached(host: Host, targets: readonly ReachTarget[], stdout: string): readonly Problem[] {
  const said = new Map(
    stdout.split('\n').map((line) => {
      const blank = line.indexOf(' ');
      return [line.slice(0, blank), line.slice(blank + 1)];
    }),
  );
  const failed = targets.flatMap((target, index) => {
    const words = said.get(String(index + 1));
    if (words === '') return [{ ...target, reason: `no answer within ${seconds} s` }];
    const reason = words === undefined ? undefined : cutOff.exec(words)?.[0];
    return reason === undefined ? [] : [{ ...target, reason: reason.toLowerCase() }];
  });
  return [...Map.groupBy(failed, ({ host: to }) => to)].map(([to, all]) => {
    const ports = all.map(({ port }) => port).join(', ');
    const reasons = [...new Set(all.map(({ reason }) => reason))].join(', ');
    return new Problem(`does not reach ${to} (${all[0]?.address}) at TCP ${ports}: ${reasons}`, {
      code: 'HOST_NOT_REACHED',
      host: host.name,
      hint: `Open these ports on ${to} for ${host.address}: its firewall, security groups of the cloud, and routes between the two.`,
    });
  });
}
